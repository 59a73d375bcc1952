"""Steps of Python between components: rows are made, a component learns from them, and its scores are judged."""

import random
import sys
from typing import NamedTuple

from sandmill_sdk import Artifact, Component, DataSet, Metrics, Pipeline, step


class Judged(NamedTuple):
    good: bool
    summary: Metrics


@step
def make_rows(rows: int, seed: int = 7) -> Artifact:
    """Points left and right of a line, as CSV."""
    dice = random.Random(seed)
    lines = ["x,y,side"]
    for _ in range(rows):
        x, y = dice.random(), dice.random()
        lines.append(f"{x:.6f},{y:.6f},{'left' if x < 0.5 else 'right'}")
    return Artifact.of_text("\n".join(lines) + "\n", media_type="text/csv")


@step
def hand_on(table: DataSet) -> DataSet:
    """The same table, through Python as a file."""
    assert table.media_type == DataSet.MEDIA_TYPE and int(table.metadata["rows"]) > 0, table.metadata
    return table


@step
def judge(metrics: Metrics, accuracy: float, least: float = 0.9) -> Judged:
    assert metrics.scalars["accuracy"] == accuracy, metrics.scalars
    return Judged(accuracy >= least, Metrics.of_scalars({"accuracy": accuracy, "margin": accuracy - least}))


def mixed() -> Pipeline:
    pipeline = Pipeline("mixed")
    rows = pipeline.step("rows", make_rows, rows=pipeline.parameter("rows", int, default=400))
    load = pipeline.step("load", Component("sandmill/load-table:0.1.0", "load-table"), file=rows)
    table = pipeline.step("hand-on", hand_on, table=load["table"])
    split = pipeline.step(
        "split", "sandmill/split-rows:0.1.0", table=table, fraction=0.75, seed=1, stratify_by="side"
    )
    train = pipeline.step(
        "train",
        "sandmill/train-classifier:0.1.0",
        table=split["train"],
        target="side",
        algorithm="k-nearest-neighbours",
        seed=1,
    )
    evaluate = pipeline.step(
        "evaluate", "sandmill/evaluate-classifier:0.1.0", model=train["model"], table=split["test"]
    )
    pipeline.step("judge", judge, metrics=evaluate["metrics"], accuracy=evaluate["accuracy"])
    return pipeline


def wrong_edge() -> Pipeline:
    pipeline = Pipeline("wrong-edge")
    rows = pipeline.step("rows", make_rows, rows=10)
    pipeline.step("split", "sandmill/split-rows:0.1.0", table=rows, fraction=0.75, seed=1)
    return pipeline


if __name__ == "__main__":
    print({"mixed": mixed, "wrong-edge": wrong_edge}[sys.argv[1]]().to_yaml())

"""Pipelines as documents, and artifacts as files of this machine.

Never runs a node.
"""

import json
import tempfile
import unittest
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sandmill_sdk import Artifact, Component, DataSet, Metrics, Pipeline, step, text
from sandmill_sdk.yaml_text import yaml_of


@dataclass
class Style:
    min_length: int
    mark: str = ""


class Halves(NamedTuple):
    first: int
    second: int


@step
def count(source: Artifact, style: Style | None = None, least: int = 1) -> int:
    return len(source.read_bytes()) - least


@step
def halve(number: int) -> Halves:
    return Halves(number // 2, number - number // 2)


@step
def note(told: str) -> None:
    print(told)


class Documents(unittest.TestCase):
    def test_a_pipeline_is_a_document(self):
        pipeline = Pipeline("count", description="Counts.", namespace="team")
        source = pipeline.parameter("source", Artifact, description="What is counted.")
        least = pipeline.parameter("least", int, default=2)
        counted = pipeline.step("count", count, source=source, style=Style(3, "${"), least=least)
        halves = pipeline.step("halve", halve, number=counted).after(counted).retry(3, backoff="1s", max_backoff="2s")
        split = pipeline.step("split", Component("team/split:1", "split-rows"), stratify_by="a", rows=[halves["first"], 2])
        pipeline.step("note", note, told=text("half: ", halves["second"], " ${x}")).timeout("5s").cache(False)
        split.limits(memory="64MiB").grants(environment={"A": "b"})
        document = pipeline.to_dict()
        self.assertEqual(document["metadata"], {"name": "count", "description": "Counts.", "namespace": "team"})
        self.assertEqual(document["spec"]["parameters"]["least"], {"type": "integer", "default": 2})
        steps = document["spec"]["steps"]
        self.assertEqual(
            steps["count"]["arguments"],
            {"source": "${parameters.source}", "style": {"min-length": 3, "mark": "$${"}, "least": "${parameters.least}"},
        )
        self.assertEqual(steps["halve"]["arguments"], {"number": "${steps.count.output}"})
        self.assertEqual(steps["halve"]["retry"], {"maxAttempts": 3, "backoff": "1s", "maxBackoff": "2s"})
        self.assertEqual(steps["halve"]["python"]["results"], {"first": "s64", "second": "s64"})
        self.assertNotIn("result", steps["note"]["python"])
        self.assertEqual(steps["note"]["arguments"], {"told": "half: ${steps.halve.second} $${x}"})
        self.assertEqual(steps["split"]["function"], "split-rows")
        self.assertEqual(steps["split"]["arguments"], {"stratify-by": "a", "rows": ["${steps.halve.first}", 2]})
        self.assertEqual(json.loads(pipeline.to_json()), document)

    def test_mistakes_are_told_where_they_are_made(self):
        pipeline = Pipeline("count")
        source = pipeline.parameter("source", Artifact)
        counted = pipeline.step("count", count, source=source)
        halves = pipeline.step("halve", halve, number=counted)
        foreign = Pipeline("other").parameter("source", Artifact)
        rows = [
            (TypeError, "has no parameter `sauce`", lambda: pipeline.step("a", count, sauce=source)),
            (TypeError, r"argument `source` \(artifact\) is missing", lambda: pipeline.step("a", count)),
            (ValueError, "there are two steps `count`", lambda: pipeline.step("count", count, source=source)),
            (ValueError, "there are two parameters", lambda: pipeline.parameter("source")),
            (ValueError, "is of another pipeline", lambda: pipeline.step("a", count, source=foreign)),
            (ValueError, "gives first, second: say which", lambda: pipeline.step("a", halve, number=halves)),
            (KeyError, "has no output `third`", lambda: halves["third"]),
            (TypeError, "is not known before the run", lambda: f"{source}"),
            (TypeError, "declare a parameter for it", lambda: pipeline.step("a", count, source=Artifact("x"))),
            (TypeError, "decorate the function", lambda: pipeline.step("a", len)),
            (TypeError, "is no type of a parameter", lambda: pipeline.parameter("b", set)),
        ]
        for error, told, mistake in rows:
            with self.assertRaisesRegex(error, told):
                mistake()

    def test_texts_of_several_lines_stand_as_they_are(self):
        rows = [
            ("a\n b\n", 'x: |\n  a\n   b\n'),
            ("a\n\nb", 'x: |-\n  a\n\n  b\n'),
            ("a\nb\n\n", 'x: |+\n  a\n  b\n\n'),
            (" a\nb", 'x: " a\\nb"\n'),
            ("a\x07\nb", 'x: "a\\u0007\\nb"\n'),
            ("one", 'x: "one"\n'),
        ]
        for value, yaml in rows:
            self.assertEqual(yaml_of({"x": value}), yaml)
        self.assertEqual(yaml_of({"no": {}, "a-b": [1, None], "1": True}), '"no": {}\na-b: [1, null]\n"1": true\n')


class Artifacts(unittest.TestCase):
    def test_a_file_of_this_machine_is_an_artifact(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "words.csv"
            path.write_text("a,b\n")
            file = Artifact(path)
            self.assertEqual((file.media_type, file.size_bytes, file.read_text()), ("text/csv", 4, "a,b\n"))
            file.save(Path(folder) / "copy")
            self.assertEqual((Path(folder) / "copy").read_bytes(), b"a,b\n")
            file.save(path)
            self.assertEqual(path.read_bytes(), b"a,b\n")
            Artifact(folder).save(Path(folder + "-copy"))
            self.assertTrue((Path(folder + "-copy") / "words.csv").is_file())

    def test_one_that_is_made_can_be_read_like_one_that_is_handed_over(self):
        made = DataSet.of_bytes(b"abc", metadata={"rows": "1"})
        self.assertEqual((made.media_type, made.size_bytes), ("application/vnd.apache.arrow.stream", 3))
        self.assertEqual(made.digest, "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        with made.open() as file:
            self.assertEqual(file.read(), made.path.read_bytes())
        self.assertEqual(Artifact.of_json({"a": 1}).read_json(), {"a": 1})

    def test_metrics_hold_numbers(self):
        metrics = Metrics.of_scalars({"b": 1, "a": 0.5})
        self.assertEqual((metrics.scalars, metrics.read_bytes()), ({"a": 0.5, "b": 1.0}, b'{"scalars":{"a":0.5,"b":1.0}}'))
        with self.assertRaisesRegex(ValueError, "metric `a` is nan"):
            Metrics.of_scalars({"a": float("nan")})


if __name__ == "__main__":
    unittest.main()

"""Words counted and judged: files, values, records and defaults, from one step to the next."""

import re
import sys
from dataclasses import dataclass
from enum import Enum
from typing import Literal, NamedTuple

from sandmill_sdk import F32, U8, U64, Artifact, Pipeline, step, text

WORD = re.compile(r"\w+")


class Verdict(Enum):
    SHORT = "short"
    LONG = "long"


@dataclass
class Style:
    """How words are counted."""

    min_length: int
    letters: Literal["as-they-are", "lower"] = "as-they-are"


class Counted(NamedTuple):
    words: U64
    report: Artifact


def words_of(line: str) -> list[str]:
    return WORD.findall(line)


@step
def count_words(source: Artifact, style: Style, title: str = "words") -> Counted:
    """Counts the words of a text that are long enough."""
    found = [word for word in words_of(source.read_text()) if len(word) >= style.min_length]
    if style.letters == "lower":
        found = [word.lower() for word in found]
    print(f"{len(found)} of {source.media_type}")
    report = Artifact.of_text(f"# {title}\n" + "\n".join(found), media_type="text/markdown", metadata={"lines": "3"})
    return Counted(len(found), report)


@step
def judge(words: int, report: Artifact | None = None, missing: Artifact | None = None) -> Verdict:
    assert missing is None and report is not None, (report, missing)
    assert report.media_type == "text/markdown" and report.metadata["lines"] == "3", report.metadata
    assert report.digest.startswith("sha256:") and report.size_bytes == len(report.read_bytes()), report.digest
    return Verdict.LONG if words > 2 else Verdict.SHORT


@step
def say(verdict: Verdict, told: str) -> str:
    assert isinstance(verdict, Verdict), verdict
    return f"{verdict.name}: {told}"


@dataclass
class Everything:
    small: U8
    share: F32
    nothing: float
    whether: bool
    names: list[str | None]
    pair: tuple[int, str]
    raw: bytes
    style: Style


@step
def make_everything() -> Everything:
    return Everything(255, 0.5, float("nan"), True, ["a", None], (-1, "ü\n"), b"\x00\xff", Style(2, "lower"))


@step
def take_everything(
    small: int,
    share: float,
    nothing: float,
    whether: bool,
    names: list[str | None],
    pair: tuple[int, str],
    raw: bytes,
    style: Style,
) -> str:
    assert isinstance(style, Style) and nothing != nothing, (style, nothing)
    return repr((small, share, whether, names, pair, raw, style))


def words() -> Pipeline:
    pipeline = Pipeline("words", description="Words counted and judged.")
    source = pipeline.parameter("source", Artifact)
    least = pipeline.parameter("least", int, default=4)
    counted = pipeline.step("count", count_words, source=source, style={"min_length": least, "letters": "lower"})
    verdict = pipeline.step("judge", judge, words=3, report=counted["report"]).retry(2, backoff="1ms")
    pipeline.step("say", say, verdict=verdict, told=text("counted ", counted["words"], " of ${them}"))
    return pipeline


def everything() -> Pipeline:
    pipeline = Pipeline("everything")
    made = pipeline.step("make", make_everything)
    names = ["small", "share", "nothing", "whether", "names", "pair", "raw", "style"]
    pipeline.step("take", take_everything, **{name: made[name] for name in names})
    return pipeline


def wrong_edge() -> Pipeline:
    pipeline = Pipeline("wrong-edge")
    source = pipeline.parameter("source", Artifact)
    counted = pipeline.step("count", count_words, source=source, style=Style(1))
    pipeline.step("judge", judge, words=counted["report"])
    pipeline.step("say", say, verdict=counted["words"], told="x")
    return pipeline


if __name__ == "__main__":
    print({"words": words, "everything": everything, "wrong-edge": wrong_edge}[sys.argv[1]]().to_yaml())

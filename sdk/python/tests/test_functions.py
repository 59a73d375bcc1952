"""Functions as steps: their types, their text, and that they stay functions.

Never runs a node.
"""

import enum
import json
import os.path
import re
import unittest
import xml.etree.ElementTree as Tree
from dataclasses import dataclass
from typing import Literal, NamedTuple

import sandmill_sdk
from sandmill_sdk import F32, U8, Artifact, DataSet, Metrics, Model, StepFunction, step
from sandmill_sdk.source import NoSource
from sandmill_sdk.types import NoWitType, decode, encode, wit_of

BLANK = re.compile(r"\s+")
LEAST = 2
LEAST += 1
PLACES = [os.path.join("a", "b")]


class Color(enum.Enum):
    RED = "red"
    DARK_BLUE = "dark-blue"


@dataclass
class Point:
    x_axis: float
    y: float = 0.0
    label: str | None = None


@dataclass
class Node:
    children: list["Node"]


class Pair(NamedTuple):
    left: int
    right: list[Point]


def split(line: str) -> list[str]:
    # One word after the other.
    return BLANK.split(line)


def even(number: int) -> bool:
    return number == 0 or odd(number - 1)


def odd(number: int) -> bool:
    return number != 0 and even(number - 1)


@step
def count(text: Artifact, least: int = LEAST) -> int:
    """Counts."""
    return sum(len(word) >= least for word in split(text.read_text()))


@sandmill_sdk.step(packages=["six==1.17.0"])
def spread(points: list[Point], color: Color = Color.DARK_BLUE, note: str | None = None) -> Pair:
    return Pair(len(points), points)


@step
def parity(number: int) -> bool:
    return even(number) and count(Artifact.of_text("abc")) == 1


@step
def listed(number: int) -> bool:
    return number > 0 and LISTED["listed"] is listed


LISTED = {"listed": listed}


@step
def tree(text: str) -> str:
    return Tree.fromstring(text).tag + PLACES[0]


class Types(unittest.TestCase):
    def test_annotations_are_types_of_wit(self):
        rows = {
            int: "s64",
            bool: "bool",
            bytes: "list<u8>",
            U8: "u8",
            F32 | None: "option<f32>",
            list[list[str]]: "list<list<string>>",
            tuple[int, str]: "tuple<s64, string>",
            tuple[int, ...]: "list<s64>",
            Literal["a", "b-c"]: "enum { a, b-c }",
            Color: "enum { red, dark-blue }",
            Point: "record { x-axis: f64, y: f64, label: option<string> }",
            Pair: "record { left: s64, right: list<record { x-axis: f64, y: f64, label: option<string> }> }",
            Artifact: "artifact",
            DataSet | None: "option<data-set>",
            Model: "model",
            Metrics: "metrics",
        }
        for hint, wit in rows.items():
            self.assertEqual(wit_of(hint), wit)

    def test_what_says_nothing_is_refused(self):
        for hint in (dict[str, int], list, object, int | str, Literal[1], Literal["a b"], set[int], None):
            with self.assertRaises(NoWitType, msg=str(hint)):
                wit_of(hint)

    def test_values_come_back_as_they_were(self):
        rows = [
            (7, int),
            (0.5, float),
            (float("inf"), float),
            ("ü", str),
            (b"\x00\xff", bytes),
            (None, int | None),
            ([1, None], list[int | None]),
            ((1, "a"), tuple[int, str]),
            (Color.DARK_BLUE, Color),
            (Pair(1, [Point(0.5, label="p")]), Pair),
        ]
        for value, hint in rows:
            self.assertEqual(decode(json.loads(json.dumps(encode(value))), hint), value)
        self.assertEqual(encode(Point(0.5)), {"x-axis": 0.5, "y": 0.0, "label": None})
        self.assertEqual(decode({"x-axis": 3.0}, Point), Point(3.0))
        self.assertEqual((type(decode(3.0, int)), type(decode(3, float))), (int, float))


class Functions(unittest.TestCase):
    def test_a_step_is_called_as_a_function(self):
        text = Artifact.of_text("a bb ccc dddd")
        self.assertEqual((count(text), count(text, least=1)), (2, 4))
        self.assertEqual((count.__name__, count.__doc__), ("count", "Counts."))

    def test_parameters_have_types_and_defaults(self):
        self.assertEqual(count.parameters, {"text": {"type": "artifact"}, "least": {"type": "s64", "default": 3}})
        self.assertEqual(spread.parameters["color"], {"type": "enum { red, dark-blue }", "default": "dark-blue"})
        self.assertEqual(spread.parameters["note"], {"type": "option<string>"})
        self.assertEqual((count.results, list(spread.results)), ({"output": "s64"}, ["left", "right"]))
        self.assertEqual(spread.document()["packages"], ["six==1.17.0"])

    def test_what_cannot_be_a_step_is_told_with_the_reason(self):
        def untyped(number) -> int: ...
        def silent(number: int): ...
        def many(*numbers: int) -> int: ...
        def wrong_default(number: int = None) -> int: ...  # noqa: RUF013
        def endless(node: Node) -> int: ...
        def no_form(number: int | None = object()) -> int: ...

        rows = [
            (untyped, "parameter `number`: it has no type"),
            (silent, "does not say what it returns"),
            (many, "hands over arguments by name"),
            (wrong_default, "its default `None` is no `int`"),
            (endless, "its type holds itself"),
            (no_form, "a `object` has no form in JSON"),
        ]
        for function, told in rows:
            with self.assertRaisesRegex(NoWitType, re.escape(told)):
                StepFunction(function, []).document()
        async def later() -> int: ...
        for wrong in (later, lambda: 1, 7):
            with self.assertRaises(TypeError):
                step(wrong)


class Sources(unittest.TestCase):
    def test_the_text_has_what_the_function_needs_and_nothing_else(self):
        source = count.source
        for part in ['BLANK = re.compile(r"\\s+")', "import re", "LEAST = 2\nLEAST += 1", "# One word after", "def count("]:
            self.assertIn(part, source)
        for part in ["Color", "unittest", "@step", "def spread"]:
            self.assertNotIn(part, source.replace("from sandmill_sdk import F32", ""))

    def test_the_text_runs_by_itself(self):
        for function, arguments in [(count, [Artifact.of_text("aaa bbb")]), (tree, ["<a/>"]), (parity, [4]), (listed, [1])]:
            namespace = {"__name__": "step"}
            exec(compile(function.source, "step.py", "exec", dont_inherit=True), namespace)
            self.assertEqual(namespace[function.name](*arguments), function(*arguments))

    def test_functions_that_call_each_other_come_along(self):
        self.assertIn("def odd", parity.source)
        self.assertIn("def count", parity.source)

    def test_names_from_elsewhere_are_refused(self):
        around = 7

        def closes() -> int:
            return around

        def unknown() -> int:
            return nowhere  # noqa: F821

        rows = [(closes, "uses `around` of the function around it"), (unknown, "uses `nowhere`, which is not defined")]
        for function, told in rows:
            with self.assertRaisesRegex(NoSource, re.escape(told)):
                StepFunction(function, []).source

    def test_modules_of_the_authors_own_are_refused(self):
        from helper_module import uses_helper, uses_package

        with self.assertRaisesRegex(NoSource, "imports `other_helper`, which is of no package"):
            uses_helper.source
        with self.assertRaisesRegex(NoSource, r'imports `pip`: name its package, as in @step\(packages=\["pip=='):
            uses_package.source


if __name__ == "__main__":
    unittest.main()

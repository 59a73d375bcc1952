"""The kernel in an interpreter that was built elsewhere: takes what the host asks, and leaves what came of it.

Never speaks to the host itself; `door` does.
"""

import dataclasses
import os
import sys

from componentize_py_types import Err
from sandmill_kernel import interruption, process
from sandmill_kernel.kernel import SESSION, Kernel, State

from . import door, plots

# Where the interpreter finds the component's archives.
LIBRARY = tuple(sys.path)
# Variables that the packages were built with, and need.
OWN_VARIABLES = list(os.environ.items())


class Science(Kernel):
    """The kernel that is shared with run-python, with what packages here need besides."""

    def execute(self, code: str, number: int, silent: bool) -> None:
        try:
            super().execute(code, number, silent)
        finally:
            plots.show_open()


# Which export has the functions that the kernel has not.
PARTS = {"save": State, "take_saved": State, "restore": State}


def answer() -> None:
    """One turn: a question of the host's, and its answer."""
    question, content = door.question()
    name = question.pop("ask").replace("-", "_")
    if name == "restore":
        question["content"] = content
    try:
        value = getattr(PARTS.get(name, Science)(), name)(**question)
        outcome, body = ("Ok", value), b""
        if isinstance(value, bytes):
            outcome, body = ("Ok", None), value
    except Err as refused:
        outcome, body = ("Err", refused.value), b""
    door.answer(door.line_of(dict([outcome]), plain), body)


def plain(value: object) -> object:
    """What the contract's types are in JSON."""
    if not dataclasses.is_dataclass(value):
        raise TypeError(f"{type(value).__name__} is none of the contract's")
    fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    case = getattr(value, "CASE", None)
    if case is None:
        return fields
    return {case: fields["value"]} if fields else case


interruption.prepare()
sys.meta_path.insert(0, plots.Notice(LIBRARY[0]))
# Whatever a session is asked first, its code finds what this guest was given.
SESSION.become_a_process = lambda: process.become([*OWN_VARIABLES, *door.environment()], LIBRARY)

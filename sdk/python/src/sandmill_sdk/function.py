"""`@step`: a function of Python as a step, with its types and its text as a document has them.

Never changes the function: called as one, it is what it was.
"""

from __future__ import annotations

import functools
import inspect
import typing
from collections.abc import Callable, Sequence
from typing import Any

from .artifact import Artifact
from .source import source_of
from .types import NotPlain, NoWitType, encode, fields_of, is_record, optional, shown, wit_of

ORDINARY = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)


class StepFunction:
    """A function that can be a step. To call it is to call the function."""

    def __init__(self, function: Callable[..., Any], packages: Sequence[str]) -> None:
        if not inspect.isfunction(function) or function.__name__ == "<lambda>":
            raise TypeError(f"`{function!r}` is no function that is written with `def`")
        if inspect.iscoroutinefunction(function) or inspect.isgeneratorfunction(function):
            raise TypeError(f"function `{function.__name__}` returns nothing when it is called: a step needs its result")
        functools.update_wrapper(self, function)
        self.function = function
        self.packages = list(packages)
        self.name = function.__name__

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.function(*arguments, **named)

    @property
    def source(self) -> str:
        """The text that the step runs: the function, and what it needs of its module."""
        return source_of(self.function, bool(self.packages), is_step)

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        """What it takes, by name: each with its type, and its default where it has one."""
        hints = typing.get_type_hints(self.function, include_extras=True)
        parameters = inspect.signature(self.function).parameters.values()
        return {parameter.name: self._parameter(parameter, hints) for parameter in parameters}

    @property
    def results(self) -> dict[str, str]:
        """What it returns: by the names of its fields, or one as `output`."""
        returned = self._returned()
        if returned is type(None):
            return {}
        if is_record(returned):
            return {name: self._wit(hint, f"result `{name}`") for name, hint in fields_of(returned).items()}
        return {"output": self._wit(returned, "its result")}

    def document(self) -> dict[str, Any]:
        """The function as the `python` of a step."""
        told: dict[str, Any] = {"source": self.source}
        if self.packages:
            told["packages"] = self.packages
        if parameters := self.parameters:
            told["parameters"] = parameters
        if results := self.results:
            told |= {"results": results} if is_record(self._returned()) else {"result": results["output"]}
        return told

    def _returned(self) -> Any:
        hints = typing.get_type_hints(self.function, include_extras=True)
        if "return" not in hints:
            raise NoWitType(f"function `{self.name}` does not say what it returns: add `-> TYPE`, or `-> None`")
        return hints["return"]

    def _parameter(self, parameter: inspect.Parameter, hints: dict[str, Any]) -> dict[str, Any]:
        what = f"parameter `{parameter.name}`"
        if parameter.kind not in ORDINARY:
            raise NoWitType(f"function `{self.name}`, {what}: a step hands over arguments by name, each with a type")
        if parameter.name not in hints:
            raise NoWitType(f"function `{self.name}`, {what}: it has no type; annotate it")
        hint = hints[parameter.name]
        told: dict[str, Any] = {"type": self._wit(hint, what)}
        default = parameter.default
        if default is parameter.empty or (default is None and optional(hint) is not None):
            return told
        if default is None or isinstance(default, Artifact):
            raise NoWitType(f"function `{self.name}`, {what}: its default `{default!r}` is no `{shown(hint)}`")
        try:
            return {**told, "default": encode(default)}
        except NotPlain as error:
            raise NoWitType(f"function `{self.name}`, {what}: its default: {error}") from error

    def _wit(self, hint: Any, what: str) -> str:
        try:
            return wit_of(hint)
        except NoWitType as error:
            raise NoWitType(f"function `{self.name}`, {what}: {error}") from None
        except RecursionError:
            raise NoWitType(f"function `{self.name}`, {what}: its type holds itself, and has no end") from None

    def __repr__(self) -> str:
        return f"<step {self.name}>"


def step(function: Callable[..., Any] | None = None, /, *, packages: Sequence[str] = ()) -> Any:
    """Makes a function a step, as `@step` or as `@step(packages=["tabulate==0.9.0"])`.

    Its annotations are the step's types. Packages are named as pip reads them, and are looked up when a run is
    submitted.
    """
    if function is None:
        return lambda decorated: StepFunction(decorated, packages)
    return StepFunction(function, packages)


def is_step(decorator: Any) -> bool:
    """Whether this is the decorator above."""
    return decorator is step

"""A pipeline as it is being written, and the document that comes out of it.

Never lets text become a reference: what is written as a literal stays one.
"""

from __future__ import annotations

import dataclasses
import json
import typing
from typing import Any, Self

from .artifact import Artifact
from .function import StepFunction
from .types import encode, kebab
from .yaml_text import yaml_of

# The component that runs functions of Python.
RUN_PYTHON = "sandmill/run-python:0.1.0"
KINDS = {str: "string", int: "integer", float: "number", bool: "boolean", list: "list", dict: "object"}
LEFT_OUT: Any = object()


@dataclasses.dataclass(frozen=True)
class Component:
    """A component by its reference, and which of its functions is meant where it has several."""

    reference: str
    function: str | None = None


@dataclasses.dataclass(frozen=True)
class Reference:
    """What stands for the value of a parameter, or of an output of a step."""

    pipeline: Pipeline
    path: str

    def __str__(self) -> str:
        raise TypeError(f"`{self.path}` is not known before the run: fill it in with text(\"…\", reference)")


@dataclasses.dataclass(frozen=True)
class Text:
    """Text with values filled in."""

    parts: tuple[str | Reference | PipelineStep, ...]


def text(*parts: str | Reference | PipelineStep) -> Text:
    """Text with values filled in when they are known: `text("rows: ", count)`."""
    return Text(parts)


class PipelineStep:
    """A step of a pipeline. Given as an argument, it stands for the one thing that it gives."""

    def __init__(self, pipeline: Pipeline, name: str, told: dict[str, Any], results: list[str] | None) -> None:
        self._pipeline = pipeline
        self._name = name
        self._told = told
        self._results = results

    def __getitem__(self, output: str) -> Reference:
        """One of the step's outputs, by name. The one result of a function without fields is `output`."""
        if self._results is not None and output not in self._results:
            known = ", ".join(self._results) or "nothing"
            raise KeyError(f"step `{self._name}` has no output `{output}`; it gives {known}")
        return Reference(self._pipeline, f"steps.{self._name}.{output}")

    def after(self, *others: PipelineStep) -> Self:
        """Waits for other steps besides those whose outputs the step uses."""
        return self._say(after=[other._name for other in others])

    def retry(self, max_attempts: int, **waits: Any) -> Self:
        """Attempts in all, the first included; `backoff="1s"`, `factor=2.0` and `max_backoff="1m"` say how long it waits."""
        return self._say(retry={"maxAttempts": max_attempts, **{camel(key): wait for key, wait in waits.items()}})

    def timeout(self, longest: str) -> Self:
        """Wall time of one attempt, such as `30s`."""
        return self._say(timeout=longest)

    def limits(self, **limits: str) -> Self:
        """What an attempt may use up: `memory="256MiB"`, `cpu="10s"`, `output="1GiB"`, `log="1MiB"`."""
        return self._say(limits=limits)

    def grants(self, **grants: Any) -> Self:
        """What the step may reach, as documents write it. Nothing of it is given unless the node's policy allows it."""
        return self._say(grants={camel(key): grant for key, grant in grants.items()})

    def cache(self, allowed: bool) -> Self:
        """Whether an earlier result for the same work may be used again."""
        return self._say(cache=allowed)

    def _say(self, **told: Any) -> Self:
        self._told.update(told)
        return self

    def _only(self) -> Reference:
        if self._results is not None and len(self._results) != 1:
            known = ", ".join(self._results) or "nothing"
            raise ValueError(f"step `{self._name}` gives {known}: say which, as in step[\"NAME\"]")
        return self["output" if self._results is None else self._results[0]]


class Pipeline:
    """A pipeline as it is being written. `to_yaml` is what a node takes."""

    def __init__(
        self, name: str, *, description: str | None = None, namespace: str | None = None, run_python: str = RUN_PYTHON
    ) -> None:
        about = {"name": name, "description": description, "namespace": namespace}
        self._metadata = {key: value for key, value in about.items() if value is not None}
        self._run_python = run_python
        self._parameters: dict[str, dict[str, Any]] = {}
        self._steps: dict[str, dict[str, Any]] = {}

    def parameter(
        self, name: str, kind: type = str, *, default: Any = LEFT_OUT, description: str | None = None
    ) -> Reference:
        """Adds a parameter of a type: str, int, float, bool, list, dict, or a kind of artifact."""
        if name in self._parameters:
            raise ValueError(f"there are two parameters `{name}`")
        told: dict[str, Any] = {"type": kind_of(kind)}
        if description is not None:
            told["description"] = description
        if default is not LEFT_OUT:
            told["default"] = encode(default)
        self._parameters[name] = told
        return Reference(self, f"parameters.{name}")

    def step(self, name: str, what: StepFunction | Component | str, /, **arguments: Any) -> PipelineStep:
        """Adds a step that calls a function of Python, or a component by its reference. Arguments are plain values,
        parameters of the pipeline, earlier steps and their outputs, and `text`.
        """
        if name in self._steps:
            raise ValueError(f"there are two steps `{name}`")
        if isinstance(what, StepFunction):
            told: dict[str, Any] = {"component": self._run_python, "function": what.name, "python": what.document()}
            check_arguments(name, what, arguments)
            results: list[str] | None = list(what.results)
        elif isinstance(what, (Component, str)):
            component = Component(what) if isinstance(what, str) else what
            told = {"component": component.reference}
            if component.function is not None:
                told["function"] = component.function
            # Names in components have hyphens, which arguments of Python cannot have.
            arguments = {kebab(key): value for key, value in arguments.items()}
            results = None
        else:
            raise TypeError(f"step `{name}`: `{what!r}` is no step; decorate the function with @step")
        if arguments:
            told["arguments"] = {key: self._argument(name, value) for key, value in arguments.items()}
        self._steps[name] = told
        return PipelineStep(self, name, told, results)

    def to_dict(self) -> dict[str, Any]:
        """The document."""
        spec = {"parameters": self._parameters, "steps": self._steps}
        spec = {key: value for key, value in spec.items() if value}
        return {"apiVersion": "sandmill.dev/v1", "kind": "Pipeline", "metadata": self._metadata, "spec": spec}

    def to_json(self) -> str:
        """The document as JSON."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False)

    def to_yaml(self) -> str:
        """The document as YAML, to be submitted or kept."""
        return yaml_of(self.to_dict())

    def _argument(self, step: str, value: Any) -> Any:
        """An argument as the document writes it."""
        match value:
            case PipelineStep():
                return self._argument(step, value._only())
            case Reference():
                if value.pipeline is not self:
                    raise ValueError(f"step `{step}`: `{value.path}` is of another pipeline")
                return f"${{{value.path}}}"
            case Text():
                return "".join(self._argument(step, part) for part in value.parts)
            case str():
                return value.replace("${", "$${")
            case list() | tuple() if not hasattr(value, "_fields"):
                return [self._argument(step, item) for item in value]
            case dict():
                return {kebab(key): self._argument(step, item) for key, item in value.items()}
            case Artifact():
                raise TypeError(f"step `{step}`: a file of this machine is no argument; declare a parameter for it")
        encoded = encode(value)
        return self._argument(step, encoded) if isinstance(encoded, (str, list, dict)) else encoded


def check_arguments(step: str, function: StepFunction, arguments: dict[str, Any]) -> None:
    """Refuses arguments that the function does not take, and those that it needs and is not given."""
    parameters = function.parameters
    for name in arguments:
        if name not in parameters:
            raise TypeError(f"step `{step}`: function `{function.name}` has no parameter `{name}`")
    for name, told in parameters.items():
        if name not in arguments and "default" not in told and not told["type"].startswith("option<"):
            raise TypeError(f"step `{step}`: argument `{name}` ({told['type']}) is missing")


def kind_of(kind: type) -> str:
    """The type of a parameter of a pipeline, as documents write it."""
    known = KINDS.get(typing.get_origin(kind) or kind)
    if known is None and isinstance(kind, type) and issubclass(kind, Artifact):
        known = kind.KIND
    if known is None:
        raise TypeError(f"`{kind!r}` is no type of a parameter; there are str, int, float, bool, list, dict and artifacts")
    return known


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)

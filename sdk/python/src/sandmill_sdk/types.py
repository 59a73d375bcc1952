"""Python's types in the words of WIT, and values as they cross between the two.

Never converts a value into another one: what has no form in JSON is told as having none.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import inspect
import math
import re
import types
import typing
from typing import Annotated, Any, Literal

from .artifact import Artifact


@dataclasses.dataclass(frozen=True)
class Wit:
    """The name of a WIT type, for annotations."""

    name: str


U8 = Annotated[int, Wit("u8")]
U16 = Annotated[int, Wit("u16")]
U32 = Annotated[int, Wit("u32")]
U64 = Annotated[int, Wit("u64")]
S8 = Annotated[int, Wit("s8")]
S16 = Annotated[int, Wit("s16")]
S32 = Annotated[int, Wit("s32")]
S64 = Annotated[int, Wit("s64")]
F32 = Annotated[float, Wit("f32")]
F64 = Annotated[float, Wit("f64")]

SIMPLE = {bool: "bool", int: "s64", float: "f64", str: "string", bytes: "list<u8>"}
# A case of an enum, as documents write it.
NAME = re.compile(r"[a-zA-Z][a-zA-Z0-9_-]{0,62}")
# What stands for numbers that JSON has no word for.
NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


class NoWitType(TypeError):
    """An annotation that says nothing that could cross into a step."""


class NotPlain(TypeError):
    """A value that has no form in JSON."""


def wit_of(hint: Any) -> str:
    """The WIT type that an annotation stands for."""
    if hint in SIMPLE:
        return SIMPLE[hint]
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        named = [extra.name for extra in arguments[1:] if isinstance(extra, Wit)]
        return named[-1] if named else wit_of(arguments[0])
    if origin is Literal:
        return enum_of(arguments, hint)
    if origin is list and arguments:
        return f"list<{wit_of(arguments[0])}>"
    if origin is tuple and arguments:
        if arguments[-1] is Ellipsis:
            return f"list<{wit_of(arguments[0])}>"
        return f"tuple<{', '.join(map(wit_of, arguments))}>"
    inner = optional(hint)
    if inner is not None:
        return f"option<{wit_of(inner)}>"
    if isinstance(hint, type):
        if issubclass(hint, Artifact):
            return hint.KIND
        if issubclass(hint, enum.Enum):
            return enum_of([member.value for member in hint], hint)
        if is_record(hint):
            fields = ", ".join(f"{kebab(name)}: {wit_of(field)}" for name, field in fields_of(hint).items())
            return f"record {{ {fields} }}"
    raise NoWitType(
        f"`{shown(hint)}` is no type that a step can take or return; there are bool, int, float, str, bytes, list, tuple,"
        " Optional, Literal, Enum, dataclasses, NamedTuple, Artifact, DataSet, Model, Metrics, and U8 to F64"
    )


def optional(hint: Any) -> Any:
    """What an optional type is an option of; none where it is no optional type."""
    if typing.get_origin(hint) not in (typing.Union, types.UnionType):
        return None
    others = [argument for argument in typing.get_args(hint) if argument is not type(None)]
    return others[0] if len(others) == 1 and len(typing.get_args(hint)) == 2 else None


def is_record(hint: Any) -> bool:
    """Whether a type is a dataclass or a NamedTuple."""
    return isinstance(hint, type) and (dataclasses.is_dataclass(hint) or is_named_tuple(hint))


def is_named_tuple(hint: type) -> bool:
    return issubclass(hint, tuple) and hasattr(hint, "_fields")


@functools.cache
def fields_of(record: type) -> dict[str, Any]:
    """The annotations of a record's fields, in order."""
    hints = typing.get_type_hints(record, include_extras=True)
    if is_named_tuple(record):
        return {name: hints.get(name) for name in record._fields}
    return {field.name: hints[field.name] for field in dataclasses.fields(record)}


def enum_of(cases: typing.Iterable[Any], hint: Any) -> str:
    cases = list(cases)
    for case in cases:
        if not isinstance(case, str) or not NAME.fullmatch(case):
            raise NoWitType(f"`{case!r}` of `{shown(hint)}` is no case: use texts of letters, digits, `-` and `_`")
    return f"enum {{ {', '.join(cases)} }}"


def kebab(name: str) -> str:
    """The name of a record's field as WIT writes it."""
    return name.replace("_", "-")


@functools.cache
def required_of(record: type) -> list[str]:
    """The fields without which a record cannot be made."""
    parameters = inspect.signature(record).parameters.values()
    return [each.name for each in parameters if each.default is each.empty]


def record_of(json: dict[str, Any], record: type) -> Any:
    """A record of its fields. One that is left out is an option: it has its default, or is nothing."""
    known = {name: decode(json[kebab(name)], field) for name, field in fields_of(record).items() if kebab(name) in json}
    missing = [name for name in required_of(record) if name not in known]
    return record(**dict.fromkeys(missing), **known)


def shown(hint: Any) -> str:
    return hint.__qualname__ if isinstance(hint, type) and typing.get_origin(hint) is None else str(hint)


def encode(value: Any) -> Any:
    """A value as JSON."""
    if value is None or isinstance(value, (bool, int, str)) and not isinstance(value, enum.Enum):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, enum.Enum):
        return encode(value.value)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {kebab(name): encode(getattr(value, name)) for name in value._fields}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {kebab(field.name): encode(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, (list, tuple, bytes)):
        return [encode(item) for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {kebab(key): encode(item) for key, item in value.items()}
    raise NotPlain(f"a `{type(value).__name__}` has no form in JSON")


def decode(json: Any, hint: Any) -> Any:
    """A value of JSON as the annotation has it. The host has checked that it is one of that type."""
    if typing.get_origin(hint) is Annotated:
        return decode(json, typing.get_args(hint)[0])
    inner = optional(hint)
    if inner is not None:
        return None if json is None else decode(json, inner)
    if hint is float:
        return NOT_FINITE[json] if isinstance(json, str) else float(json)
    if hint is int:
        return int(json)
    if hint is bytes:
        return bytes(json)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is list and arguments:
        return [decode(item, arguments[0]) for item in json]
    if origin is tuple and arguments:
        every = arguments[:1] * len(json) if arguments[-1] is Ellipsis else arguments
        return tuple(decode(item, wanted) for item, wanted in zip(json, every))
    if isinstance(hint, type) and issubclass(hint, enum.Enum):
        return hint(json)
    if is_record(hint):
        return record_of(json, hint)
    return json

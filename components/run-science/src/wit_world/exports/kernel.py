"""`sandmill:kernel/kernel`, its types. Never more than data."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass
class Description:
    """What a kernel is."""

    language: str
    version: str
    media_type: str
    file_extension: str
    highlighter: str
    banner: str


@dataclass
class ErrorReport:
    """Why a cell broke off."""

    name: str
    message: str
    traceback: list[str]


@dataclass
class Completions:
    """What completes a piece of code."""

    matches: list[str]
    start: int
    end: int


@dataclass
class Completeness_Complete:
    """Code can be run."""

    CASE: ClassVar[str] = "Complete"


@dataclass
class Completeness_Incomplete:
    """More is to come."""

    CASE: ClassVar[str] = "Incomplete"
    value: str


@dataclass
class Completeness_Invalid:
    """It is no code."""

    CASE: ClassVar[str] = "Invalid"


@dataclass
class Variable:
    """Something that was defined."""

    name: str
    kind: str
    summary: str

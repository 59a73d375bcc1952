"""`sandmill:kernel/types`. Never more than data."""

from dataclasses import dataclass


@dataclass
class Representation:
    """One form of something to show."""

    media_type: str
    content: str


@dataclass
class Bundle:
    """The same thing in one form or several."""

    representations: list[Representation]
    metadata: str | None

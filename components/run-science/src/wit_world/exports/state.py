"""`sandmill:kernel/state`, its types. Never more than data."""

from dataclasses import dataclass


@dataclass
class Lost:
    """Something that was defined and could not be written down."""

    name: str
    kind: str
    reason: str


@dataclass
class Saved:
    """What was written down."""

    length: int
    lost: list[Lost]

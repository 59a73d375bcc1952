"""Types of elements: what they are called, how long they are, and how each is written where.

Never converts a number: arrays and the device do.
"""

from array import array
from enum import IntEnum

from wit_world.imports.sandmill_tensor_types import ElementType


class Kind(IntEnum):
    """What elements are; two tensors are computed with as the higher of their kinds."""

    BOOL = 0
    INT = 1
    FLOAT = 2


class Element:
    """One type of elements: `name` for people, `code` for arrays, `wire` for operations, `type` for contents."""

    __slots__ = ("name", "kind", "size_bytes", "code", "wire", "type")

    def __init__(self, name: str, kind: Kind, size_bytes: int, code: str, wire: bytes, type: ElementType) -> None:
        self.name = name
        self.kind = kind
        self.size_bytes = size_bytes
        self.code = code
        self.wire = wire
        self.type = type


FLOAT64 = Element("float64", Kind.FLOAT, 8, "d", b"\x00", ElementType.F64)
FLOAT32 = Element("float32", Kind.FLOAT, 4, "f", b"\x01", ElementType.F32)
INT64 = Element("int64", Kind.INT, 8, "q", b"\x05", ElementType.I64)
INT32 = Element("int32", Kind.INT, 4, "i", b"\x06", ElementType.I32)
INT16 = Element("int16", Kind.INT, 2, "h", b"\x07", ElementType.I16)
INT8 = Element("int8", Kind.INT, 1, "b", b"\x08", ElementType.I8)
UINT8 = Element("uint8", Kind.INT, 1, "B", b"\x0c", ElementType.U8)
NUMBERS = (FLOAT64, FLOAT32, INT64, INT32, INT16, INT8, UINT8)
# A truth value, as devices keep it: each device in one of these ways.
BOOLS = (
    Element("bool", Kind.BOOL, 1, "B", b"\x0d\x00", ElementType.BOOL_NATIVE),
    Element("bool", Kind.BOOL, 1, "B", b"\x0d\x01", ElementType.BOOL_U8),
    Element("bool", Kind.BOOL, 4, "I", b"\x0d\x02", ElementType.BOOL_U32),
)
BY_TYPE = {element.type: element for element in (*NUMBERS, *BOOLS)}
# Of what a buffer holds, in the words of Python's `struct`.
BY_FORMAT = {element.code: element.name for element in NUMBERS} | {"l": "int64", "?": "bool"}


def packed(element: Element, numbers) -> bytes:
    """Numbers as a content."""
    try:
        return array(element.code, numbers).tobytes()
    except OverflowError as error:
        raise OverflowError(f"a number does not fit into {element.name}: {error}") from None


def unpacked(element: Element, content: bytes) -> list:
    """The numbers of a content; truth values as such."""
    numbers = array(element.code, content).tolist()
    return list(map(bool, numbers)) if element.kind is Kind.BOOL else numbers

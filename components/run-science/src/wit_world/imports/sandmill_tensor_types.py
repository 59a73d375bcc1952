"""`sandmill:tensor/types`, as far as modules name them. Never a tensor: this kernel is lent no device."""

from enum import Enum


class ElementType(Enum):
    """Types of elements."""

    F64 = 0
    F32 = 1
    I64 = 2
    I32 = 3
    I16 = 4
    I8 = 5
    U8 = 6
    BOOL_NATIVE = 7
    BOOL_U8 = 8
    BOOL_U32 = 9


class Tensor:
    """A tensor's name and shape."""

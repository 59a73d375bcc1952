"""Operations as bytes, in the form `burn-ir/0.22`: Burn's operations, each encoded by postcard.

Never decides what an operation means: a field is written as it is given. An enumeration is the place of its case, a
record its fields in order, a list its length and its items, a whole number seven bits to a byte, the lowest first.
"""

import struct

from .elements import Element, Kind

FORM = "burn-ir/0.22"
# What a tensor is at the time of an operation: read by it, or made by it.
READ_ONLY, NOT_MADE = b"\x00", b"\x02"

# Cases of operations by name, at the places that they have in Burn's lists; those that are not used here have no name.
BASE = {
    "reshape": 0, "permute": 2, "flip": 3, "expand": 4, "slice": 6, "mask_where": 10, "equal": 16, "equal_scalar": 17,
    "cat": 19, "cast": 20, "ones": 22, "zeros": 23, "not_equal": 24, "not_equal_scalar": 25, "all": 26, "any": 27,
    "all_dim": 28, "any_dim": 29,
}
NUMERIC = {
    "add": 0, "add_scalar": 1, "sub": 2, "sub_scalar": 3, "div": 4, "div_scalar": 5, "mul": 8, "mul_scalar": 9,
    "abs": 10, "full": 11, "mean_dim": 12, "mean": 13, "sum": 14, "sum_dim": 15, "greater": 19, "greater_scalar": 20,
    "greater_equal": 21, "greater_equal_scalar": 22, "lower": 23, "lower_scalar": 24, "lower_equal": 25,
    "lower_equal_scalar": 26, "argmax": 27, "argmin": 31, "max": 32, "min": 35, "max_dim": 36, "min_dim": 37, "neg": 48,
}
FLOAT = {
    "exp": 0, "log": 1, "pow_scalar": 4, "sqrt": 5, "cos": 6, "sin": 8, "tanh": 11, "into_int": 23, "matmul": 24,
    "random": 26, "pow": 33,
}
INT = {"into_float": 0, "matmul": 12}
BOOL = {"into_float": 0, "into_int": 1, "not": 2, "and": 3, "or": 4, "xor": 5}
ACTIVATION = {"relu": 0, "sigmoid": 6, "softmax": 11}

BASE_FAMILIES = {Kind.FLOAT: 0, Kind.INT: 1, Kind.BOOL: 2}
NUMERIC_FAMILIES = {Kind.FLOAT: 3, Kind.INT: 4}
BOOL_FAMILY, INT_FAMILY, FLOAT_FAMILY, DROP, ACTIVATION_FAMILY = 5, 6, 7, 11, 13


def head(name: str, element: Element) -> bytes:
    """What an operation on tensors of such elements begins with: its family, its case."""
    kind = element.kind
    if name in BASE:
        return bytes((BASE_FAMILIES[kind], BASE[name]))
    if name in ACTIVATION:
        return bytes((ACTIVATION_FAMILY, ACTIVATION[name]))
    if kind is Kind.FLOAT and name in FLOAT:
        return bytes((FLOAT_FAMILY, *element.wire, FLOAT[name]))
    if kind is Kind.INT and name in INT:
        return bytes((INT_FAMILY, INT[name]))
    if kind is Kind.BOOL:
        return bytes((BOOL_FAMILY, BOOL[name]))
    return bytes((NUMERIC_FAMILIES[kind], *element.wire, NUMERIC[name]))


def unsigned(number: int) -> bytes:
    """A whole number from 0 up."""
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    encoded.append(number)
    return bytes(encoded)


def signed(number: int) -> bytes:
    """A whole number: those below 0 stand between the others."""
    return unsigned(number << 1 if number >= 0 else (-number << 1) - 1)


def numbers(items) -> bytes:
    """A list of whole numbers from 0 up."""
    return unsigned(len(items)) + b"".join(map(unsigned, items))


def scalar(number: float, element: Element) -> bytes:
    """A number beside tensors of such elements."""
    if element.kind is Kind.FLOAT:
        return b"\x00" + struct.pack("<d", number)
    return b"\x01" + signed(int(number))


def uniform(low: float, high: float) -> bytes:
    """Random numbers from `low` up to below `high`."""
    return b"\x02" + struct.pack("<dd", low, high)


def normal(mean: float, deviation: float) -> bytes:
    """Random numbers around `mean`."""
    return b"\x03" + struct.pack("<dd", mean, deviation)


def ranges(spans) -> bytes:
    """For each dimension the first index, the one behind the last, and the step."""
    encoded = (signed(start) + b"\x01" + signed(stop) + signed(step) for start, stop, step in spans)
    return unsigned(len(spans)) + b"".join(encoded)


def named(name: int, shape: tuple[int, ...], status: bytes, element: Element) -> bytes:
    """A tensor as operations name it."""
    return unsigned(name) + numbers(shape) + status + element.wire


def dropped(tensor: bytes) -> bytes:
    """The operation that forgets a tensor."""
    return unsigned(DROP) + tensor

"""A tensor: a name for numbers that live on the device.

Never holds a number: contents cross when they are read, and only then is anything waited for.
"""

from __future__ import annotations

from array import array

from . import encoding, operations, reductions, shapes, showing
from .device import Device, length
from .elements import Element, Kind, packed, unpacked


class Tensor:
    """Numbers on the host's device. What is computed with tensors is computed there; a tensor never changes."""

    __slots__ = ("device", "name", "shape", "element", "__weakref__")
    # Comparisons are made element by element, so that equality says nothing of the whole.
    __hash__ = None

    def __init__(self, device: Device, name: int, shape: tuple[int, ...], element: Element) -> None:
        self.device = device
        self.name = name
        self.shape = shape
        self.element = element

    def __del__(self) -> None:
        self.device.forget(self.name, self.wire_shape, self.element)

    def __reduce_ex__(self, protocol):
        raise TypeError("a tensor lives on the device and goes with it; keep `tensor.tobytes()` or `save(tensor)`")

    @property
    def wire_shape(self) -> tuple[int, ...]:
        """The shape on the device, where a number alone is a row of one."""
        return self.shape or (1,)

    @property
    def dtype(self) -> str:
        """The type of its elements: `float32`."""
        return self.element.name

    @property
    def ndim(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        """How many elements it has."""
        return length(self.shape)

    @property
    def nbytes(self) -> int:
        """What it takes on the device."""
        return self.size * self.element.size_bytes

    def as_input(self) -> bytes:
        return encoding.named(self.name, self.wire_shape, encoding.READ_ONLY, self.element)

    # What crosses.

    def tobytes(self) -> bytes:
        """The elements, row by row, in little-endian; a truth value is one byte."""
        content = self.device.read(self.name, self.wire_shape, self.element)
        is_long = self.element.kind is Kind.BOOL and self.element.size_bytes > 1
        return bytes(unpacked(self.element, content)) if is_long else content

    def tolist(self):
        """The elements as lists in lists; a number where there are no dimensions."""
        items = unpacked(self.element, self.device.read(self.name, self.wire_shape, self.element))
        for part in reversed(self.shape[1:]):
            items = [items[first : first + part] for first in range(0, len(items), part)]
        return items if self.shape else items[0]

    def read_as(self, element: Element) -> Tensor:
        """The same whole numbers, by way of Python: read and sent again."""
        numbers = array(self.element.code, self.tobytes())
        return upload(self.device, packed(element, numbers), self.shape, element)

    def item(self):
        """The one element."""
        if self.size != 1:
            raise ValueError(f"a tensor of {self.size} elements is no single number; `tolist()` gives all of them")
        return unpacked(self.element, self.device.read(self.name, self.wire_shape, self.element))[0]

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __bool__(self) -> bool:
        if self.size != 1:
            raise ValueError(f"whether a tensor of {self.size} elements is true is not clear; use `all()` or `any()`")
        return bool(self.item())

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("a number alone has no length")
        return self.shape[0]

    def __iter__(self):
        return (self[row] for row in range(len(self)))

    def __repr__(self) -> str:
        return showing.text(self)

    def _repr_html_(self) -> str | None:
        return showing.page(self)

    def _summary_(self) -> str:
        return f"{self.dtype}{list(self.shape)} on the device"

    # Arithmetic.

    def __add__(self, other):
        return binary(self, other, "add")

    def __sub__(self, other):
        return binary(self, other, "sub")

    def __mul__(self, other):
        return binary(self, other, "mul")

    def __truediv__(self, other):
        return binary(self, other, "div")

    __radd__, __rmul__ = __add__, __mul__

    def __rsub__(self, other):
        return binary(number(self, other), self, "sub")

    def __rtruediv__(self, other):
        return binary(number(self, other), self, "div")

    def __pow__(self, exponent):
        return operations.power(self, exponent)

    def __matmul__(self, other):
        return operations.matrix_product(self, other) if isinstance(other, Tensor) else NotImplemented

    def __neg__(self):
        return operations.unary(operations.as_number(self), "neg")

    def __abs__(self):
        return operations.unary(operations.as_number(self), "abs")

    def __invert__(self):
        return operations.logical_not(self)

    def __and__(self, other):
        return operations.logical(self, other, "and") if isinstance(other, Tensor) else NotImplemented

    def __or__(self, other):
        return operations.logical(self, other, "or") if isinstance(other, Tensor) else NotImplemented

    def __xor__(self, other):
        return operations.logical(self, other, "xor") if isinstance(other, Tensor) else NotImplemented

    def __eq__(self, other):
        return comparison(self, other, "equal")

    def __ne__(self, other):
        return comparison(self, other, "not_equal")

    def __lt__(self, other):
        return comparison(self, other, "lower")

    def __le__(self, other):
        return comparison(self, other, "lower_equal")

    def __gt__(self, other):
        return comparison(self, other, "greater")

    def __ge__(self, other):
        return comparison(self, other, "greater_equal")

    def exp(self):
        return operations.unary_float(self, "exp")

    def log(self):
        return operations.unary_float(self, "log")

    def sqrt(self):
        return operations.unary_float(self, "sqrt")

    def sin(self):
        return operations.unary_float(self, "sin")

    def cos(self):
        return operations.unary_float(self, "cos")

    def tanh(self):
        return operations.unary_float(self, "tanh")

    def sigmoid(self):
        return operations.unary_float(self, "sigmoid")

    def relu(self):
        return operations.unary_float(self, "relu")

    def softmax(self, axis: int = -1):
        """Positive numbers whose sum along the axis is 1, in the proportions of `exp`."""
        return reductions.softmax(self, axis)

    # Less of it.

    def sum(self, axis=None, keepdims: bool = False):
        return reductions.total(self, axis, keepdims)

    def mean(self, axis=None, keepdims: bool = False):
        return reductions.mean(self, axis, keepdims)

    def max(self, axis=None, keepdims: bool = False):
        return reductions.extreme(self, "max", axis, keepdims)

    def min(self, axis=None, keepdims: bool = False):
        return reductions.extreme(self, "min", axis, keepdims)

    def all(self, axis=None, keepdims: bool = False):
        return reductions.truth(self, "all", axis, keepdims)

    def any(self, axis=None, keepdims: bool = False):
        return reductions.truth(self, "any", axis, keepdims)

    def argmax(self, axis: int | None = None):
        return reductions.place_of(self, "argmax", axis)

    def argmin(self, axis: int | None = None):
        return reductions.place_of(self, "argmin", axis)

    # The same numbers in another order.

    def astype(self, dtype):
        """The same numbers as elements of another type."""
        return operations.cast(self, self.device.element(dtype))

    def reshape(self, *shape):
        return operations.reshape(self, shapes.reshaped(self.shape, shape[0] if len(shape) == 1 else shape))

    def broadcast_to(self, shape):
        return operations.spread(self, shapes.shape_of(shape))

    def transpose(self, *axes):
        """The dimensions in another order; turned around where none is given."""
        return operations.permute(self, axes[0] if len(axes) == 1 and isinstance(axes[0], (tuple, list)) else axes)

    @property
    def T(self):
        return operations.permute(self, ())

    def __getitem__(self, index):
        return operations.select(self, index)


def binary(left: Tensor, right, name: str):
    if not isinstance(right, Tensor) and not operations.is_scalar(right):
        return NotImplemented
    return operations.arithmetic(left, right, name)


def comparison(left: Tensor, right, name: str):
    if not isinstance(right, Tensor) and not operations.is_scalar(right):
        return NotImplemented
    return operations.compared(left, right, name)


def number(beside: Tensor, value):
    """A number of Python's as a tensor, for operations that want it on the left."""
    if not operations.is_scalar(value):
        raise TypeError(f"a {type(value).__name__} and a tensor cannot be computed with")
    return operations.as_tensor(value, operations.as_number(beside), beside.device)


def upload(device: Device, content, shape: tuple[int, ...], element: Element) -> Tensor:
    """A tensor of a content."""
    if element.kind is Kind.BOOL:
        content = packed(element, [int(byte != 0) for byte in content])
    tensor = Tensor(device, device.take(shape, element), shape, element)
    device.write(tensor.name, tensor.wire_shape, element, content)
    return tensor

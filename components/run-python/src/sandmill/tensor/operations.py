"""Operations on tensors: each is added to the stream and makes a tensor, whose content nobody waits for.

Never changes a tensor: what is computed is a new one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import encoding, shapes
from .device import Device, device
from .elements import Element, Kind

if TYPE_CHECKING:
    from .tensor import Tensor


def made(
    on: Device,
    name: str,
    of: Element,
    inputs: list[Tensor],
    shape: tuple[int, ...],
    element: Element,
    before: bytes = b"",
    after: bytes = b"",
    first: bytes = b"",
) -> Tensor:
    """A tensor that an operation makes: `first`, the inputs, `before`, the tensor itself, `after` are its fields."""
    from .tensor import Tensor

    for tensor in inputs:
        tensor.device.check()
    parts = [encoding.head(name, of), first]
    out = Tensor(on, on.take(shape, element), shape, element)
    parts += [tensor.as_input() for tensor in inputs]
    parts += [before, encoding.named(out.name, out.wire_shape, encoding.NOT_MADE, element), after]
    on.run(b"".join(parts))
    return out


def unary(tensor: Tensor, name: str) -> Tensor:
    return made(tensor.device, name, tensor.element, [tensor], tensor.shape, tensor.element)


def unary_float(tensor: Tensor, name: str) -> Tensor:
    """Of floating-point numbers, which others become."""
    return unary(as_float(tensor), name)


def cast(tensor: Tensor, element: Element) -> Tensor:
    """The same numbers as another type of elements."""
    if element is tensor.element:
        return tensor
    if element.kind is Kind.BOOL:
        return compared(tensor, 0, "not_equal")
    if element.kind is tensor.element.kind is Kind.INT:
        # Burn has no operation for it; numbers that do not fit are told on the way.
        return tensor.read_as(element)
    if element.kind is tensor.element.kind:
        name = "cast"
    else:
        name = "into_float" if element.kind is Kind.FLOAT else "into_int"
    return made(tensor.device, name, tensor.element, [tensor], tensor.shape, element)


def as_float(tensor: Tensor) -> Tensor:
    is_float = tensor.element.kind is Kind.FLOAT
    return tensor if is_float else cast(tensor, tensor.device.element("float32"))


def as_number(tensor: Tensor) -> Tensor:
    return tensor if tensor.element.kind is not Kind.BOOL else cast(tensor, tensor.device.int)


def full(on: Device, shape: tuple[int, ...], value, element: Element) -> Tensor:
    """A tensor of one number throughout."""
    if element.kind is Kind.BOOL or value in (0, 1):
        return made(on, "ones" if value else "zeros", element, [], shape, element)
    return made(on, "full", element, [], shape, element, after=encoding.scalar(value, element))


def reshape(tensor: Tensor, shape: tuple[int, ...]) -> Tensor:
    if shape == tensor.shape:
        return tensor
    return made(tensor.device, "reshape", tensor.element, [tensor], shape, tensor.element)


def with_rank(tensor: Tensor, rank: int) -> Tensor:
    """With dimensions of 1 put in front."""
    return reshape(tensor, (1,) * (rank - len(tensor.shape)) + tensor.shape)


def spread(tensor: Tensor, shape: tuple[int, ...]) -> Tensor:
    """Repeated along dimensions of 1."""
    if shapes.broadcast(tensor.shape, shape) != shape:
        raise ValueError(f"a tensor of shape {tensor.shape} cannot be spread to {shape}")
    tensor = with_rank(tensor, len(shape))
    if tensor.shape == shape:
        return tensor
    return made(tensor.device, "expand", tensor.element, [tensor], shape, tensor.element)


def is_scalar(value: object) -> bool:
    return isinstance(value, (bool, int, float))


def kind_of(value: bool | int | float) -> Kind:
    return Kind.BOOL if isinstance(value, bool) else Kind.INT if isinstance(value, int) else Kind.FLOAT


def beside(tensor: Tensor, value) -> Tensor:
    """The tensor as it is computed with beside a number of Python's."""
    return as_float(tensor) if kind_of(value) is Kind.FLOAT else tensor


def alike(left: Tensor, right: Tensor) -> tuple[Tensor, Tensor]:
    """Both with elements of the higher kind, and of the longer type of that."""
    high = max(left.element, right.element, key=lambda element: (element.kind, element.size_bytes))
    return cast(left, high), cast(right, high)


def as_tensor(value, beside, on: Device) -> Tensor:
    """A number as a tensor of the elements that it stands beside, if these can be it."""
    if not is_scalar(value):
        return value
    kind = kind_of(value)
    if not is_scalar(beside) and beside.element.kind >= kind:
        return full(on, (), value, beside.element)
    return full(on, (), value, {Kind.FLOAT: on.element("float32"), Kind.INT: on.int, Kind.BOOL: on.bool}[kind])


def aligned(left: Tensor, right: Tensor) -> tuple[Tensor, Tensor, tuple[int, ...]]:
    """Both with as many dimensions, and the shape that they spread to."""
    shape = shapes.broadcast(left.shape, right.shape)
    return with_rank(left, len(shape)), with_rank(right, len(shape)), shape


def arithmetic(left: Tensor, right, name: str) -> Tensor:
    """A tensor with a number or another tensor. Truth values are computed with as whole numbers."""
    if name == "div":
        left = as_float(left)
    if is_scalar(right):
        left = as_number(beside(left, right))
        value = encoding.scalar(right, left.element)
        return made(left.device, f"{name}_scalar", left.element, [left], left.shape, left.element, before=value)
    left, right = alike(as_number(left), as_number(right))
    left, right, shape = aligned(left, right)
    return made(left.device, name, left.element, [left, right], shape, left.element)


def compared(left: Tensor, right, name: str) -> Tensor:
    """Where it holds, as truth values."""
    truth = left.device.bool
    if is_scalar(right):
        left = as_number(beside(left, right))
        value = encoding.scalar(right, left.element)
        return made(left.device, f"{name}_scalar", left.element, [left], left.shape, truth, before=value)
    left, right = alike(as_number(left), as_number(right))
    left, right, shape = aligned(left, right)
    return made(left.device, name, left.element, [left, right], shape, truth)


def logical(left: Tensor, right: Tensor, name: str) -> Tensor:
    if {left.element.kind, right.element.kind} != {Kind.BOOL}:
        raise TypeError(f"`{name}` is for tensors of truth values, not of {left.dtype} and {right.dtype}")
    left, right, shape = aligned(left, right)
    return made(left.device, name, left.element, [left, right], shape, left.element)


def power(tensor: Tensor, exponent) -> Tensor:
    tensor = as_float(tensor)
    if is_scalar(exponent):
        value = encoding.scalar(exponent, tensor.element)
        return made(tensor.device, "pow_scalar", tensor.element, [tensor], tensor.shape, tensor.element, before=value)
    return arithmetic(tensor, as_float(exponent), "pow")


def matrix_product(left: Tensor, right: Tensor) -> Tensor:
    """As numpy's `@`: a tensor of one dimension is a row on the left, a column on the right."""
    if not left.shape or not right.shape:
        raise ValueError("a number cannot be multiplied as a matrix; use `*`")
    left, right = alike(as_number(left), as_number(right))
    rows = left if left.ndim > 1 else reshape(left, (1, *left.shape))
    columns = right if right.ndim > 1 else reshape(right, (*right.shape, 1))
    shape = shapes.product(rows.shape, columns.shape)
    rows, columns = with_rank(rows, len(shape)), with_rank(columns, len(shape))
    result = made(rows.device, "matmul", rows.element, [rows, columns], shape, rows.element)
    shape = shape if left.ndim > 1 else (*shape[:-2], shape[-1])
    return reshape(result, shape if right.ndim > 1 else shape[:-1])


def select(tensor: Tensor, index) -> Tensor:
    """What an index takes."""
    chosen = shapes.Selection(tensor.shape, index)
    shape = tuple(stop - start if step == 1 else len(range(start, stop, step)) for start, stop, step in chosen.spans)
    if shape != tensor.shape:
        spans = encoding.ranges(chosen.spans)
        tensor = made(tensor.device, "slice", tensor.element, [tensor], shape, tensor.element, before=spans)
    if chosen.flipped:
        axes = encoding.numbers(chosen.flipped)
        tensor = made(tensor.device, "flip", tensor.element, [tensor], shape, tensor.element, after=axes)
    return reshape(tensor, tuple(chosen.shape))


def where(mask: Tensor, one, other) -> Tensor:
    """`one` where the mask holds, `other` elsewhere; each is a tensor or a number."""
    if mask.element.kind is not Kind.BOOL:
        raise TypeError(f"the mask is a tensor of truth values, not of {mask.dtype}")
    one, other = alike(as_tensor(one, other, mask.device), as_tensor(other, one, mask.device))
    shape = shapes.broadcast(mask.shape, one.shape, other.shape)
    inputs = [spread(other, shape), spread(mask, shape), spread(one, shape)]
    return made(mask.device, "mask_where", one.element, inputs, shape, one.element)


def concatenate(tensors: list[Tensor], axis: int = 0) -> Tensor:
    """One behind the other along a dimension."""
    tensors = list(tensors)
    if not tensors:
        raise ValueError("there is nothing to put together")
    first = tensors[0]
    axis = shapes.axis_of(axis, first.ndim)
    others = lambda tensor: tensor.shape[:axis] + tensor.shape[axis + 1 :]
    for tensor in tensors:
        if tensor.ndim != first.ndim or others(tensor) != others(first) or tensor.element is not first.element:
            told = f"{tensor.dtype}{list(tensor.shape)} and {first.dtype}{list(first.shape)}"
            raise ValueError(f"{told} cannot be put together along axis {axis}")
    shape = (*first.shape[:axis], sum(tensor.shape[axis] for tensor in tensors), *first.shape[axis + 1 :])
    count, dimension = encoding.unsigned(len(tensors)), encoding.unsigned(axis)
    return made(device(), "cat", first.element, tensors, shape, first.element, before=dimension, first=count)


def logical_not(tensor: Tensor) -> Tensor:
    if tensor.element.kind is not Kind.BOOL:
        raise TypeError(f"`~` is for tensors of truth values, not of {tensor.dtype}")
    return unary(tensor, "not")


def permute(tensor: Tensor, axes: tuple) -> Tensor:
    """The dimensions in another order."""
    order = shapes.permutation(tuple(axes), tensor.ndim)
    if order == tuple(range(tensor.ndim)):
        return tensor
    shape = tuple(tensor.shape[axis] for axis in order)
    after = encoding.numbers(order)
    return made(tensor.device, "permute", tensor.element, [tensor], shape, tensor.element, after=after)

"""Operations that make less of a tensor: over some dimensions or over all.

Never keeps a reduced dimension unless it is asked to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import encoding, shapes
from .operations import as_float, as_number, cast, made, reshape

if TYPE_CHECKING:
    from .tensor import Tensor

# One number is kept of each row.
ONE = encoding.unsigned(1)


def reduced(tensor: Tensor, name: str, axis, keepdims: bool, element=None) -> Tensor:
    """Over the named dimensions, or over all."""
    element = element or tensor.element
    axes = shapes.axes_of(axis, tensor.ndim)
    kept = tuple(1 if place in axes else part for place, part in enumerate(tensor.shape))
    if axis is None:
        result = made(tensor.device, name, tensor.element, [tensor], (), element)
    else:
        result = tensor
        for place in axes:
            shape = (*result.shape[:place], 1, *result.shape[place + 1 :])
            after = encoding.unsigned(place) + ONE
            result = made(tensor.device, f"{name}_dim", result.element, [result], shape, element, after=after)
    left = tuple(part for place, part in enumerate(tensor.shape) if place not in axes)
    return reshape(result, kept if keepdims else left)


def total(tensor: Tensor, axis, keepdims: bool) -> Tensor:
    return reduced(as_number(tensor), "sum", axis, keepdims)


def mean(tensor: Tensor, axis, keepdims: bool) -> Tensor:
    return reduced(as_float(tensor), "mean", axis, keepdims)


def extreme(tensor: Tensor, name: str, axis, keepdims: bool) -> Tensor:
    return reduced(as_number(tensor), name, axis, keepdims)


def truth(tensor: Tensor, name: str, axis, keepdims: bool) -> Tensor:
    """Whether all, or any, of them are not 0."""
    return reduced(cast(tensor, tensor.device.bool), name, axis, keepdims)


def place_of(tensor: Tensor, name: str, axis: int | None) -> Tensor:
    """Where the largest or the smallest stands: in a dimension, or among all elements, row by row."""
    tensor = as_number(tensor)
    flat = reshape(tensor, (tensor.size,)) if axis is None else tensor
    place = shapes.axis_of(axis or 0, flat.ndim)
    shape = (*flat.shape[:place], 1, *flat.shape[place + 1 :])
    after = encoding.unsigned(place) + ONE
    found = made(flat.device, name, flat.element, [flat], shape, tensor.device.int, after=after)
    return reshape(found, (*flat.shape[:place], *flat.shape[place + 1 :]))


def softmax(tensor: Tensor, axis: int) -> Tensor:
    tensor = as_float(tensor)
    if not tensor.shape:
        raise ValueError("a number alone has no axis to be weighed along")
    after = encoding.unsigned(shapes.axis_of(axis, tensor.ndim))
    return made(tensor.device, "softmax", tensor.element, [tensor], tensor.shape, tensor.element, after=after)

"""Shapes: what comes of shapes, and which do not go together, in Python's terms.

Never asks the device: what is refused here has not crossed.
"""

import operator
from math import prod


def shape_of(given) -> tuple[int, ...]:
    """A shape as it is written: a number or several, none of them 0."""
    parts = given if isinstance(given, (tuple, list)) else (given,)
    shape = tuple(map(operator.index, parts))
    if any(part < 1 for part in shape):
        raise ValueError(f"the shape {shape} has a dimension without elements; a tensor has at least one")
    return shape


def broadcast(*shapes: tuple[int, ...]) -> tuple[int, ...]:
    """The shape that all of them spread to: dimensions are matched from the last on, and 1 matches any."""
    rank = max(map(len, shapes))
    parts = []
    for place in range(-rank, 0):
        lengths = {shape[place] for shape in shapes if -place <= len(shape)} - {1}
        if len(lengths) > 1:
            raise ValueError(f"shapes {' and '.join(map(str, shapes))} do not go together in dimension {place}")
        parts.append(lengths.pop() if lengths else 1)
    return tuple(parts)


def product(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of a matrix product, both of at least two dimensions."""
    if left[-1] != right[-2]:
        raise ValueError(
            f"shapes {left} and {right} cannot be multiplied as matrices: {left[-1]} columns meet {right[-2]} rows"
        )
    return (*broadcast(left[:-2], right[:-2]), left[-2], right[-1])


def axis_of(axis: int, rank: int) -> int:
    """A dimension, counted from the first; one below 0 counts from the last."""
    place = operator.index(axis)
    if not -rank <= place < rank:
        raise ValueError(f"there is no axis {axis} in a tensor of {rank} dimensions")
    return place % rank


def axes_of(axis, rank: int) -> tuple[int, ...]:
    """The dimensions to reduce: one, several, or all where none is named."""
    if axis is None:
        return tuple(range(rank))
    axes = tuple(axis_of(one, rank) for one in (axis if isinstance(axis, (tuple, list)) else (axis,)))
    if len(set(axes)) < len(axes):
        raise ValueError(f"the axes {axis} name one more than once")
    return axes


def reshaped(shape: tuple[int, ...], given) -> tuple[int, ...]:
    """The new shape of as many elements; one of its parts may be -1, which is what is left."""
    parts = tuple(map(operator.index, given if isinstance(given, (tuple, list)) else (given,)))
    if parts.count(-1) == 1:
        known = prod(part for part in parts if part != -1)
        if known > 0 and prod(shape) % known == 0:
            parts = tuple(prod(shape) // known if part == -1 else part for part in parts)
    if any(part < 1 for part in parts) or prod(parts) != prod(shape):
        raise ValueError(f"a tensor of shape {shape} has {prod(shape)} elements and cannot be seen as {given}")
    return parts


def permutation(axes: tuple, rank: int) -> tuple[int, ...]:
    """The order of dimensions; turned around where none is given."""
    if not axes:
        return tuple(reversed(range(rank)))
    order = tuple(axis_of(axis, rank) for axis in axes)
    if sorted(order) != list(range(rank)):
        raise ValueError(f"the axes {axes} do not name each of {rank} dimensions once")
    return order


class Selection:
    """What an index takes of a shape: for each dimension a span, which of them are turned around, and what is left."""

    def __init__(self, shape: tuple[int, ...], index) -> None:
        self.spans: list[tuple[int, int, int]] = []
        self.flipped: list[int] = []
        # The result's shape, with what `None` puts in and without what a number takes out.
        self.shape: list[int] = []
        for part in self.completed(shape, index if isinstance(index, tuple) else (index,)):
            if part is None:
                self.shape.append(1)
            else:
                self.take(shape[len(self.spans)], part)

    @staticmethod
    def completed(shape: tuple[int, ...], index: tuple) -> list:
        """The index with a part for each dimension: `...`, or the end, stands for all that are missing."""
        given = sum(part is not None and part is not Ellipsis for part in index)
        missing = [slice(None)] * (len(shape) - given)
        if given > len(shape):
            raise IndexError(f"{given} indices for a tensor of {len(shape)} dimensions")
        places = [place for place, part in enumerate(index) if part is Ellipsis]
        if len(places) > 1:
            raise IndexError("an index has at most one `...`")
        place = places[0] if places else len(index)
        return [*index[:place], *missing, *index[place + 1 :]]

    def take(self, length: int, part) -> None:
        if isinstance(part, slice):
            self.take_slice(length, part)
            return
        try:
            at = operator.index(part)
        except TypeError:
            message = f"a tensor is indexed by numbers, slices, `...` and None, not by {type(part).__name__}"
            raise TypeError(message) from None
        if not -length <= at < length:
            raise IndexError(f"index {at} is out of range in dimension {len(self.spans)} of {length} elements")
        self.spans.append((at % length, at % length + 1, 1))

    def take_slice(self, length: int, part: slice) -> None:
        chosen = range(*part.indices(length))
        if not chosen:
            raise IndexError(f"the slice {part} takes nothing of {length} elements; a tensor has at least one")
        if chosen.step < 0:
            self.flipped.append(len(self.spans))
            chosen = chosen[::-1]
        self.spans.append((chosen.start, chosen[-1] + 1, chosen.step))
        self.shape.append(len(chosen))

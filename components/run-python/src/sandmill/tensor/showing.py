"""How tensors are shown: a few of their elements, which are read for it.

Never reads more than is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..tables import table
from .device import DeviceError

if TYPE_CHECKING:
    from .tensor import Tensor

# A tensor of more elements is shown by the first of each dimension.
ELEMENTS_MAX = 200
EDGE = 6


def shown(tensor: Tensor) -> Tensor:
    """The part that is shown."""
    return tensor if tensor.size <= ELEMENTS_MAX else tensor[tuple(slice(EDGE) for _ in tensor.shape)]


def element(value) -> str:
    return str(float(f"{value:.6g}")) if isinstance(value, float) else str(value)


def text(tensor: Tensor) -> str:
    about = f"shape={tensor.shape}, dtype={tensor.dtype}"
    try:
        part = shown(tensor)
        return f"tensor({nested(part.tolist(), tensor.shape, ' ' * 8)}, {about})"
    except DeviceError as error:
        return f"tensor(<{error.message}>, {about})"


def nested(items, shape: tuple[int, ...], indent: str) -> str:
    """Elements in brackets; each dimension but the last on lines of its own."""
    if not shape:
        return element(items)
    parts = [nested(item, shape[1:], indent + " ") for item in items]
    if len(items) < shape[0]:
        parts.append("…")
    return "[" + (", " if len(shape) == 1 else f",\n{indent}").join(parts) + "]"


def page(tensor: Tensor) -> str | None:
    """A table of a row or of rows; of nothing else."""
    if tensor.ndim not in (1, 2):
        return None
    try:
        part = shown(tensor)
        rows = part.tolist() if tensor.ndim == 2 else [part.tolist()]
    except DeviceError:
        return None
    more = ["…"] if part.shape[-1] < tensor.shape[-1] else []
    cells = [[element(value) for value in row] + more for row in rows]
    if tensor.ndim == 2 and part.shape[0] < tensor.shape[0]:
        cells.append(["…"] * len(cells[0]))
    head = [*map(str, range(part.shape[-1])), *more]
    return table(head, cells) + f"<p>{tensor.dtype}, {' × '.join(map(str, tensor.shape))}</p>"

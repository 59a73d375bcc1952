"""Tensors from nothing, from numbers of Python's, and from bytes.

Never guesses the type of bytes.
"""

from . import encoding, shapes
from .device import device, length
from .elements import BY_FORMAT, Kind, packed
from .operations import cast, full as filled, made
from .tensor import Tensor, upload


def tensor(data, dtype=None, shape=None) -> Tensor:
    """A tensor of a number, of lists in lists, of a buffer (`array.array`, `memoryview`) or of bytes; for bytes, say
    `dtype` and `shape`. Whole numbers are the device's integers, others are float32, unless `dtype` says otherwise."""
    if isinstance(data, Tensor):
        return data if dtype is None else data.astype(dtype)
    try:
        view = memoryview(data)
    except TypeError:
        return of_numbers(data, dtype, shape)
    return of_buffer(view, dtype, shape)


def of_buffer(view: memoryview, dtype, shape) -> Tensor:
    on = device()
    is_plain = isinstance(view.obj, (bytes, bytearray)) and view.format == "B"
    if is_plain and (dtype is None or shape is None):
        raise TypeError("of bytes, say what they are: tensor(content, dtype='float32', shape=(2, 3))")
    name = None if is_plain else BY_FORMAT.get(view.format)
    if not is_plain and name is None:
        raise TypeError(f"a buffer of format {view.format!r} is no tensor's content")
    element = on.element(dtype if is_plain else name)
    shape = shapes.shape_of(view.shape if shape is None else shape)
    wanted = length(shape) * (1 if element.kind is Kind.BOOL else element.size_bytes)
    if view.nbytes != wanted:
        raise ValueError(f"{view.nbytes} bytes are no {element.name}{list(shape)}, which takes {wanted}")
    content = view if view.c_contiguous else view.tobytes()
    made_of = upload(on, memoryview(content).cast("B"), shape, element)
    return made_of if is_plain or dtype is None else made_of.astype(dtype)


def of_numbers(data, dtype, shape) -> Tensor:
    on = device()
    numbers: list = []
    found = flatten(data, numbers)
    kinds = {type(number) for number in numbers}
    if not kinds <= {bool, int, float}:
        names = ", ".join(sorted(kind.__name__ for kind in kinds - {bool, int, float}))
        raise TypeError(f"tensors are made of numbers and truth values, not of {names}")
    element = on.element(dtype or (float if float in kinds else int if int in kinds else bool))
    if element.kind is Kind.BOOL:
        numbers = [number != 0 for number in numbers]
    elif element.kind is Kind.INT:
        numbers = list(map(int, numbers))
    if shape is not None:
        found = shapes.reshaped(found, shape)
    content = bytes(numbers) if element.kind is Kind.BOOL else packed(element, numbers)
    return upload(on, content, found, element)


def flatten(data, numbers: list) -> tuple[int, ...]:
    """Adds the numbers row by row and tells their shape."""
    if not isinstance(data, (list, tuple, range)):
        numbers.append(data)
        return ()
    if not data:
        raise ValueError("a list without elements makes no tensor")
    parts = {flatten(item, numbers) for item in data}
    if len(parts) > 1:
        told = " and ".join(map(str, sorted(parts)))
        raise ValueError(f"the rows are not alike: there are some of shape {told}")
    return (len(data), *parts.pop())


def full(shape, value, dtype=None) -> Tensor:
    """One number throughout."""
    on = device()
    return filled(on, shapes.shape_of(shape), value, on.element(dtype or type(value)))


def zeros(shape, dtype="float32") -> Tensor:
    return full(shape, 0, dtype)


def ones(shape, dtype="float32") -> Tensor:
    return full(shape, 1, dtype)


def arange(start, stop=None, step=1, dtype=None) -> Tensor:
    """Numbers from `start` (or 0) up to below `stop`, each `step` behind the one before."""
    start, stop = (0, start) if stop is None else (start, stop)
    if step == 0:
        raise ValueError("the step is 0: the numbers would not end")
    count = max(0, -int(-(stop - start) // step))
    return of_numbers([start + step * place for place in range(count)], dtype, None)


def seed(number: int) -> None:
    """Sets where the device's random numbers begin: the same seed gives the same numbers on the same backend."""
    device().seed(number)


def random(shape, low: float = 0.0, high: float = 1.0, dtype="float32") -> Tensor:
    """Random numbers from `low` up to below `high`, each as likely as any other."""
    return drawn(shape, encoding.uniform(low, high), dtype)


def normal(shape, mean: float = 0.0, deviation: float = 1.0, dtype="float32") -> Tensor:
    """Random numbers around `mean`, normally distributed."""
    return drawn(shape, encoding.normal(mean, deviation), dtype)


def drawn(shape, distribution: bytes, dtype) -> Tensor:
    on = device()
    # Devices draw in float32.
    drawn_as = on.element("float32")
    numbers = made(on, "random", drawn_as, [], shapes.shape_of(shape), drawn_as, after=distribution)
    return cast(numbers, on.element(dtype))

"""The host's device: operations on their way to it in batches, and what went wrong there.

Never waits but where a content is read, and never asks for a device before the first tensor.
"""

import gc
import os

from componentize_py_types import Err
from wit_world.imports import optional_devices
from wit_world.imports.sandmill_tensor_types import Tensor as Named

from . import encoding
from .elements import BY_TYPE, NUMBERS, Element

# So many bytes of operations are handed over together. The host computes while Python goes on.
BATCH_BYTES = 16 * 1024
# A content larger than this is handed over in pieces, since what one call may carry is limited.
PIECE_BYTES = 4 * 1024 * 1024
MEMORY_CODE, LOST_CODE = "SM0801", "SM0804"


class DeviceError(Exception):
    """What the device refused or could not do: `code` is what `sandmill explain` takes, `hint` says what to do next."""

    def __init__(self, code: str, message: str, hint: str | None = None) -> None:
        super().__init__(f"{code}: {message}" + (f" ({hint})" if hint else ""))
        self.code = code
        self.message = message
        self.hint = hint

    def __reduce__(self):
        return type(self), (self.code, self.message, self.hint)


class DeviceMemoryError(DeviceError):
    """The tensors would take more memory than was granted."""


class DeviceLostError(DeviceError):
    """The device is gone, and its tensors with it."""


CLASSES = {MEMORY_CODE: DeviceMemoryError, LOST_CODE: DeviceLostError}


class Device:
    """A device that is open. Everything is told it in the order in which it was asked."""

    def __init__(self) -> None:
        self.contract = told(optional_devices.Device.open, encoding.FORM)
        described = self.contract.describe()
        self.backend = described.backend
        self.adapter = described.adapter
        self.memory_bytes = described.memory_bytes
        self.int = BY_TYPE[described.default_int]
        self.bool = BY_TYPE[described.default_bool]
        supported = {support.element for support in described.elements if support.arithmetic}
        self.elements = {element.name: element for element in NUMBERS if element.type in supported}
        self.elements["bool"] = self.bool
        # Bytes that tensors take together, counted as the host counts them.
        self.taken_bytes = 0
        self.named = 0
        self.waiting = bytearray()
        # Why it is gone.
        self.gone: DeviceError | None = None
        # Where nothing else was granted this is the same in every run, as all of Python's random numbers are.
        self.seed(int.from_bytes(os.urandom(8), "little"))

    def __reduce_ex__(self, protocol):
        raise TypeError("a device is this session's own and goes with it; `device()` opens the next one's")

    def element(self, dtype: object) -> Element:
        """The type of elements that is called so."""
        name = {float: "float32", int: self.int.name, bool: "bool"}.get(dtype, dtype)
        if name not in self.elements:
            raise TypeError(f"the device has no elements of type {name!r}; it has {', '.join(self.elements)}")
        return self.elements[name]

    def take(self, shape: tuple[int, ...], element: Element) -> int:
        """A name for a tensor that is about to be made, which has to fit into the memory."""
        self.check()
        wanted = length(shape) * element.size_bytes
        if self.taken_bytes + wanted > self.memory_bytes:
            # Tensors may wait in cycles of what nobody needs any longer.
            gc.collect()
        if self.taken_bytes + wanted > self.memory_bytes:
            taken = f"a tensor of {element.name}{list(shape)} takes {wanted} bytes, {self.taken_bytes} are taken"
            message = f"the device memory limit of {self.memory_bytes} bytes is reached: {taken}"
            hint = (
                "drop tensors with `del`, use smaller ones, or raise `grants.device.memory` of the step, or for"
                " sessions of notebooks `sandmill up --notebook-device-memory-mib`"
            )
            raise DeviceMemoryError(MEMORY_CODE, message, hint)
        self.taken_bytes += wanted
        self.named += 1
        return self.named

    def run(self, operation: bytes) -> None:
        """Adds an operation, and hands all of them over once they are a batch."""
        self.waiting += operation
        if len(self.waiting) >= BATCH_BYTES:
            self.send()

    def forget(self, name: int, shape: tuple[int, ...], element: Element) -> None:
        """A tensor is used no longer."""
        if self.gone is None:
            self.taken_bytes -= length(shape) * element.size_bytes
            # Sent with what follows: whatever drops a tensor must not fail.
            self.waiting += encoding.dropped(encoding.named(name, shape, encoding.READ_ONLY, element))

    def send(self) -> None:
        """Hands over what waits."""
        self.check()
        if self.waiting:
            batch, self.waiting = bytes(self.waiting), bytearray()
            self.ask(self.contract.run, batch)

    def write(self, name: int, shape: tuple[int, ...], element: Element, content) -> None:
        """Gives a new tensor its content."""
        self.send()
        named = Named(name, element.type, list(shape))
        content = memoryview(content).cast("B")
        for offset in range(0, len(content), PIECE_BYTES):
            self.ask(self.contract.write, named, offset, bytes(content[offset : offset + PIECE_BYTES]))

    def read(self, name: int, shape: tuple[int, ...], element: Element) -> bytes:
        """Waits for a tensor's content."""
        self.send()
        return self.ask(self.contract.read, Named(name, element.type, list(shape)), False)

    def synchronize(self) -> None:
        """Waits until everything that was asked is done."""
        self.send()
        self.ask(self.contract.synchronize)

    def seed(self, seed: int) -> None:
        """Sets where its random numbers begin."""
        self.send()
        self.ask(self.contract.seed, seed)

    def check(self) -> None:
        if self.gone is not None:
            message = f"the tensor was on a device that is gone: {self.gone.message}"
            raise DeviceLostError(self.gone.code, message, "make the tensor again; a new device is opened for it")

    def ask(self, function, *arguments):
        try:
            return function(*arguments)
        except Err as failed:
            error = error_of(failed.value)
            if failed.value.device_gone:
                self.gone = error
                self.waiting.clear()
                # Its place among the devices that may be open is free for another.
                self.contract.__exit__(None, None, None)
            raise error from None


def told(function, *arguments):
    try:
        return function(*arguments)
    except Err as failed:
        raise error_of(failed.value) from None


def error_of(failure: optional_devices.Failure) -> DeviceError:
    return CLASSES.get(failure.code, DeviceError)(failure.code, failure.message, failure.hint)


def length(shape: tuple[int, ...]) -> int:
    """How many elements there are."""
    product = 1
    for part in shape:
        product *= part
    return product


opened: Device | None = None


def device() -> Device:
    """The device of this session or step, which is opened when it is first asked for."""
    global opened
    if opened is None or opened.gone is not None:
        opened = Device()
    return opened

"""`sandmill:tensor/optional-devices`, which this kernel does not import. Never more than the refusal."""

from dataclasses import dataclass

from componentize_py_types import Err


@dataclass
class Failure:
    """Why there is no device."""

    code: str
    message: str
    hint: str | None
    device_gone: bool


class Device:
    """A device that is never there."""

    @classmethod
    def open(cls, operations: str) -> "Device":
        message = "this kernel has numpy in its own memory, and is lent no device"
        raise Err(Failure("SM0302", message, "use the kernel sandmill/run-python for tensors on the device", True))

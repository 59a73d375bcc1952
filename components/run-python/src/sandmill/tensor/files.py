"""Tensors as files: numpy's `.npy` for one, safetensors for several by name.

Never keeps a file itself: artifacts do, or whoever asked for the bytes.
"""

import ast
import json

from .. import artifacts
from .making import tensor
from .tensor import Tensor

NPY = b"\x93NUMPY"
NPY_TYPES = {
    "<f8": "float64", "<f4": "float32", "<i8": "int64", "<i4": "int32", "<i2": "int16", "|i1": "int8", "|u1": "uint8",
    "|b1": "bool",
}
SAFETENSORS_TYPES = {
    "F64": "float64", "F32": "float32", "I64": "int64", "I32": "int32", "I16": "int16", "I8": "int8", "U8": "uint8",
    "BOOL": "bool",
}
# The header's length stands in front of it, in eight bytes.
LENGTH_BYTES = 8
# Both forms let contents begin where numbers of this length would.
ALIGNMENT_BYTES = 64
NPY_MEDIA_TYPE = "application/x-npy"
SAFETENSORS_MEDIA_TYPE = "application/vnd.safetensors"


def load(source) -> Tensor | dict[str, Tensor]:
    """A tensor of `.npy`, or tensors by name of safetensors; `source` is bytes or an artifact."""
    content = source.read() if hasattr(source, "read") else bytes(source)
    return of_npy(content) if content.startswith(NPY) else of_safetensors(content)


def save(tensors: Tensor | dict[str, Tensor], metadata: dict | None = None) -> artifacts.Artifact:
    """Keeps a tensor, or several by name, as an artifact: `.npy` or safetensors."""
    if isinstance(tensors, Tensor):
        return artifacts.upload(to_npy(tensors), media_type=NPY_MEDIA_TYPE, metadata=metadata)
    content = to_safetensors(tensors)
    return artifacts.upload(content, kind="model", media_type=SAFETENSORS_MEDIA_TYPE, metadata=metadata)


def to_npy(one: Tensor) -> bytes:
    """A tensor as numpy writes it."""
    kind = next(name for name, dtype in NPY_TYPES.items() if dtype == one.dtype)
    header = repr({"descr": kind, "fortran_order": False, "shape": one.shape}).encode()
    start = len(NPY) + 4
    header += b" " * (-(start + len(header) + 1) % ALIGNMENT_BYTES) + b"\n"
    return NPY + b"\x01\x00" + len(header).to_bytes(2, "little") + header + one.tobytes()


def of_npy(content: bytes) -> Tensor:
    # The second and third versions have a longer length.
    width = 2 if content[len(NPY)] == 1 else 4
    start = len(NPY) + 2 + width
    end = start + int.from_bytes(content[len(NPY) + 2 : start], "little")
    try:
        header = ast.literal_eval(content[start:end].decode())
        kind, shape, is_turned = header["descr"], header["shape"], header["fortran_order"]
    except (ValueError, SyntaxError, LookupError, TypeError):
        raise ValueError("the file begins as numpy's do and its header cannot be read") from None
    if kind not in NPY_TYPES:
        raise TypeError(f"elements of numpy's type {kind!r} are not read; {', '.join(NPY_TYPES)} are")
    if is_turned:
        return tensor(content[end:], NPY_TYPES[kind], tuple(reversed(shape))).T
    return tensor(content[end:], NPY_TYPES[kind], shape)


def to_safetensors(tensors: dict[str, Tensor]) -> bytes:
    """Tensors by name."""
    kinds = {dtype: kind for kind, dtype in SAFETENSORS_TYPES.items()}
    header, contents, end = {}, [], 0
    for name, one in tensors.items():
        content = one.tobytes()
        span = [end, end + len(content)]
        header[name] = {"dtype": kinds[one.dtype], "shape": list(one.shape), "data_offsets": span}
        contents.append(content)
        end = span[1]
    text = json.dumps(header).encode()
    text += b" " * (-(len(text)) % LENGTH_BYTES)
    return len(text).to_bytes(LENGTH_BYTES, "little") + text + b"".join(contents)


def of_safetensors(content: bytes) -> dict[str, Tensor]:
    start = LENGTH_BYTES + int.from_bytes(content[:LENGTH_BYTES], "little")
    try:
        header = json.loads(content[LENGTH_BYTES:start])
        parts = {name: told for name, told in header.items() if name != "__metadata__"}
        parts = {name: (told["dtype"], told["shape"], told["data_offsets"]) for name, told in parts.items()}
    except (ValueError, LookupError, TypeError, AttributeError):
        raise ValueError("the file is neither numpy's nor safetensors") from None
    unknown = {kind for kind, *_ in parts.values()} - SAFETENSORS_TYPES.keys()
    if unknown:
        raise TypeError(f"elements of type {', '.join(sorted(unknown))} are not read")
    return {
        name: tensor(content[start + first : start + last], SAFETENSORS_TYPES[kind], tuple(shape))
        for name, (kind, shape, (first, last)) in parts.items()
    }

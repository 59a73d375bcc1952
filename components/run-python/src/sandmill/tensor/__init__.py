"""Tensors on the host's device: computed with there, in batches, and read when they are asked for.

    from sandmill.tensor import tensor, random

    x = random((1000, 200))
    w = tensor([[0.5]] * 200)
    (x @ w).relu().mean().item()

A session has a device where its node lends sessions one (`sandmill up --notebook-device-memory-mib 256`), a step where
it is granted one (`grants: { device: { memory: 256MiB } }`). Without, and where the device's memory is taken or the
device is lost, there is a `DeviceError` with the node's own code and what to do next.
"""

from .device import DeviceError, DeviceLostError, DeviceMemoryError, device
from .files import load, save, to_npy, to_safetensors
from .making import arange, full, normal, ones, random, seed, tensor, zeros
from .operations import concatenate, where
from .tensor import Tensor

__all__ = [
    "DeviceError",
    "DeviceLostError",
    "DeviceMemoryError",
    "Tensor",
    "arange",
    "concatenate",
    "device",
    "full",
    "load",
    "normal",
    "ones",
    "random",
    "save",
    "seed",
    "tensor",
    "to_npy",
    "to_safetensors",
    "where",
    "zeros",
]

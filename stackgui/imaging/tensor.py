"""NumPy `.npy` files: one tensor per file, of shape (H, W), (H, W, C) or (C, H, W)."""

from __future__ import annotations

import io
import math
from typing import Any, NamedTuple

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from stackgui.core.catalog import Header
from stackgui.core.errors import SampleError
from stackgui.imaging.data import Data
from stackgui.imaging.errors import MoreBytesNeeded
from stackgui.imaging.limits import check_size

_MAX_COLOUR_CHANNELS = 4
_MAX_CHANNELS = 16
_MAX_HEADER_BYTES = 10_000
_KINDS = {
    "O": "Python objects",
    "V": "records",
    "S": "text",
    "U": "text",
    "c": "complex numbers",
    "M": "dates",
    "m": "time spans",
}
_FLOATS = (np.float16, np.float32, np.float64)


class _Tensor(NamedTuple):
    shape: tuple[int, ...]
    fortran_order: bool
    dtype: np.dtype[Any]
    start: int
    channel_axis: int | None

    @property
    def pixels_shape(self) -> tuple[int, int, int]:
        if self.channel_axis is None:
            return self.shape[0], self.shape[1], 1
        height, width = (n for axis, n in enumerate(self.shape) if axis != self.channel_axis)
        return height, width, self.shape[self.channel_axis]

    @property
    def native_dtype(self) -> np.dtype[Any]:
        return np.dtype(np.uint8) if self.dtype.kind == "b" else self.dtype.newbyteorder("=")


def channel_axis(shape: tuple[int, ...]) -> int | None:
    """Which axis of a tensor holds the channels, told from its shape alone.

    A tensor with two axes is (H, W): no channels. With three: a last axis of at most 4 makes it (H, W, C);
    else a first axis of at most 4 makes it (C, H, W); else the smaller of the two is the channels if it is at
    most 16, the last one when both are equal.

    Parameters
    ----------
    shape : tuple of int

    Returns
    -------
    int or None
        2, 0, or None for (H, W).

    Raises
    ------
    SampleError
        When the shape is none of these.
    """
    if len(shape) == len("HW"):
        return None
    if len(shape) == len("HWC"):
        first, _, last = shape
        if last <= _MAX_COLOUR_CHANNELS:
            return 2
        if first <= _MAX_COLOUR_CHANNELS:
            return 0
        if min(first, last) <= _MAX_CHANNELS:
            return 2 if last <= first else 0
    raise SampleError(
        f"its shape {shape} is none of (height, width), (height, width, channels), (channels, height, width)"
    )


def probe(data: Data, format: str, file_bytes: int) -> Header:  # noqa: A002 - the protocol's word
    """Read the header of a tensor; see `stackgui.imaging.probe`."""
    tensor = _read_tensor(data, file_bytes)
    height, width, channels = tensor.pixels_shape
    return Header(format, height, width, channels, tensor.native_dtype.name, 1)


def decode(
    data: Data,
    format: str,  # noqa: A002, ARG001 - the protocol's words
    channels: int | None,  # noqa: ARG001
    out: NDArray[Any] | None,  # noqa: ARG001
) -> tuple[NDArray[Any], int]:
    """Lay a tensor's numbers out as pixels, without a copy; see `stackgui.imaging.families`."""
    tensor = _read_tensor(data, len(data))
    flat = np.frombuffer(data, tensor.dtype, math.prod(tensor.shape), tensor.start)
    if tensor.dtype.kind == "b":
        # Any other byte than 0 counts as true, which a plain view would let through as its value.
        flat = (flat.view(np.uint8) != 0).view(np.uint8)
    pixels = flat.reshape(tensor.shape, order="F" if tensor.fortran_order else "C")
    if tensor.channel_axis is None:
        pixels = pixels[:, :, np.newaxis]
    elif tensor.channel_axis == 0:
        pixels = pixels.transpose(1, 2, 0)
    return pixels.astype(tensor.native_dtype, copy=False), 1


def _read_tensor(data: Data, file_bytes: int) -> _Tensor:
    shape, fortran_order, dtype, start = _read_header(data, file_bytes)
    if dtype.kind not in "buif" or (dtype.kind == "f" and dtype.newbyteorder("=") not in _FLOATS):
        raise SampleError(f"tensors of {_name(dtype)} are not supported")
    tensor = _Tensor(shape, fortran_order, dtype, start, channel_axis(shape))
    height, width, channels = tensor.pixels_shape
    if channels == 0:
        raise SampleError(f"its shape {shape} is empty")
    check_size(height, width)
    if start + math.prod(shape) * dtype.itemsize > file_bytes:
        raise SampleError("the file is shorter than its header says")
    return tensor


def _read_header(data: Data, file_bytes: int) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
    version, length_bytes = tuple(data[6:8]), 2 if data[6:7] == b"\x01" else 4
    length = int.from_bytes(data[8 : 8 + length_bytes], "little")
    start = 8 + length_bytes + length
    if version not in ((1, 0), (2, 0)) or length > _MAX_HEADER_BYTES:
        raise SampleError("tensors with this kind of header are not supported")
    if start > len(data):
        if len(data) < file_bytes:
            raise MoreBytesNeeded
        raise SampleError("the file ends before the picture begins")
    stream = io.BytesIO(data[8:start])
    read = npy_format.read_array_header_1_0 if version == (1, 0) else npy_format.read_array_header_2_0
    try:
        shape, fortran_order, dtype = read(stream, max_header_size=_MAX_HEADER_BYTES)
    except Exception as error:
        raise SampleError("the tensor's header is damaged") from error
    return tuple(int(n) for n in shape), bool(fortran_order), dtype, start


def _name(dtype: np.dtype[Any]) -> str:
    return _KINDS.get(dtype.kind, dtype.name)

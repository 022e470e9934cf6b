"""NumPy's ``.npy`` files, and the header that their relatives share with them."""

from __future__ import annotations

import io

import numpy as np
from numpy.lib import format as npy_format

from stackgui.core.errors import SampleError
from stackgui.imaging.blocks import Block
from stackgui.imaging.data import Data
from stackgui.imaging.errors import MoreBytesNeeded

_MAX_HEADER_BYTES = 10_000
HEADER_BYTES = 12 + _MAX_HEADER_BYTES
"""From the start of a file, as many bytes as any header that is read can have."""


def blocks(data: Data, file_bytes: int) -> list[Block]:
    """The one array in a file; `data` is the file's start, or all of it."""
    return [read_header(data, file_bytes)]


def buffer(data: Data, _entry: str) -> Data:
    """What the array lies in."""
    return data


def read_header(data: Data, file_bytes: int, entry: str = "") -> Block:
    """Read the header at the start of `data`.

    Raises
    ------
    MoreBytesNeeded
        When it is longer than `data`, which is not all of `file_bytes`.
    SampleError
    """
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
    sizes = tuple(int(n) for n in shape)
    strides = fortran_strides(sizes, dtype.itemsize) if fortran_order else None
    return Block(entry, sizes, np.dtype(dtype), start, strides)


def fortran_strides(shape: tuple[int, ...], itemsize: int) -> tuple[int, ...]:
    """Strides in bytes of an array whose first axis is the densest."""
    strides = [itemsize]
    for n in shape[:-1]:
        strides.append(strides[-1] * n)
    return tuple(strides[: len(shape)])

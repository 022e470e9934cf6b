"""NumPy's ``.npy`` files, and the header that they share with the entries of ``.npz`` files."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from stackgui.core.base.decoding import Access, Decoding
from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.axes import Axes, infer_axes
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.declaration import NUMPY, Format, Holds
from stackgui.imaging.base.decoder import Start, Straight
from stackgui.imaging.base.errors import MoreBytesNeeded
from stackgui.imaging.tensors.blocks import Block, fortran_strides, view
from stackgui.imaging.tensors.tensor import Tensors

MAGIC = b"\x93NUMPY"
_MAX_HEADER_BYTES = 10_000
HEADER_BYTES = 12 + _MAX_HEADER_BYTES
"""Upper bound on the size of any header that is accepted."""


def blocks(start: Start[Data]) -> list[Block]:
    """Return the only array in a file."""
    return [read_header(start.data, start.file_bytes)]


def reader(data: Data) -> Callable[[Block], NDArray[Any]]:
    """Return a function that returns a view of an array, given its block."""
    return lambda block: view(block, data)


def read_header(data: Data, file_bytes: int, name: str = "", entry: str = "") -> Block:
    """Read the header from `data`, a prefix or all of a file of `file_bytes` bytes.

    Raises
    ------
    MoreBytesNeeded
        When `data` is only a prefix and the header is longer.
    SampleError
        When the header is damaged, too long or of an unknown version.
    """
    version, length_bytes = tuple(data[6:8]), 2 if data[6:7] == b"\x01" else 4
    length = int.from_bytes(data[8 : 8 + length_bytes], "little")
    start = 8 + length_bytes + length
    if version not in ((1, 0), (2, 0)) or length > _MAX_HEADER_BYTES:
        raise SampleError(say("tensors with this kind of header are not supported"))
    if start > len(data):
        if len(data) < file_bytes:
            raise MoreBytesNeeded
        raise SampleError(say("the file ends before the picture begins"))
    shape, fortran_order, dtype = _parsed(version, bytes(data[8:start]))
    strides = fortran_strides(shape, dtype.itemsize) if fortran_order else None
    return Block(name, shape, dtype, file_bytes, entry, start, strides)


@lru_cache(maxsize=64)
def _parsed(version: tuple[int, ...], header: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Parse shape, order and dtype. Cached: it takes 40 µs, and neighbouring files have the same header."""
    read = npy_format.read_array_header_1_0 if version == (1, 0) else npy_format.read_array_header_2_0
    try:
        shape, fortran_order, dtype = read(io.BytesIO(header), max_header_size=_MAX_HEADER_BYTES)
    except Exception as error:
        raise SampleError(say("the tensor's header is damaged")) from error
    if min(shape, default=0) < 0:  # NumPy takes any whole number
        raise SampleError(say("the tensor's header is damaged"))
    return tuple(int(n) for n in shape), bool(fortran_order), np.dtype(dtype)


class _Npy(Tensors[Data]):
    """Decodes ``.npy`` files, of which those with the same header are looked at once."""

    def straight(
        self, channels: int | None, shape: tuple[int, ...], scan: ScanOptions
    ) -> Straight[Data] | None:
        """Return what copies the numbers of files that begin alike and have the shape of the array."""
        if channels not in (None, shape[2]):
            return None
        last, begin, end = b"", 0, 0
        dtype = np.dtype(np.uint8)

        def decoded(data: Data, out: NDArray[Any]) -> bool:
            nonlocal last, begin, end, dtype
            if not last or data[:begin] != last or len(data) < end:
                block = read_header(data, len(data))
                self.headers(Start(data, "", len(data), scan))
                axes = infer_axes(block.shape, scan.tensor_layout).axes
                own = (*block.shape, 1) if axes is Axes.HW else block.shape
                is_plain = axes in (Axes.HW, Axes.HWC) and block.strides is None
                if not is_plain or own != shape or block.dtype.kind == "b" or not block.dtype.isnative:
                    return False
                last, begin, end, dtype = bytes(data[: block.start]), block.start, block.end, block.dtype
            if dtype != out.dtype:
                return False
            out[...] = np.ndarray(shape, dtype, data, begin)
            return True

        return decoded


FORMATS = (
    Format(
        name="npy",
        title="`.npy`",
        decoder=_Npy(blocks, reader),
        libraries=(NUMPY,),
        magic=(MAGIC,),
        suffixes=(".npy",),
        holds=Holds.ARRAYS,
        decoding=Decoding(access=Access.LINES),
    ),
)

"""The layout of arrays in a file, and their conversion to pixels."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple, assert_never

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.axes import Axes, InferredAxes
from stackgui.core.catalog.catalog import Header
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.limits import check_size

MAX_SAMPLES = 2**24
"""Largest number of samples accepted per array, since a claim costs memory before anything is read."""

_KINDS = {
    "O": say("Python objects"),
    "V": "records",
    "S": "text",
    "U": "text",
    "T": "text",
    "c": say("complex numbers"),
    "M": "dates",
    "m": say("time spans"),
}
_FLOATS = (np.float16, np.float32, np.float64)
_HIGH_HALF_BITS = 16


class Block(NamedTuple):
    """An array in a file.

    Attributes
    ----------
    name : str
        Name in the file; ``""`` for the only array of a format without names.
    shape : tuple of int
    dtype : numpy.dtype
        In the file's byte order.
    room_bytes : int
        Uncompressed size of the buffer that contains the array.
    entry : str
        The archive entry that contains the array; ``""`` if the buffer is the whole file.
    start : int
        Offset of the data in that buffer, in bytes.
    strides : tuple of int, or None
        Strides in bytes; None for C order.
    is_bfloat16 : bool
        Whether the numbers are bfloat16: the high half of a ``float32``.
    problem : str
        The reason why it cannot be read, as a sentence fragment, or ``""``.
    """

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    room_bytes: int
    entry: str = ""
    start: int = 0
    strides: tuple[int, ...] | None = None
    is_bfloat16: bool = False
    problem: str = ""

    @classmethod
    def unreadable(cls, name: str, shape: tuple[int, ...], problem: str) -> Block:
        """Return a block for an array that cannot be read, although others in the same file may."""
        return cls(name, shape, np.dtype(np.uint8), 0, problem=problem)

    @property
    def native_dtype(self) -> np.dtype[Any]:
        """Return the dtype of the pixels made from the array."""
        if self.is_bfloat16:
            return np.dtype(np.float32)
        return np.dtype(np.uint8) if self.dtype.kind == "b" else self.dtype.newbyteorder("=")

    @property
    def end(self) -> int:
        """Return the offset just past the last number, in bytes."""
        if self.strides is None or 0 in self.shape:
            return self.start + math.prod(self.shape) * self.dtype.itemsize
        last = sum((n - 1) * stride for n, stride in zip(self.shape, self.strides, strict=True))
        return self.start + last + self.dtype.itemsize


def fortran_strides(shape: tuple[int, ...], itemsize: int) -> tuple[int, ...]:
    """Return the strides in bytes of an array in Fortran order."""
    strides = [itemsize]
    for n in shape[:-1]:
        strides.append(strides[-1] * n)
    return tuple(strides[: len(shape)])


@lru_cache(maxsize=64)
def header(block: Block, format_: str, inferred: InferredAxes) -> Header:
    """Return the header of the samples in `block`. Cached, because neighbouring files have the same.

    Raises
    ------
    SampleError
        When the dtype or the shape cannot be that of pictures, or the data lies outside the file.
    """
    dtype = block.dtype
    if block.problem:
        raise SampleError(block.problem)
    if dtype.kind not in "buif" or (dtype.kind == "f" and dtype.newbyteorder("=") not in _FLOATS):
        raise SampleError(say("tensors of {get} are not supported", get=_KINDS.get(dtype.kind, dtype.name)))
    sides = dict(zip(inferred.axes, block.shape, strict=True))
    channels, samples = sides.get("C", 1), sides.get("N", 1)
    if channels == 0 or samples == 0:
        raise SampleError(say("its shape {shape} is empty", shape=block.shape))
    check_size(sides["H"], sides["W"])
    if samples > MAX_SAMPLES:
        raise SampleError(
            say(
                "it claims {samples:,} samples, more than the limit of {max_samples:,}",
                samples=samples,
                max_samples=MAX_SAMPLES,
            )
        )
    if block.end > block.room_bytes or any(stride < 0 for stride in block.strides or ()):
        raise SampleError(say("the file is shorter than its header says"))
    return Header(
        format_,
        sides["H"],
        sides["W"],
        channels,
        block.native_dtype.name,
        bits=1 if dtype.kind == "b" else 0,
        samples=samples,
        axes=str(inferred),
        member_name=block.name,
    )


def view(block: Block, buffer: Data | memoryview) -> NDArray[Any]:
    """Return the array as a view of the buffer that contains it."""
    return np.ndarray(block.shape, block.dtype, buffer, block.start, block.strides)


def pixels(block: Block, axes: Axes, array: NDArray[Any]) -> NDArray[Any]:
    """Convert a sample of `block` to pixels, shape (h, w, c), native dtype, as a view where possible.

    Parameters
    ----------
    block
    axes : Axes
        Axes of one sample.
    array
        The sample, with the shape and dtype that it has in the file.
    """
    if block.is_bfloat16:
        array = (array.astype(np.uint32) << _HIGH_HALF_BITS).view(np.float32)
    elif block.dtype.kind == "b":
        # Any non-zero byte counts as true; a plain view would keep values other than 0 and 1.
        array = (array.view(np.uint8) != 0).view(np.uint8)
    match axes:
        case Axes.HW:
            array = array[:, :, np.newaxis]
        case Axes.CHW:
            array = array.transpose(1, 2, 0)
        case Axes.HWC:
            pass
        case Axes.NHW | Axes.NHWC | Axes.NCHW:
            raise ValueError(say("{axes} is not of one sample", axes=axes))
        case _:
            assert_never(axes)
    return array.astype(block.native_dtype, copy=False)

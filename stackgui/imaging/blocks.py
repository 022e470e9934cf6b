"""Blocks of numbers as they lie in a file, and which pictures they are."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.catalog import Header
from stackgui.core.errors import SampleError
from stackgui.imaging.data import Data
from stackgui.imaging.limits import check_size

_MAX_COLOUR_CHANNELS = 4
_MAX_CHANNELS = 16
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
_MANY_AXES = len("NHWC")


class Block(NamedTuple):
    """An array in a file.

    Attributes
    ----------
    entry : str
        The part of the file that holds it; ``""`` for a file that holds nothing else.
    shape : tuple of int
    dtype : numpy.dtype
        In the file's byte order.
    start : int
        Where the numbers begin in `entry`, in bytes.
    strides : tuple of int, or None
        In bytes; None where they lie in C order.
    """

    entry: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    start: int
    strides: tuple[int, ...] | None = None

    @property
    def is_many(self) -> bool:
        """Whether the first axis counts samples."""
        return len(self.shape) == _MANY_AXES

    @property
    def samples(self) -> int:
        """How many samples it holds."""
        return self.shape[0] if self.is_many else 1

    @property
    def sample_shape(self) -> tuple[int, ...]:
        """Shape of each sample in it."""
        return self.shape[1:] if self.is_many else self.shape

    @property
    def native_dtype(self) -> np.dtype[Any]:
        """The dtype that its pixels will have."""
        return np.dtype(np.uint8) if self.dtype.kind == "b" else self.dtype.newbyteorder("=")

    @property
    def end(self) -> int:
        """Where the last of its numbers ends in `entry`, in bytes."""
        if self.strides is None or 0 in self.shape:
            return self.start + math.prod(self.shape) * self.dtype.itemsize
        last = sum((n - 1) * stride for n, stride in zip(self.shape, self.strides, strict=True))
        return self.start + last + self.dtype.itemsize


def channel_axis(shape: tuple[int, ...]) -> int | None:
    """Which axis of a sample holds the channels, told from its shape alone.

    A sample with two axes is (H, W): no channels. With three: a last axis of at most 4 makes it (H, W, C);
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
        ", or several of the last two"
    )


def header(block: Block, format_: str, entry_bytes: int) -> Header:
    """Header of each sample in `block`, whose entry has `entry_bytes`.

    Raises
    ------
    SampleError
        When its numbers or its shape are none of a picture, or lie outside the entry.
    """
    dtype = block.dtype
    if dtype.kind not in "buif" or (dtype.kind == "f" and dtype.newbyteorder("=") not in _FLOATS):
        raise SampleError(f"tensors of {_KINDS.get(dtype.kind, dtype.name)} are not supported")
    axis = channel_axis(block.sample_shape)
    sides = [n for index, n in enumerate(block.sample_shape) if index != axis]
    channels = 1 if axis is None else block.sample_shape[axis]
    if channels == 0 or block.samples == 0:
        raise SampleError(f"its shape {block.shape} is empty")
    check_size(sides[0], sides[1])
    if block.end > entry_bytes or any(stride < 0 for stride in block.strides or ()):
        raise SampleError("the file is shorter than its header says")
    return Header(format_, sides[0], sides[1], channels, block.native_dtype.name)


def pixels(block: Block, sample: int, buffer: Data | memoryview) -> NDArray[Any]:
    """One sample of `block` out of its entry: shape (h, w, c), native dtype, a view where it can be."""
    array: NDArray[Any] = np.ndarray(block.shape, block.dtype, buffer, block.start, block.strides)
    if block.is_many:
        array = array[sample]
    if block.dtype.kind == "b":
        # Any other byte than 0 counts as true, which a plain view would let through as its value.
        array = (array.view(np.uint8) != 0).view(np.uint8)
    axis = channel_axis(block.sample_shape)
    if axis is None:
        array = array[:, :, np.newaxis]
    elif axis == 0:
        array = array.transpose(1, 2, 0)
    return array.astype(block.native_dtype, copy=False)

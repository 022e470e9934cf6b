"""Resizing pixels with the vector units of the processor, by fast_image_resize (cykooz-resizer).

It resizes bytes, 16-bit numbers or 32-bit floats, in two passes as Pillow does: bytes down first, others
across. Large samples go across first, whatever their numbers are, so that they can be read line by line.
They are handed over in strips that fit into the processor's cache, because the library takes and gives
copies; this changes no result.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
from cykooz_resizer import FilterType, ImageData, PixelType, ResizeAlg, ResizeOptions, Resizer
from numpy.typing import NDArray

from stackgui.core.base import large
from stackgui.core.base.resizers import AT_ONCE_BYTES, STRIP_BYTES
from stackgui.imaging.base.data import Readable

Pixels = NDArray[Any]

_FILTERS = {
    "area": FilterType.box,  # measured, but not used: see `stackgui.core.base.resizers`
    "bilinear": FilterType.bilinear,
    "bicubic": FilterType.catmull_rom,
    "lanczos": FilterType.lanczos3,
}
_KINDS = {
    np.dtype(np.uint8): (PixelType.U8, PixelType.U8x2, PixelType.U8x3, PixelType.U8x4),
    np.dtype(np.uint16): (PixelType.U16, PixelType.U16x2, PixelType.U16x3, PixelType.U16x4),
    np.dtype(np.float32): (PixelType.F32, PixelType.F32x2, PixelType.F32x3, PixelType.F32x4),
}
_MOST_CHANNELS = 4


def resize(
    lines: Readable,
    size: tuple[int, int],
    resample: str,
    dtype: type[np.uint8 | np.uint16 | np.float32],
    *,
    prepared: Callable[[Pixels], Pixels],
    finished: Callable[[Pixels], Pixels],
) -> Pixels:
    """Resize what `prepared` makes of the pixels.

    Parameters
    ----------
    lines : Readable
    size : (int, int)
        Height and width.
    resample : str
    dtype
        What is resized.
    prepared
        Makes these of some lines of pixels.
    finished
        Makes pixels of the dtype of `lines` of some columns of what was resized.
    """
    if lines.height * lines.width * lines.channels * np.dtype(dtype).itemsize <= AT_ONCE_BYTES:
        return finished(_scaled(prepared(lines.read(slice(None), slice(None))), size, resample))
    return _in_strips(lines, size, resample, dtype, prepared=prepared, finished=finished)


def _in_strips(
    lines: Readable,
    size: tuple[int, int],
    resample: str,
    dtype: type[np.uint8 | np.uint16 | np.float32],
    *,
    prepared: Callable[[Pixels], Pixels],
    finished: Callable[[Pixels], Pixels],
) -> Pixels:
    """Resize a large sample, first along the rows and then along the columns."""
    height, width = size
    half_done = np.empty((lines.height, width, lines.channels), dtype)
    top, step = 0, _step(lines.width * lines.channels * half_done.itemsize)
    for part in parts(lines):
        for begin in range(0, len(part), step):
            strip = prepared(part[begin : begin + step])
            half_done[top : top + len(strip)] = _scaled(strip, (len(strip), width), resample)
            top += len(strip)
    result = np.empty((height, width, lines.channels), lines.dtype)
    step = _step(lines.height * lines.channels * half_done.itemsize)
    for left in range(0, width, step):
        strip = half_done[:, left : left + step]
        result[:, left : left + step] = finished(_scaled(strip, (height, strip.shape[1]), resample))
    return result


def parts(lines: Readable) -> Iterator[Pixels]:
    """Read the pixels: all at once, or some lines at a time if there are many."""
    if not large.is_in_pieces(lines.height, lines.width):
        yield lines.read(slice(None), slice(None))
        return
    for begin, end in large.pieces(lines.height, lines.width):
        yield lines.read(slice(begin, end), slice(None))


def _step(line_bytes: int) -> int:
    """Return how many lines or columns of so many bytes make a strip."""
    return max(1, STRIP_BYTES // line_bytes)


def _scaled(pixels: Pixels, size: tuple[int, int], resample: str) -> Pixels:
    """Resize pixels at once, along the columns first if they are bytes, and along the rows otherwise."""
    if pixels.shape[:2] == size:
        return pixels
    if (channels := pixels.shape[2]) > _MOST_CHANNELS:
        starts = range(0, channels, _MOST_CHANNELS)
        groups = [_scaled(pixels[:, :, start : start + _MOST_CHANNELS], size, resample) for start in starts]
        return np.concatenate(groups, axis=2)
    return _scaling(pixels.shape, pixels.dtype, size, resample)(pixels)


def scaling_bytes(
    shape: tuple[int, int, int], size: tuple[int, int], resample: str
) -> Callable[[Pixels], Pixels] | None:
    """Return what resizes bytes of this shape, (h, w, c), with up to four channels, as `resize` does.

    None if there are too many for one call. What it returns is overwritten by no later call.
    """
    is_one_call = math.prod(shape) <= AT_ONCE_BYTES and shape[:2] != size
    return _scaling(shape, np.dtype(np.uint8), size, resample) if is_one_call else None


def _scaling(
    shape: tuple[int, ...], dtype: np.dtype[Any], size: tuple[int, int], resample: str
) -> Callable[[Pixels], Pixels]:
    (height, width, channels), (new_height, new_width) = shape, size
    kind = _KINDS[dtype][channels - 1]
    resizer, options = _library(resample)
    made, new_shape = ImageData(new_width, new_height, kind), (new_height, new_width, channels)

    def scaled(pixels: Pixels) -> Pixels:
        resizer.resize(ImageData(width, height, kind, pixels.tobytes()), made, options)
        return np.ndarray(new_shape, dtype, made.get_buffer())

    return scaled


@cache
def _library(resample: str) -> tuple[Resizer, ResizeOptions]:
    algorithm = ResizeAlg.convolution(_FILTERS[resample])
    return Resizer(), ResizeOptions(resize_alg=algorithm, use_alpha=False)

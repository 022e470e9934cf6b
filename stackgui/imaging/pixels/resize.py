"""Resizing pixels: with exactly the results of Pillow, or faster and as near to what is exact."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from stackgui.core.base import large
from stackgui.core.base.choices import Resizer
from stackgui.core.base.errors import SampleError
from stackgui.core.base.resizers import (
    SIMD_DISTRIBUTION,
    SIMD_MODULE,
    SIMD_REVISION,
    has_simd,
    used,
)
from stackgui.core.base.wording import say
from stackgui.imaging.base.data import Readable
from stackgui.imaging.pixels.channels import GREY, GREY_ALPHA, RGB, RGBA
from stackgui.imaging.pixels.numbers import rounded

_FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
    "area": Image.Resampling.BOX,
}
RESAMPLES = ("nearest", *_FILTERS)
"""The resampling filters that `resize` accepts."""

_WEIGHED = {"LA": "La", "RGBA": "RGBa"}
_PLAIN = {weighed: mode for mode, weighed in _WEIGHED.items()}

_WITHIN = frozenset({"bilinear"})
"""Filters that give no number beyond the largest and the smallest around it, so that none is clipped."""

_OPAQUE = 255
_HALF, _UNSEEN = 0.5, 1e-6
"""Alpha above this is visible: absolute for integers, and relative to the largest alpha for floats."""


def resizer_versions() -> dict[str, str]:
    """Return the version of the library of `Resizer.SIMD` and of how it is called, by its module.

    Pillow's is a decoder's.
    """
    return {SIMD_MODULE: f"{version(SIMD_DISTRIBUTION)}+{SIMD_REVISION}"} if has_simd() else {}


def resize(
    pixels: NDArray[Any],
    height: int,
    width: int,
    resample: str,
    *,
    bits: int = 0,
    has_alpha: bool | None = None,
    resizer: Resizer = Resizer.PILLOW,
) -> NDArray[Any]:
    """Resize pixels, with antialiasing when the size shrinks.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, c), any integer or float dtype
        ``uint8`` with 1 to 4 channels is resized as Pillow's ``Image.resize`` does in the modes L, LA, RGB
        and RGBA. Everything else is resized channel by channel as 32-bit floats.
    height, width : int
        The new size in pixels, at least 1.
    resample : {"nearest", "bilinear", "bicubic", "lanczos", "area"}
    bits : int
        Bit depth of unsigned numbers according to the file; 0 for the full dtype.
    has_alpha : bool, optional
        Whether the last channel is alpha. If so, colours are weighted by alpha, so that invisible pixels do
        not bleed into their neighbours. By default true for 2 and 4 channels.
    resizer : Resizer
        What resizes, if it knows the filter; see `stackgui.core.base.resizers`.

    Returns
    -------
    ndarray, shape (height, width, c), same dtype
        Integers are rounded, and clipped to their range. Colours of invisible pixels are 0.

    Raises
    ------
    KeyError
        When `resample` is not one of these names.
    SampleError
        When the resizer is not installed.
    """
    lines = Readable.of(pixels)
    return resize_parts(lines, height, width, resample, bits=bits, has_alpha=has_alpha, resizer=resizer)


def scaling_bytes(
    shape: tuple[int, int, int],
    height: int,
    width: int,
    resample: str,
    *,
    has_alpha: bool,
    resizer: Resizer,
) -> Callable[[NDArray[np.uint8]], NDArray[np.uint8]] | None:
    """Return what resizes bytes of this shape, (h, w, c), as `resize` does with the same arguments.

    It looks at nothing again for each sample. None if there is nothing quicker than `resize`.
    """
    is_simple = shape[2] in (GREY, RGB) and not has_alpha
    if not is_simple or used(resizer, resample) is not Resizer.SIMD or not has_simd():
        return None
    from stackgui.imaging.pixels import simd  # noqa: PLC0415 - loads the library

    return simd.scaling_bytes(shape, (height, width), resample)


def resize_parts(
    lines: Readable,
    height: int,
    width: int,
    resample: str,
    *,
    bits: int = 0,
    has_alpha: bool | None = None,
    resizer: Resizer = Resizer.PILLOW,
) -> NDArray[Any]:
    """Resize pixels that need not be in memory at once, with the same result as `resize`.

    A large sample is read a few rows at a time. This works because Pillow resizes in two passes, first along
    the rows and then along the columns. Where it takes the columns first, a few columns are read at a time.
    """
    if resample == "nearest":
        return _resize_nearest(lines, height, width)
    alpha = lines.channels in (GREY_ALPHA, RGBA) if has_alpha is None else has_alpha
    if used(resizer, resample) is Resizer.SIMD:
        return _resize_by_simd(lines, (height, width), resample, bits, alpha=alpha)
    size, chosen, channels = (width, height), _FILTERS[resample], lines.channels
    is_byte = lines.dtype == np.uint8
    if is_byte and (alpha or channels in (GREY, RGB)) and channels <= RGBA:
        (picture,) = _resized(lambda part: [Image.fromarray(_plain(part))], lines, size, chosen)
        return np.array(picture).reshape(height, width, -1)
    if alpha:
        weight = _Weight(lines.dtype, bits)
        planes = _resized(lambda part: _planes(weight.weighed(part)), lines, size, chosen)
        return weight.plain(np.stack(list(map(np.asarray, planes)), axis=2))
    result = np.empty((height, width, channels), lines.dtype)
    for channel, plane in enumerate(_resized(_planes, lines, size, chosen)):
        values = np.asarray(plane)
        result[:, :, channel] = values if is_byte else rounded(values, lines.dtype, bits)
    return result


def _resize_by_simd(
    lines: Readable, size: tuple[int, int], resample: str, bits: int, *, alpha: bool
) -> NDArray[Any]:
    if not has_simd():
        raise SampleError(say("cykooz-resizer, which is to scale it, is not installed"))
    from stackgui.imaging.pixels import simd  # noqa: PLC0415 - loads the library

    is_byte = lines.dtype == np.uint8
    # Weighed in bytes, as the library would do it too, colours are far from exact where little is seen.
    if alpha and not (is_byte and all(part[:, :, -1].min() == _OPAQUE for part in simd.parts(lines))):
        weight = _Weight(lines.dtype, bits)
        return simd.resize(lines, size, resample, np.float32, prepared=weight.weighed, finished=weight.plain)
    if is_byte:
        return simd.resize(lines, size, resample, np.uint8, prepared=_as_it_is, finished=_as_it_is)
    if lines.dtype == np.uint16 and resample in _WITHIN:
        clipped = partial(np.minimum, np.uint16(2**bits - 1)) if bits else _as_it_is
        return simd.resize(lines, size, resample, np.uint16, prepared=_as_it_is, finished=clipped)
    finished = partial(rounded, dtype=lines.dtype, bits=bits)
    return simd.resize(lines, size, resample, np.float32, prepared=_as_floats, finished=finished)


def _resize_nearest(lines: Readable, height: int, width: int) -> NDArray[Any]:
    rows, columns = _nearest(lines.height, height), _nearest(lines.width, width)
    result = np.empty((height, width, lines.channels), lines.dtype)
    for top, bottom in large.pieces(lines.height, lines.width):
        first, last = np.searchsorted(rows, (top, bottom))
        # Reading floats may count non-finite values, which takes every pixel.
        if first < last or lines.dtype.kind == "f":
            part = lines.read(slice(top, bottom), slice(None))
            result[first:last] = part[(rows[first:last] - top)[:, np.newaxis], columns]
    return result


class _Weight:
    """Weighs colours by alpha, the last channel, before they are resized, and divides by it afterwards."""

    def __init__(self, dtype: np.dtype[Any], bits: int) -> None:
        self._dtype = dtype
        self._bits = bits
        self._most = 0.0

    def weighed(self, part: NDArray[Any]) -> NDArray[np.float32]:
        """Return a part of the pixels with colours multiplied by alpha."""
        values = part.astype(np.float32)
        alpha = values[:, :, -1].copy()
        self._most = max(self._most, float(alpha.max(initial=0)))
        for channel in range(values.shape[2] - 1):  # together, NumPy takes four times as long
            values[:, :, channel] *= alpha
        return values

    def plain(self, resized: NDArray[np.float32]) -> NDArray[Any]:
        """Return resized pixels with colours divided by alpha again; what cannot be seen is black."""
        alpha = resized[:, :, -1]
        seen = alpha > (_UNSEEN * self._most if self._dtype.kind == "f" else _HALF)
        weight = np.where(seen, alpha, 1)
        result = np.empty(resized.shape, self._dtype)
        for channel in range(resized.shape[2] - 1):
            colour = rounded(resized[:, :, channel] / weight, self._dtype, self._bits)
            result[:, :, channel] = np.where(seen, colour, 0)
        result[:, :, -1] = rounded(alpha, self._dtype, self._bits)
        return result


def _as_it_is(part: NDArray[Any]) -> NDArray[Any]:
    return part


def _as_floats(part: NDArray[Any]) -> NDArray[np.float32]:
    return part.astype(np.float32, copy=False)


def _planes(part: NDArray[Any]) -> list[Image.Image]:
    """Split the pixels into one picture per channel: uint8 stays, other dtypes become float32."""
    kind = np.uint8 if part.dtype == np.uint8 else np.float32
    return [
        Image.fromarray(np.ascontiguousarray(part[:, :, channel], kind)) for channel in range(part.shape[2])
    ]


def _resized(
    pictures: Callable[[NDArray[Any]], list[Image.Image]],
    lines: Readable,
    size: tuple[int, int],
    chosen: Image.Resampling,
) -> list[Image.Image]:
    """Resize the pictures that `pictures` makes out of the pixels, in pieces if the sample is large."""
    (width, height), own = size, (lines.width, lines.height)
    if size == own or not large.is_in_pieces(lines.height, lines.width):
        return [picture.resize(size, chosen) for picture in pictures(lines.read(slice(None), slice(None)))]
    is_down_first = _goes_down_first(own, size)
    shape = (lines.width, height) if is_down_first else (width, lines.height)
    half_done: list[Image.Image] = []
    for begin, end in large.pieces(*(own if is_down_first else own[::-1])):
        piece = slice(begin, end)
        part = lines.read(slice(None), piece) if is_down_first else lines.read(piece, slice(None))
        for place, picture in enumerate(pictures(part)):
            # Between the two passes, colours have to stay premultiplied.
            weighed = picture.convert(_WEIGHED[picture.mode]) if picture.mode in _WEIGHED else picture
            if begin == 0:
                half_done.append(Image.new(weighed.mode, shape))
            scaled = (end - begin, height) if is_down_first else (width, end - begin)
            where = (begin, 0) if is_down_first else (0, begin)
            half_done[place].paste(weighed.resize(scaled, chosen), where)
    done = [picture.resize(size, chosen) for picture in half_done]
    return [picture.convert(_PLAIN.get(picture.mode, picture.mode)) for picture in done]


def _goes_down_first(own: tuple[int, int], size: tuple[int, int]) -> bool:
    """Return whether Pillow resizes vertically first; sizes are (width, height)."""
    fewer_columns, fewer_lines = own[0] - size[0], own[1] - size[1]
    return _knows_both_ways() and fewer_lines > max(0, 2 * fewer_columns)


@lru_cache(maxsize=1)
def _knows_both_ways() -> bool:
    """Return whether this version of Pillow ever resizes vertically first. The order changes the last bit."""
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (200, 20), np.uint8))
    size, chosen = (15, 30), Image.Resampling.BILINEAR
    down_first = noise.resize((20, 30), chosen).resize(size, chosen)
    return noise.resize(size, chosen).tobytes() == down_first.tobytes()


def _plain(pixels: NDArray[Any]) -> NDArray[Any]:
    return pixels.squeeze(2) if pixels.shape[2] == 1 else pixels


def _nearest(length: int, new_length: int) -> NDArray[Any]:
    # Resize a row of indices to learn which source pixels Pillow picks. This works for every dtype.
    line = Image.fromarray(np.arange(length, dtype=np.int32)[np.newaxis])
    return np.asarray(line.resize((new_length, 1), Image.Resampling.NEAREST)).reshape(new_length)

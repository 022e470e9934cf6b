"""Scaling pixels, exactly as Pillow does."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from stackgui.imaging.channels import GREY, GREY_ALPHA, RGB, RGBA
from stackgui.imaging.numbers import rounded

_FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
    "area": Image.Resampling.BOX,
}
RESAMPLES = ("nearest", *_FILTERS)
"""Names that `resize` takes."""

_HALF, _UNSEEN = 0.5, 1e-6
"""Above what there is something to be seen: of integers, and of floats as a part of the most that occurs."""


def resize(
    pixels: NDArray[Any],
    height: int,
    width: int,
    resample: str,
    *,
    bits: int = 0,
    has_alpha: bool | None = None,
) -> NDArray[Any]:
    """Scale pixels to another size, with antialiasing when it gets smaller.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, c), any integer or float dtype
        ``uint8`` with 1 to 4 channels is scaled as Pillow's ``Image.resize`` scales the modes L, LA, RGB and
        RGBA. Everything else goes channel by channel through 32-bit floats.
    height, width : int
        The new size in pixels, at least 1.
    resample : {"nearest", "bilinear", "bicubic", "lanczos", "area"}
    bits : int
        Of an unsigned number that the file says it uses; 0 for all.
    has_alpha : bool, optional
        Whether the last channel is transparency, by which colours are then weighed: what cannot be seen
        lends its colour to nothing. Without it, of 2 and 4 channels the last is.

    Returns
    -------
    ndarray, shape (height, width, c), same dtype
        Integers are rounded, and clipped to their range. Where nothing can be seen, colours are 0.

    Raises
    ------
    KeyError
        When `resample` is none of these names.
    """
    if resample == "nearest":
        rows, columns = _nearest(pixels.shape[0], height), _nearest(pixels.shape[1], width)
        chosen_pixels: NDArray[Any] = pixels[rows[:, np.newaxis], columns]
        return chosen_pixels
    size, chosen, channels = (width, height), _FILTERS[resample], pixels.shape[2]
    alpha = channels in (GREY_ALPHA, RGBA) if has_alpha is None else has_alpha
    if pixels.dtype == np.uint8 and (alpha or channels in (GREY, RGB)) and channels <= RGBA:
        picture = Image.fromarray(_plain(pixels))
        return np.array(picture.resize(size, chosen)).reshape(height, width, -1)
    result = np.empty((height, width, channels), pixels.dtype)
    if alpha:
        _resize_weighed(pixels, size, chosen, bits, result)
        return result
    for channel in range(channels):
        if pixels.dtype == np.uint8:
            picture = Image.fromarray(np.ascontiguousarray(pixels[:, :, channel]))
            result[:, :, channel] = np.asarray(picture.resize(size, chosen))
        else:
            result[:, :, channel] = _rounded(
                _resized(pixels[:, :, channel], size, chosen), pixels.dtype, bits
            )
    return result


def _resize_weighed(
    pixels: NDArray[Any],
    size: tuple[int, int],
    chosen: Image.Resampling,
    bits: int,
    result: NDArray[Any],
) -> None:
    """Scale colours that are multiplied by their transparency, and divide them by it again."""
    dtype = pixels.dtype
    alpha = pixels[:, :, -1].astype(np.float32)
    least = _UNSEEN * float(alpha.max(initial=0)) if dtype.kind == "f" else _HALF
    small = _resized(alpha, size, chosen)
    seen = small > least
    weight = np.where(seen, small, 1)
    for channel in range(pixels.shape[2] - 1):
        colour = _resized(pixels[:, :, channel].astype(np.float32) * alpha, size, chosen)
        result[:, :, channel] = np.where(seen, _rounded(colour / weight, dtype, bits), 0)
    result[:, :, -1] = _rounded(small, dtype, bits)


def _resized(plane: NDArray[Any], size: tuple[int, int], chosen: Image.Resampling) -> NDArray[np.float32]:
    return np.asarray(Image.fromarray(plane.astype(np.float32, copy=False)).resize(size, chosen))


def _rounded(values: NDArray[Any], dtype: np.dtype[Any], bits: int) -> NDArray[Any]:
    # What a filter makes of an edge must not be lighter than white.
    return rounded(np.minimum(values, 2**bits - 1) if bits else values, dtype)


def _plain(pixels: NDArray[Any]) -> NDArray[Any]:
    return pixels.squeeze(2) if pixels.shape[2] == 1 else pixels


def _nearest(length: int, new_length: int) -> NDArray[Any]:
    # Pillow's own choice of source pixels, read off a line that counts them: valid for every dtype.
    line = Image.fromarray(np.arange(length, dtype=np.int32)[np.newaxis])
    return np.asarray(line.resize((new_length, 1), Image.Resampling.NEAREST)).reshape(new_length)

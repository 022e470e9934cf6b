"""Scaling pixels, exactly as Pillow does."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from stackgui.imaging.channels import RGBA
from stackgui.imaging.numbers import rounded

_FILTERS = {
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
    "area": Image.Resampling.BOX,
}
RESAMPLES = ("nearest", *_FILTERS)
"""Names that `resize` takes."""


def resize(pixels: NDArray[Any], height: int, width: int, resample: str) -> NDArray[Any]:
    """Scale pixels to another size, with antialiasing when it gets smaller.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, c), any integer or float dtype
        ``uint8`` with 1 to 4 channels is scaled as Pillow's ``Image.resize`` scales the modes L, LA, RGB and
        RGBA (colours weighted by alpha). Everything else goes channel by channel through 32-bit floats.
    height, width : int
        The new size in pixels, at least 1.
    resample : {"nearest", "bilinear", "bicubic", "lanczos", "area"}

    Returns
    -------
    ndarray, shape (height, width, c), same dtype
        Integers are rounded, and clipped to their range.

    Raises
    ------
    KeyError
        When `resample` is none of these names.
    """
    if resample == "nearest":
        rows, columns = _nearest(pixels.shape[0], height), _nearest(pixels.shape[1], width)
        chosen_pixels: NDArray[Any] = pixels[rows[:, np.newaxis], columns]
        return chosen_pixels
    chosen = _FILTERS[resample]
    if pixels.dtype == np.uint8 and pixels.shape[2] <= RGBA:
        picture = Image.fromarray(_plain(pixels))
        return np.array(picture.resize((width, height), chosen)).reshape(height, width, -1)
    result = np.empty((height, width, pixels.shape[2]), pixels.dtype)
    for channel in range(pixels.shape[2]):
        picture = Image.fromarray(pixels[:, :, channel].astype(np.float32))
        result[:, :, channel] = rounded(np.asarray(picture.resize((width, height), chosen)), pixels.dtype)
    return result


def _plain(pixels: NDArray[Any]) -> NDArray[Any]:
    return pixels.squeeze(2) if pixels.shape[2] == 1 else pixels


def _nearest(length: int, new_length: int) -> NDArray[Any]:
    # Pillow's own choice of source pixels, read off a line that counts them: valid for every dtype.
    line = Image.fromarray(np.arange(length, dtype=np.int32)[np.newaxis])
    return np.asarray(line.resize((new_length, 1), Image.Resampling.NEAREST)).reshape(new_length)

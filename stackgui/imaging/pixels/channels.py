"""Grey, grey and alpha, RGB, RGBA: from each to each, by Pillow's rules in the sample's own numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.base.units import format_count
from stackgui.core.catalog.meaning import GREY, GREY_ALPHA, RGB, RGBA, stated_places
from stackgui.imaging.pixels.numbers import rounded

__all__ = ["GREY", "GREY_ALPHA", "RGB", "RGBA", "can_convert", "convert_channels", "divided", "stated"]

# ITU-R 601-2 luma in 16-bit fixed point, as Pillow computes it; the three add up to 65,536.
_LUMA = (19595, 38470, 7471)
_HALF = 0x8000
_BLOCK_PX = 2**17


def can_convert(from_channels: int, to_channels: int) -> bool:
    """Whether `convert_channels` can make `to_channels` out of `from_channels`."""
    return from_channels == to_channels or (GREY <= from_channels <= RGBA and GREY <= to_channels <= RGBA)


def convert_channels(
    pixels: NDArray[Any], channels: int, background: tuple[int, int, int] | None = None, *, bits: int = 0
) -> NDArray[Any]:
    """Bring pixels to another number of channels.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, c), any integer or float dtype
    channels : int
        1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
    background : (int, int, int), optional
        Red, green and blue from 0 to 255 on which the pixels are composed where their alpha goes; without it
        alpha is dropped.
    bits : int
        That the numbers use, as their file says; 0 for all. It says which alpha is opaque.

    Returns
    -------
    ndarray, shape (h, w, channels), same dtype
        `pixels` itself when nothing is to be done; may be a read-only view.

    Raises
    ------
    SampleError
        When there is no rule, for example from 7 channels to 3.
    """
    have = pixels.shape[2]
    if have == channels:
        return pixels
    if not can_convert(have, channels):
        raise SampleError(f"it has {format_count(have, 'channel')}, which cannot become {channels}")
    if background is not None and have in (GREY_ALPHA, RGBA) and channels in (GREY, RGB):
        return convert_channels(_composed(pixels, background, channels, bits), channels)
    colour = _colour(pixels, GREY if channels <= GREY_ALPHA else RGB)
    if channels in (GREY, RGB):
        return colour
    alpha = pixels[:, :, -1:] if have in (GREY_ALPHA, RGBA) else _opaque(pixels, bits)
    return np.concatenate([colour, alpha], axis=2, dtype=pixels.dtype)


def stated(pixels: NDArray[Any], meaning: str) -> NDArray[Any]:
    """The channels of `pixels` that are colours or transparency; see `stackgui.core.catalog.meaning`."""
    places = stated_places(meaning, pixels.shape[2])
    if len(places) == pixels.shape[2]:
        return pixels
    # Those side by side are a view.
    is_run = places == tuple(range(len(places)))
    chosen: NDArray[Any] = pixels[:, :, : len(places)] if is_run else pixels[:, :, list(places)]
    return chosen


def divided(pixels: NDArray[Any], colours: int, alpha: int, bits: int = 0) -> NDArray[Any]:
    """Divide the first `colours` channels, which were multiplied by their transparency, by channel `alpha`.

    Where a pixel is wholly transparent its colours are 0, and 8 bits are rounded down, as with Pillow.
    """
    most = float(_opaque_value(pixels.dtype, bits))
    weight = pixels[:, :, alpha : alpha + 1].astype(np.float64)
    is_seen = weight > 0
    quotient = pixels[:, :, :colours] * most / np.where(is_seen, weight, most)
    if pixels.dtype == np.uint8:
        quotient = np.floor(quotient)
    if pixels.dtype.kind != "f":
        quotient = np.minimum(quotient, most)
    result = pixels.copy()
    result[:, :, :colours] = np.where(is_seen, rounded(quotient, pixels.dtype), 0)
    return result


def _colour(pixels: NDArray[Any], channels: int) -> NDArray[Any]:
    is_grey = pixels.shape[2] <= GREY_ALPHA
    if channels == GREY:
        return pixels[:, :, :1] if is_grey else _grey(pixels)
    if is_grey:
        return np.broadcast_to(pixels[:, :, :1], (*pixels.shape[:2], 3))
    return pixels[:, :, :3]


def _composed(
    pixels: NDArray[Any], background: tuple[int, int, int], channels: int, bits: int
) -> NDArray[Any]:
    """Grey or RGB out of pixels with alpha, on a background; grey stays grey where grey is wanted."""
    most: Any = _opaque_value(pixels.dtype, bits)
    below = np.array(background, np.float64).reshape(1, 1, RGB) / 255 * float(most)
    if pixels.shape[2] == GREY_ALPHA and channels == GREY:
        below = below @ (np.array(_LUMA, np.float64).reshape(RGB, 1) / 65536)
    # From 32 bits on float64 does not hold every value, but opaque pixels keep theirs.
    alpha = pixels[:, :, -1:].astype(np.float64) / float(most)
    colour = _colour(pixels, below.shape[2])
    mixed = rounded(colour * alpha + below * (1 - alpha), pixels.dtype)
    return np.where(pixels[:, :, -1:] == most, colour, mixed)


def _grey(pixels: NDArray[Any]) -> NDArray[Any]:
    weigh = _weigh_exactly if pixels.dtype in (np.uint8, np.uint16) else _weigh
    height, width, _ = pixels.shape
    grey = np.empty((height, width, 1), pixels.dtype)
    rows = max(1, _BLOCK_PX // width)
    for top in range(0, height, rows):  # the intermediate results stay in the processor's cache
        block = pixels[top : top + rows]
        grey[top : top + rows, :, 0] = weigh(block[:, :, 0], block[:, :, 1], block[:, :, 2])
    return grey


def _weigh_exactly(red: NDArray[Any], green: NDArray[Any], blue: NDArray[Any]) -> NDArray[Any]:
    # 65,535 × 65,536 + 32,768 still fits 32 bits.
    total: NDArray[Any] = np.multiply(red, _LUMA[0], dtype=np.uint32)
    total += np.multiply(green, _LUMA[1], dtype=np.uint32)
    total += np.multiply(blue, _LUMA[2], dtype=np.uint32)
    total += _HALF
    total >>= 16
    return total


def _weigh(red: NDArray[Any], green: NDArray[Any], blue: NDArray[Any]) -> NDArray[Any]:
    work = np.result_type(red.dtype, np.float32)
    weights = np.array(_LUMA, dtype=work) / 65536
    return rounded(red * weights[0] + green * weights[1] + blue * weights[2], red.dtype)


def _opaque(pixels: NDArray[Any], bits: int) -> NDArray[Any]:
    return np.broadcast_to(_opaque_value(pixels.dtype, bits), (*pixels.shape[:2], 1))


def _opaque_value(dtype: np.dtype[Any], bits: int) -> NDArray[Any]:
    if bits:
        return np.array(2**bits - 1, dtype)
    return np.array(1 if dtype.kind == "f" else np.iinfo(dtype).max, dtype)

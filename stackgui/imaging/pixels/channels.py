"""Conversion among grey, grey with alpha, RGB and RGBA, by Pillow's rules, in the sample's own dtype."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say
from stackgui.core.catalog.meaning import GREY, GREY_ALPHA, RGB, RGBA, stated_places
from stackgui.imaging.pixels.numbers import rounded

__all__ = ["GREY", "GREY_ALPHA", "RGB", "RGBA", "can_convert", "convert_channels", "divided", "stated"]

# ITU-R 601-2 luma in 16-bit fixed point, as Pillow computes it; the three add up to 65,536.
_LUMA = (19595, 38470, 7471)
_HALF = 0x8000
_BLOCK_PX = 2**17


def can_convert(from_channels: int, to_channels: int) -> bool:
    """Return whether `convert_channels` can convert `from_channels` channels to `to_channels`."""
    return from_channels == to_channels or (GREY <= from_channels <= RGBA and GREY <= to_channels <= RGBA)


def convert_channels(
    pixels: NDArray[Any], channels: int, background: tuple[int, int, int] | None = None, *, bits: int = 0
) -> NDArray[Any]:
    """Convert pixels to another number of channels.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, c), any integer or float dtype
    channels : int
        1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
    background : (int, int, int), optional
        Colour (red, green and blue from 0 to 255) to compose the pixels on when alpha is removed. Without it,
        alpha is dropped.
    bits : int
        Bit depth according to the file, which determines opaque alpha; 0 for the full dtype.

    Returns
    -------
    ndarray, shape (h, w, channels), same dtype
        `pixels` itself if the number of channels is right already. May be a read-only view.

    Raises
    ------
    SampleError
        When no rule exists, for example from 7 channels to 3.
    """
    have = pixels.shape[2]
    if have == channels:
        return pixels
    if not can_convert(have, channels):
        raise SampleError(
            say(
                "it has {channels}, which cannot become {channels2}",
                channels=format_count(have, "channel"),
                channels2=channels,
            )
        )
    if background is not None and have in (GREY_ALPHA, RGBA) and channels in (GREY, RGB):
        return convert_channels(_composed(pixels, background, channels, bits), channels)
    colour = _colour(pixels, GREY if channels <= GREY_ALPHA else RGB)
    if channels in (GREY, RGB):
        return colour
    alpha = pixels[:, :, -1:] if have in (GREY_ALPHA, RGBA) else _opaque(pixels, bits)
    return np.concatenate([colour, alpha], axis=2, dtype=pixels.dtype)


def stated(pixels: NDArray[Any], meaning: str) -> NDArray[Any]:
    """Return the channels of `pixels` that are colours or alpha; see `stackgui.core.catalog.meaning`."""
    places = stated_places(meaning, pixels.shape[2])
    if len(places) == pixels.shape[2]:
        return pixels
    # Slicing leading channels gives a view instead of a copy.
    is_run = places == tuple(range(len(places)))
    chosen: NDArray[Any] = pixels[:, :, : len(places)] if is_run else pixels[:, :, list(places)]
    return chosen


def divided(pixels: NDArray[Any], colours: int, alpha: int, bits: int = 0) -> NDArray[Any]:
    """Undo premultiplication: divide the first `colours` channels by channel `alpha`.

    As in Pillow, colours of fully transparent pixels become 0, and 8-bit results are rounded down.
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
    """Compose pixels with alpha on a background, giving RGB, or grey if both have and want grey."""
    most: Any = _opaque_value(pixels.dtype, bits)
    below = np.array(background, np.float64).reshape(1, 1, RGB) / 255 * float(most)
    if pixels.shape[2] == GREY_ALPHA and channels == GREY:
        below = below @ (np.array(_LUMA, np.float64).reshape(RGB, 1) / 65536)
    # float64 cannot hold every integer of 64 bits, so opaque pixels are copied from the original.
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

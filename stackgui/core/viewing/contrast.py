"""How pixels of any dtype are shown: which numbers become black and white, and which channels are seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

COLOURS = 3
BYTE = 255
_SHARE = 0.5
"""Per cent of the numbers at each end that automatic contrast lets run into black and white."""

_COUNTED = 2**20
"""Numbers that a contrast is measured from at most."""

BINS = 128
_MOST = float(np.finfo(np.float64).max)


@dataclass(frozen=True, slots=True)
class Contrast:
    """The numbers that are shown as black and as white.

    Attributes
    ----------
    low, high : float
        `high` is larger than `low`.
    """

    low: float
    high: float

    @classmethod
    def whole(cls, pixels: NDArray[Any]) -> Contrast:
        """Return the contrast from the least to the largest number."""
        counted = finite(pixels)
        return cls._of(float(counted.min(initial=np.inf)), float(counted.max(initial=-np.inf)))

    @classmethod
    def stretched(cls, pixels: NDArray[Any]) -> Contrast:
        """Return the contrast in which few numbers are black or white."""
        counted = finite(pixels)
        if not counted.size:
            return cls(0.0, 1.0)
        low, high = np.percentile(counted, (_SHARE, 100 - _SHARE)).tolist()
        return cls._of(low, high) if high > low else cls.whole(pixels)

    @classmethod
    def automatic(cls, pixels: NDArray[Any]) -> Contrast:
        """Return the contrast that suits the dtype: 8 bits as they are, other numbers stretched.

        Numbers from 0 to 1 are shown as they are too, for that is how pictures are stored as floats.
        """
        if pixels.dtype.kind == "b":
            return cls(0.0, 1.0)
        if pixels.dtype == np.uint8:
            return BYTES
        if pixels.dtype.kind == "f":
            every = cls.whole(pixels)
            if every.low >= 0 and every.high <= 1:
                return cls(0.0, 1.0)
        return cls.stretched(pixels)

    @classmethod
    def _of(cls, low: float, high: float) -> Contrast:
        if not np.isfinite((low, high)).all():
            return cls(0.0, 1.0)
        return cls(low, high) if high > low else cls(low, low + 1.0)


BYTES = Contrast(0.0, float(BYTE))
"""Bytes as they are."""


def finite(pixels: NDArray[Any]) -> NDArray[np.float64]:
    """Return the finite numbers of `pixels`, as a flat array; of very many, a regular choice."""
    step = max(1, round((pixels.size / _COUNTED) ** 0.5))
    some = pixels[::step, ::step].ravel().astype(np.float64)
    return some[np.isfinite(some)]


Chosen = Contrast | Callable[[NDArray[Any]], Contrast]


def shown(pixels: NDArray[Any], contrast: Chosen, channel: int | None = None) -> NDArray[np.uint8]:
    """Return pixels as they are shown, shape (h, w, 3).

    Parameters
    ----------
    pixels : shape (h, w, C)
    contrast : Contrast, or what makes one
        Of the channels that are shown.
    channel
        The only channel that is shown, in grey; None for the first three as red, green and blue.
    """
    channels = pixels.shape[2]
    if channel is not None:
        seen = pixels[..., channel : channel + 1]
    else:
        seen = pixels[..., :COLOURS] if channels >= COLOURS else pixels[..., :1]
    if seen.dtype.kind == "b":
        seen = seen.view(np.uint8)
    chosen = contrast if isinstance(contrast, Contrast) else contrast(seen)
    grey = seen if seen.dtype == np.uint8 and chosen == BYTES else _scaled(seen, chosen)
    return np.repeat(grey, COLOURS, axis=2) if grey.shape[2] == 1 else np.ascontiguousarray(grey)


def _scaled(seen: NDArray[Any], contrast: Contrast) -> NDArray[np.uint8]:
    # Half of everything, so that the widest contrast of all is a number too.
    low, half = contrast.low / 2, max(contrast.high / 2 - contrast.low / 2, np.finfo(np.float64).tiny)
    precise: type[np.floating[Any]] = np.float32 if seen.dtype.itemsize <= 2 else np.float64  # noqa: PLR2004
    numbers: NDArray[Any] = seen.astype(precise)
    with np.errstate(all="ignore"):
        scaled = np.nan_to_num((numbers / 2 - low) / half * BYTE, nan=0.0)
    return np.asarray(np.clip(scaled, 0, BYTE).round(), np.uint8)


def histogram(pixels: NDArray[Any], channel: int | None = None) -> tuple[NDArray[np.int64], float, float]:
    """Count the finite values of a row in equal classes.

    Returns
    -------
    counts : int64, shape (k,)
    low, high : float
        Where the first class begins and the last one ends.
    """
    seen = finite(pixels if channel is None else pixels[..., channel : channel + 1])
    if not seen.size:
        return np.zeros(1, np.int64), 0.0, 1.0
    if pixels.dtype == np.uint8:
        counts = np.bincount(seen.astype(np.int64), minlength=BYTE + 1)
        return counts.reshape(BINS, -1).sum(axis=1), 0.0, float(BYTE + 1)
    low, high = float(seen.min()), float(seen.max())
    if low == high:
        wider = max(1.0, abs(low) / 1000)
        low, high = max(low - wider, -_MOST), min(high + wider, _MOST)
    half = max(high / 2 - low / 2, np.finfo(np.float64).tiny)
    places = np.clip((seen / 2 - low / 2) / half * BINS, 0, BINS - 1).astype(np.int64)
    return np.bincount(places, minlength=BINS), low, high

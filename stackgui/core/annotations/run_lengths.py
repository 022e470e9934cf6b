"""Masks as COCO's run lengths, read without the library that trusts what it is given."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MAX_PIXELS = 2**31
"""Pixels of the largest mask that is believed."""
_MAX_SYMBOL = 63
_MAX_SYMBOLS = 7
"""Symbols of five bits that one run length may take."""


def checked(text: str | bytes, height: int, width: int) -> bytes:
    """Return a compressed string as bytes.

    Raises
    ------
    ValueError
        If it does not describe a mask of that size.
    """
    data = text.encode("ascii", "replace") if isinstance(text, str) else text
    check(_lengths(data), height, width)
    return data


def bounds(text: bytes, height: int) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of what a checked mask marks; zeros if that is nothing."""
    edges = np.cumsum(_lengths(text))
    starts, ends = edges[:-1:2], edges[1::2]
    is_run = starts < ends
    starts, lasts = starts[is_run], ends[is_run] - 1
    if not len(starts):
        return 0, 0, 0, 0
    left, right = starts[0] // height, lasts[-1] // height + 1
    # A run that goes on in the next column reaches both the lowest and the highest line.
    is_long = starts // height != lasts // height
    top = np.where(is_long, 0, starts % height).min()
    bottom = np.where(is_long, height - 1, lasts % height).max() + 1
    return float(left), float(top), float(right), float(bottom)


def mask_of(text: bytes, height: int, width: int) -> NDArray[np.uint8]:
    """Return a checked mask as 0 and 1, shape (height, width)."""
    lengths = _lengths(text)
    values = np.arange(len(lengths), dtype=np.uint8) % 2
    return np.repeat(values, lengths).reshape(width, height).T


def sampled(
    text: bytes, height: int, lines: NDArray[np.int64], columns: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Return what a checked mask marks at some lines and columns, shape (lines, columns).

    Takes memory for these alone, however large the mask is said to be.
    """
    places = columns[np.newaxis] * height + lines[:, np.newaxis]
    marked: NDArray[np.bool_] = np.searchsorted(np.cumsum(_lengths(text)), places, side="right") % 2 == 1
    return marked


def check(lengths: NDArray[np.int64], height: int, width: int) -> None:
    """Raise ValueError if run lengths do not describe a mask of that size."""
    if height <= 0 or width <= 0 or height * width > MAX_PIXELS:
        raise ValueError("no picture has this size")
    if lengths.ndim != 1 or (lengths < 0).any() or (lengths > MAX_PIXELS).any():
        raise ValueError("impossible run lengths")
    if lengths.sum() != height * width:
        raise ValueError("run lengths of another size")


def _lengths(data: bytes) -> NDArray[np.int64]:
    """Decode a compressed string: five bits a symbol, and from the fourth length on a difference."""
    symbols = np.frombuffer(data, np.uint8).astype(np.int64) - 48
    if not len(symbols) or (symbols < 0).any() or (symbols > _MAX_SYMBOL).any() or symbols[-1] & 32:
        raise ValueError("no run lengths")
    ends = np.flatnonzero(symbols & 32 == 0)
    starts = np.concatenate([[0], ends[:-1] + 1])
    counts = ends - starts + 1
    if counts.max() > _MAX_SYMBOLS:
        raise ValueError("impossible run lengths")
    shifts = 5 * (np.arange(len(symbols)) - np.repeat(starts, counts))
    values = np.add.reduceat((symbols & 31) << shifts, starts)
    values -= np.where(symbols[ends] & 16 != 0, np.int64(1) << 5 * counts, 0)
    lengths = values.copy()
    lengths[1::2] = np.cumsum(values[1::2])
    lengths[2::2] = np.cumsum(values[2::2])
    return lengths

"""Guesses from a few samples what their numbers are: class ids, or brightness that uses few of its bits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.decoding import decoding_of
from stackgui.core.catalog.archive_location import NO_ARCHIVE, Packing
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.doubts import Doubt
from stackgui.core.catalog.meaning import GREY, PALETTE, RGBA

MAX_EXAMINED = 32
"""Samples to examine at most, spread evenly over the candidates."""

MAX_PX = 2**26
"""Pixels of all examined samples together, at most."""

MAX_BYTES = 2**26
"""Bytes to read for one sample, at most: of its file, or of an archive up to the sample."""

MAX_VALUES = 64
"""Class ids have at most this many distinct values; brightness has more."""

MAX_SMALL_ID = 255
"""Numbers of more than 8 bits up to here are small: as brightness they would be almost black."""

MAX_SMALL_BYTE_ID = 31
"""Numbers of 8 bits up to here are small: as brightness they would be almost black."""

VOID_ID = 255
"""The usual 8-bit class id for pixels that belong to no class."""

MIN_PX_PER_VALUE = 64
"""Values that form even areas have at least this many pixels each."""

MIN_EVENNESS = 0.75
"""In even areas at least this share of the pixels equal the next one."""

MAX_TINY_PX = 256
"""Pictures of fewer pixels have no room for even areas, so a few small ids suffice."""

MAX_FEW_IDS = 8
"""This many small ids need not form areas if the picture is tiny, or if it is grey and they count from 0."""

MAX_SPECK_SHARE = 0.01
"""In masks at most this share of the pixels equal no neighbour; noise and photographs have more."""

STROKE_PX = 4
"""Strokes are thinner than this many pixels, or than the side divided by `STROKE_SIDE_DIVISOR`."""

STROKE_SIDE_DIVISOR = 64

TEXT_EDGES_PER_PX = 0.15
"""Text has more edges per pixel than this."""

LOW_DIVISOR = 16
"""Brightness below the largest number divided by this is as good as black in 8 bits."""

_MIN_SAMPLES = 2
"""Samples to examine at least, if any are small enough."""

_MAX_JUDGED_PX = 2**20


def doubts_about(pixels: NDArray[Any], *, are_indices: bool = False) -> tuple[Doubt, ...]:
    """Return the doubts that `pixels`, shape (h, w, c), raise; only one channel can be class ids."""
    if pixels.shape[2] == GREY and look_like_labels(pixels, are_indices=are_indices):
        return (Doubt.LABEL_VALUES,)
    return (Doubt.LOW_NUMBERS,) if are_low(pixels) else ()


def are_low(pixels: NDArray[Any]) -> bool:
    """Whether unsigned numbers of more than 8 bits use few of their bits."""
    if pixels.dtype.kind != "u" or pixels.dtype.itemsize == 1:
        return False
    return 0 < int(pixels.max()) <= np.iinfo(pixels.dtype).max // LOW_DIVISOR


def look_like_labels(pixels: NDArray[Any], *, are_indices: bool = False) -> bool:
    """Whether integers have so few distinct values that they may be class ids.

    A single value is no evidence. Numbers of more than 8 bits may be ids if all are small; numbers of 8 bits
    if they form even areas and are small or few. Text, line art, noise and photographs of few colours have
    specks and strokes instead of areas.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, 1)
    are_indices : bool
        Whether the numbers are palette indices, which count from 0 in any picture.
    """
    if pixels.dtype.kind not in "ui":
        return False
    # Skipping lines bounds the work, and a picture with few distinct values still has few.
    seen = pixels[:: max(1, pixels.size // _MAX_JUDGED_PX), :, 0]
    values = np.unique(seen)
    if not 1 < len(values) <= MAX_VALUES:
        return False
    is_wide = pixels.dtype.itemsize > 1
    if not is_wide and values[-1] == VOID_ID:
        values = values[:-1]
    least, most = int(values[0]), int(values[-1])
    is_small = max(-least, most) <= (MAX_SMALL_ID if is_wide else MAX_SMALL_BYTE_ID)
    if is_wide and is_small:
        return True
    is_few = 1 < len(values) <= MAX_FEW_IDS and is_small
    if is_few and (pixels.size < MAX_TINY_PX or (not are_indices and (least, most) == (0, len(values) - 1))):
        return True
    is_sparse = seen.size >= MIN_PX_PER_VALUE * len(values)
    if not (is_small or is_sparse) or _evenness(seen) < MIN_EVENNESS:
        return False
    return pixels.size < MAX_TINY_PX or not (_has_specks(pixels[..., 0]) or _has_strokes(pixels[..., 0]))


def _evenness(pixels: NDArray[Any]) -> float:
    """Return the share of pixels that equal the next one."""
    if pixels.shape[1] < 2:  # noqa: PLR2004 - a neighbour takes two
        pixels = pixels.T
    return float((pixels[:, 1:] == pixels[:, :-1]).mean()) if pixels.shape[1] > 1 else 0.0


def _has_specks(pixels: NDArray[Any]) -> bool:
    """Whether many pixels differ from all four neighbours."""
    across, down = _edges(pixels)
    alone = np.ones(pixels.shape, np.bool_)
    alone[:, 1:] &= across
    alone[:, :-1] &= across
    alone[1:] &= down
    alone[:-1] &= down
    return bool(alone.mean() > MAX_SPECK_SHARE)


def _has_strokes(pixels: NDArray[Any]) -> bool:
    """Whether all values but the commonest are thin strokes on light paper, or as dense as text.

    Thin strokes on the lowest value, which is the background in masks, may be thin objects.
    """
    values, counts = np.unique(pixels, return_counts=True)
    paper = values[counts.argmax()]
    across, down = _edges(pixels != paper)
    edges = np.count_nonzero(across) + np.count_nonzero(down)
    if not edges:
        return False
    thickness = 2 * (pixels.size - counts.max()) / edges
    is_thin = thickness < max(STROKE_PX, max(pixels.shape) / STROKE_SIDE_DIVISOR)
    return bool(is_thin and (paper != values[0] or edges > TEXT_EDGES_PER_PX * pixels.size))


def _edges(pixels: NDArray[Any]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return where pixels differ from the next one, along rows and down columns."""
    return pixels[:, 1:] != pixels[:, :-1], pixels[1:] != pixels[:-1]


def samples_to_examine(catalog: Catalog) -> NDArray[np.int64]:
    """Return integer samples that are quick to examine: one channel, a palette, or more than 8 bits."""
    dtypes = [np.dtype(name or "f4") for name in catalog.dtype.names]
    whole = np.array([dtype.kind in "ui" for dtype in dtypes], np.bool_)[catalog.dtype.codes]
    wide = np.array([dtype.kind == "u" and dtype.itemsize > 1 for dtype in dtypes], np.bool_)[
        catalog.dtype.codes
    ]
    exact = np.array([decoding_of(name).keeps_numbers for name in catalog.format.names], np.bool_)
    may_be = catalog.usable & whole & (catalog.bits != 1)
    may_be &= may_hold_ids(catalog) | (wide & (catalog.channels <= RGBA))
    may_be &= ~catalog.axes.equals("") | exact[catalog.format.codes]
    px = catalog.height.astype(np.int64) * catalog.width
    may_be &= (px <= MAX_PX // _MIN_SAMPLES) & (_bytes_to_read(catalog) <= MAX_BYTES)
    found = np.flatnonzero(may_be)
    if not len(found):
        return found
    count = min(len(found), MAX_EXAMINED, int(MAX_PX // px[found].max()))
    return found[np.linspace(0, len(found) - 1, count).astype(np.int64)]


def may_hold_ids(catalog: Catalog) -> NDArray[np.bool_]:
    """Return the mask of the samples that have one channel or a palette."""
    found: NDArray[np.bool_] = (catalog.channels == GREY) | catalog.meaning.equals(PALETTE)
    return found


def _bytes_to_read(catalog: Catalog) -> NDArray[np.int64]:
    """Return for each sample how many bytes of its file or archive have to be read at most."""
    if not catalog.archives:
        return catalog.file_bytes
    whole = np.array([archive.file_bytes for archive in catalog.archives], np.int64)
    streamed = (catalog.inside.archive != NO_ARCHIVE) & (catalog.inside.packing == Packing.STREAM)
    return np.where(streamed, whole[np.maximum(catalog.inside.archive, 0)], catalog.file_bytes)

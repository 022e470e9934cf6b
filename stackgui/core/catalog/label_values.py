"""What numbers look like, told from a few samples: class ids, or brightness that uses few of its bits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.decoding import decoding_of
from stackgui.core.catalog.archive_location import NO_ARCHIVE, Packing
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.doubts import Doubt
from stackgui.core.catalog.meaning import GREY, PALETTE, RGBA

LOOKED_AT = 32
"""How many samples are looked at, spread over all that may be such."""

MAX_PX, MAX_BYTES = 2**26, 2**26
"""Pixels of all of them, and bytes of one's file or of an archive that has to be read through, at most."""

MAX_VALUES = 64
"""More distinct values than these are those of brightness."""

SMALL, SMALL_OF_BYTES = 255, 31
"""Up to here wide numbers, and those of 8 bits, are small: brightness would be all but black."""

VOID = 255
"""Customary among class ids of 8 bits for what is of no class."""

SPARSE_PX, FLAT = 64, 0.75
"""Pixels for each distinct value, and the share of pixels that equal their neighbours, of even areas."""

TINY_PX, FEW_IDS = 256, 8
"""So few small ids need form no areas in pictures of fewer pixels, or if they are grey and counted from 0."""

SPECKS = 0.01
"""Masks have a smaller share of pixels that equal no neighbour; noise and photographs a larger one."""

THIN_PX, THIN_OF_SIDE, DENSE = 4, 64, 0.15
"""Strokes are thinner than so many pixels or this part of a picture; text has so many edges at each pixel."""

LOW = 16
"""Brightness below the most that its numbers can hold, divided by this, is as good as black in 8 bits."""

_MIN_SAMPLES = 2
"""Samples that are looked at, at least, if there are any of a fit size."""

_JUDGED_PX = 2**20


def doubts_about(pixels: NDArray[Any], *, are_indices: bool = False) -> tuple[Doubt, ...]:
    """What `pixels`, shape (h, w, c), look like; those of one channel may be class ids."""
    if pixels.shape[2] == GREY and look_like_labels(pixels, are_indices=are_indices):
        return (Doubt.LABEL_VALUES,)
    return (Doubt.LOW_NUMBERS,) if are_low(pixels) else ()


def are_low(pixels: NDArray[Any]) -> bool:
    """Whether wide unsigned numbers use few of their bits."""
    if pixels.dtype.kind != "u" or pixels.dtype.itemsize == 1:
        return False
    return 0 < int(pixels.max()) <= np.iinfo(pixels.dtype).max // LOW


def look_like_labels(pixels: NDArray[Any], *, are_indices: bool = False) -> bool:
    """Whether integers take so few distinct values that they may be class ids; a single one says nothing.

    Wide numbers may be if all are small, others if they form even areas and are small or few. Text, line art,
    noise and photographs of few colours have specks and strokes instead of areas.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, 1)
    are_indices : bool
        Whether they stand for the colours of a palette, which are counted from 0 whatever they show.
    """
    if pixels.dtype.kind not in "ui":
        return False
    # Lines left out bound the work; few distinct values stay few.
    seen = pixels[:: max(1, pixels.size // _JUDGED_PX), :, 0]
    values = np.unique(seen)
    if not 1 < len(values) <= MAX_VALUES:
        return False
    is_wide = pixels.dtype.itemsize > 1
    if not is_wide and values[-1] == VOID:
        values = values[:-1]
    least, most = int(values[0]), int(values[-1])
    is_small = max(-least, most) <= (SMALL if is_wide else SMALL_OF_BYTES)
    if is_wide and is_small:
        return True
    is_few = 1 < len(values) <= FEW_IDS and is_small
    if is_few and (pixels.size < TINY_PX or (not are_indices and (least, most) == (0, len(values) - 1))):
        return True
    is_sparse = seen.size >= SPARSE_PX * len(values)
    if not (is_small or is_sparse) or _evenness(seen) < FLAT:
        return False
    return pixels.size < TINY_PX or not (_has_specks(pixels[..., 0]) or _has_strokes(pixels[..., 0]))


def _evenness(pixels: NDArray[Any]) -> float:
    """Share of the pixels that equal the next one."""
    if pixels.shape[1] < 2:  # noqa: PLR2004 - a neighbour takes two
        pixels = pixels.T
    return float((pixels[:, 1:] == pixels[:, :-1]).mean()) if pixels.shape[1] > 1 else 0.0


def _has_specks(pixels: NDArray[Any]) -> bool:
    """Whether many pixels differ from all four beside them."""
    across, down = _edges(pixels)
    alone = np.ones(pixels.shape, np.bool_)
    alone[:, 1:] &= across
    alone[:, :-1] &= across
    alone[1:] &= down
    alone[:-1] &= down
    return bool(alone.mean() > SPECKS)


def _has_strokes(pixels: NDArray[Any]) -> bool:
    """Whether all but the commonest value are thin strokes on light paper, or as dense as text.

    Strokes on the lowest value, which is the background of masks, may be thin objects.
    """
    values, counts = np.unique(pixels, return_counts=True)
    paper = values[counts.argmax()]
    across, down = _edges(pixels != paper)
    edges = np.count_nonzero(across) + np.count_nonzero(down)
    if not edges:
        return False
    thickness = 2 * (pixels.size - counts.max()) / edges
    is_thin = thickness < max(THIN_PX, max(pixels.shape) / THIN_OF_SIDE)
    return bool(is_thin and (paper != values[0] or edges > DENSE * pixels.size))


def _edges(pixels: NDArray[Any]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where pixels differ from the next one, along lines and down columns."""
    return pixels[:, 1:] != pixels[:, :-1], pixels[1:] != pixels[:-1]


def to_look_at(catalog: Catalog) -> NDArray[np.int64]:
    """Samples of integers that are quickly looked at: of one channel, with a palette, or of over 8 bits."""
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
    count = min(len(found), LOOKED_AT, int(MAX_PX // px[found].max()))
    return found[np.linspace(0, len(found) - 1, count).astype(np.int64)]


def may_hold_ids(catalog: Catalog) -> NDArray[np.bool_]:
    """Mask of the samples of one channel or with a palette."""
    found: NDArray[np.bool_] = (catalog.channels == GREY) | catalog.meaning.equals(PALETTE)
    return found


def _bytes_to_read(catalog: Catalog) -> NDArray[np.int64]:
    """How much of a file or an archive has to be read before a sample's pixels are there, at most."""
    if not catalog.archives:
        return catalog.file_bytes
    whole = np.array([archive.file_bytes for archive in catalog.archives], np.int64)
    streamed = (catalog.inside.archive != NO_ARCHIVE) & (catalog.inside.packing == Packing.STREAM)
    return np.where(streamed, whole[np.maximum(catalog.inside.archive, 0)], catalog.file_bytes)

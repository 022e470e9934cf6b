"""Turning the masks of single objects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import Objects
from stackgui.core.annotations.ragged import Ragged
from stackgui.imaging.annotations.run_lengths import mask_of, placed
from stackgui.imaging.pixels.orientation import upright


def turned_bitmaps(objects: Objects, orientation: NDArray[np.uint8]) -> Objects:
    """Return `objects` with the bitmaps of stored pictures turned by their EXIF orientations, shape (M,)."""
    wanted = np.flatnonzero((orientation != 1) & (objects.bitmap.lengths > 0))
    if not len(wanted):
        return objects
    lists = [objects.bitmap[index].tobytes() for index in range(len(objects))]
    size = objects.bitmap_size.copy()
    for index in wanted.tolist():
        mask = upright(mask_of(lists[index], *size[index].tolist()), int(orientation[index]))
        lists[index], size[index] = placed(mask != 0, 0, 0, *mask.shape), mask.shape
    lengths = np.array([len(each) for each in lists], np.int64)
    bitmap = Ragged.of_lengths(np.frombuffer(b"".join(lists), np.uint8), lengths)
    return replace(objects, bitmap=bitmap, bitmap_size=size)

"""Masks of single objects, as COCO's run lengths."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco

from stackgui.core.annotations.annotations import Objects
from stackgui.core.annotations.ragged import Ragged
from stackgui.imaging.pixels.orientation import upright


def decoded(counts: bytes, size: tuple[int, int]) -> NDArray[np.uint8]:
    """Return a mask of 0 and 1, shape `size` (height, width), from compressed run lengths."""
    found: NDArray[np.uint8] = coco.decode({"size": list(size), "counts": counts})
    return found


def encoded(mask: NDArray[Any]) -> bytes:
    """Return the compressed run lengths of a mask, shape (H, W), in which all but 0 belongs to the object."""
    counts: bytes = coco.encode(np.asfortranarray(mask != 0, np.uint8))["counts"]
    return counts


def turned_bitmaps(objects: Objects, orientation: NDArray[np.uint8]) -> Objects:
    """Return `objects` with the bitmaps of stored pictures turned by their EXIF orientations, shape (M,)."""
    wanted = np.flatnonzero((orientation != 1) & (objects.bitmap.lengths > 0))
    if not len(wanted):
        return objects
    lists = [objects.bitmap[index].tobytes() for index in range(len(objects))]
    size = objects.bitmap_size.copy()
    for index in wanted.tolist():
        mask = decoded(lists[index], tuple(size[index].tolist()))
        mask = upright(mask[..., None], int(orientation[index]))[..., 0]
        lists[index], size[index] = encoded(mask), mask.shape
    lengths = np.array([len(each) for each in lists], np.int64)
    bitmap = Ragged.of_lengths(np.frombuffer(b"".join(lists), np.uint8), lengths)
    return replace(objects, bitmap=bitmap, bitmap_size=size)

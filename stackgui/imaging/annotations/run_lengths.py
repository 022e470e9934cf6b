"""Masks as COCO's run lengths: checked, because the library that decodes them trusts what it is given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco_mask

from stackgui.core.annotations.run_lengths import MAX_PIXELS, bounds, check, checked, mask_of

__all__ = ["bounds", "checked", "compressed", "mask_of", "placed", "united"]


def compressed(counts: Sequence[int] | NDArray[Any], height: int, width: int) -> bytes:
    """Return run lengths, zeros first and column after column, as COCO's compressed string.

    Raises
    ------
    ValueError
        If they do not describe a mask of that size.
    """
    lengths = np.asarray(counts, np.int64)
    check(lengths, height, width)
    text: bytes = coco_mask.frPyObjects({"size": [height, width], "counts": lengths.tolist()}, height, width)[
        "counts"
    ]
    return text


def placed(part: NDArray[np.bool_], top: int, left: int, height: int, width: int) -> bytes:
    """Return the compressed string of a whole picture in which `part` lies; what lies outside is left out.

    Only the part is looked at, however large the picture is said to be.

    Raises
    ------
    ValueError
        If no picture has that size.
    """
    if not 0 <= height * width <= MAX_PIXELS:
        raise ValueError("no picture has that size")
    begin, skipped = (min(max(left, 0), width), max(-left, 0))
    above, cut = (min(max(top, 0), height), max(-top, 0))
    inside = part[cut : cut + height - above, skipped : skipped + width - begin]
    lines = np.zeros((inside.shape[1], inside.shape[0] + 2), np.int8)
    lines[:, 1:-1] = inside.T
    column, edge = np.nonzero(np.diff(lines))
    edges = (column + begin) * height + edge + above
    # A run that ends with its column goes on where the next one begins.
    meets = np.flatnonzero(edges[1:] == edges[:-1])
    edges = np.delete(edges, np.concatenate([meets, meets + 1]))
    return compressed(np.diff(edges, prepend=0, append=height * width), height, width)


def united(masks: Sequence[bytes], height: int, width: int) -> bytes:
    """Return the compressed string of what any of some checked masks marks."""
    if len(masks) == 1:
        return masks[0]
    text: bytes = coco_mask.merge([{"size": [height, width], "counts": each} for each in masks])["counts"]
    return text

"""Drawing outlines of objects as masks: floats are transformed first, and become pixels last."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pycocotools import mask as coco_mask

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.plan.drawn_masks import Outline
from stackgui.imaging.annotations.run_lengths import mask_of
from stackgui.imaging.pixels.resize import resize

MARGIN_PX = 4096
"""Polygons that go on further than this beyond the picture are cut, because their length takes memory."""

_CORNERS = 3

Points = NDArray[np.floating]


def covered(
    outline: Outline, scaled: tuple[int, int], window: tuple[int, int], shape: tuple[int, int]
) -> NDArray[np.bool_]:
    """Return which placed pixels an object covers, of `shape` (height, width).

    Parameters
    ----------
    outline
    scaled, window
        As in `stackgui.core.plan.geometry.Geometry`.
    shape

    Raises
    ------
    SampleError
        When its mask is damaged.
    """
    found = np.zeros(shape, np.bool_)
    if outline.bitmap:
        found |= _of_bitmap(outline, scaled, window, shape)
    found |= _inside(outline.rings, shape)
    if outline.holes:
        found &= ~_inside(outline.holes, shape)
    return found


def _of_bitmap(
    outline: Outline, scaled: tuple[int, int], window: tuple[int, int], shape: tuple[int, int]
) -> NDArray[np.bool_]:
    try:
        whole = mask_of(outline.bitmap, *outline.bitmap_size)
    except ValueError as error:
        raise SampleError(say("the mask of one of its objects is damaged")) from error
    placed = resize(np.ascontiguousarray(whole)[:, :, np.newaxis], *scaled, "nearest")[:, :, 0]
    return placed[window[0] : window[0] + shape[0], window[1] : window[1] + shape[1]].astype(np.bool_)


def _inside(rings: Sequence[Points], shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the pixels inside any of some polygons, as COCO's own tools count them."""
    height, width = shape
    near = (_near(ring.astype(np.float64), shape) for ring in rings)
    flat = [ring.ravel().tolist() for ring in near if len(ring) >= _CORNERS]
    if not flat:
        return np.zeros(shape, np.bool_)
    united = coco_mask.merge(coco_mask.frPyObjects(flat, height, width))
    return mask_of(united["counts"], height, width).astype(np.bool_)


def _near(ring: Points, shape: tuple[int, int]) -> Points:
    """Return the part of a polygon that is near the picture."""
    for axis, side in ((0, shape[1]), (1, shape[0])):
        if len(ring) and ring[:, axis].min() < -MARGIN_PX:
            ring = _cut(ring, axis, -MARGIN_PX, 1)
        if len(ring) and ring[:, axis].max() > side + MARGIN_PX:
            ring = _cut(ring, axis, side + MARGIN_PX, -1)
    return ring


def _cut(ring: Points, axis: int, limit: float, sign: int) -> Points:
    """Return the part of a polygon on one side of a line, by Sutherland and Hodgman."""
    depth = sign * (ring[:, axis] - limit)
    after, other = np.roll(ring, -1, axis=0), np.roll(depth, -1)
    crosses = (depth >= 0) != (other >= 0)
    share = np.divide(depth, depth - other, out=np.zeros_like(depth), where=crosses)
    crossing = ring + (after - ring) * share[:, np.newaxis]
    both = np.stack([ring, crossing], axis=1)
    kept = np.stack([depth >= 0, crosses], axis=1)
    inside: Points = both[kept]
    return inside

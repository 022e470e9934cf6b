"""Masks of single objects, which annotation files draw pixel by pixel, in the pixels of the rows."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stackgui.stores.export import contents

if TYPE_CHECKING:
    from stackgui.stores.stack.reader import Stack


_RUN_LENGTHS, _SIZE_BYTES = 4, 64
"""How much longer run lengths may become in other pixels, and what the size beside them takes."""


def run_lengths(stack: Stack, index: int) -> dict[str, Any] | None:
    """Return what an object covers in its row, as COCO's compressed RLE; None if polygons say it all.

    They do not where an annotation file draws the object pixel by pixel, and where polygons have holes,
    which COCO's do not know.
    """
    from stackgui.stores.stack.object_bitmaps import draw_bitmap, has_bitmap  # noqa: PLC0415 - slow

    objects = stack.objects
    assert objects is not None
    rings = objects.polygons(index)
    holes = objects.holes(index) if rings else []
    is_drawn = has_bitmap(stack, index)
    if not is_drawn and not any(holes):
        return None
    covered = np.zeros(contents.row_size(stack, int(objects.row[index])), np.uint8, order="F")
    if is_drawn:
        draw_bitmap(stack, index, covered)
    for ring, is_hole in sorted(zip(rings, holes, strict=True), key=lambda each: each[1]):
        covered[_inside(ring, covered.shape)] = not is_hole
    return _encoded(covered)


def run_lengths_bytes(stack: Stack) -> int:
    """Return an upper bound for the length of all run lengths of what was drawn; rows may be larger."""
    from stackgui.stores.stack.object_bitmaps import bitmaps  # noqa: PLC0415 - as above

    known, objects = bitmaps(stack), stack.objects
    if known is None or objects is None:
        return 0
    scale = np.maximum(np.ceil(stack.transforms[objects.row][:, :2]), 1).prod(axis=1)
    return int((_RUN_LENGTHS * known.packed.lengths * scale + _SIZE_BYTES).sum())


def _inside(ring: NDArray[np.float32], size: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return the pixels inside a polygon, as COCO's own tools count them."""
    from pycocotools import mask as coco_mask  # noqa: PLC0415 - it takes time to load

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # its arrays are made for an older NumPy
        drawn = coco_mask.decode(coco_mask.frPyObjects([contents.numbers(ring)], *size))
    inside: NDArray[np.bool_] = drawn[..., 0] > 0
    return inside


def _encoded(covered: NDArray[np.uint8]) -> dict[str, Any]:
    from pycocotools import mask as coco_mask  # noqa: PLC0415 - as above

    packed = coco_mask.encode(covered)
    return {"size": packed["size"], "counts": packed["counts"].decode("ascii")}

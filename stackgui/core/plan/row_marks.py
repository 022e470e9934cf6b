"""The objects to draw over thumbnails of rows and over pictures, with what the rows do not show of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import Objects
from stackgui.core.annotations.ragged import Ragged
from stackgui.core.plan.placed_objects import (
    FATES,
    Fate,
    RowPlaces,
    fate_of,
    moved_keypoints,
    moved_rings,
    visible,
)
from stackgui.core.plan.plan import Bucket, Plan
from stackgui.core.plan.transform import to_row

MAX_MARKS = 300
"""Objects drawn over one picture; more would hide it."""


@dataclass(frozen=True, eq=False, slots=True)
class RowMarks:
    """The objects of one row, or of one picture.

    Attributes
    ----------
    size : (int, int)
        Height and width that all coordinates refer to, in pixels.
    whole : float32, shape (k, 4)
        Left, top, right and bottom of the whole box, which may go on beyond `size`.
    box : float32, shape (k, 4)
        What is visible of it.
    is_kept : bool, shape (k,)
        Whether the object gets into the stack.
    category : int32, shape (k,)
        Index into `classes`; -1 without a class.
    classes : tuple of str
    rings : Ragged of float32, shape (P, 2)
        Polygons, not clipped.
    ring_starts : int64, shape (k + 1,)
        Object i has the rings from ``ring_starts[i]`` up to ``ring_starts[i + 1]``.
    keypoints : float32, shape (k, K, 3)
        x, y and visibility; all 0 where there is nothing to draw.
    more : int
        Objects beyond `MAX_MARKS`, which are left out here.
    """

    size: tuple[int, int]
    whole: NDArray[np.float32]
    box: NDArray[np.float32]
    is_kept: NDArray[np.bool_]
    category: NDArray[np.int32]
    classes: tuple[str, ...]
    rings: Ragged[np.float32]
    ring_starts: NDArray[np.int64]
    keypoints: NDArray[np.float32]
    more: int = 0

    def __len__(self) -> int:
        return len(self.box)

    def in_part(self, left: float, top: float, width: float, height: float) -> RowMarks:
        """Return the same objects in a part of the row, which is given in shares of its sides."""
        high, wide = self.size
        corner = np.array([left * wide, top * high], np.float32)
        keypoints = self.keypoints.copy()
        keypoints[..., :2] -= np.where(keypoints[..., 2:] > 0, corner, np.float32(0))
        return replace(
            self,
            size=(max(1, round(height * high)), max(1, round(width * wide))),
            whole=self.whole - np.tile(corner, 2),
            box=self.box - np.tile(corner, 2),
            rings=self.rings.with_values(self.rings.values - corner),
            keypoints=keypoints,
        )


def marks_of_rows(plan: Plan, bucket: Bucket, samples: NDArray[np.int64]) -> tuple[RowMarks | None, ...]:
    """Return what to draw over the rows of `samples` in `bucket`; None for each without annotations."""
    catalog = plan.catalog
    geometry = plan.geometry(bucket, samples)
    places = RowPlaces.of(geometry, catalog.height[samples], catalog.width[samples])
    return _marks(plan, samples, places, (bucket.height, bucket.width))


def _marks(
    plan: Plan, samples: NDArray[np.int64], places: RowPlaces, size: tuple[int, int]
) -> tuple[RowMarks | None, ...]:
    if plan.catalog.annotations is None:
        return (None,) * len(samples)
    annotations = plan.catalog.annotations.among(samples)
    objects = annotations.objects
    seen = visible(objects, places.take(objects.picture))
    fate = fate_of(objects, seen, plan.object_classes, plan.options, plan.usable_at(samples))
    is_kept = np.isin(fate, (FATES.index(Fate.KEPT), FATES.index(Fate.CLIPPED)))
    starts = np.searchsorted(objects.picture, np.arange(len(samples) + 1)).tolist()
    found: list[RowMarks | None] = []
    for index in range(len(samples)):
        if not annotations.is_annotated[index]:
            found.append(None)
            continue
        end = min(starts[index + 1], starts[index] + MAX_MARKS)
        own = np.arange(starts[index], end)
        made = _made(plan, objects.take(own), places.take(np.full(len(own), index)), size)
        box = seen.box[own].astype(np.float32)
        found.append(replace(made, box=box, is_kept=is_kept[own], more=starts[index + 1] - end))
    return tuple(found)


def _made(plan: Plan, objects: Objects, places: RowPlaces, size: tuple[int, int]) -> RowMarks:
    """Return the marks of the objects of one row, all of them whole and kept."""
    whole = to_row(objects.box, places.transform).astype(np.float32)
    return RowMarks(
        size=size,
        whole=whole,
        box=whole,
        is_kept=np.ones(len(objects), np.bool_),
        category=np.maximum(plan.object_classes.of(objects.category), -1).astype(np.int32),
        classes=plan.object_classes.names,
        rings=moved_rings(objects, places.transform),
        ring_starts=objects.ring_starts,
        keypoints=moved_keypoints(objects, places.transform, places.placement),
    )

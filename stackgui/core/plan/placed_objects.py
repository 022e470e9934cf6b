"""Objects of annotations in the rows of a plan: moved with the pixels, clipped, and counted where lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import Flag, Objects
from stackgui.core.annotations.ragged import Ragged
from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.base.choices import Crowds
from stackgui.core.base.kept import kept
from stackgui.core.options.options import Options
from stackgui.core.plan.arrange import BATCH_SAMPLES
from stackgui.core.plan.geometry import Geometry
from stackgui.core.plan.object_classes import ObjectClasses
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.transform import to_row, transforms


class Fate(StrEnum):
    """What becomes of an object."""

    KEPT = "kept"
    CLIPPED = "clipped"
    """Kept, but a part of it is cut off."""
    CUT_OFF = "cut off"
    """Nothing of it is in the row."""
    HIDDEN = "hidden"
    """Less of it is in the row than the least visible share."""
    SMALL = "small"
    """What is left is smaller than the least side."""
    CROWD = "crowd"
    """It marks a crowd or a region to ignore, and these are left out."""
    CLASS = "class"
    """Its class is left out."""
    BLANK = "blank"
    """Its row is blank."""


FATES = tuple(Fate)


@dataclass(frozen=True, eq=False, slots=True)
class PlacedObjects:
    """The objects in the rows of a plan, in row order; M objects in N rows.

    Coordinates are pixels of the row, continuous: the pixel in column i spans from i to i + 1.

    Attributes
    ----------
    row : int64, shape (M,)
        Never decreases.
    category : int32, shape (M,)
        Index into `classes`; -1 without a class.
    box : float32, shape (M, 4)
        Left, top, right and bottom, clipped to the pixels of the picture.
    flags : uint8, shape (M,)
        Bits of `Flag`; `Flag.TRUNCATED` also where the fit cut a part off.
    area : float32, shape (M,)
        Square pixels: the recorded area or, without one, that of the polygons or of the box; times the scale
        of the row and the visible share of the box.
    objects : int64, shape (M,)
        Index of each into the objects of the catalog.
    rings : Ragged of float32, shape (P, 2)
        Polygons, not clipped: they may go on beyond the row.
    ring_starts : int64, shape (M + 1,)
    is_hole : bool, shape (R,)
    keypoints : float32, shape (M, K, 3)
        x, y and visibility; all 0 where a keypoint is not marked or was cut off.
    fates : mapping of Fate to int
        How many of the objects of all rows met which fate.
    """

    row: NDArray[np.int64]
    category: NDArray[np.int32]
    box: NDArray[np.float32]
    flags: NDArray[np.uint8]
    area: NDArray[np.float32]
    objects: NDArray[np.int64]
    rings: Ragged[np.float32]
    ring_starts: NDArray[np.int64]
    is_hole: NDArray[np.bool_]
    keypoints: NDArray[np.float32]
    fates: Mapping[Fate, int]

    def __len__(self) -> int:
        return len(self.row)

    def offsets(self, rows: int) -> NDArray[np.int64]:
        """Return where the objects of each of `rows` rows begin and end, shape (rows + 1,)."""
        return np.searchsorted(self.row, np.arange(rows + 1)).astype(np.int64)


@dataclass(frozen=True, eq=False, slots=True)
class RowPlaces:
    """Where pictures lie in their rows; N rows.

    Attributes
    ----------
    transform : float64, shape (N, 4)
        See `stackgui.core.plan.transform.transforms`.
    placement : int32, shape (N, 4)
        Top, left, height and width.
    size : int32, shape (N, 2)
        Upright height and width of the picture.
    """

    transform: NDArray[np.float64]
    placement: NDArray[np.int32]
    size: NDArray[np.int32]

    @classmethod
    def of(
        cls, geometry: Geometry, height: NDArray[np.integer[Any]], width: NDArray[np.integer[Any]]
    ) -> RowPlaces:
        """Return the places of rows of `geometry` with pictures of `height` × `width`."""
        size = np.stack([height, width], axis=1).astype(np.int32)
        return cls(transforms(geometry, height, width), geometry.placement, size)

    def take(self, rows: NDArray[Any]) -> RowPlaces:
        """Return some rows."""
        return RowPlaces(self.transform[rows], self.placement[rows], self.size[rows])


def row_places(plan: Plan) -> RowPlaces:
    """Return the places of all rows of `plan`, array after array."""
    parts = list(parts_of_places(plan))
    return RowPlaces(
        np.concatenate([part.transform for part in parts]),
        np.concatenate([part.placement for part in parts]),
        np.concatenate([part.size for part in parts]),
    )


def parts_of_places(plan: Plan) -> Iterator[RowPlaces]:
    """Yield what `row_places` returns, some rows at a time; a geometry takes several times the memory."""
    catalog = plan.catalog
    for bucket in plan.buckets:
        for begin in range(0, len(bucket.samples), BATCH_SAMPLES):
            samples = bucket.samples[begin : begin + BATCH_SAMPLES]
            geometry = plan.geometry(bucket, samples)
            yield RowPlaces.of(geometry, catalog.height[samples], catalog.width[samples])


def place_objects(plan: Plan, valid: NDArray[np.bool_] | None = None) -> PlacedObjects | None:
    """Move the objects of `plan` into its rows; None if its samples have no annotations.

    The result is kept as long as the plan, because tables, header, report and window all ask for it.

    Parameters
    ----------
    plan
    valid : bool, shape (rows,), optional
        False for rows that stayed blank; by default those that are known to stay blank.
    """
    return placed_for(plan, valid_bits(plan, valid))


def valid_bits(plan: Plan, valid: NDArray[np.bool_] | None) -> bytes:
    """Return which rows of `plan` are not blank, as bits; for `valid`, see `place_objects`."""
    return np.packbits(plan.usable_at(plan.samples) if valid is None else valid).tobytes()


@kept(most=2)
def placed_for(plan: Plan, bits: bytes) -> PlacedObjects | None:
    """Return `place_objects` for rows that are told blank from others by `valid_bits`."""
    annotations = plan.catalog.annotations
    if annotations is None:
        return None
    valid = np.unpackbits(np.frombuffer(bits, np.uint8), count=plan.rows).astype(np.bool_)
    in_rows = annotations.take(plan.samples)
    return placed(in_rows, row_places(plan), plan.object_classes, plan.options, valid)


def placed(
    annotations: SampleAnnotations,
    places: RowPlaces,
    classes: ObjectClasses,
    options: Options,
    valid: NDArray[np.bool_],
) -> PlacedObjects:
    """Move the objects of `annotations`, whose samples are the rows, into their `places`."""
    objects = annotations.objects
    seen = visible(objects, places.take(objects.picture))
    fate = fate_of(objects, seen, classes, options, valid)
    kept = np.flatnonzero((fate == FATES.index(Fate.KEPT)) | (fate == FATES.index(Fate.CLIPPED)))
    counts = np.bincount(fate, minlength=len(FATES))
    taken, transform = objects.take(kept), places.transform[objects.picture[kept]]
    flags = taken.flags | np.where(seen.is_clipped[kept], np.uint8(Flag.TRUNCATED), np.uint8(0))
    return PlacedObjects(
        row=taken.picture.astype(np.int64),
        category=classes.of(taken.category),
        box=seen.box[kept].astype(np.float32),
        flags=flags.astype(np.uint8),
        area=(_areas(taken) * transform[:, 0] * transform[:, 1] * seen.share[kept]).astype(np.float32),
        objects=kept.astype(np.int64),
        rings=moved_rings(taken, transform),
        ring_starts=taken.ring_starts,
        is_hole=taken.is_hole,
        keypoints=moved_keypoints(taken, transform, places.placement[taken.picture]),
        fates={each: int(counts[place]) for place, each in enumerate(FATES)},
    )


@dataclass(frozen=True, eq=False, slots=True)
class Visible:
    """What the rows show of objects.

    Attributes
    ----------
    box : float64, shape (M, 4)
        Clipped to the picture's pixels in the row; of no or negative extent where nothing is visible.
    share : float64, shape (M,)
        Visible share of the part of the box that is inside the picture, by area; 0 for nothing.
    is_clipped : bool, shape (M,)
        Whether the fit cut a part off.
    """

    box: NDArray[np.float64]
    share: NDArray[np.float64]
    is_clipped: NDArray[np.bool_]


def visible(objects: Objects, places: RowPlaces) -> Visible:
    """Return what rows show of `objects`, where `places` has the row of each."""
    height, width = places.size.T.astype(np.float64)
    whole = _clipped(objects.box, np.zeros_like(width), np.zeros_like(height), width, height)
    in_row = to_row(whole, places.transform)
    top, left, high, wide = places.placement.T.astype(np.float64)
    box = _clipped(in_row, left, top, left + wide, top + high)
    area, of_whole = _extent(box).prod(axis=1), _extent(in_row).prod(axis=1)
    share = np.divide(area, of_whole, out=np.zeros_like(area), where=of_whole > 0)
    # Rounding in the last digit cuts nothing off.
    return Visible(box, np.minimum(share, 1.0), share < 1 - 1e-9)


def _clipped(
    box: NDArray[np.float64],
    left: NDArray[np.float64],
    top: NDArray[np.float64],
    right: NDArray[np.float64],
    bottom: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return boxes clipped to rectangles, all of shape (M,)."""
    low, high = np.stack([left, top] * 2, axis=1), np.stack([right, bottom] * 2, axis=1)
    return np.clip(box, low, high)


def _extent(box: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return width and height of boxes, shape (M, 2), at least 0."""
    return np.maximum(box[:, 2:] - box[:, :2], 0.0)


def fate_of(
    objects: Objects, seen: Visible, classes: ObjectClasses, options: Options, valid: NDArray[np.bool_]
) -> NDArray[np.intp]:
    """Return for each object the index of its fate in `FATES`; the first that applies."""
    extent = _extent(seen.box)
    unwanted = np.uint8(Flag.CROWD | Flag.IGNORE)
    conditions = {
        Fate.BLANK: ~valid[objects.picture],
        Fate.CLASS: classes.is_dropped(objects.category),
        Fate.CROWD: (objects.flags & unwanted != 0) & (options.crowds is Crowds.DROP),
        Fate.CUT_OFF: (extent <= 0).any(axis=1),
        Fate.HIDDEN: seen.share < options.least_visible,
        Fate.SMALL: (extent < options.least_side).any(axis=1),
        Fate.CLIPPED: seen.is_clipped,
    }
    return np.select(
        list(conditions.values()), [FATES.index(each) for each in conditions], FATES.index(Fate.KEPT)
    )


def _areas(objects: Objects) -> NDArray[np.float64]:
    """Return the area of each object in its picture, in square pixels."""
    polygon = _polygon_areas(objects)
    box = _extent(objects.box).prod(axis=1)
    known = objects.area.astype(np.float64)
    return np.where(np.isfinite(known), known, np.where(polygon > 0, polygon, box))


def _polygon_areas(objects: Objects) -> NDArray[np.float64]:
    """Return the area inside each object's polygons (shoelace formula), holes taken off; 0 without any."""
    rings = objects.rings
    if not len(rings):
        return np.zeros(len(objects))
    x, y = rings.values.T
    following = np.arange(1, len(x) + 1)
    full = rings.lengths > 0
    following[rings.starts[1:][full] - 1] = rings.starts[:-1][full]
    doubled = np.bincount(rings.rows, x * y[following] - x[following] * y, minlength=len(rings))
    signed = np.abs(doubled) / 2 * np.where(objects.is_hole, -1.0, 1.0)
    return np.asarray(np.bincount(objects.object_rings.rows, signed, minlength=len(objects)), np.float64)


def moved_rings(objects: Objects, transform: NDArray[np.float64]) -> Ragged[np.float32]:
    """Return the polygons of objects in their rows, where `transform`, shape (M, 4), has that of each."""
    rings = objects.rings
    if not len(rings):
        return Ragged.none(0, np.empty((0, 2), np.float32))
    of_point = objects.object_rings.rows[rings.rows]
    return rings.with_values(to_row(rings.values, transform[of_point]).astype(np.float32))


def moved_keypoints(
    objects: Objects, transform: NDArray[np.float64], placement: NDArray[np.int32]
) -> NDArray[np.float32]:
    """Return all keypoints as one array, shape (M, K, 3), with K of the object that has most."""
    lists = objects.keypoints
    most = int(lists.lengths.max(initial=0))
    found = np.zeros((len(objects), most, 3), np.float32)
    if not most:
        return found
    owner = lists.rows
    points = to_row(lists.values[:, :2], transform[owner])
    top, left, high, wide = placement[owner].T
    x, y = points.T
    seen = (lists.values[:, 2] > 0) & (x >= left) & (x <= left + wide) & (y >= top) & (y <= top + high)
    place = np.arange(len(owner)) - lists.starts[:-1][owner]
    found[owner, place] = np.where(seen[:, None], np.column_stack([points, lists.values[:, 2]]), 0.0)
    return found

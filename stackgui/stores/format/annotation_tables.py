"""The tables of annotations in a stack: the objects in its rows, and the annotations they were made from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.sample_annotations import SampleAnnotations
from stackgui.core.base.errors import StackguiError
from stackgui.core.plan.placed_objects import PlacedObjects, parts_of_places, place_objects
from stackgui.core.plan.plan import Plan
from stackgui.core.run.row_results import RowResults
from stackgui.stores.files.failures import explained
from stackgui.stores.format.header import HEADER_FILE, file_in
from stackgui.stores.format.open_array import damaged

TRANSFORMS_FILE = "transforms.npy"
SOURCE_FILE = "annotations.npz"
"""The annotations as their files have them, in pixels of the upright pictures; row numbers for samples."""

BOXES_FILE, CLASSES_FILE, FLAGS_FILE = "boxes.npy", "box_classes.npy", "box_flags.npy"
AREAS_FILE, ROWS_FILE, OFFSETS_FILE = "box_areas.npy", "box_rows.npy", "box_offsets.npy"
POINTS_FILE, POINT_OFFSETS_FILE = "points.npy", "point_offsets.npy"
RING_OFFSETS_FILE, HOLES_FILE = "ring_offsets.npy", "ring_holes.npy"
KEYPOINTS_FILE = "keypoints.npy"

OBJECT_FILES = (
    BOXES_FILE, CLASSES_FILE, FLAGS_FILE, AREAS_FILE, ROWS_FILE, OFFSETS_FILE,
    POINTS_FILE, POINT_OFFSETS_FILE, RING_OFFSETS_FILE, HOLES_FILE, KEYPOINTS_FILE,
)  # fmt: skip
ANNOTATION_FILES = (TRANSFORMS_FILE, SOURCE_FILE, *OBJECT_FILES)


TRANSFORM_NUMBERS = 4


def transform_parts(plan: Plan, valid: NDArray[np.bool_]) -> Iterator[NDArray[np.float64]]:
    """Yield scale and offset of every row, shape (n, 4), some rows at a time; all 0 for a blank row."""
    begin = 0
    for part in parts_of_places(plan):
        end = begin + len(part.transform)
        yield np.where(valid[begin:end, None], part.transform, 0.0)
        begin = end


def has_transforms(table: NDArray[np.float64], plan: Plan, valid: NDArray[np.bool_]) -> bool:
    """Whether `table`, shape (N, 4), holds what `transform_parts` yields; it is compared in parts."""
    begin = 0
    for part in transform_parts(plan, valid):
        end = begin + len(part)
        if not np.array_equal(table[begin:end], part):
            return False
        begin = end
    return begin == len(table)


def annotation_tables(plan: Plan, outcomes: RowResults) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield the file name and the content of every table of objects; none without annotations."""
    if (objects := place_objects(plan, outcomes.valid)) is not None:
        yield from object_tables(objects, plan.rows)


def object_tables(objects: PlacedObjects, rows: int) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield the file name and the content of the tables of `objects` in `rows` rows.

    Polygons and keypoints have tables only where there are any.
    """
    yield BOXES_FILE, objects.box
    yield CLASSES_FILE, objects.category
    yield FLAGS_FILE, objects.flags
    yield AREAS_FILE, objects.area
    yield ROWS_FILE, objects.row
    yield OFFSETS_FILE, objects.offsets(rows)
    if len(objects.rings):
        yield POINTS_FILE, objects.rings.values
        yield POINT_OFFSETS_FILE, objects.rings.starts
        yield RING_OFFSETS_FILE, objects.ring_starts
        yield HOLES_FILE, objects.is_hole
    if objects.keypoints.shape[1]:
        yield KEYPOINTS_FILE, objects.keypoints


def source_columns(plan: Plan) -> dict[str, NDArray[Any]] | None:
    """Return the annotations of the rows of `plan`, by name; None without any."""
    annotations = plan.catalog.annotations
    return None if annotations is None else dict(annotations.take(plan.samples).columns())


def has_bitmaps(folder: str, header: Mapping[str, Any]) -> bool:
    """Return whether the annotations that a stack was made with have masks of single objects; cheap.

    Raises
    ------
    StackguiError
        When they are missing or damaged.
    """
    if "annotations" not in header["plan"]:
        return False
    with _source(folder) as columns:
        return bool(columns["bitmap"].size)


def read_source(folder: str, header: Mapping[str, Any]) -> SampleAnnotations | None:
    """Read the annotations that the rows of a stack were made with; None without any.

    Raises
    ------
    StackguiError
        When they are missing or damaged.
    """
    if "annotations" not in header["plan"]:
        return None
    try:
        named = header["plan"]["annotations"]
        categories, keypoints = (tuple(map(str, named[name])) for name in ("categories", "keypoint_names"))
    except (LookupError, TypeError) as error:
        raise StackguiError(damaged(folder, HEADER_FILE)) from error
    with _source(folder) as columns:
        return SampleAnnotations.from_columns(columns, categories, keypoints)


@contextmanager
def _source(folder: str) -> Iterator[Mapping[str, NDArray[Any]]]:
    """Open the annotations that a stack was made with; raises StackguiError, also for wrong contents."""
    path = file_in(folder, SOURCE_FILE)
    try:
        with explained(path, StackguiError), np.load(path, allow_pickle=False) as columns:
            yield columns
    except (LookupError, TypeError, ValueError, OverflowError, EOFError) as error:
        raise StackguiError(damaged(folder, SOURCE_FILE)) from error

"""Masks that are drawn from the outlines of annotated objects: what a worker needs to draw some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import Flag
from stackgui.core.annotations.ragged import Ragged
from stackgui.core.base.choices import DrawMasks
from stackgui.core.plan.geometry import Geometry
from stackgui.core.plan.placed_objects import PlacedObjects, RowPlaces, placed
from stackgui.core.plan.plan import Plan


class Outline(NamedTuple):
    """What an object covers.

    Attributes
    ----------
    number : int
        What its pixels become.
    rings : list of float32, shape (P, 2)
        Polygons in pixels of the placed picture, x before y.
    holes : list of float32, shape (P, 2)
        Polygons that are cut out of them.
    bitmap : bytes
        A mask over the whole upright picture, as COCO's compressed RLE, or nothing.
    bitmap_size : (int, int)
        Its height and width.
    """

    number: int
    rings: list[NDArray[np.float32]]
    holes: list[NDArray[np.float32]]
    bitmap: bytes
    bitmap_size: tuple[int, int]


Outlines = list[Outline]


@dataclass(frozen=True, eq=False, slots=True)
class DrawnRows:
    """The outlines in some rows, as columns.

    Attributes
    ----------
    is_annotated : bool, shape (n,)
        Whether an annotation file knows the picture of each row.
    origin : int32, shape (n, 2)
        Top and left of each placed picture in its row.
    offsets : int64, shape (n + 1,)
        The objects of row i are those from ``offsets[i]`` up to ``offsets[i + 1]``.
    number : int64, shape (M,)
    rings : Ragged of float32, shape (P, 2)
        In pixels of the row.
    ring_starts : int64, shape (M + 1,)
    is_hole : bool, shape (R,)
    bitmap : Ragged of uint8
    bitmap_size : int32, shape (M, 2)
    """

    is_annotated: NDArray[np.bool_]
    origin: NDArray[np.int32]
    offsets: NDArray[np.int64]
    number: NDArray[np.int64]
    rings: Ragged[np.float32]
    ring_starts: NDArray[np.int64]
    is_hole: NDArray[np.bool_]
    bitmap: Ragged[np.uint8]
    bitmap_size: NDArray[np.int32]

    def rows(self) -> Iterator[Outlines | None]:
        """Yield the outlines of each row, those above others last; None where there are no annotations."""
        for row, is_annotated in enumerate(self.is_annotated.tolist()):
            begin, end = self.offsets[row : row + 2].tolist()
            shift = self.origin[row, ::-1].astype(np.float32)
            yield [self._outline(each, shift) for each in range(begin, end)] if is_annotated else None

    def _outline(self, index: int, shift: NDArray[np.float32]) -> Outline:
        begin, end = self.ring_starts[index : index + 2].tolist()
        rings = [self.rings[ring] - shift for ring in range(begin, end)]
        holes = self.is_hole[begin:end].tolist()
        return Outline(
            int(self.number[index]),
            [ring for ring, is_hole in zip(rings, holes, strict=True) if not is_hole],
            [ring for ring, is_hole in zip(rings, holes, strict=True) if is_hole],
            self.bitmap[index].tobytes(),
            (int(self.bitmap_size[index, 0]), int(self.bitmap_size[index, 1])),
        )


def drawn_rows(plan: Plan, samples: NDArray[np.int64], geometry: Geometry) -> DrawnRows:
    """Return what is needed to draw the masks of `samples` in rows of `geometry`."""
    catalog, annotations = plan.catalog, plan.catalog.annotations
    assert annotations is not None, "asked of a plan that draws masks"
    among = annotations.among(samples)
    places = RowPlaces.of(geometry, catalog.height[samples], catalog.width[samples])
    valid = np.ones(len(samples), np.bool_)
    found = placed(among, places, plan.object_classes, plan.options, valid)
    objects = among.objects.take(found.objects)
    return DrawnRows(
        is_annotated=among.is_annotated,
        origin=geometry.placement[:, :2],
        offsets=found.offsets(len(samples)),
        number=_numbers(plan, found, len(samples)),
        rings=found.rings,
        ring_starts=found.ring_starts,
        is_hole=found.is_hole,
        bitmap=objects.bitmap,
        bitmap_size=objects.bitmap_size,
    )


def _numbers(plan: Plan, found: PlacedObjects, rows: int) -> NDArray[np.int64]:
    """Return what the pixels of each object become."""
    assert plan.masks is not None, "asked of a plan with masks"
    if plan.masks.drawn == DrawMasks.OBJECTS:
        numbers: NDArray[Any] = np.arange(len(found)) - found.offsets(rows)[found.row] + 1
        uncounted = np.zeros(len(found), np.bool_)
    else:
        numbers, uncounted = found.category.astype(np.int64) + 1, found.category < 0
    uncounted |= found.flags & np.uint8(Flag.CROWD | Flag.IGNORE) != 0
    return np.where(uncounted, plan.masks.ignore, numbers)

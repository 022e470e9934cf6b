"""Collects the objects of formats that are read one by one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import Annotations, Flag, Names, Objects, Tags, Units
from stackgui.core.annotations.complaints import (
    FEW_CORNERS,
    MAX_COORDINATE,
    NO_AREA,
    NO_PLACE,
    NOT_A_NUMBER,
    Complaints,
)
from stackgui.core.annotations.ragged import Ragged
from stackgui.core.base.columns import Paths

Point = tuple[float, float]
Box = tuple[float, float, float, float]

MAX_SIDE_PX = 2**31 - 1
"""Largest height or width of a picture that is believed."""
PART_OBJECTS = 2**14
"""Objects to hold before they become arrays, because they take up to ten times as much memory until then."""
MIN_CORNERS = 3
"""Fewest corners that a polygon has."""


class AnnotationsBuilder:
    """Collects pictures, objects and complaints, and makes `Annotations` of them."""

    def __init__(self, format: str, *, units: Units = Units.PIXELS, names: Names = Names.AS_WRITTEN) -> None:  # noqa: A002
        self._format, self._units, self._names = format, units, names
        self._pictures: list[tuple[str, int, int]] = []
        self._categories: dict[str, int] = {}
        self._tags: list[tuple[int, int]] = []
        self._complaints = Complaints()
        self._parts: list[Objects] = []
        self.keypoint_names: tuple[str, ...] = ()
        self._begin_part()

    def _begin_part(self) -> None:
        self._box: list[float] = []
        self._picture: list[int] = []
        self._category: list[int] = []
        self._flags: list[int] = []
        self._area: list[float] = []
        self._rings: list[Sequence[Point]] = []
        self._ring_counts: list[int] = []
        self._holes: list[bool] = []
        self._keypoints: list[Sequence[tuple[float, float, float]]] = []
        self._bitmaps: list[tuple[bytes, int, int]] = []

    def picture(self, name: str, height: int = 0, width: int = 0) -> int:
        """Add a picture, with its recorded size if there is one, and return its index.

        A size that no picture has counts as none.
        """
        is_size = 0 < height <= MAX_SIDE_PX and 0 < width <= MAX_SIDE_PX
        self._pictures.append((name, height, width) if is_size else (name, 0, 0))
        return len(self._pictures) - 1

    def category(self, name: str) -> int:
        """Return the index of the class `name`, which is added if it is new."""
        return self._categories.setdefault(name, len(self._categories))

    def add(
        self,
        picture: int,
        category: int,
        box: Box | None = None,
        *,
        rings: Sequence[Sequence[Point]] = (),
        holes: Sequence[Sequence[Point]] = (),
        keypoints: Sequence[tuple[float, float, float]] = (),
        bitmap: tuple[bytes, int, int] = (b"", 0, 0),
        flags: Flag = Flag(0),  # noqa: B008 - immutable
        area: float = float("nan"),
        where: str = "",
    ) -> bool:
        """Add an object, or complain if it cannot be one.

        Parameters
        ----------
        picture, category : int
        box
            Left, top, right and bottom; by default the bounds of `rings` or, without any, of the marked
            `keypoints`.
        rings, holes
            Polygons; `holes` are cut out of `rings`. They may end with their first corner.
        keypoints
            x, y and visibility of each.
        bitmap
            COCO's compressed RLE of the whole picture, and its height and width.
        flags, area
            As in `Objects`.
        where : str
            The file, and the line or object in it, for complaints.

        Returns
        -------
        bool
            Whether it was added.
        """
        if box is None or rings or holes or keypoints or not _is_box(box):
            marked = [(x, y) for x, y, seen in keypoints if seen > 0]
            is_outlined = box is not None or bool(rings)
            fault = _fault(box, marked, (*rings, *holes))
            if not fault:
                box = box or _bounds([*chain.from_iterable(rings)] or marked)
                if is_outlined and (box[2] <= box[0] or box[3] <= box[1]):
                    fault = NO_AREA
            if fault or box is None:
                self.complain(fault, where, picture=picture)
                return False
            self._rings += (_open(ring) for ring in (*rings, *holes))
            self._holes += (*(False for _ in rings), *(True for _ in holes))
        self._box += box
        self._picture.append(picture)
        self._category.append(category)
        self._flags.append(flags)
        self._area.append(area)
        self._ring_counts.append(len(rings) + len(holes))
        self._keypoints.append(keypoints)
        self._bitmaps.append(bitmap)
        if len(self._picture) >= PART_OBJECTS:
            self._end_part()
        return True

    def tag(self, picture: int, category: int) -> None:
        """Give a picture as a whole a class."""
        self._tags.append((picture, category))

    def complain(
        self, what: str, example: str, *, picture: int = -1, count: int = 1, is_lost: bool = True
    ) -> None:
        """Record something that was not taken as it stands; see `Complaint`.

        `picture` is the one that it is about, if there is one.
        """
        self._complaints.add(what, example, count=count, is_lost=is_lost)
        if picture >= 0:
            self.concern(what, (picture,), is_lost=is_lost)

    def concern(self, what: str, pictures: Iterable[int], *, is_lost: bool = True) -> None:
        """Record which pictures a complaint is about."""
        self._complaints.concern(what, pictures, is_lost=is_lost)

    def annotations(self) -> Annotations:
        """Return everything that was collected."""
        self._end_part()
        return Annotations(
            format=self._format,
            pictures=Paths.from_names(name for name, _, _ in self._pictures),
            height=np.array([height for _, height, _ in self._pictures], np.int32),
            width=np.array([width for _, _, width in self._pictures], np.int32),
            categories=tuple(self._categories),
            objects=Objects.concatenate(self._parts),
            units=self._units,
            names=self._names,
            tags=Tags(
                np.array([picture for picture, _ in self._tags], np.int32),
                np.array([category for _, category in self._tags], np.int32),
            ),
            keypoint_names=self.keypoint_names,
            complaints=self._complaints.all(),
        )

    def _end_part(self) -> None:
        self._parts.append(self._made())
        self._begin_part()

    def _made(self) -> Objects:
        bitmaps = b"".join(data for data, _, _ in self._bitmaps)
        corners, marked = chain.from_iterable(self._rings), chain.from_iterable(self._keypoints)
        return Objects(
            picture=np.array(self._picture, np.int32),
            category=np.array(self._category, np.int32),
            box=np.array(self._box, np.float64).reshape(-1, 4),
            flags=np.array(self._flags, np.uint8),
            area=np.array(self._area, np.float32),
            rings=Ragged.of_lengths(
                np.array([*chain.from_iterable(corners)], np.float64).reshape(-1, 2), _lengths(self._rings)
            ),
            ring_starts=np.concatenate([[0], np.cumsum(self._ring_counts)]).astype(np.int64),
            is_hole=np.array(self._holes, np.bool_),
            keypoints=Ragged.of_lengths(
                np.array([*chain.from_iterable(marked)], np.float64).reshape(-1, 3), _lengths(self._keypoints)
            ),
            bitmap=Ragged.of_lengths(
                np.frombuffer(bitmaps, np.uint8), _lengths([data for data, _, _ in self._bitmaps])
            ),
            bitmap_size=np.array([(height, width) for _, height, width in self._bitmaps], np.int32).reshape(
                -1, 2
            ),
        )


def _lengths(lists: Sequence[Sequence[object]]) -> NDArray[np.int64]:
    return np.fromiter(map(len, lists), np.int64, len(lists))


def _is_box(box: Box) -> bool:
    """Return whether nothing is wrong with a box that is all there is of an object."""
    left, top, right, bottom = box
    return -MAX_COORDINATE <= left < right <= MAX_COORDINATE and (
        -MAX_COORDINATE <= top < bottom <= MAX_COORDINATE
    )


def _open(ring: Sequence[Point]) -> Sequence[Point]:
    return ring[:-1] if tuple(ring[0]) == tuple(ring[-1]) else ring


def _fault(box: Box | None, marked: Sequence[Point], rings: Sequence[Sequence[Point]]) -> str:
    """Return what is wrong with an object, or ``""``."""
    if box is None and not rings and not marked:
        return NO_PLACE
    numbers = [*(box or ()), *chain.from_iterable(marked)]
    for ring in rings:
        numbers += chain.from_iterable(ring)
    if not _are_believed(numbers):
        return NOT_A_NUMBER
    return FEW_CORNERS if any(len({*map(tuple, ring)}) < MIN_CORNERS for ring in rings) else ""


def _are_believed(numbers: Sequence[float]) -> bool:
    """Return whether all of `numbers` are numbers of a usual size."""
    # Comparisons pass over a NaN that is not the first, but a sum does not.
    is_usual = min(numbers, default=0) >= -MAX_COORDINATE and max(numbers, default=0) <= MAX_COORDINATE
    return is_usual and math.isfinite(sum(numbers))


def _bounds(points: Sequence[Point]) -> Box:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)

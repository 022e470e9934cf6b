"""Some annotations of a COCO file as columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import MAX_EXAMPLES, Flag, Objects, no_points
from stackgui.core.annotations.builder import MIN_CORNERS
from stackgui.core.annotations.complaints import (
    FEW_CORNERS,
    MAX_COORDINATE,
    NO_AREA,
    NO_PLACE,
    NOT_A_NUMBER,
    Complaints,
)
from stackgui.core.annotations.ragged import Ragged
from stackgui.core.base.wording import say
from stackgui.imaging.annotations import run_lengths
from stackgui.imaging.annotations.coco_values import Annotation, RunLengths
from stackgui.imaging.annotations.json_reading import place_in

BAD_KEYPOINTS = say("The keypoints are incomplete or no numbers, so they are left out.")
BAD_MASK = say("The run lengths of a mask do not suit its size, so the mask is left out.")

PIXEL_CENTRE = 0.5
"""COCO's keypoints name pixels; continuous coordinates have the middle of the first pixel at one half."""
_VISIBLE = 2


def no_sizes(count: int) -> NDArray[np.int32]:
    """Return sizes of no masks, which take no memory."""
    return np.broadcast_to(np.int32(0), (count, 2))


@dataclass(frozen=True, slots=True)
class Block:
    """Annotations, which are the `indices`-th of a file, with the index of each one's picture or -1."""

    file: str
    indices: Sequence[int]
    values: Sequence[Annotation]
    picture: NDArray[np.int32]
    complaints: Complaints

    def where(self, row: int) -> str:
        """Return where an annotation is, for complaints."""
        return place_in(self.file, "annotations", self.indices[row])

    def kept(self, is_kept: NDArray[np.bool_], is_wrong: NDArray[np.bool_], what: str) -> NDArray[np.bool_]:
        """Complain of the kept annotations that are wrong; return which are kept then."""
        self._complain(np.flatnonzero(is_kept & is_wrong), what, is_lost=True)
        return is_kept & ~is_wrong

    def objects(self, category: NDArray[np.int32], is_kept: NDArray[np.bool_]) -> Objects:
        """Return the objects of the kept annotations, but of those that are in no place."""
        box, has_box = self._boxes()
        rings, ring_counts = self._rings()
        bitmap, bitmap_size = self._bitmaps()
        objects = Objects(
            picture=self.picture,
            category=category,
            box=box,
            flags=self._flags(),
            area=self._areas(),
            rings=rings,
            ring_starts=Ragged.of_lengths(no_points(), ring_counts).starts,
            is_hole=np.zeros(len(rings), np.bool_),
            keypoints=self._keypoints(),
            bitmap=bitmap,
            bitmap_size=bitmap_size,
        )
        is_outlined = has_box | (ring_counts > 0) | (bitmap_size[:, 0] > 0)
        is_placed = is_outlined.copy()
        for row in np.flatnonzero(is_kept & ~has_box).tolist():
            is_placed[row] = _set_bounds(objects, row)
        is_kept = self.kept(is_kept, ~is_placed, NO_PLACE)
        is_kept = self.kept(is_kept, np.abs(box).max(axis=1, initial=0) > MAX_COORDINATE, NOT_A_NUMBER)
        has_area = (box[:, 2] > box[:, 0]) & (box[:, 3] > box[:, 1])
        is_kept = self.kept(is_kept, is_outlined & ~has_area, NO_AREA)
        return objects if is_kept.all() else objects.take(is_kept)

    def _complain(self, rows: NDArray[np.int64], what: str, *, is_lost: bool) -> None:
        for row in rows[:MAX_EXAMPLES].tolist():
            self.complaints.add(what, self.where(row), is_lost=is_lost)
        if len(rows) > MAX_EXAMPLES:
            self.complaints.add(what, "", count=len(rows) - MAX_EXAMPLES, is_lost=is_lost)
        pictures = self.picture[rows]
        self.complaints.concern(what, pictures[pictures >= 0].tolist(), is_lost=is_lost)

    def _boxes(self) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        count = len(self.values)
        given = _flattened([each.bbox or () for each in self.values])
        has_box = given.lengths == 4  # noqa: PLR2004 - x, y, width, height
        box = np.zeros((count, 4))
        box[has_box] = given.take(has_box).values.reshape(-1, 4)
        with np.errstate(over="ignore"):
            box[:, 2:] += box[:, :2]
        return box, has_box

    def _rings(self) -> tuple[Ragged[np.float64], NDArray[np.int64]]:
        found: list[Sequence[float]] = []
        rows: list[int] = []
        for row, each in enumerate(self.values):
            parts = each.segmentation
            if parts and not isinstance(parts, RunLengths):
                rings = [part for part in parts if isinstance(part, list)]
                # Some programs leave out the list around the only polygon.
                found += rings or [[part for part in parts if isinstance(part, float)]]
                rows += [row] * max(len(rings), 1)
        flat, owner = _flattened(found), np.array(rows, np.int64)
        is_good = (flat.lengths % 2 == 0) & (flat.lengths >= 2 * MIN_CORNERS)
        is_good[flat.rows[np.abs(flat.values) > MAX_COORDINATE]] = False
        self._complain(owner[~is_good], FEW_CORNERS, is_lost=False)
        flat = flat.take(is_good)
        points = Ragged(flat.values.reshape(-1, 2), flat.starts // 2)
        return _opened(points), np.bincount(owner[is_good], minlength=len(self.values))

    def _keypoints(self) -> Ragged[np.float64]:
        flat = _flattened([each.keypoints or () for each in self.values])
        if not len(flat.values):
            return Ragged.none(len(flat), np.empty((0, 3)))
        is_bad = flat.lengths % 3 != 0
        is_bad[flat.rows[np.abs(flat.values) > MAX_COORDINATE]] = True
        self._complain(np.flatnonzero(is_bad), BAD_KEYPOINTS, is_lost=False)
        values = flat.values[~np.repeat(is_bad, flat.lengths)].reshape(-1, 3)
        seen = np.clip(np.ceil(values[:, 2]), 0, _VISIBLE)
        values[:, :2] = np.where(seen[:, None] > 0, values[:, :2] + PIXEL_CENTRE, 0)
        values[:, 2] = seen
        return Ragged.of_lengths(values, np.where(is_bad, 0, flat.lengths // 3))

    def _bitmaps(self) -> tuple[Ragged[np.uint8], NDArray[np.int32]]:
        count = len(self.values)
        texts = [b""] * count
        sizes: NDArray[np.int32] = no_sizes(count)
        for row, each in enumerate(self.values):
            mask = each.segmentation
            if isinstance(mask, RunLengths):
                pack = run_lengths.checked if isinstance(mask.counts, str) else run_lengths.compressed
                try:
                    texts[row] = pack(mask.counts, *mask.size)  # type: ignore[arg-type]
                except (ValueError, OverflowError):
                    self._complain(np.array([row]), BAD_MASK, is_lost=False)
                else:
                    sizes = sizes if sizes.flags.writeable else sizes.copy()
                    sizes[row] = mask.size
        lengths = np.fromiter(map(len, texts), np.int64, count)
        return Ragged.of_lengths(np.frombuffer(b"".join(texts), np.uint8), lengths), sizes

    def _flags(self) -> NDArray[np.uint8]:
        flags = (
            (Flag.CROWD.value if each.iscrowd else 0) | (Flag.IGNORE.value if each.ignore else 0)
            for each in self.values
        )
        return np.fromiter(flags, np.uint8, len(self.values))

    def _areas(self) -> NDArray[np.float32]:
        nan = float("nan")
        areas = (nan if each.area is None else each.area for each in self.values)
        with np.errstate(over="ignore"):
            return np.fromiter(areas, np.float64, len(self.values)).astype(np.float32)


def _flattened(lists: Sequence[Sequence[float]]) -> Ragged[np.float64]:
    lengths = np.fromiter(map(len, lists), np.int64, len(lists))
    values = np.fromiter(chain.from_iterable(lists), np.float64, int(lengths.sum()))
    return Ragged.of_lengths(values, lengths)


def _opened(rings: Ragged[np.float64]) -> Ragged[np.float64]:
    """Return rings without a last corner that repeats the first one."""
    first, last = rings.values[rings.starts[:-1]], rings.values[rings.starts[1:] - 1]
    repeats = (first == last).all(axis=1) & (rings.lengths > MIN_CORNERS)
    if not repeats.any():
        return rings
    return Ragged.of_lengths(
        np.delete(rings.values, rings.starts[1:][repeats] - 1, axis=0), rings.lengths - repeats
    )


def _set_bounds(objects: Objects, row: int) -> bool:
    """Set the box of an object by its outline or keypoints; return whether it has any."""
    if height := int(objects.bitmap_size[row, 0]):
        objects.box[row] = run_lengths.bounds(objects.bitmap[row].tobytes(), height)
        return True
    first, last = objects.ring_starts[row : row + 2].tolist()
    keypoints = objects.keypoints[row]
    points = objects.rings.values[objects.rings.starts[first] : objects.rings.starts[last]]
    points = points if len(points) else keypoints[keypoints[:, 2] > 0, :2]
    if len(points):
        objects.box[row] = [*points.min(axis=0), *points.max(axis=0)]
    return len(points) > 0

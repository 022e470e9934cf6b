"""Turns the lines of YOLO files into objects, all at once: one Python object per box would take minutes."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import Objects
from stackgui.core.annotations.complaints import NO_AREA, NO_SHARE
from stackgui.core.annotations.ragged import Ragged
from stackgui.core.annotations.yaml_names import MAX_CLASS
from stackgui.core.base.wording import say
from stackgui.imaging.annotations.number_lines import NumberLines

BOX, WITH_CONFIDENCE = 5, 6
"""How many numbers a line has for a box: class, centre and size, and maybe the confidence of a prediction."""
MIN_POLYGON = 7
TOLERANCE = 0.01
"""How far beyond the picture, as a share of it, numbers may lie that were only rounded carelessly."""


class Complain(Protocol):
    """Records something about lines."""

    def __call__(self, what: str, lines: NumberLines, *, is_lost: bool = True) -> None:
        """Record the sentence `what` about `lines`, which are left out if `is_lost`."""


def yolo_objects(lines: NumberLines, keypoint_shape: tuple[int, int], complain: Complain) -> Objects:
    """Return the objects that lines of numbers describe, with the file as their picture.

    Coordinates are shares of the picture. Categories are the numbers of the classes. A line that cannot be
    used is left out, with a complaint.
    """
    lines = _with_class(_without_doubles(lines, complain), complain)
    length = lines.numbers.lengths
    points, numbers_each = keypoint_shape
    is_pose = (length == BOX + points * numbers_each) & (points > 0)
    is_polygon = (length >= MIN_POLYGON) & (length % 2 == 1) & ~is_pose
    is_box = ((length == BOX) | (length == WITH_CONFIDENCE)) & ~is_pose
    complain(
        say(
            "The line is neither a box nor a polygon. If it ends in keypoints, a data.yaml beside the file or"
            " above it has to say how many (kpt_shape)."
        ),
        lines.take(~(is_box | is_polygon | is_pose)),
    )
    polygon_lines, polygons = _polygons(lines.take(is_polygon), complain)
    pose_lines, poses = _poses(lines.take(is_pose), keypoint_shape, complain)
    box_lines, boxes = _boxes(lines.take(is_box), polygon_lines, complain)
    objects = Objects.concatenate([polygons, poses, boxes])
    line = np.concatenate([polygon_lines.line, pose_lines.line, box_lines.line])
    return objects.take(np.lexsort((line, objects.picture)))


def _with_class(lines: NumberLines, complain: Complain) -> NumberLines:
    number = lines.column(0)
    is_class = (number >= 0) & (number < MAX_CLASS) & (number == np.floor(number))
    complain(say("The line does not begin with the number of a class."), lines.take(~is_class))
    return lines.take(is_class)


def _boxes(lines: NumberLines, polygons: NumberLines, complain: Complain) -> tuple[NumberLines, Objects]:
    """Return the lines that are boxes, with their rectangles as polygons where their file has such."""
    complain(
        say("The sixth number was taken for the confidence of a prediction, and not kept."),
        lines.take(lines.numbers.lengths == WITH_CONFIDENCE),
        is_lost=False,
    )
    box, outside = _centred(lines)
    usable = _usable(lines, box, outside, complain)
    lines, box = lines.take(usable), np.clip(box[usable], 0, 1)
    is_mixed = np.isin(lines.file, polygons.file)
    complain(
        say("The file has boxes and polygons, and the box was taken for a rectangle."),
        lines.take(is_mixed),
        is_lost=False,
    )
    corners = Ragged.of_lengths(
        box[is_mixed][:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 2), np.full(is_mixed.sum(), len("abcd"))
    )
    return lines, _objects(lines, box, corners, is_mixed)


def _poses(
    lines: NumberLines, keypoint_shape: tuple[int, int], complain: Complain
) -> tuple[NumberLines, Objects]:
    """Return the lines that are a box and keypoints."""
    if not len(lines):
        return lines, Objects.none()
    points, numbers_each = keypoint_shape
    given = lines.numbers.values.reshape(len(lines), -1)[:, BOX:].reshape(-1, points, numbers_each)
    if numbers_each == len("xy"):
        is_nothing = (given < 0).any(axis=2) | (given == 0).all(axis=2)
        given = np.dstack([given, np.where(is_nothing, 0.0, 2.0)])
    seen = np.select([given[..., 2] == 1, given[..., 2] > 0], [1.0, 2.0], 0.0)
    # Those that are not marked are written as anything at times.
    places = np.where(seen[..., None] > 0, given[..., :2], 0.0)
    box, outside = _centred(lines)
    usable = _usable(lines, box, outside | _is_outside(places).any(axis=(1, 2)), complain)
    keypoints = np.dstack([np.clip(places, 0, 1), seen])[usable]
    lines = lines.take(usable)
    objects = _objects(lines, np.clip(box[usable], 0, 1))
    return lines, replace(
        objects, keypoints=Ragged.of_lengths(keypoints.reshape(-1, 3), np.full(len(lines), points))
    )


def _polygons(lines: NumberLines, complain: Complain) -> tuple[NumberLines, Objects]:
    """Return the lines that are the corners of polygons or of oriented boxes."""
    if not len(lines):
        return lines, Objects.none()
    coordinates = lines.places > 0
    outside = lines.any_of(coordinates & _is_outside(lines.numbers.values))
    corners = Ragged.of_lengths(lines.numbers.values[coordinates].reshape(-1, 2), lines.numbers.lengths // 2)
    starts = corners.starts[:-1]
    box = np.hstack(
        [np.minimum.reduceat(corners.values, starts), np.maximum.reduceat(corners.values, starts)]
    )
    usable = _usable(lines, box, outside, complain)
    lines, corners = lines.take(usable), _opened(corners.take(usable))
    corners = corners.with_values(np.clip(corners.values, 0, 1))
    return lines, _objects(lines, np.clip(box[usable], 0, 1), corners, np.ones(len(lines), np.bool_))


def _opened(rings: Ragged[np.float64]) -> Ragged[np.float64]:
    """Leave out last corners that repeat the first."""
    first, last = rings.starts[:-1], rings.starts[1:] - 1
    is_closed = (rings.values[first] == rings.values[last]).all(axis=1) & (rings.lengths > len("abc"))
    kept = np.ones(len(rings.values), np.bool_)
    kept[last[is_closed]] = False
    return Ragged.of_lengths(rings.values[kept], rings.lengths - is_closed)


def _centred(lines: NumberLines) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the boxes of lines with centre and size, and which of them have a number that is no share."""
    centre_and_size = np.column_stack([lines.column(index) for index in range(1, BOX)])
    centre, half = centre_and_size[:, :2], centre_and_size[:, 2:] / 2
    outside: NDArray[np.bool_] = np.logical_or.reduce(_is_outside(centre_and_size), axis=1)
    with np.errstate(invalid="ignore"):
        return np.hstack([centre - half, centre + half]), outside


def _is_outside(shares: NDArray[np.float64]) -> NDArray[np.bool_]:
    return ~((shares >= -TOLERANCE) & (shares <= 1 + TOLERANCE))


def _usable(
    lines: NumberLines, box: NDArray[np.float64], outside: NDArray[np.bool_], complain: Complain
) -> NDArray[np.bool_]:
    """Return which lines describe something in the picture; complain about the others."""
    complain(
        NO_SHARE,
        lines.take(outside),
    )
    with np.errstate(invalid="ignore"):
        # Cut off at the edges of the picture.
        size = np.minimum(box[:, 2:], 1) - np.maximum(box[:, :2], 0)
    usable: NDArray[np.bool_] = ~outside & (size > 0).all(axis=1)
    complain(NO_AREA, lines.take(~outside & ~usable))
    complain(
        say("The box goes on beyond the picture, and was cut off at its edge."),
        lines.take(usable & _is_outside(box).any(axis=1)),
        is_lost=False,
    )
    return usable


def _objects(
    lines: NumberLines,
    box: NDArray[np.float64],
    rings: Ragged[np.float64] | None = None,
    has_ring: NDArray[np.bool_] | None = None,
) -> Objects:
    """Return an object for each line; those marked in `has_ring` have one of the `rings` each."""
    objects = Objects.of_boxes(lines.file, lines.column(0).astype(np.int32), box)
    if rings is None or has_ring is None or not len(rings):
        return objects
    return replace(
        objects,
        rings=rings,
        ring_starts=np.concatenate([[0], np.cumsum(has_ring)]),
        is_hole=np.zeros(len(rings), np.bool_),
    )


def _without_doubles(lines: NumberLines, complain: Complain) -> NumberLines:
    """Leave out lines that their file has already."""
    values, starts = lines.numbers.values, lines.numbers.starts
    if not len(lines):
        return lines
    with np.errstate(over="ignore"):
        weights = (lines.places.astype(np.uint64) * np.uint64(2) + np.uint64(1)) * np.uint64(
            0x9E3779B97F4A7C15
        )
        # -0.0 is 0.0.
        mixed = (values + 0.0).view(np.uint64)
        mixed = (mixed ^ (mixed >> np.uint64(29)) ^ weights) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(32)
        sums = np.add.reduceat(mixed, starts[:-1]) + lines.file.astype(np.uint64) * np.uint64(
            0x94D049BB133111EB
        )
    _, first, inverse = np.unique(sums, return_index=True, return_inverse=True)
    earlier = first[inverse]
    doubted = np.flatnonzero(earlier != np.arange(len(lines)))
    is_double = np.zeros(len(lines), np.bool_)
    # Equal sums are almost certainly equal lines, but only almost.
    is_double[doubted] = [
        lines.file[one] == lines.file[other] and np.array_equal(lines.numbers[one], lines.numbers[other])
        for one, other in zip(doubted.tolist(), earlier[doubted].tolist(), strict=True)
    ]
    if not is_double.any():
        return lines
    complain(say("The line is there twice, and counts once."), lines.take(is_double), is_lost=False)
    return lines.take(~is_double)

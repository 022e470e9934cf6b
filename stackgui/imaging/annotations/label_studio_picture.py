"""What Label Studio says about one picture."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from stackgui.core.annotations.builder import MAX_SIDE_PX, AnnotationsBuilder, Box, Point
from stackgui.core.base.wording import say
from stackgui.imaging.annotations import run_lengths
from stackgui.imaging.annotations.json_reading import Id
from stackgui.imaging.annotations.keypoint_names import KeypointNames
from stackgui.imaging.annotations.label_studio_brush import brush_bitmap
from stackgui.imaging.annotations.label_studio_values import Region, Value
from stackgui.imaging.annotations.numbers import box_corners, ellipse_corners, turned
from stackgui.imaging.annotations.shapes import BAD_MASK, UNSUPPORTED, UnusableError, upright
from stackgui.imaging.annotations.text import class_name

UNKNOWN_SIZE = say("The annotation cannot be placed, because the size of its picture is not known.")

_PER_CENT = 100
_WITHOUT_PLACE = ("textarea", "rating", "number", "datetime", "pairwise", "taxonomy", "relation")
"""Kinds of results that say something about a picture or region which is no class."""


@dataclass(slots=True)
class _Thing:
    """Results that have the same number: a place, and labels that may be apart from it."""

    where: str
    regions: list[Region]

    @property
    def label(self) -> str:
        return class_name(next((each.value.label for each in self.regions if each.value.label), ""))

    @property
    def placed(self) -> Region | None:
        return next((each for each in self.regions if each.value.has_place), None)

    @property
    def point(self) -> bool:
        """Whether it is a keypoint, which has no height."""
        value = self.placed.value if self.placed else None
        return (
            value is not None
            and value.height is None
            and not value.points
            and not value.rle
            and (value.radius_x is None)
        )


class Picture:
    """Adds the results of one picture to a builder."""

    def __init__(
        self,
        builder: AnnotationsBuilder,
        names: KeypointNames,
        name: str,
        regions: Sequence[tuple[str, Region]],
    ) -> None:
        self._builder, self._names = builder, names
        sizes = [size for _, each in regions if all(size := _size(each))]
        self._size = sizes[0] if sizes else (0, 0)
        self._index = builder.picture(name, *self._size)
        self._things: dict[Id | int, _Thing] = {}
        for index, (where, region) in enumerate(regions):
            key = -1 - index if region.id is None else f"{region.id}"
            self._things.setdefault(key, _Thing(where, [])).regions.append(region)

    def add(self) -> None:
        """Add everything."""
        keypoints: defaultdict[str, list[tuple[str, Point]]] = defaultdict(list)
        for thing in self._things.values():
            placed = thing.placed
            parent = f"{placed.parent}" if placed else ""
            if placed and thing.point and all(self._size) and parent in self._things:
                keypoints[parent].append((thing.label, self._pixels(placed.value.x, placed.value.y)))
            elif placed is None:
                self._add_tags(thing)
        for key, thing in self._things.items():
            placed = thing.placed
            if placed and not (thing.point and f"{placed.parent}" in self._things):
                self._add_object(thing, placed.value, keypoints[f"{key}"])

    def _add_tags(self, thing: _Thing) -> None:
        choices = [name for region in thing.regions for name in region.value.choices or ()]
        for choice in choices:
            self._builder.tag(self._index, self._builder.category(class_name(choice)))
        kinds = [each.type for each in thing.regions if each.type not in _WITHOUT_PLACE]
        if kinds and not choices:
            self._builder.complain(UNSUPPORTED, f"{thing.where} {kinds[0]}".rstrip(), picture=self._index)

    def _add_object(self, thing: _Thing, value: Value, keypoints: list[tuple[str, Point]]) -> None:
        if not all(self._size):
            self._builder.complain(UNKNOWN_SIZE, thing.where, picture=self._index)
            return
        box: Box | None = None
        rings: list[list[Point]] = []
        bitmap: tuple[bytes, int, int] = (b"", 0, 0)
        try:
            if value.rle:
                bitmap = self._brush(value.rle)
                box = run_lengths.bounds(bitmap[0], self._size[0])
            elif thing.point:
                keypoints = [*keypoints, (thing.label, self._pixels(value.x, value.y))]
            else:
                rings = [self._outline(value)]
        except UnusableError as error:
            self._builder.complain(error.args[0], thing.where, picture=self._index)
            return
        if rings and value.width is not None and not value.rotation:
            box, rings = upright(rings[0]), []
        self._builder.add(
            self._index,
            self._builder.category(thing.label) if thing.label else -1,
            box,
            rings=rings,
            keypoints=self._names.keypoints(keypoints),
            bitmap=bitmap,
            where=thing.where,
        )

    def _outline(self, value: Value) -> list[Point]:
        """Return the corners of anything but strokes and keypoints."""
        if value.points:
            return [self._pixels(x, y) for x, y in value.points]
        corner = self._pixels(value.x, value.y)
        radians = math.radians(value.rotation or 0)
        if value.radius_x is not None:
            return turned(
                ellipse_corners(*corner, *self._pixels(value.radius_x, value.radius_y)), corner, radians
            )
        across, down = self._pixels(value.width, value.height)
        # The corner is that before it was turned, and the middle of the turn. Sides may be negative.
        return turned(
            box_corners((corner[0], corner[1], corner[0] + across, corner[1] + down)), corner, radians
        )

    def _brush(self, rle: list[int]) -> tuple[bytes, int, int]:
        try:
            return run_lengths.placed(brush_bitmap(rle, *self._size), 0, 0, *self._size), *self._size
        except ValueError as error:
            raise UnusableError(BAD_MASK) from error

    def _pixels(self, x: float | None, y: float | None) -> Point:
        height, width = self._size
        x, y = (math.nan if each is None else each / _PER_CENT for each in (x, y))
        return x * width, y * height


def _size(region: Region) -> tuple[int, int]:
    height = region.original_height or region.value.original_height or 0
    width = region.original_width or region.value.original_width or 0
    is_size = 0 < height <= MAX_SIDE_PX and 0 < width <= MAX_SIDE_PX
    return (int(height), int(width)) if is_size else (0, 0)

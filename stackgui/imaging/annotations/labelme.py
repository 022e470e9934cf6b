"""LabelMe: a JSON beside each picture, with shapes of corners in pixels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot
from typing import Any

import msgspec

from stackgui.core.annotations.annotations import Annotations, Flag, Names
from stackgui.core.annotations.builder import AnnotationsBuilder, Box, Point
from stackgui.core.annotations.complaints import is_file_name
from stackgui.core.annotations.reading import Reading
from stackgui.core.base.wording import say
from stackgui.imaging.annotations import png_bitmap, run_lengths
from stackgui.imaging.annotations.declaration import AnnotationFile, AnnotationFormat
from stackgui.imaging.annotations.flags import flags_named
from stackgui.imaging.annotations.json_reading import (
    NOT_AS_ASKED,
    Elements,
    Id,
    Number,
    UnreadableError,
    decoded,
    place_in,
)
from stackgui.imaging.annotations.json_start import start_of_json
from stackgui.imaging.annotations.keypoint_names import KeypointNames
from stackgui.imaging.annotations.numbers import box_corners, ellipse_corners
from stackgui.imaging.annotations.shapes import (
    BAD_MASK,
    NO_SIZE,
    UNSUPPORTED,
    UnusableError,
    upright,
)
from stackgui.imaging.annotations.text import class_name, without_suffix

OTHER_PICTURE = say(
    "The file names another picture than the one that is called like it, for which it is taken."
)

NAME = "labelme"

_OF_PICTURE = frozenset(("imagePath", "imageData", "imageHeight"))
_BEFORE_PICTURE = frozenset(("version", "flags", "fillColor", "imageData"))

POINTS = ("point", "points")


class _Shape(msgspec.Struct):
    points: list[tuple[float, float]]
    label: str | Number | None = None
    shape_type: str | None = None
    group_id: Id | None = None
    mask: str | None = None
    difficult: bool | None = None
    flags: dict[str, Any] | None = None


class _File(msgspec.Struct, rename="camel"):
    shapes: list[msgspec.Raw]
    image_path: str | None = None
    image_height: Number | None = None
    image_width: Number | None = None
    flags: dict[str, Any] | None = None


@dataclass(slots=True)
class _Instance:
    """Shapes that show one object."""

    where: str
    label: str
    shapes: list[_Shape] = field(default_factory=list)
    keypoints: list[tuple[str, Point]] = field(default_factory=list)


def read(files: Sequence[AnnotationFile], reading: Reading) -> Annotations:
    """Read files of a picture each."""
    del reading
    builder = AnnotationsBuilder(NAME, names=Names.BY_STEM)
    names = KeypointNames()
    for file in files:
        try:
            content = decoded(file.data, _File)
        except UnreadableError as error:
            builder.complain(error.args[0], file.name)
        else:
            _Picture(builder, names, file, content).add()
    builder.keypoint_names = names.names
    return builder.annotations()


class _Picture:
    """What one file says."""

    def __init__(
        self, builder: AnnotationsBuilder, names: KeypointNames, file: AnnotationFile, content: _File
    ) -> None:
        self._builder, self._names, self._file, self._content = builder, names, file, content
        height, width = content.image_height or 0, content.image_width or 0
        self._size = (int(height), int(width)) if height and width else file.picture_size
        recorded = self._size if height and width else (0, 0)
        self._index = builder.picture(self._stem(), *recorded)

    def _stem(self) -> str:
        """Return the picture's name without suffix: the file's own name, if there is a picture called so.

        People rename pictures together with their files, but not the name inside.
        """
        own = without_suffix(self._file.name)
        named = (self._content.image_path or "").replace("\\", "/").rpartition("/")[2]
        folder, slash, stem = own.rpartition("/")
        if not is_file_name(named) or without_suffix(named) == stem:
            return own
        if all(self._file.picture_size):
            self._builder.complain(OTHER_PICTURE, f"{self._file.name}: {named}", is_lost=False)
            return own
        return f"{folder}{slash}{without_suffix(named)}"

    def add(self) -> None:
        """Add everything to the builder."""
        for name, is_set in (self._content.flags or {}).items():
            if is_set is True:
                self._builder.tag(self._index, self._builder.category(class_name(name)))
        elements = Elements(self._content.shapes, _Shape)
        shapes = [pair for indices, values in elements.blocks() for pair in zip(indices, values, strict=True)]
        for fault in elements.faults:
            self._builder.complain(
                NOT_AS_ASKED, place_in(self._file.name, "shapes", *fault), picture=self._index
            )
        for instance in self._instances(shapes):
            self._add(instance)

    def _instances(self, shapes: Sequence[tuple[int, _Shape]]) -> list[_Instance]:
        found: list[_Instance] = []
        grouped: dict[tuple[Id, str], _Instance] = {}
        first_of: dict[Id, _Instance] = {}
        marks: list[tuple[_Instance, Id | None]] = []
        for index, shape in shapes:
            instance = _Instance(place_in(self._file.name, "shapes", index), _label(shape))
            if shape.shape_type in POINTS:
                instance.keypoints = [(instance.label, point) for point in shape.points]
                marks.append((instance, shape.group_id))
                continue
            if shape.group_id is not None:
                instance = grouped.setdefault((shape.group_id, instance.label), instance)
                first_of.setdefault(shape.group_id, instance)
            if not instance.shapes:
                found.append(instance)
            instance.shapes.append(shape)
        loose: defaultdict[Id, list[_Instance]] = defaultdict(list)
        for mark, group in marks:
            if group is None:
                found.append(mark)
            elif group in first_of:
                first_of[group].keypoints += mark.keypoints
            else:
                loose[group].append(mark)
        for several in loose.values():
            keypoints = [each for mark in several for each in mark.keypoints]
            label = several[0].label if len(several) == 1 else ""
            found.append(_Instance(several[0].where, label, [], keypoints))
        return found

    def _add(self, instance: _Instance) -> None:
        outlines: list[list[Point]] = []
        bitmaps: list[bytes] = []
        for shape in instance.shapes:
            try:
                self._draw(shape, outlines, bitmaps)
            except UnusableError as error:
                self._builder.complain(
                    error.args[0], f"{instance.where} {shape.shape_type}", picture=self._index
                )
                if len(instance.shapes) == 1:
                    return
        is_box = [each.shape_type for each in instance.shapes] == ["rectangle"]
        box = upright(outlines[0]) if is_box and outlines else None
        bitmap: tuple[bytes, int, int] = (b"", 0, 0)
        if bitmaps:
            height, width = self._size
            bitmap = (run_lengths.united(bitmaps, height, width), height, width)
            box = _around([run_lengths.bounds(bitmap[0], height), *map(upright, outlines)])
        self._builder.add(
            self._index,
            self._builder.category(instance.label) if instance.label else -1,
            box,
            rings=[] if is_box else outlines,
            keypoints=self._names.keypoints(instance.keypoints),
            bitmap=bitmap,
            flags=_flags(instance.shapes),
            where=instance.where,
        )

    def _draw(self, shape: _Shape, outlines: list[list[Point]], bitmaps: list[bytes]) -> None:
        points = shape.points
        match shape.shape_type, len(points):
            case ((None | "polygon" | "rotation" | "oriented_rectangle" | "quadrilateral"), _):
                outlines.append(points)
            case "rectangle", 2 | 4:
                outlines.append(box_corners(upright(points)))
            case "circle", 2:
                radius = hypot(points[1][0] - points[0][0], points[1][1] - points[0][1])
                outlines.append(ellipse_corners(*points[0], radius, radius))
            case "mask", 2:
                bitmaps.append(self._mask(shape))
            case _:
                raise UnusableError(UNSUPPORTED)

    def _mask(self, shape: _Shape) -> bytes:
        if not all(self._size):
            raise UnusableError(NO_SIZE)
        left, top, _, _ = upright(shape.points)
        try:
            bitmap = png_bitmap.bitmap_in(png_bitmap.bytes_in(shape.mask or ""))
            return run_lengths.placed(bitmap, round(top), round(left), *self._size)
        except (ValueError, OverflowError) as error:
            raise UnusableError(BAD_MASK) from error


def _label(shape: _Shape) -> str:
    return class_name("" if shape.label is None else str(shape.label))


def _flags(shapes: Sequence[_Shape]) -> Flag:
    named = [name for shape in shapes for name, is_set in (shape.flags or {}).items() if is_set is True]
    return flags_named([*named, *("difficult" for shape in shapes if shape.difficult)])


def _around(boxes: Sequence[Box]) -> Box:
    return upright([corner for box in boxes for corner in (box[:2], box[2:])])


def recognises(name: str, start: bytes) -> bool:
    """Return whether it is a JSON object with shapes and the name or the content of a picture."""
    del name
    found = start_of_json(start)
    if not isinstance(found, dict):
        return False
    if "shapes" in found:
        return isinstance(found["shapes"], list) and not _OF_PICTURE.isdisjoint(found)
    # The picture's own bytes may come first, and are longer than the start of a file.
    return "imageData" in found and len(found) > 1 and _BEFORE_PICTURE.issuperset(found)


FORMAT = AnnotationFormat(
    name=NAME,
    title="LabelMe",
    suffixes=(".json",),
    recognises=recognises,
    read=read,
    has_one_picture=True,
    asks_size=True,
)

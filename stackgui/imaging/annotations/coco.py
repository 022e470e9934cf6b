"""COCO: one JSON for many pictures, with boxes, polygons, run lengths, keypoints or panoptic segments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import Annotations
from stackgui.core.annotations.complaints import NO_NAME, Complaints, is_file_name
from stackgui.core.annotations.reading import Reading
from stackgui.core.base.columns import Paths
from stackgui.core.base.wording import say
from stackgui.imaging.annotations.coco_objects import ObjectColumns
from stackgui.imaging.annotations.coco_values import Annotation, Category, Picture
from stackgui.imaging.annotations.declaration import AnnotationFile, AnnotationFormat
from stackgui.imaging.annotations.json_reading import (
    NOT_AS_ASKED,
    Elements,
    Id,
    UnreadableError,
    decoded,
    place_in,
)
from stackgui.imaging.annotations.json_start import start_of_json
from stackgui.imaging.annotations.text import class_name

PICTURE_NOT_AS_ASKED = say("The entry of a picture or of a class is not written as its format asks.")
SAME_ID = say("Two pictures have the same number; the second one is left out.")
SAME_ANNOTATION = say("Two annotations have the same number; both are kept.")
NO_CLASSES = say("The file has no list of classes; they are called by their numbers.")
OTHER_KEYPOINTS = say("Classes have different lists of keypoints; the names of the longest are used for all.")


class _File(msgspec.Struct):
    images: list[msgspec.Raw] = msgspec.field(default_factory=list)
    annotations: list[msgspec.Raw] = msgspec.field(default_factory=list)
    categories: list[msgspec.Raw] = msgspec.field(default_factory=list)


@dataclass(slots=True)
class _Table:
    """What the files said so far."""

    names: list[str] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    categories: dict[str, int] = field(default_factory=dict)
    keypoint_names: tuple[str, ...] = ()
    complaints: Complaints = field(default_factory=Complaints)
    columns: ObjectColumns = field(init=False)

    def __post_init__(self) -> None:
        self.columns = ObjectColumns(self.complaints)

    def category(self, name: str) -> int:
        return self.categories.setdefault(name, len(self.categories))


def _read(files: Sequence[AnnotationFile], reading: Reading) -> Annotations:
    del reading
    table = _Table()
    for file in files:
        try:
            content = decoded(file.data, _File)
        except UnreadableError as error:
            table.complaints.add(error.args[0], file.name)
        else:
            _add_file(table, file.name, content)
    sizes = np.array(table.sizes, np.int32).reshape(-1, 2)
    objects, segments = table.columns.made(len(table.names))
    return Annotations(
        format=FORMAT.name,
        pictures=Paths.from_names(table.names),
        height=sizes[:, 0].copy(),
        width=sizes[:, 1].copy(),
        categories=tuple(table.categories),
        objects=objects,
        keypoint_names=table.keypoint_names,
        segments=segments,
        complaints=table.complaints.all(),
    )


def _add_file(table: _Table, name: str, content: _File) -> None:
    categories, stuff = _categories(table, name, content.categories)
    pictures = _pictures(table, name, content.images)
    if not content.categories and content.annotations:
        table.complaints.add(NO_CLASSES, name, is_lost=False)
    elements = Elements(content.annotations, Annotation)
    numbers = [np.empty(0, np.int64)]
    for indices, values in elements.blocks():
        if not content.categories:
            for each in values:
                if each.category_id is not None:
                    categories.setdefault(each.category_id, table.category(class_name(str(each.category_id))))
        numbers.append(np.fromiter((hash(each.id) for each in values if each.id is not None), np.int64))
        table.columns.add(name, indices, values, pictures, categories)
        table.columns.add_things(name, indices, values, pictures, categories, stuff=stuff)
    for index, place in elements.faults:
        table.complaints.add(NOT_AS_ASKED, place_in(name, "annotations", index, place))
    if repeated := _repeated(np.concatenate(numbers)):
        table.complaints.add(SAME_ANNOTATION, name, count=repeated, is_lost=False)


def _repeated(numbers: NDArray[np.int64]) -> int:
    numbers.sort()
    return int(np.count_nonzero(numbers[1:] == numbers[:-1]))


def _categories(table: _Table, name: str, raw: Sequence[msgspec.Raw]) -> tuple[dict[Id, int], set[Id]]:
    """Return the number of each category, and those that are no things, such as sky."""
    found: dict[Id, int] = {}
    stuff: set[Id] = set()
    elements = Elements(raw, Category)
    for _, values in elements.blocks():
        for each in values:
            found.setdefault(each.id, table.category(class_name(str(each.name)) or str(each.id)))
            if each.isthing is not None and not each.isthing:
                stuff.add(each.id)
            names = tuple(each.keypoints or ())
            if names and table.keypoint_names and names != table.keypoint_names:
                table.complaints.add(OTHER_KEYPOINTS, f"{name}: {each.name}", is_lost=False)
            table.keypoint_names = max(table.keypoint_names, names, key=len)
    for index, place in elements.faults:
        table.complaints.add(PICTURE_NOT_AS_ASKED, place_in(name, "categories", index, place))
    return found, stuff


def _pictures(table: _Table, name: str, raw: Sequence[msgspec.Raw]) -> dict[Id, int]:
    found: dict[Id, int] = {}
    elements = Elements(raw, Picture)
    for indices, values in elements.blocks():
        for index, each in zip(indices, values, strict=True):
            where = place_in(name, "images", index)
            if not is_file_name(each.file_name):
                table.complaints.add(NO_NAME, where)
            elif found.setdefault(each.id, len(table.names)) != len(table.names):
                table.complaints.add(SAME_ID, where)
            else:
                table.names.append(each.file_name)
                table.sizes.append(each.size)
    for index, place in elements.faults:
        table.complaints.add(PICTURE_NOT_AS_ASKED, place_in(name, "images", index, place))
    return found


def _recognises(name: str, start: bytes) -> bool:
    del name
    found = start_of_json(start)
    if not isinstance(found, dict):
        return False
    lists = [found.get(key) for key in ("images", "annotations", "categories")]
    if any(each is not None and not isinstance(each, list) for each in lists):
        return False
    pictures, annotations, categories = (
        each[0] if each and isinstance(each[0], dict) else {} for each in lists
    )
    is_known = (
        {"id", "file_name"} <= pictures.keys()
        or not annotations.keys().isdisjoint(("image_id", "segmentation"))
        or {"id", "name", "supercategory"} <= categories.keys()
    )
    return is_known or all(each == [] for each in lists[:2])


FORMAT = AnnotationFormat(name="coco", title="COCO", suffixes=(".json",), recognises=_recognises, read=_read)

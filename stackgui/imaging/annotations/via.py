"""VIA, the VGG Image Annotator: a project or an export as JSON, or a CSV with JSON in its cells."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence

import msgspec

from stackgui.core.annotations.annotations import Annotations
from stackgui.core.annotations.builder import AnnotationsBuilder
from stackgui.core.annotations.complaints import NO_NAME, is_file_name
from stackgui.core.annotations.reading import Reading
from stackgui.imaging.annotations.csv_rows import header_in, row_blocks
from stackgui.imaging.annotations.declaration import AnnotationFile, AnnotationFormat
from stackgui.imaging.annotations.flags import flags_named
from stackgui.imaging.annotations.json_reading import (
    DAMAGED,
    NOT_AS_ASKED,
    Elements,
    UnreadableError,
    decoded,
    place_in,
)
from stackgui.imaging.annotations.json_start import start_of_json
from stackgui.imaging.annotations.keypoint_names import KeypointNames
from stackgui.imaging.annotations.shapes import UnusableError
from stackgui.imaging.annotations.text import class_name
from stackgui.imaging.annotations.via_values import Entry, Region, chosen

NAME = "via"

PROJECT = "_via_img_metadata"
COLUMNS = (
    "filename",
    "file_size",
    "file_attributes",
    "region_count",
    "region_id",
    "region_shape_attributes",
    "region_attributes",
)
"""Columns of the table; the first version called the second one otherwise."""


def read(files: Sequence[AnnotationFile], reading: Reading) -> Annotations:
    """Read projects, exports and tables."""
    del reading
    reader = _Reader()
    for file in files:
        try:
            if file.name.lower().endswith(".csv"):
                reader.add_table(file)
            else:
                reader.add_json(file)
        except UnreadableError as error:
            reader.builder.complain(error.args[0], file.name)
        except csv.Error:
            reader.builder.complain(DAMAGED, file.name)
    reader.builder.keypoint_names = reader.names.names
    return reader.builder.annotations()


class _Reader:
    def __init__(self) -> None:
        self.builder = AnnotationsBuilder(NAME)
        self.names = KeypointNames()

    def add_json(self, file: AnnotationFile) -> None:
        entries = decoded(file.data, dict[str, msgspec.Raw])
        if PROJECT in entries:
            entries = decoded(memoryview(entries[PROJECT]), dict[str, msgspec.Raw])
        elements = Elements([*entries.values()], Entry)
        keys = list(entries)
        for indices, values in elements.blocks():
            for index, entry in zip(indices, values, strict=True):
                self._add_entry(f"{file.name}: {keys[index]}", entry)
        for index, place in elements.faults:
            self.builder.complain(NOT_AS_ASKED, f"{file.name}: {keys[index]} {place}".rstrip())

    def _add_entry(self, where: str, entry: Entry) -> None:
        if not is_file_name(entry.filename):
            self.builder.complain(NO_NAME, where)
            return
        picture = self.builder.picture(entry.filename)
        for name in chosen(entry.file_attributes or {}):
            self.builder.tag(picture, self.builder.category(class_name(name)))
        regions = entry.regions or []
        elements = Elements([*regions.values()] if isinstance(regions, dict) else regions, Region)
        for indices, values in elements.blocks():
            for index, region in zip(indices, values, strict=True):
                self._add_region(place_in(where, "regions", index), picture, region)
        for fault in elements.faults:
            self.builder.complain(NOT_AS_ASKED, place_in(where, "regions", *fault), picture=picture)

    def _add_region(self, where: str, picture: int, region: Region) -> None:
        place, label = region.shape_attributes, region.label
        marks = region.region_attributes.items()
        flags = flags_named(name for name, value in marks if value in (True, "1", "true", "yes"))
        add: Callable[..., bool] = self.builder.add
        category = self.builder.category(label) if label else -1
        try:
            if place.name == "point" and place.cx is not None and place.cy is not None:
                keypoints = self.names.keypoints([(label, (place.cx, place.cy))])
                add(picture, category, keypoints=keypoints, flags=flags, where=where)
            elif place.name == "rect":
                corners = place.corners()
                add(picture, category, (*corners[0], *corners[2]), flags=flags, where=where)
            else:
                add(picture, category, rings=[place.corners()], flags=flags, where=where)
        except UnusableError as error:
            self.builder.complain(error.args[0], f"{where} {place.name}".rstrip(), picture=picture)

    def add_table(self, file: AnnotationFile) -> None:
        pictures: dict[tuple[str, str], int] = {}
        for first, rows in row_blocks(file.data):
            for number, row in enumerate(rows, first):
                if number > 1:
                    self._add_row(f"{file.name}:{number}", row, pictures)

    def _add_row(self, where: str, row: list[str], pictures: dict[tuple[str, str], int]) -> None:
        name, size, attributes, _, _, place, marks = (*row, *("",) * len(COLUMNS))[: len(COLUMNS)]
        if not is_file_name(name):
            self.builder.complain(NO_NAME, where)
            return
        try:
            if (name, size) not in pictures:
                pictures[name, size] = self.builder.picture(name)
                for each in chosen(decoded(attributes.encode(), dict) if attributes.strip() else {}):
                    self.builder.tag(pictures[name, size], self.builder.category(class_name(each)))
            if place.strip() not in {"", "{}"}:
                text = f'{{"shape_attributes": {place}, "region_attributes": {marks.strip() or "{}"}}}'
                self._add_region(where, pictures[name, size], decoded(text.encode(), Region))
        except (UnreadableError, UnicodeEncodeError):
            self.builder.complain(NOT_AS_ASKED, where)


def recognises(name: str, start: bytes) -> bool:
    """Return whether it is a table with VIA's columns, a project, or pictures with regions."""
    if name.lower().endswith(".csv"):
        header = header_in(start)
        return len(header) == len(COLUMNS) and set(COLUMNS) - set(header) <= {"file_size"}
    found = start_of_json(start)
    if not isinstance(found, dict) or not found:
        return False
    if "_via_settings" in found or PROJECT in found:
        return True
    first = next(iter(found.values()))
    return isinstance(first, dict) and "filename" in first and isinstance(first.get("regions"), (list, dict))


FORMAT = AnnotationFormat(
    name=NAME, title="VIA", suffixes=(".json", ".csv"), recognises=recognises, read=read
)

"""Open Images: tables of boxes, or of classes of whole pictures, and one of the names of classes."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.annotations import (
    Annotations,
    Flag,
    Names,
    Objects,
    Tags,
    Units,
)
from stackgui.core.annotations.complaints import NO_AREA, NO_NAME, NO_SHARE, Complaints, is_file_name
from stackgui.core.annotations.reading import Reading
from stackgui.core.base.columns import Paths
from stackgui.core.base.wording import say
from stackgui.imaging.annotations.csv_rows import column_names, header_in, row_blocks
from stackgui.imaging.annotations.declaration import AnnotationFile, AnnotationFormat
from stackgui.imaging.annotations.json_reading import DAMAGED
from stackgui.imaging.annotations.numbers import number
from stackgui.imaging.annotations.text import class_name
from stackgui.imaging.annotations.yolo_rows import TOLERANCE

NAME = "open-images"

PICTURE, CLASS, CONFIDENCE = "ImageID", "LabelName", "Confidence"
EDGES = ("XMin", "YMin", "XMax", "YMax")
FLAGS = (
    ("IsGroupOf", Flag.CROWD),
    ("IsTruncated", Flag.TRUNCATED),
    ("IsOccluded", Flag.OCCLUDED),
)
COMPANIONS = (
    "class-descriptions-boxable.csv",
    "oidv7-class-descriptions-boxable.csv",
    "oidv6-class-descriptions.csv",
    "oidv7-class-descriptions.csv",
    "class-descriptions.csv",
)
SHORT_ROW = say("The row has fewer cells than the table has columns.")
NO_CLASS_NAME = say("The class has no name in a class-descriptions.csv nearby, and is called by its code.")


def read(files: Sequence[AnnotationFile], reading: Reading) -> Annotations:
    """Read tables of boxes, or of classes of whole pictures."""
    del reading
    reader = _Reader()
    for file in files:
        try:
            reader.add(file)
        except csv.Error:
            reader.complaints.add(DAMAGED, file.name)
    return reader.annotations()


class _Reader:
    def __init__(self) -> None:
        self.complaints = Complaints()
        self._pictures: dict[str, int] = {}
        self._categories: dict[str, int] = {}
        self._parts: list[Objects] = []
        self._tags: list[NDArray[np.int32]] = [np.empty((0, 2), np.int32)]

    def annotations(self) -> Annotations:
        """Return everything that was read."""
        objects = Objects.concatenate(self._parts)
        tags = np.concatenate(self._tags)
        no_size = np.broadcast_to(np.int32(0), len(self._pictures))
        return Annotations(
            format=NAME,
            pictures=Paths.from_names(self._pictures),
            height=no_size,
            width=no_size,
            categories=tuple(self._categories),
            objects=objects,
            units=Units.SHARES,
            names=Names.BY_STEM,
            tags=Tags(tags[:, 0], tags[:, 1]),
            complaints=self.complaints.all(),
        )

    def add(self, file: AnnotationFile) -> None:
        """Read a table."""
        names = _class_names(file.companions)
        header: dict[str, int] = {}
        for first, rows in row_blocks(file.data):
            numbered = list(enumerate(rows, first))
            if not header and rows:
                header = {name: index for index, name in enumerate(column_names(rows[0]))}
                del numbered[0]
                if not _is_known(header):
                    self.complaints.add(DAMAGED, file.name)
                    return
            last = max(header.values(), default=0)
            block = _Block(file.name, header, self.complaints, numbered)
            block = block.kept(np.array([len(row) > last for _, row in numbered], np.bool_), SHORT_ROW)
            pictures = block.column(PICTURE)
            is_named = np.array([each in self._pictures or is_file_name(each) for each in pictures], np.bool_)
            block = block.kept(is_named, NO_NAME)
            self._add_block(block, names)

    def _add_block(self, block: _Block, names: Mapping[str, str]) -> None:
        known = self._pictures
        picture = np.array([known.setdefault(each, len(known)) for each in block.column(PICTURE)], np.int32)
        codes = block.column(CLASS)
        category_of = {code: self._category(block, code, names) for code in dict.fromkeys(codes)}
        category = np.array([category_of[code] for code in codes], np.int32)
        if not block.has_boxes:
            is_true = block.numbers((CONFIDENCE,))[:, 0] > 0
            self._tags.append(np.column_stack([picture, category])[is_true])
            return
        box = block.numbers(EDGES)
        is_share = np.logical_and.reduce((box >= -TOLERANCE) & (box <= 1 + TOLERANCE), axis=1)
        block.kept(is_share, NO_SHARE)
        self.complaints.concern(NO_SHARE, picture[~is_share].tolist())
        with np.errstate(invalid="ignore"):
            box = np.clip(box, 0, 1)
            has_area = np.logical_and.reduce(box[:, 2:] > box[:, :2], axis=1)
        block.kept(has_area | ~is_share, NO_AREA)
        self.complaints.concern(NO_AREA, picture[~has_area & is_share].tolist())
        objects = Objects.of_boxes(picture, category, box, block.flags())
        self._parts.append(objects.take(is_share & has_area))

    def _category(self, block: _Block, code: str, names: Mapping[str, str]) -> int:
        if code not in names:
            self.complaints.add(NO_CLASS_NAME, f"{block.file}: {code}", is_lost=False)
        name = class_name(names.get(code, code)) or "?"
        return self._categories.setdefault(name, len(self._categories))


@dataclass(frozen=True, slots=True)
class _Block:
    """Some rows of a table, with their lines."""

    file: str
    header: Mapping[str, int]
    complaints: Complaints
    rows: Sequence[tuple[int, Sequence[str]]]

    @property
    def has_boxes(self) -> bool:
        """Return whether it is a table of boxes."""
        return self.header.keys() >= set(EDGES)

    def column(self, name: str) -> list[str]:
        """Return the cells of a column."""
        index = self.header[name]
        return [row[index] for _, row in self.rows]

    def numbers(self, names: Sequence[str]) -> NDArray[np.float64]:
        """Return the numbers of some columns, shape (N, C); NaN where there is none."""
        columns = [self.column(name) for name in names]
        try:
            found = [np.array(cells, np.float64) for cells in columns]
        except ValueError:
            found = [np.array([number(cell) for cell in cells], np.float64) for cells in columns]
        return np.stack(found, axis=1)

    def flags(self) -> NDArray[np.uint8]:
        """Return the flags of the rows; -1 in a cell means that nobody knows."""
        found = np.zeros(len(self.rows), np.uint8)
        for name, flag in FLAGS:
            if name in self.header:
                is_set = [cell.strip() in {"1", "true", "True"} for cell in self.column(name)]
                found[np.array(is_set, np.bool_)] |= flag.value
        return found

    def kept(self, is_kept: NDArray[np.bool_], what: str) -> _Block:
        """Complain of the other rows, and return those that are kept."""
        if is_kept.all():
            return self
        for index in np.flatnonzero(~is_kept).tolist():
            self.complaints.add(what, f"{self.file}:{self.rows[index][0]}")
        return replace(self, rows=[self.rows[index] for index in np.flatnonzero(is_kept).tolist()])


def _class_names(companions: Mapping[str, bytes]) -> dict[str, str]:
    """Return the names of classes by their codes."""
    names: dict[str, str] = {}
    for table in companions.values():
        for _, rows in row_blocks(table):
            names |= {row[0]: row[1] for row in rows if len(row) > 1 and row[0] != CLASS}
    return names


def recognises(name: str, start: bytes) -> bool:
    """Return whether the columns are those of boxes, or of classes that were checked."""
    del name
    return _is_known(header_in(start))


def _is_known(header: Iterable[str]) -> bool:
    columns = set(header)
    return {PICTURE, CLASS} <= columns and ({*EDGES} <= columns or {"Source", CONFIDENCE} <= columns)


FORMAT = AnnotationFormat(
    name=NAME,
    title="Open Images",
    suffixes=(".csv",),
    companions=COMPANIONS,
    recognises=recognises,
    read=read,
)

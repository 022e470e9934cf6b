"""A finished stack as it is looked at: row by row, at a cost that does not depend on how many there are."""

from __future__ import annotations

import os
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.ragged import Ragged
from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.choices import Layout
from stackgui.core.base.errors import StackguiError
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.plan.row_marks import MAX_MARKS, RowMarks
from stackgui.core.viewing.opened import HAS_LABEL, Opened, RowFacts
from stackgui.stores.format import annotation_tables as tables
from stackgui.stores.format.derived_names import DerivedNames
from stackgui.stores.format.header import HEADER_FILE, buckets_in, file_in, read_header, read_json
from stackgui.stores.format.manifest_look import ManifestLook
from stackgui.stores.format.names import NAMES_FILE, Names, NameTable
from stackgui.stores.format.open_array import damaged
from stackgui.stores.format.table_file import TableFile
from stackgui.stores.format.tables import (
    CLASSES_FILE,
    LABELS_FILE,
    MARK_FILES,
    PLACEMENTS_FILE,
    SPLITS_FILE,
    VALID_FILE,
)
from stackgui.stores.recovery.cleanup import tidy_place
from stackgui.stores.stack.array_rows import ArrayRows
from stackgui.stores.stack.row_values import has_many_labels, read_mark
from stackgui.stores.stack.viewed_labels import ViewedLabels
from stackgui.stores.stack.viewed_table import Placement, ViewedLines, ViewedPixels, ViewedTable


class ViewedStack:
    """The rows of a stack, each read from the disk when it is wanted; may be read from several threads.

    Unlike `stackgui.stores.stack.reader.Stack` it holds no table in memory.

    Parameters
    ----------
    path : str
        Absolute name of the folder.
    names_in : str
        Folder in which the names of stacks that have no table of them are kept.

    Attributes
    ----------
    opened : Opened

    Raises
    ------
    StackguiError
        When there is no stack, or it is unfinished, damaged, or readable only by a newer program.
    """

    _derived: DerivedNames | None = None

    def __init__(self, path: str, names_in: str) -> None:
        tidy_place(path)
        self._begin(path, read_header(path))
        self._derived = DerivedNames(path, self.opened.rows, names_in)

    def _begin(self, path: str, header: Mapping[str, Any]) -> None:
        """Open what is described by `header`."""
        self._folder, self._header = path, header
        try:
            plan = header["plan"]
            layout, buckets = Layout(plan["options"]["layout"]), buckets_in(plan)
            arrays = tuple(arrays[0] for arrays in buckets)
            self.opened = _opened(path, header, arrays, self._class_names)
            named = plan["annotations"]["classes"] if self.opened.has_boxes else ()
            self._object_classes = tuple(map(str, named))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise StackguiError(damaged(path, HEADER_FILE)) from error
        self._has_many_labels = has_many_labels(header)
        self._ends = list(accumulate(arrays[0].rows for arrays in buckets))
        self._files: dict[str, ViewedTable] = {}
        self._lock = threading.Lock()
        try:
            self._open_files(layout, buckets)
        except BaseException:
            self.close()
            raise

    def _open_files(self, layout: Layout, buckets: Sequence[tuple[ArraySpec, ...]]) -> None:
        self._arrays = [self._rows_of(arrays[0], layout) for arrays in buckets]
        self._masks = [self._rows_of(arrays[1], layout) for arrays in buckets if len(arrays) > 1]
        self._lines = self._look_at_lines()
        rows = self.opened.rows
        self._table(VALID_FILE, (rows,), np.bool_)
        self._placements = self._table(PLACEMENTS_FILE, (rows, 4), np.int32)
        self._marks = {
            mark: self._table(name, (rows,), np.bool_) for mark, name in MARK_FILES.items() if self._has(name)
        }
        self._derived_marks: dict[str, NDArray[np.bool_]] = {}
        classes, labels = self.opened.classes, None
        if classes and self._has_many_labels:
            labels = self._table(LABELS_FILE, (rows, len(classes)), np.uint8)
        elif classes:
            labels = self._table(LABELS_FILE, (rows,), np.int32)
        self._labels = ViewedLabels(labels, classes)
        self._splits = self._table(SPLITS_FILE, (rows,), np.int32) if self.opened.parts else None

    def _class_names(self) -> object:
        return read_json(self._folder, CLASSES_FILE)

    def _look_at_lines(self) -> ViewedLines:
        return ManifestLook(self._folder, self.opened.rows)

    def _rows_of(self, spec: ArraySpec, layout: Layout) -> ViewedPixels:
        axes = "NHW" if spec.is_mask else layout.value
        with self._lock:
            file = self._files[spec.file] = TableFile(file_in(self._folder, spec.file), array=spec)
        return ArrayRows(file, axes)

    def _table(self, name: str, shape: tuple[int, ...], dtype: type[np.generic]) -> ViewedTable:
        file = self._file(name)
        if (file.shape, file.dtype) != (shape, np.dtype(dtype)) or (file.is_fortran and len(shape) > 1):
            raise StackguiError(damaged(self._folder, name))
        return file

    def _file(self, name: str) -> ViewedTable:
        with self._lock:
            if name not in self._files:
                self._files[name] = self._open_table(name)
            return self._files[name]

    def _open_table(self, name: str) -> ViewedTable:
        return TableFile(file_in(self._folder, name))

    # One row

    def place(self, row: int) -> tuple[int, int]:
        """Return the array that holds `row`, and the row's index in it."""
        array = bisect_right(self._ends, row)
        return array, row - (self._ends[array - 1] if array else 0)

    def size(self, row: int) -> tuple[int, int]:
        """Return the height and width of a row."""
        return self._arrays[self.place(row)[0]].size

    def pixels(self, row: int, part: Placement, step: int = 1) -> NDArray[Any]:
        """Read a part of a row, every `step` pixels, shape (h, w, C)."""
        array, index = self.place(row)
        return self._arrays[array].read(index, part, step)

    def mask(self, row: int, part: Placement, step: int = 1) -> NDArray[Any] | None:
        """Read a part of the mask of a row, shape (h, w); None if there are no masks."""
        array, index = self.place(row)
        return self._masks[array].read(index, part, step)[..., 0] if self._masks else None

    def facts(self, rows: Sequence[int]) -> list[RowFacts]:
        """Return what each of `rows` is; raises StackguiError."""
        return [self._facts(row, line) for row, line in zip(rows, self._lines.lines(rows), strict=True)]

    def _facts(self, row: int, line: Mapping[str, Any]) -> RowFacts:
        array, index = self.place(row)
        top, left, height, width = self._placements[row].tolist()
        part = int(self._splits[row]) if self._splits else -1
        own = line.get("original_height"), line.get("original_width")
        begin, end = self._objects_of(row)
        return RowFacts(
            row,
            self.opened.arrays[array].file,
            index,
            self._arrays[array].size,
            (top, left, height, width),
            file=os.path.join(str(line.get("source", "")), str(line.get("file", ""))),
            name=str(line.get("file", "")),
            own_size=(_whole(own[0]), _whole(own[1])),
            format=str(line.get("format", "")),
            file_bytes=_whole(line.get("file_bytes")),
            label=self._labels.names(row),
            part=self.opened.parts[part] if 0 <= part < len(self.opened.parts) else "",
            reason="" if height else str(line.get("reason", "")),
            is_excluded=self._has_mark("excluded", row, line),
            is_gone=self._has_mark("gone", row, line),
            boxes=end - begin,
        )

    def marks(self, row: int) -> RowMarks | None:
        """Return the objects in a row, at most `MAX_MARKS`; None if the stack has no annotations."""
        if not self.opened.has_boxes:
            return None
        begin, end = self._objects_of(row)
        stop = min(end, begin + MAX_MARKS)
        box = self._file(tables.BOXES_FILE).read(begin, stop)
        rings, ring_starts = self._rings(begin, stop)
        return RowMarks(
            size=self.size(row),
            whole=box,
            box=box,
            is_kept=np.ones(len(box), np.bool_),
            category=self._file(tables.CLASSES_FILE).read(begin, stop),
            classes=self._object_classes,
            rings=rings,
            ring_starts=ring_starts,
            keypoints=self._keypoints(begin, stop),
            more=end - stop,
        )

    def _objects_of(self, row: int) -> tuple[int, int]:
        if not self.opened.has_boxes:
            return 0, 0
        offsets = self._table(tables.OFFSETS_FILE, (self.opened.rows + 1,), np.int64)
        begin, end = offsets.read(row, row + 2).tolist()
        count = len(self._file(tables.BOXES_FILE))
        if not 0 <= begin <= end <= count:
            raise StackguiError(damaged(self._folder, tables.OFFSETS_FILE))
        return begin, end

    def _rings(self, begin: int, end: int) -> tuple[Ragged[np.float32], NDArray[np.int64]]:
        if not self._has(tables.POINTS_FILE):
            return Ragged.none(0, np.empty((0, 2), np.float32)), np.zeros(end - begin + 1, np.int64)
        starts = self._file(tables.RING_OFFSETS_FILE).read(begin, end + 1)
        points = self._file(tables.POINT_OFFSETS_FILE).read(int(starts[0]), int(starts[-1]) + 1)
        values = self._file(tables.POINTS_FILE).read(int(points[0]), int(points[-1]))
        return Ragged(values, points - points[0]), starts - starts[0]

    def _keypoints(self, begin: int, end: int) -> NDArray[np.float32]:
        if not self._has(tables.KEYPOINTS_FILE):
            return np.empty((end - begin, 0, 3), np.float32)
        return self._file(tables.KEYPOINTS_FILE).read(begin, end)

    def _has(self, name: str) -> bool:
        return os.path.lexists(os.path.join(self._folder, name))

    # All rows

    def columns(
        self, names: Sequence[str], watch: Cancellation
    ) -> Iterator[tuple[int, dict[str, NDArray[Any]]]]:
        """Yield columns of some rows after the other, after the number of the first row.

        Parameters
        ----------
        names
            ``"filled"`` (whether there is a picture), ``"excluded"`` (by hand), ``"gone"`` (its file),
            ``"label"`` (the first) and ``"part"`` (-1 for none), ``"label=3"`` (whether it has that one, or
            none for -1), ``"height"`` and ``"width"`` of the picture in its row.
        watch
            Checked between pieces.
        """
        rows, piece = self.opened.rows, 2**18
        for mark in MARK_FILES.keys() & set(names):
            self._derive(mark, watch)
        for begin in range(0, rows, piece):
            watch.check()
            end = min(begin + piece, rows)
            yield begin, {name: self._column(name, begin, end) for name in names}

    def _column(self, name: str, begin: int, end: int) -> NDArray[Any]:
        match name:
            case "height" | "width":
                return self._placements.read(begin, end)[:, 2 if name == "height" else 3]
            case "filled":
                return self._placements.read(begin, end)[:, 2] > 0
            case "label":
                return self._labels.first(begin, end)
            case _ if name in MARK_FILES:
                return self._marked(name, begin, end)
            case _ if name.startswith(HAS_LABEL):
                return self._labels.having(int(name.removeprefix(HAS_LABEL)), begin, end)
            case _:
                file = self._splits
                return np.full(end - begin, -1, np.int32) if file is None else file.read(begin, end)

    def _has_mark(self, mark: str, row: int, line: Mapping[str, Any]) -> bool:
        table = self._marks.get(mark)
        return mark in line if table is None else bool(table[row])

    def _marked(self, mark: str, begin: int, end: int) -> NDArray[np.bool_]:
        table = self._marks.get(mark)
        return self._derived_marks[mark][begin:end] if table is None else table.read(begin, end)

    def _derive(self, mark: str, watch: Cancellation) -> None:
        """Have the marks of all rows at hand, also those that no table tells."""
        if mark not in self._marks and mark not in self._derived_marks:
            found = read_mark(self._folder, self._header, mark, self.opened.rows, watch)
            self._derived_marks[mark] = found

    def names(self, watch: Cancellation) -> Iterator[tuple[int, Names]]:
        """Yield the names of the files of some rows after the other; as `NameTable.blocks`."""
        if self._has(NAMES_FILE):
            file = self._file(NAMES_FILE)
            assert isinstance(file, TableFile), "it is in a folder"
            return NameTable(file, self.opened.rows).blocks(watch)
        assert self._derived is not None, "it is open"
        return self._derived.blocks(watch)

    def close(self) -> None:
        """Close all files."""
        if self._derived is not None:
            self._derived.close()
        for file in self._files.values():
            file.close()


def _opened(
    path: str, header: Mapping[str, Any], arrays: tuple[ArraySpec, ...], class_names: Callable[[], object]
) -> Opened:
    plan = header["plan"]
    classes: tuple[str, ...] = ()
    if plan["classes"] or header.get("labels", {}).get("classes"):
        named = class_names()
        if not isinstance(named, list):
            raise StackguiError(damaged(path, CLASSES_FILE))
        classes = tuple(map(str, named))
    marked = header.get("row_changes", {})
    masks = plan["masks"]["classes"] if "masks" in plan else ()
    is_planar = plan["options"]["layout"] == Layout.NCHW.value
    channels = arrays[0].shape[1 if is_planar else 3]
    return Opened(
        path,
        sum(array.rows for array in arrays),
        arrays,
        is_stack=True,
        channels=channels,
        sizes=tuple((each.shape[1 + is_planar], each.shape[2 + is_planar]) for each in arrays),
        classes=classes,
        parts=tuple(map(str, plan.get("parts", ()))),
        failed=int(header.get("failed", 0)),
        excluded=int(marked.get("excluded", 0)),
        gone=int(marked.get("gone", 0)),
        has_boxes="annotations" in plan,
        mask_classes={int(each["number"]): str(each["name"]) for each in masks},
    )


def _whole(number: object) -> int:
    return number if isinstance(number, int) else 0

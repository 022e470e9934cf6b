"""Read the manifest of a large stack, which is columns: as a whole, or of some rows."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.annotations.ragged import Ragged
from stackgui.core.base.blocks import blocks
from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.errors import StackguiError
from stackgui.core.catalog.archive_location import ArchiveLocation
from stackgui.core.catalog.mask_segments import MaskSegments
from stackgui.core.catalog.schema import Column, Values
from stackgui.core.plan.row_changes import MARKS, RowChanges
from stackgui.stores.files.failures import explained
from stackgui.stores.files.opening import open_to_read
from stackgui.stores.format.column_file import ColumnFile, read_head
from stackgui.stores.format.column_reads import ColumnReads, NamesRead, NumbersRead
from stackgui.stores.format.header import file_in
from stackgui.stores.format.manifest import CHUNK_ROWS
from stackgui.stores.format.manifest_columns import COLUMNS_FILE, FORMAT, VERSION
from stackgui.stores.format.manifest_table import Manifest, Written, lines_of
from stackgui.stores.format.mask_members import MASK_COLUMNS, SEGMENTS, MaskTable
from stackgui.stores.format.names import Names, packed
from stackgui.stores.format.open_array import MAY_BE_REPLACED, damaged
from stackgui.stores.format.packed import unpacked
from stackgui.stores.format.row_edits import Line, read_edits
from stackgui.stores.format.row_lines import IN_MANIFEST
from stackgui.stores.format.value_members import ValueTable

_WRONG = (AttributeError, LookupError, TypeError, ValueError, OverflowError, RecursionError)
"""What reading a file raises that is damaged, or that is none of ours."""

_Rows: TypeAlias = NDArray[np.int64] | None
"""Some rows; None for all."""


def has_columns(folder: str) -> bool:
    """Whether the manifest of the stack in `folder` is columns; then these count, whatever else is there."""
    return os.path.lexists(os.path.join(folder, COLUMNS_FILE))


def read_columns(folder: str, watch: Cancellation = UNWATCHED) -> Manifest:
    """Read the manifest of a stack, with edits; its columns are mapped, so that they take no memory.

    Raises
    ------
    Cancelled
    StackguiError
        When it is missing or damaged.
    """
    path, edits = file_in(folder, COLUMNS_FILE), read_edits(folder)
    with explained(path, StackguiError), open_to_read(path) as opened:
        try:
            head = _head(read_head(opened))
            size = os.fstat(opened.fileno()).st_size
            file = ColumnFile(opened, size, is_mapped=MAY_BE_REPLACED)
            values = unpacked(head["manifest"], head["parts"], file, lambda place: file.check(place, watch))
            return _Columns(values).manifest(None).edited(edits)
        except _WRONG as error:
            raise StackguiError(damaged(folder, COLUMNS_FILE)) from error


def _head(head: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a head if it is that of a manifest; raises ValueError."""
    if (head.get("format"), head.get("version")) != (FORMAT, VERSION):
        raise ValueError("another file")
    return head


class ColumnsLook:
    """The lines that the columns of a manifest make; see `ManifestLook`.

    What is looked at is read, not mapped, and compared with no checksum: that would read all of it.
    """

    def __init__(self, folder: str, rows: int) -> None:
        self._folder, self._rows = folder, rows
        self._known: tuple[tuple[int, ...], Mapping[str, Any]] = (), {}

    def lines(self, rows: Sequence[int]) -> list[Line]:
        """Return the lines of `rows`, in that order; as `ManifestLook.lines`."""
        with self._opened() as columns:
            return columns.lines(np.array(rows, np.int64))

    def entries(self) -> Iterator[Line]:
        """Yield the line of each row, in their order; as `ManifestLook.entries`."""
        with self._opened() as columns:
            for begin in range(0, self._rows, CHUNK_ROWS):
                yield from columns.lines(np.arange(begin, min(begin + CHUNK_ROWS, self._rows)))

    def names(self, begin: int, watch: Cancellation) -> Iterator[tuple[int, Names]]:
        """Yield the names of some rows after the other, after the end of these; as `ManifestLook.names`."""
        with self._opened() as columns:
            for row in range(begin, self._rows, CHUNK_ROWS):
                watch.check()
                end = min(row + CHUNK_ROWS, self._rows)
                yield end, packed(columns.names(np.arange(row, end)))

    def marked(self, mark: str, watch: Cancellation) -> NDArray[np.bool_]:
        """Return which rows have a mark; as `ManifestLook.marked`."""
        found, edits = np.zeros(self._rows, np.bool_), read_edits(self._folder)
        with self._opened() as columns:
            for rows in blocks(self._rows):
                watch.check()
                found[rows] = columns.marked(mark, np.arange(rows.start, rows.stop))
        for row, members in edits.items():
            if row < self._rows:
                found[row] = mark in members
        return found

    @contextmanager
    def _opened(self) -> Iterator[_Columns]:
        path = file_in(self._folder, COLUMNS_FILE)
        with explained(path, StackguiError), open_to_read(path) as opened:
            try:
                now = os.fstat(opened.fileno())
                known = now.st_size, now.st_mtime_ns, now.st_ino
                if self._known[0] != known:
                    self._known = known, _head(read_head(opened))
                head = self._known[1]
                values = unpacked(head["manifest"], head["parts"], ColumnReads(opened), lambda _place: None)
                columns = _Columns(values)
                if columns.rows != self._rows:
                    raise ValueError("another number of rows")
                yield columns
            except _WRONG as error:
                raise StackguiError(damaged(self._folder, COLUMNS_FILE)) from error


class _Columns:
    """The columns of a manifest, mapped or read on access; raises what `_WRONG` lists, and OSError."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values
        self.rows = int(values["rows"])

    def lines(self, rows: NDArray[np.int64]) -> list[Line]:
        """Return the lines of some rows."""
        return lines_of(self.manifest(rows), rows, self._written())

    def names(self, rows: NDArray[np.int64]) -> Paths:
        """Return the names of some rows."""
        return _names(self._values["path"], rows, self.rows)

    def marked(self, mark: str, rows: _Rows) -> NDArray[np.bool_]:
        """Return which of some rows have a mark."""
        values = self._values["changes"].get(mark)
        if values is None:
            return np.broadcast_to(np.False_, self.rows if rows is None else len(rows))
        return _numbers(values, np.bool_, rows, self.rows)

    def manifest(self, rows: _Rows) -> Manifest:
        """Return the table of some rows."""
        values, count = self._values, self.rows
        columns = _catalog_columns(values["columns"], IN_MANIFEST, rows, count)
        source, folders = columns["source"], tuple(map(str, values["folders"]))
        return Manifest(
            path=_names(values["path"], rows, count),
            columns=columns,
            source=_checked(Coded(source, folders)),
            status=_coded(values["status"], rows, count),
            reason=_coded(values["reason"], rows, count),
            part=_coded(values["part"], rows, count),
            sample=_numbers(values["sample"], np.int64, rows, count),
            placement=_numbers(values["placement"], np.int32, rows, count, 4),
            label=_coded(values["label"], rows, count),
            planned=self._planned(rows),
            inside=_inside(values["inside"], rows, count),
            masks=self._masks(rows),
            group=None if values["group"] is None else _coded(values["group"], rows, count),
            values=self._list_values(rows),
            changes=RowChanges(*(self.marked(mark, rows) for mark in MARKS)),
            file=COLUMNS_FILE,
        )

    def _planned(self, rows: _Rows) -> dict[int, Mapping[str, Any]]:
        planned = self._values["planned"]
        count = len(planned["rows"])
        of_rows = _numbers(planned["rows"], np.int64, np.arange(count), count)
        wanted = np.arange(count) if rows is None else np.flatnonzero(np.isin(of_rows, rows))
        contents = _names(planned["contents"], wanted, count)
        return {
            int(row): json.loads(contents.raw(place)) for place, row in enumerate(of_rows[wanted].tolist())
        }

    def _list_values(self, rows: _Rows) -> ValueTable:
        values, count = self._values["values"], self.rows
        taken = count if rows is None else len(rows)
        if values is None:
            return ValueTable(np.empty((taken, 0), np.float32), ())
        targets = int(values["targets"])
        numbers = np.empty((taken, 0), np.float32)
        if targets:
            places = None if rows is None else (rows[:, None] * targets + np.arange(targets)).ravel()
            numbers = _numbers(values["numbers"], np.float32, places, count * targets).reshape(taken, targets)
        texts = (values["texts"][str(place)] for place in range(len(values["texts"])))
        return ValueTable(numbers, tuple(_names(column, rows, count) for column in texts))

    def _masks(self, rows: _Rows) -> MaskTable:
        masks, count = self._values["masks"], self.rows
        if masks is None:
            return MaskTable.none_of(count if rows is None else len(rows))
        of = _numbers(masks["of"], np.int32, rows, count)
        total = len(masks["path"])
        which = None if rows is None else of[of >= 0].astype(np.int64)
        if which is None and np.count_nonzero(of >= 0) != total:
            raise ValueError("another number of masks")
        return MaskTable(
            of >= 0,
            _names(masks["path"], which, total),
            _catalog_columns(masks["columns"], MASK_COLUMNS, which, total),
            _inside(masks["inside"], which, total),
            _segments(masks[SEGMENTS], which, total),
        )

    def _written(self) -> Written:
        values = self._values
        masks = values["masks"]
        segments = frozenset() if masks is None or masks[SEGMENTS] is None else {SEGMENTS}
        return Written(
            arrays=[(str(file), int(rows)) for file, rows in values["arrays"]],
            classes=[str(name) for name in values["classes"]],
            columns=frozenset(values["columns"]),
            mask_columns=frozenset({} if masks is None else masks["columns"]) | segments,
            has_masks=masks is not None,
            has_values=values["values"] is not None,
        )


def _numbers(
    column: NDArray[Any] | NumbersRead, dtype: type[np.generic], rows: _Rows, count: int, *more: int
) -> NDArray[Any]:
    """Return a column at some rows if it is what it should be; raises ValueError."""
    if column.dtype != dtype or column.shape != (count, *more):
        raise ValueError("a column of another kind")
    if rows is None:
        assert isinstance(column, np.ndarray), "all rows are mapped"
        return column
    return column[rows]


def _names(column: Paths | NamesRead, rows: _Rows, count: int) -> Paths:
    if len(column) != count:
        raise ValueError("a column of another length")
    if rows is None:
        assert isinstance(column, Paths), "all rows are mapped"
        return column
    return column.take(rows)


def _coded(value: Mapping[str, Any], rows: _Rows, count: int) -> Coded:
    return _checked(Coded(_numbers(value["codes"], np.int32, rows, count), tuple(map(str, value["names"]))))


def _checked(column: Coded) -> Coded:
    """Return texts if all of their codes stand for one; raises ValueError."""
    codes = column.codes
    if len(codes) and not 0 <= int(codes.min()) <= int(codes.max()) < len(column.names):
        raise ValueError("codes that stand for nothing")
    return column


def _catalog_columns(
    values: Mapping[str, Any], columns: Sequence[Column], rows: _Rows, count: int
) -> dict[str, Values]:
    taken = count if rows is None else len(rows)
    found: dict[str, Values] = {}
    for each in columns:
        if each.name not in values:
            found[each.name] = each.constant(taken)
        elif each.dtype is None:
            found[each.name] = _coded(values[each.name], rows, count)
        else:
            found[each.name] = _numbers(values[each.name], each.dtype.type, rows, count)
    return found


def _inside(values: Mapping[str, Any] | None, rows: _Rows, count: int) -> ArchiveLocation:
    if values is None:
        return ArchiveLocation.none_of(count if rows is None else len(rows))
    none = ArchiveLocation.none_of(0).columns()
    names = (each.name for each in fields(ArchiveLocation))
    return ArchiveLocation(*(_numbers(values[name], none[name].dtype.type, rows, count) for name in names))


def _segments(values: Mapping[str, Any] | None, masks: _Rows, count: int) -> MaskSegments:
    taken = np.arange(count) if masks is None else masks
    if values is None:
        return MaskSegments.none_of(len(taken))
    is_listed = _numbers(values["is_listed"], np.bool_, taken, count)
    ends = _numbers(values["ends"], np.int64, np.arange(count), count)
    starts = np.concatenate([np.zeros(1, np.int64), ends])
    if (np.diff(starts) < 0).any():
        raise ValueError("segments that do not follow each other")
    lengths = np.diff(starts)[taken]
    places = Ragged(np.empty(int(starts[-1])), starts).places(taken)
    flat = (places[:, None] * 2 + np.arange(2)).ravel()
    pairs = _numbers(values["pairs"], np.int32, flat, 2 * int(starts[-1])).reshape(-1, 2)
    made = MaskSegments(is_listed, Ragged.of_lengths(pairs, lengths))
    made.check(len(taken))
    return made

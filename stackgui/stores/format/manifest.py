"""Write the manifest of a stack, which describes each row: as CSV for people, as JSON for programs.

``manifest.csv`` is made for spreadsheets. It begins with a byte-order mark, because without one the most
common spreadsheet does not read UTF-8 and garbles names; libraries skip the mark.
``manifest.jsonl`` is exact: one JSON object per line, in ASCII, with names kept byte for byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from json.encoder import encode_basestring_ascii
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.text import sheet_text
from stackgui.core.catalog.archive_location import NO_ARCHIVE
from stackgui.core.catalog.catalog import COLUMNS
from stackgui.core.catalog.schema import Column, Kept
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.repair import changed_samples, content_of
from stackgui.stores.format.change_members import GONE, STATUSES, ChangeMembers, status_codes
from stackgui.stores.format.group_members import GROUP, GroupMembers
from stackgui.stores.format.label_members import LabelMembers
from stackgui.stores.format.mask_members import MASK, MaskMembers
from stackgui.stores.format.value_members import ValueMembers

CSV_FILE = "manifest.csv"
JSON_FILE = "manifest.jsonl"

PLANNED = "planned"
"""Key in the lines of rows whose files were repaired since the plan was carried out."""

CHUNK_ROWS = 4096
"""Rows converted to Python objects at a time, which bounds memory."""

GEOMETRY_ROWS = 65_536
"""Rows whose geometry is computed at a time."""

# The reason why a row is blank replaces the problem of its sample.
IN_MANIFEST = tuple(each for each in COLUMNS if Kept.MANIFEST in each.kept and each.name != "problem")
"""Columns of the catalog that are written under a key of their own."""

_NUMBERS = tuple(each for each in IN_MANIFEST if each.dtype is not None and not each.varies)
_TEXTS = tuple(each for each in IN_MANIFEST if each.dtype is None and not each.varies)
_VARYING = tuple(each for each in IN_MANIFEST if each.varies)

_SIZE_CELLS = 5
"""Number of sample columns that precede the placement in the sheet."""

_SHEET_CATALOG_COLUMNS = sorted((each for each in IN_MANIFEST if each.sheet), key=lambda each: each.sheet)
_CELLS = tuple(each for each in _SHEET_CATALOG_COLUMNS if not each.varies)
_VARYING_CELLS = tuple(each for each in _SHEET_CATALOG_COLUMNS if each.varies)

_CSV_COMMON = (
    "label", "split", "status", "reason", *(each.key for each in _CELLS[:_SIZE_CELLS]),
    "top", "left", "height", "width", *(each.key for each in _CELLS[_SIZE_CELLS:]),
)  # fmt: skip
"""Columns whose values many rows share, so that they are formatted once for all of these rows."""

SHEET_COLUMNS = (
    "row", "array", "index", "source", "file", *_CSV_COMMON, *(each.key for each in _VARYING_CELLS),
    "modified",
)  # fmt: skip

_JSON_COMMON = (
    "label", "class", "status", "reason", *(each.key for each in (*_NUMBERS, *_TEXTS)),
    "placement", "split", "array",
)  # fmt: skip

_JSON_TEXT = ",".join(f'"{key}":%s' for key in _JSON_COMMON)
_CSV_TEXT = ",".join(["%s"] * len(_CSV_COMMON))

_Numbers: TypeAlias = NDArray[np.integer[Any]]

_PLAIN_LINES = re.compile(r"(?:[A-Za-z0-9_./][A-Za-z0-9_./ ()-]*+\n)*+")
"""Names, one per line, that need neither changing nor quoting; most are like this."""

_TO_QUOTE = re.compile('[,"\r\n]')


@dataclass(frozen=True, eq=False, slots=True)
class RowTable:
    """A table of the rows of all buckets, one bucket after another.

    Attributes
    ----------
    plan : Plan
    sample : int64, shape (rows,)
        Index of each row's sample in the catalog.
    placement : int32, shape (rows, 4)
        Top, left, height, width; all 0 for blank rows.
    status : uint8, shape (rows,)
        Index into `STATUSES`.
    reason : Coded
    planned : mapping of int to mapping
        By row, what the plan knew of samples whose files were repaired since the plan was carried out.
    """

    plan: Plan
    sample: NDArray[np.int64]
    placement: NDArray[np.int32]
    status: NDArray[np.uint8]
    reason: Coded
    planned: Mapping[int, Mapping[str, Any]]

    @classmethod
    def of(cls, plan: Plan, valid: NDArray[np.bool_], reason: Coded) -> RowTable:
        """Return the table of a run of `plan` that ended with `valid` and `reason`; see `RowResults`."""
        sample = plan.samples
        placement = np.empty((plan.rows, 4), np.int32)
        for first, bucket in zip(plan.first_rows, plan.buckets, strict=True):
            # In parts, because a geometry takes several times the memory of its placements.
            for begin in range(0, len(bucket.samples), GEOMETRY_ROWS):
                samples = bucket.samples[begin : begin + GEOMETRY_ROWS]
                rows = slice(first + begin, first + begin + len(samples))
                placement[rows] = plan.geometry(bucket, samples).placement
        placement[~valid] = 0
        return cls(plan, sample, placement, status_codes(plan, valid), reason, _before_repair(plan, sample))

    def parts(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield ``manifest.csv`` and ``manifest.jsonl``, a part of each at a time."""
        lines = _LineFormatter(self)
        titles = (
            ",".join(SHEET_COLUMNS)
            + lines.masks.title
            + lines.groups.title
            + lines.changes.title
            + lines.values.title(cell)
            + "\r\n"
        )
        yield "\N{ZERO WIDTH NO-BREAK SPACE}".encode() + titles.encode(), b""
        for begin in range(0, len(self.sample), CHUNK_ROWS):
            yield lines.format(np.arange(begin, min(begin + CHUNK_ROWS, len(self.sample))))


@dataclass(frozen=True, eq=False, slots=True)
class _Rows:
    """Some rows of a table.

    Attributes
    ----------
    row, sample : int64, shape (n,)
        Numbers of the rows, and indices of their samples in the catalog.
    array, index : int64, shape (n,)
        Array that holds each row, and the row's index in it.
    """

    row: NDArray[np.int64]
    sample: NDArray[np.int64]
    array: _Numbers
    index: _Numbers

    def only(self, places: NDArray[np.intp]) -> _Rows:
        """Select the rows at `places`."""
        return _Rows(self.row[places], self.sample[places], self.array[places], self.index[places])


class _LineFormatter:
    """Formats rows of a table as lines of both files."""

    def __init__(self, table: RowTable) -> None:
        plan, catalog = table.plan, table.plan.catalog
        self._table = table
        self._values = {each.key: getattr(catalog, each.name) for each in IN_MANIFEST}
        self._coded = {each.key: self._values[each.key] for each in IN_MANIFEST if each.dtype is None}
        self._coded["split"] = plan.split
        self._varying = [each for each in _VARYING if each.is_saved(self._values[each.key])]
        names = {name: column.names for name, column in self._coded.items()} | {
            "reason": table.reason.names,
            "source": catalog.folders,
            "array": [spec.file for spec in plan.arrays],
        }
        self._json = {name: _encoder(texts, encode_basestring_ascii) for name, texts in names.items()}
        self._cell = {name: _encoder(texts, cell) for name, texts in names.items()}
        self._labels = LabelMembers(plan, cell)
        self.masks = MaskMembers(plan)
        self.groups = GroupMembers(plan, cell)
        self.values = ValueMembers(plan, (*SHEET_COLUMNS, MASK, GROUP, GONE))
        self._planned = {row: f',"{PLANNED}":{_json(known)}' for row, known in table.planned.items()}
        self.changes = ChangeMembers(plan)

    def format(self, row: NDArray[np.int64]) -> tuple[bytes, bytes]:
        """Return the lines of some rows, as CSV and as JSON."""
        catalog, sample = self._table.plan.catalog, self._table.sample[row]
        rows = _Rows(row, sample, *self._table.plan.places(row))
        first, which = _unique_rows(len(row), self._common(rows))
        distinct, places = rows.only(first), which.tolist()

        def spread(texts: Iterable[str]) -> Iterator[str]:
            return map(list(texts).__getitem__, places)

        arrays, source = distinct.array, catalog.source[distinct.sample]
        name, number, index = list(catalog.path.take(sample)), row.tolist(), rows.index.tolist()
        cells, members = spread(self._common_cells(distinct)), self._inside(sample)
        for each in _VARYING_CELLS:
            cells = _append_each(cells, ",", self._cells_of(each, sample))
        for each in self._varying:
            members = _append_each(members, f',"{each.key}":', self._json_of(each, sample))
        sheet = zip(
            number, spread(self._cell["array"](arrays)), index, spread(self._cell["source"](source)),
            _cells(name), cells, _times(catalog.mtime_ns[sample]), self.masks.cells(sample, cell),
            self.groups.cells(sample), self.changes.cells(row), self.values.cells(sample, cell), strict=True,
        )  # fmt: skip
        lines = zip(
            number, index, sample.tolist(), spread(self._json["source"](source)),
            map(encode_basestring_ascii, name), spread(self._common_members(distinct)), members,
            _members_of(self._planned, number), self.masks.members(sample), self.groups.members(sample),
            self.values.members(sample), self.changes.members(row), strict=True,
        )  # fmt: skip
        return _csv_lines(sheet).encode("utf-8"), _json_lines(lines).encode("ascii")

    def _common(self, rows: _Rows) -> Iterator[_Numbers]:
        """Yield, as numbers, all columns whose values rows may share."""
        table = self._table
        yield from (rows.array, table.status[rows.row], table.reason.codes[rows.row])
        yield from table.placement[rows.row].T
        if table.plan.label is not None:
            yield table.plan.label[rows.sample]
        for each in _NUMBERS:
            yield self._values[each.key][rows.sample]
        for column in (self._table.plan.split, *(self._coded[each.key] for each in _TEXTS)):
            yield column.codes[rows.sample]

    def _common_cells(self, rows: _Rows) -> Iterator[str]:
        """Return the cells `_CSV_COMMON` of each row."""
        sample = rows.sample
        cells = [self._cells_of(each, sample) for each in _CELLS]
        values = zip(
            self._labels.cells(sample),
            self._cell["split"](self._coded["split"].codes[sample]),
            self._status(rows),
            self._cell["reason"](self._table.reason.codes[rows.row]),
            *cells[:_SIZE_CELLS],
            *self._table.placement[rows.row].T.tolist(),
            *cells[_SIZE_CELLS:],
            strict=True,
        )
        return map(_CSV_TEXT.__mod__, values)

    def _common_members(self, rows: _Rows) -> Iterator[str]:
        """Return the members `_JSON_COMMON` of each row."""
        sample = rows.sample
        values = zip(
            self._labels.numbers(sample),
            self._labels.names(sample),
            map('"{}"'.format, self._status(rows)),
            self._json["reason"](self._table.reason.codes[rows.row]),
            *(self._json_of(each, sample) for each in (*_NUMBERS, *_TEXTS)),
            map("[%d,%d,%d,%d]".__mod__, map(tuple, self._table.placement[rows.row].tolist())),
            self._json["split"](self._coded["split"].codes[sample]),
            self._json["array"](rows.array),
            strict=True,
        )
        return map(_JSON_TEXT.__mod__, values)

    def _cells_of(self, column: Column, sample: NDArray[np.int64]) -> Iterable[Any]:
        """Return the values of a column for `sample`, as cells."""
        if column.dtype is None:
            return self._cell[column.key](self._coded[column.key].codes[sample])
        return _replace_none(self._values[column.key][sample].tolist(), column.none, "")

    def _json_of(self, column: Column, sample: NDArray[np.int64]) -> Iterable[Any]:
        """Return the values of a column for `sample`, as JSON."""
        if column.dtype is None:
            return self._json[column.key](self._coded[column.key].codes[sample])
        numbers: list[int] = self._values[column.key][sample].tolist()
        # In JSON, a count of 0 is written as it is.
        return _replace_none(numbers, column.none, "null") if column.none else numbers

    def _status(self, rows: _Rows) -> list[str]:
        return [STATUSES[status] for status in self._table.status[rows.row].tolist()]

    def _inside(self, sample: NDArray[np.int64]) -> Iterator[str]:
        """Yield each sample's location in an archive, as JSON."""
        catalog = self._table.plan.catalog
        if not catalog.archives:
            return repeat("null", len(sample))
        columns = [column.tolist() for column in catalog.inside.take(sample).columns().values()]
        numbers = f"[{','.join(['%d'] * len(columns))}]"
        return (numbers % row if row[0] != NO_ARCHIVE else "null" for row in zip(*columns, strict=True))


def _members_of(known: Mapping[int, str], rows: list[int]) -> Iterable[str]:
    """Return the members that are `known` of each row, and nothing for other rows."""
    return [known.get(row, "") for row in rows] if known else repeat("", len(rows))


def _replace_none(numbers: list[int], none: int | None, blank: str) -> list[Any]:
    """Replace `none` by `blank`."""
    return [blank if number == none else number for number in numbers]


def _append_each(texts: Iterable[str], between: str, values: Iterable[Any]) -> Iterator[str]:
    """Append `between` and a value to each text."""
    return iter([f"{text}{between}{value}" for text, value in zip(texts, values, strict=True)])


def _csv_lines(rows: Iterable[tuple[Any, ...]]) -> str:
    return "".join(
        [
            f"{row},{array},{index},{source},{file},{cells},{time}Z{mask}{group}{gone}{values}\r\n"
            for row, array, index, source, file, cells, time, mask, group, gone, values in rows
        ]
    )


def _json_lines(rows: Iterable[tuple[Any, ...]]) -> str:
    return "".join(
        [
            f'{{"row":{row},"index":{index},"sample":{sample},"source":{source},"file":{file},{common},'
            f'"inside":{members}{planned}{mask}{group}{values}{marks}}}\n'
            for row, index, sample, source, file, common, members, planned, mask, group, values, marks in rows
        ]
    )


_Encoder: TypeAlias = Callable[[_Numbers], list[str]]
"""Maps codes to names, formatted for one of the files."""


def _encoder(names: Sequence[str], encode: Callable[[str], str]) -> _Encoder:
    """Return a function from codes to formatted `names`, which formats each name once, on first use."""
    text = cache(lambda code: encode(names[code]))
    return lambda codes: list(map(text, codes.tolist()))


def _unique_rows(rows: int, columns: Iterable[_Numbers]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return a row for each distinct combination of values in `columns`, and the combination of each row."""
    first, which = np.zeros(1, np.intp), np.zeros(rows, np.intp)
    for column in columns:
        if (column == column[0]).all():
            continue
        # Renumber after every column, which keeps the product small.
        values, code = np.unique(column, return_inverse=True)
        _, first, which = np.unique(which * len(values) + code, return_index=True, return_inverse=True)
        if 2 * len(first) > rows:
            # Rows share too little: grouping would take longer than it saves.
            return np.arange(rows), np.arange(rows)
    return first, which


def cell(text: str) -> str:
    """Format `text` as a cell of a spreadsheet, legible and never the start of a formula."""
    safe = sheet_text(text)
    return '"' + safe.replace('"', '""') + '"' if _TO_QUOTE.search(safe) else safe


def _cells(texts: list[str]) -> list[str]:
    """Apply `cell` to each of `texts`."""
    # Check them all at once, which takes a fifth of the time.
    together = "\n".join((*texts, ""))
    # A name that contains line breaks adds to the count.
    if together.count("\n") == len(texts) and _PLAIN_LINES.fullmatch(together):
        return texts
    return list(map(cell, texts))


def _times(mtime_ns: NDArray[np.int64]) -> Iterator[str]:
    """Format nanoseconds since 1970 as UTC, to the second."""
    times, which = np.unique(mtime_ns // 10**9, return_inverse=True)
    texts: list[str] = np.datetime_as_string(times.astype("datetime64[s]")).tolist()
    return map(texts.__getitem__, which.tolist())


def _before_repair(plan: Plan, sample: NDArray[np.int64]) -> dict[int, dict[str, Any]]:
    if plan.origin is None:
        return {}
    before = plan.origin.catalog
    rows = np.flatnonzero(changed_samples(before, plan.catalog)[sample]).tolist()
    return {row: content_of(before, int(sample[row])) for row in rows}


_json = json.JSONEncoder(separators=(",", ":")).encode

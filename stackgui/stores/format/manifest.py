"""The manifest: what each row of a stack is, once for people and once for programs.

``manifest.csv`` is made to be opened in a spreadsheet. It begins with a byte-order mark, without which the
most common spreadsheet takes UTF-8 for something else and garbles names; libraries know the mark.
``manifest.jsonl`` is exact: one JSON object a line, in ASCII, with names that survive whatever their bytes.
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
from stackgui.core.catalog.catalog import COLUMNS
from stackgui.core.catalog.schema import Column, Kept
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.repair import changed_samples, content_of

CSV_FILE = "manifest.csv"
JSON_FILE = "manifest.jsonl"

PLANNED = "planned"
"""In the lines of rows whose files were repaired since the plan was carried out."""

CHUNK_ROWS = 4096
"""Rows that become Python objects at a time; bounds memory whatever the number of rows."""

PART_ROWS = 65_536
"""Rows whose geometry is worked out at a time."""

# Why a row is blank is known of every row, hence stands for the problem of its sample.
IN_MANIFEST = tuple(each for each in COLUMNS if Kept.MANIFEST in each.kept and each.name != "problem")
"""The columns of the catalog that are written under a key of their own."""

_NUMBERS = tuple(each for each in IN_MANIFEST if each.dtype is not None and not each.varies)
_TEXTS = tuple(each for each in IN_MANIFEST if each.dtype is None and not each.varies)
_VARYING = tuple(each for each in IN_MANIFEST if each.varies)

_SIZE_CELLS = 5
"""How many columns about samples stand before the placement in the sheet."""

_IN_SHEET = sorted((each for each in IN_MANIFEST if each.sheet), key=lambda each: each.sheet)
_CELLS = tuple(each for each in _IN_SHEET if not each.varies)
_OWN_CELLS = tuple(each for each in _IN_SHEET if each.varies)

_CSV_COMMON = (
    "label", "split", "status", "reason", *(each.key for each in _CELLS[:_SIZE_CELLS]),
    "top", "left", "height", "width", *(each.key for each in _CELLS[_SIZE_CELLS:]),
)  # fmt: skip
"""What many rows have in common, here and below."""

SHEET_COLUMNS = (
    "row", "array", "index", "source", "file", *_CSV_COMMON, *(each.key for each in _OWN_CELLS), "modified",
)  # fmt: skip

_JSON_COMMON = (
    "label", "class", "status", "reason", *(each.key for each in (*_NUMBERS, *_TEXTS)),
    "placement", "split", "array",
)  # fmt: skip

_JSON_TEXT = ",".join(f'"{key}":%s' for key in _JSON_COMMON)
_CSV_TEXT = ",".join(["%s"] * len(_CSV_COMMON))

_Numbers: TypeAlias = NDArray[np.integer[Any]]

_HARMLESS = re.compile(r"(?:[A-Za-z0-9_./][A-Za-z0-9_./ ()-]*+\n)*+")
"""Most names, a line each: they hold nothing that has to be changed or quoted."""

_TO_QUOTE = re.compile('[,"\r\n]')


@dataclass(frozen=True, eq=False, slots=True)
class RowTable:
    """The rows of all buckets, one after another.

    Attributes
    ----------
    plan : Plan
    sample : int64, shape (rows,)
        The catalog's sample in each row.
    placement : int32, shape (rows, 4)
        Top, left, height, width; all 0 for blank rows.
    label : int32, shape (rows,), or None
    valid : bool, shape (rows,)
    reason : Coded
    planned : mapping of int to mapping
        For rows whose files were repaired since the plan was carried out, what the plan knew of them.
    """

    plan: Plan
    sample: NDArray[np.int64]
    placement: NDArray[np.int32]
    label: NDArray[np.int32] | None
    valid: NDArray[np.bool_]
    reason: Coded
    planned: Mapping[int, Mapping[str, Any]]

    @classmethod
    def of(cls, plan: Plan, valid: NDArray[np.bool_], reason: Coded) -> RowTable:
        """The table of a run of `plan` that ended with `valid` and `reason`."""
        sample = plan.samples
        placement = np.concatenate(
            [
                # In parts, because the whole geometry is several times as wide as the placements.
                plan.geometry(bucket, bucket.samples[begin : begin + PART_ROWS]).placement
                for bucket in plan.buckets
                for begin in range(0, len(bucket.samples), PART_ROWS)
            ]
        )
        placement[~valid] = 0
        label = None if plan.label is None else plan.label[sample]
        return cls(plan, sample, placement, label, valid, reason, _planned(plan, sample))

    def parts(self) -> Iterator[tuple[bytes, bytes]]:
        """``manifest.csv`` and ``manifest.jsonl``, a part of each at a time."""
        yield "\N{ZERO WIDTH NO-BREAK SPACE}".encode() + (",".join(SHEET_COLUMNS) + "\r\n").encode(), b""
        lines = _Lines(self)
        for begin in range(0, len(self.sample), CHUNK_ROWS):
            yield lines.of(np.arange(begin, min(begin + CHUNK_ROWS, len(self.sample))))


@dataclass(frozen=True, eq=False, slots=True)
class _Rows:
    """Some rows of a table.

    Attributes
    ----------
    row, sample : int64, shape (n,)
        Their numbers, and the catalog's sample in each.
    array, index : int64, shape (n,)
        In which array each is, and its number there.
    """

    row: NDArray[np.int64]
    sample: NDArray[np.int64]
    array: _Numbers
    index: _Numbers

    def only(self, places: NDArray[np.intp]) -> _Rows:
        """Some of them."""
        return _Rows(self.row[places], self.sample[places], self.array[places], self.index[places])


class _Lines:
    """Writes rows of a table as lines of both files."""

    def __init__(self, table: RowTable) -> None:
        plan, catalog = table.plan, table.plan.catalog
        self._table = table
        self._values = {each.key: getattr(catalog, each.name) for each in IN_MANIFEST}
        self._coded = {each.key: self._values[each.key] for each in IN_MANIFEST if each.dtype is None}
        self._coded["split"] = plan.split
        names = {name: column.names for name, column in self._coded.items()} | {
            "class": plan.classes, "reason": table.reason.names,
            "source": catalog.folders, "array": [spec.file for spec in plan.arrays],
        }  # fmt: skip
        self._json = {name: _written(texts, encode_basestring_ascii) for name, texts in names.items()}
        self._cell = {name: _written(texts, _cell) for name, texts in names.items()}
        self._planned = {row: f',"{PLANNED}":{_json(known)}' for row, known in table.planned.items()}

    def of(self, row: NDArray[np.int64]) -> tuple[bytes, bytes]:
        """The lines of some rows, as CSV and as JSON."""
        catalog, sample = self._table.plan.catalog, self._table.sample[row]
        rows = _Rows(row, sample, *self._table.plan.places(row))
        first, which = _combinations(len(row), self._common(rows))
        alike, places = rows.only(first), which.tolist()

        def spread(texts: Iterable[str]) -> Iterator[str]:
            return map(list(texts).__getitem__, places)

        arrays, source = alike.array, catalog.source[alike.sample]
        name, number, index = list(catalog.path.take(sample)), row.tolist(), rows.index.tolist()
        cells, members = spread(self._cells_in_common(alike)), self._inside(sample)
        for each in _OWN_CELLS:
            cells = _followed(cells, ",", self._cells_of(each, sample))
        for each in _VARYING:
            members = _followed(members, f',"{each.key}":', self._json_of(each, sample))
        sheet = zip(
            number, spread(self._cell["array"](arrays)), index, spread(self._cell["source"](source)),
            _cells(name), cells, _times(catalog.mtime_ns[sample]), strict=True,
        )  # fmt: skip
        lines = zip(
            number, index, sample.tolist(), spread(self._json["source"](source)),
            map(encode_basestring_ascii, name), spread(self._json_in_common(alike)), members,
            self._known_before(number), strict=True,
        )  # fmt: skip
        return _sheet(sheet).encode("utf-8"), _objects(lines).encode("ascii")

    def _common(self, rows: _Rows) -> Iterator[_Numbers]:
        """All that rows may have in common, as numbers."""
        table = self._table
        yield from (rows.array, table.valid[rows.row].view(np.uint8), table.reason.codes[rows.row])
        yield from table.placement[rows.row].T
        if table.label is not None:
            yield table.label[rows.row]
        for each in _NUMBERS:
            yield self._values[each.key][rows.sample]
        for column in (self._table.plan.split, *(self._coded[each.key] for each in _TEXTS)):
            yield column.codes[rows.sample]

    def _cells_in_common(self, rows: _Rows) -> Iterator[str]:
        """For each of `rows` the columns `_CSV_COMMON`."""
        sample = rows.sample
        cells = [self._cells_of(each, sample) for each in _CELLS]
        values = zip(
            self._classes(rows, self._cell["class"], ""),
            self._cell["split"](self._coded["split"].codes[sample]),
            self._status(rows),
            self._cell["reason"](self._table.reason.codes[rows.row]),
            *cells[:_SIZE_CELLS],
            *self._table.placement[rows.row].T.tolist(),
            *cells[_SIZE_CELLS:],
            strict=True,
        )
        return map(_CSV_TEXT.__mod__, values)

    def _json_in_common(self, rows: _Rows) -> Iterator[str]:
        """For each of `rows` the members `_JSON_COMMON`."""
        sample, label = rows.sample, self._table.label
        values = zip(
            repeat("null", len(sample)) if label is None else label[rows.row].tolist(),
            self._classes(rows, self._json["class"], "null"),
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
        """What a column says of each sample, as cells."""
        if column.dtype is None:
            return self._cell[column.key](self._coded[column.key].codes[sample])
        return _blanked(self._values[column.key][sample].tolist(), column.none, "")

    def _json_of(self, column: Column, sample: NDArray[np.int64]) -> Iterable[Any]:
        """What a column says of each sample, as JSON."""
        if column.dtype is None:
            return self._json[column.key](self._coded[column.key].codes[sample])
        numbers: list[int] = self._values[column.key][sample].tolist()
        # That there are 0 of something can be said in JSON.
        return _blanked(numbers, column.none, "null") if column.none else numbers

    def _classes(self, rows: _Rows, written: _Written, without: str) -> list[str]:
        """For each of `rows` the name of its label, or what stands for none."""
        if self._table.label is None:
            return [without] * len(rows.row)
        label = self._table.label[rows.row]
        there = label >= 0
        names = np.full(len(label), without, np.object_)
        names[there] = written(label[there])
        found: list[str] = names.tolist()
        return found

    def _status(self, rows: _Rows) -> list[str]:
        return ["ok" if is_valid else "failed" for is_valid in self._table.valid[rows.row].tolist()]

    def _inside(self, sample: NDArray[np.int64]) -> Iterator[str]:
        """For each sample its place in an archive."""
        catalog = self._table.plan.catalog
        if not catalog.archives:
            return repeat("null", len(sample))
        return (_json(row) if row[0] >= 0 else "null" for row in catalog.inside.take(sample).rows())

    def _known_before(self, rows: list[int]) -> Iterable[str]:
        """For each of `rows` what the plan knew of it before its file was repaired."""
        return [self._planned.get(row, "") for row in rows] if self._planned else repeat("", len(rows))


def _blanked(numbers: list[int], none: int | None, blank: str) -> list[Any]:
    """The numbers, and `blank` for `none`."""
    return [blank if number == none else number for number in numbers]


def _followed(texts: Iterable[str], between: str, values: Iterable[Any]) -> Iterator[str]:
    """Each text, and behind it a value."""
    return iter([f"{text}{between}{value}" for text, value in zip(texts, values, strict=True)])


def _sheet(rows: Iterable[tuple[Any, ...]]) -> str:
    return "".join(
        [
            f"{row},{array},{index},{source},{file},{cells},{time}Z\r\n"
            for row, array, index, source, file, cells, time in rows
        ]
    )


def _objects(rows: Iterable[tuple[Any, ...]]) -> str:
    return "".join(
        [
            f'{{"row":{row},"index":{index},"sample":{sample},"source":{source},"file":{file},{common},'
            f'"inside":{members}{planned}}}\n'
            for row, index, sample, source, file, common, members, planned in rows
        ]
    )


_Written: TypeAlias = Callable[[_Numbers], list[str]]
"""Gives for each code its name, as it is written."""


def _written(names: Sequence[str], write: Callable[[str], str]) -> _Written:
    """Write each of `names` once, when it is first wanted."""
    text = cache(lambda code: write(names[code]))
    return lambda codes: list(map(text, codes.tolist()))


def _combinations(rows: int, columns: Iterable[_Numbers]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which rows show all combinations of what `columns` say, and which of these each of `rows` has."""
    first, which = np.zeros(1, np.intp), np.zeros(rows, np.intp)
    for column in columns:
        if (column == column[0]).all():
            continue
        # Numbered anew after every column, so that the product stays small.
        values, code = np.unique(column, return_inverse=True)
        _, first, which = np.unique(which * len(values) + code, return_index=True, return_inverse=True)
        if 2 * len(first) > rows:
            # Little in common: each row by itself, since going on would take longer than it saves.
            return np.arange(rows), np.arange(rows)
    return first, which


def _cell(text: str) -> str:
    """`text` as a cell of a spreadsheet: legible, and no part of it begins a formula."""
    safe = sheet_text(text)
    return '"' + safe.replace('"', '""') + '"' if _TO_QUOTE.search(safe) else safe


def _cells(texts: list[str]) -> list[str]:
    """Each of `texts` as `_cell`."""
    # Looked at all together, which takes a fifth of the time.
    together = "\n".join((*texts, ""))
    # Where a name has lines of its own there are more ends than names.
    if together.count("\n") == len(texts) and _HARMLESS.fullmatch(together):
        return texts
    return list(map(_cell, texts))


def _times(mtime_ns: NDArray[np.int64]) -> Iterator[str]:
    """Nanoseconds since 1970 as universal time to the second."""
    times, which = np.unique(mtime_ns // 10**9, return_inverse=True)
    texts: list[str] = np.datetime_as_string(times.astype("datetime64[s]")).tolist()
    return map(texts.__getitem__, which.tolist())


def _planned(plan: Plan, sample: NDArray[np.int64]) -> dict[int, dict[str, Any]]:
    if plan.origin is None:
        return {}
    before = plan.origin.catalog
    rows = np.flatnonzero(changed_samples(before, plan.catalog)[sample]).tolist()
    return {row: content_of(before, int(sample[row])) for row in rows}


_json = json.JSONEncoder(separators=(",", ":")).encode

"""The lines of a manifest: formats some consecutive rows for both of its files.

A part of the table says all that its lines say, so that whoever has it may format it, in whatever process.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import repeat
from json.encoder import encode_basestring_ascii
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, restore_state, slim_state
from stackgui.core.catalog.archive_location import NO_ARCHIVE
from stackgui.core.catalog.catalog import COLUMNS
from stackgui.core.catalog.schema import Column, Kept
from stackgui.core.plan.plan import Plan
from stackgui.stores.format.change_members import GONE, STATUSES, ChangeMembers
from stackgui.stores.format.group_members import GROUP, GroupMembers
from stackgui.stores.format.label_members import LabelMembers
from stackgui.stores.format.line_texts import (
    Numbers,
    append_each,
    cell,
    cells,
    csv_lines,
    encoder,
    json_lines,
    members_of,
    replace_none,
    times,
    unique_rows,
)
from stackgui.stores.format.mask_members import MASK, MaskMembers, saved_columns
from stackgui.stores.format.value_members import ValueMembers

PLANNED = "planned"
"""Key in the lines of rows whose files were repaired since the plan was carried out."""

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
OWN_TITLES = (*SHEET_COLUMNS, MASK, GROUP, GONE)
"""Titles that columns of lists cannot have."""

_CSV_TEXT = ",".join(["%s"] * len(_CSV_COMMON))


class Written(NamedTuple):
    """What all lines of a table have, whatever some of its rows say by themselves.

    Attributes
    ----------
    varying : tuple of str
        Names of the columns that are only written where they say anything of any row.
    of_masks : frozenset of str
        Names of the columns that are written of masks.
    has_gone : bool
        Whether the pictures of some rows are gone.
    """

    varying: tuple[str, ...]
    of_masks: frozenset[str]
    has_gone: bool

    @classmethod
    def of(cls, plan: Plan) -> Written:
        """Return what the lines of a whole plan have."""
        changes, catalog = plan.row_changes, plan.catalog
        masks = catalog.masks if plan.masks is not None else None
        return cls(
            tuple(each.name for each in _VARYING if each.is_saved(getattr(catalog, each.name))),
            frozenset() if masks is None else frozenset(saved_columns(masks.files)),
            changes is not None and bool(changes.gone.any()),
        )


@dataclass(frozen=True, eq=False, slots=True)
class RowPart:
    """Some consecutive rows of a table, with no more of its plan than their lines say.

    Attributes
    ----------
    plan : Plan
        What the plan says of these rows: their samples are the only ones, in the order of the rows, but the
        arrays are those of the whole plan.
    written : Written
    begin : int
        Number of the first row.
    number : int64, shape (n,)
        Index of each row's sample in the whole catalog.
    placement, status, reason
        As a `stackgui.stores.format.manifest.RowTable` has them.
    planned : mapping of int to mapping
        By number of the row, as there.
    """

    plan: Plan
    written: Written
    begin: int
    number: NDArray[np.int64]
    placement: NDArray[np.int32]
    status: NDArray[np.uint8]
    reason: Coded
    planned: Mapping[int, Mapping[str, Any]]

    __getstate__, __setstate__ = slim_state, restore_state

    def __len__(self) -> int:
        return len(self.number)


def titles_of(plan: Plan) -> bytes:
    """Return the first line of the sheet, with the byte-order mark before it."""
    more = (
        MaskMembers(plan, frozenset()).title,
        GroupMembers(plan, cell).title,
        ChangeMembers(plan, has_gone=Written.of(plan).has_gone).title,
        ValueMembers(plan, OWN_TITLES).title(cell),
    )
    return f"\N{ZERO WIDTH NO-BREAK SPACE}{','.join(SHEET_COLUMNS)}{''.join(more)}\r\n".encode()


def lines_of(part: RowPart) -> tuple[bytes, bytes]:
    """Return the lines of some rows, for ``manifest.csv`` and for ``manifest.jsonl``."""
    return _LineFormatter(part).format()


@dataclass(frozen=True, eq=False, slots=True)
class _Rows:
    """Some rows of a part.

    Attributes
    ----------
    at : int64, shape (n,)
        Indices of the rows, and of their samples, within the part.
    array, index : int64, shape (n,)
        Array that holds each row, and the row's index in it.
    """

    at: NDArray[np.intp]
    array: Numbers
    index: Numbers

    def only(self, places: NDArray[np.intp]) -> _Rows:
        """Select the rows at `places`."""
        return _Rows(self.at[places], self.array[places], self.index[places])


class _LineFormatter:
    """Formats a part of a table as lines of both files."""

    def __init__(self, part: RowPart) -> None:
        plan, catalog = part.plan, part.plan.catalog
        self._part = part
        self._values = {each.key: getattr(catalog, each.name) for each in IN_MANIFEST}
        self._coded = {each.key: self._values[each.key] for each in IN_MANIFEST if each.dtype is None}
        self._coded["split"] = plan.split
        self._varying = [each for each in _VARYING if each.name in part.written.varying]
        names = {name: column.names for name, column in self._coded.items()} | {
            "reason": part.reason.names,
            "source": catalog.folders,
            "array": [spec.file for spec in plan.arrays],
        }
        self._json = {name: encoder(texts, encode_basestring_ascii) for name, texts in names.items()}
        self._cell = {name: encoder(texts, cell) for name, texts in names.items()}
        self._labels = LabelMembers(plan, cell)
        self._masks = MaskMembers(plan, part.written.of_masks)
        self._groups = GroupMembers(plan, cell)
        self._lists = ValueMembers(plan, OWN_TITLES)
        self._planned = {row: f',"{PLANNED}":{_json(known)}' for row, known in part.planned.items()}
        self._changes = ChangeMembers(plan, has_gone=part.written.has_gone)

    def format(self) -> tuple[bytes, bytes]:
        """Return the lines, as CSV and as JSON."""
        part, catalog = self._part, self._part.plan.catalog
        sample = np.arange(len(part))
        rows = _Rows(sample, *part.plan.places(part.begin + sample))
        first, which = unique_rows(len(part), self._common(rows))
        distinct, places = rows.only(first), which.tolist()

        def to_all(texts: Iterable[str]) -> Iterator[str]:
            return map(list(texts).__getitem__, places)

        arrays, source = distinct.array, catalog.source[distinct.at]
        name, number, index = list(catalog.path), (part.begin + sample).tolist(), rows.index.tolist()
        common, members = to_all(self._common_cells(distinct)), self._inside()
        for each in _VARYING_CELLS:
            common = append_each(common, ",", self._cells_of(each, sample))
        for each in self._varying:
            members = append_each(members, f',"{each.key}":', self._json_of(each, sample))
        sheet = zip(
            number, to_all(self._cell["array"](arrays)), index, to_all(self._cell["source"](source)),
            cells(name), common, times(catalog.mtime_ns), self._masks.cells(sample, cell),
            self._groups.cells(sample), self._changes.cells(sample), self._lists.cells(sample, cell),
            strict=True,
        )  # fmt: skip
        lines = zip(
            number, index, part.number.tolist(), to_all(self._json["source"](source)),
            map(encode_basestring_ascii, name), to_all(self._common_members(distinct)), members,
            members_of(self._planned, number), self._masks.members(sample), self._groups.members(sample),
            self._lists.members(sample), self._changes.members(sample), strict=True,
        )  # fmt: skip
        return csv_lines(sheet).encode("utf-8"), json_lines(lines).encode("ascii")

    def _common(self, rows: _Rows) -> Iterator[Numbers]:
        """Yield, as numbers, all columns whose values rows may share."""
        part = self._part
        yield from (rows.array, part.status, part.reason.codes)
        yield from part.placement.T
        if part.plan.label is not None:
            yield part.plan.label
        for each in _NUMBERS:
            yield self._values[each.key]
        for column in (part.plan.split, *(self._coded[each.key] for each in _TEXTS)):
            yield column.codes

    def _common_cells(self, rows: _Rows) -> Iterator[str]:
        """Return the cells `_CSV_COMMON` of each row."""
        sample = rows.at
        own = [self._cells_of(each, sample) for each in _CELLS]
        values = zip(
            self._labels.cells(sample),
            self._cell["split"](self._coded["split"].codes[sample]),
            self._status(rows),
            self._cell["reason"](self._part.reason.codes[rows.at]),
            *own[:_SIZE_CELLS],
            *self._part.placement[rows.at].T.tolist(),
            *own[_SIZE_CELLS:],
            strict=True,
        )
        return map(_CSV_TEXT.__mod__, values)

    def _common_members(self, rows: _Rows) -> Iterator[str]:
        """Return the members `_JSON_COMMON` of each row."""
        sample = rows.at
        values = zip(
            self._labels.numbers(sample),
            self._labels.names(sample),
            map('"{}"'.format, self._status(rows)),
            self._json["reason"](self._part.reason.codes[rows.at]),
            *(self._json_of(each, sample) for each in (*_NUMBERS, *_TEXTS)),
            map("[%d,%d,%d,%d]".__mod__, map(tuple, self._part.placement[rows.at].tolist())),
            self._json["split"](self._coded["split"].codes[sample]),
            self._json["array"](rows.array),
            strict=True,
        )
        return map(_JSON_TEXT.__mod__, values)

    def _cells_of(self, column: Column, sample: NDArray[np.int64]) -> Iterable[Any]:
        """Return the values of a column for `sample`, as cells."""
        if column.dtype is None:
            return self._cell[column.key](self._coded[column.key].codes[sample])
        return replace_none(self._values[column.key][sample].tolist(), column.none, "")

    def _json_of(self, column: Column, sample: NDArray[np.int64]) -> Iterable[Any]:
        """Return the values of a column for `sample`, as JSON."""
        if column.dtype is None:
            return self._json[column.key](self._coded[column.key].codes[sample])
        numbers: list[int] = self._values[column.key][sample].tolist()
        # In JSON, a count of 0 is written as it is.
        return replace_none(numbers, column.none, "null") if column.none else numbers

    def _status(self, rows: _Rows) -> list[str]:
        return [STATUSES[status] for status in self._part.status[rows.at].tolist()]

    def _inside(self) -> Iterator[str]:
        """Yield each sample's location in an archive, as JSON."""
        catalog = self._part.plan.catalog
        if not catalog.archives:
            return repeat("null", len(catalog))
        columns = [column.tolist() for column in catalog.inside.columns().values()]
        numbers = f"[{','.join(['%d'] * len(columns))}]"
        return (numbers % row if row[0] != NO_ARCHIVE else "null" for row in zip(*columns, strict=True))


_json = json.JSONEncoder(separators=(",", ":")).encode

"""Rewrite single lines of a manifest, and copy all others as they are."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import StackguiError
from stackgui.stores.files.failures import explained
from stackgui.stores.format.header import file_in
from stackgui.stores.format.label_members import label_cell
from stackgui.stores.format.line_texts import cell
from stackgui.stores.format.manifest import CSV_FILE, JSON_FILE
from stackgui.stores.format.open_array import damaged
from stackgui.stores.format.row_edits import Line
from stackgui.stores.format.row_lines import SHEET_COLUMNS

_READ_BYTES = 4 * 2**20

_EDITED_CELLS = {"label": "class", "status": "status"}
"""Columns of the sheet that edits change, and the members of a line that they show."""


def _line_starts(folder: str, rows: int) -> NDArray[np.int64]:
    """Return the offset of each line of ``manifest.jsonl``, and the end of the last, shape (rows + 1,).

    Raises
    ------
    StackguiError
        When the manifest has another number of lines, or cannot be read.
    """
    found = _starts(file_in(folder, JSON_FILE), b"\n")
    if len(found) != rows + 1:
        raise StackguiError(damaged(folder, JSON_FILE))
    return found


def _starts(path: str, end: bytes) -> NDArray[np.int64]:
    """Return where each line that `end` ends begins, and the end of the last."""
    starts = [np.zeros(1, np.int64)]
    with explained(path, StackguiError), open(path, "rb") as file:
        offset, last = 0, b""
        while part := file.read(_READ_BYTES):
            whole = last + part
            ends = np.flatnonzero(np.frombuffer(whole, np.uint8) == ord("\n"))
            if end == b"\r\n":
                before = np.frombuffer(whole, np.uint8)[np.maximum(ends - 1, 0)]
                ends = ends[(ends > 0) & (before == ord("\r"))]
            ends = ends[ends >= len(last)]
            starts.append(ends + (offset - len(last) + 1))
            offset += len(part)
            last = part[-1:]
    return np.concatenate(starts)


def write_json_lines(folder: str, target: BinaryIO, rows: int, lines: Mapping[int, Line]) -> None:
    """Write ``manifest.jsonl`` anew with other `lines`; raises as `write_sheet`."""
    starts = _line_starts(folder, rows)
    new = {
        row: (json.dumps(line, separators=(",", ":")) + "\n").encode("ascii") for row, line in lines.items()
    }
    with open(file_in(folder, JSON_FILE), "rb") as source:
        _rewrite(source, target, starts, new)


def write_sheet(folder: str, target: BinaryIO, rows: int, lines: Mapping[int, Line]) -> None:
    """Write ``manifest.csv`` anew with the labels and status of other `lines`.

    Raises
    ------
    OSError
    StackguiError
        When it does not have a line for each of `rows` rows.
    """
    path = file_in(folder, CSV_FILE)
    starts = _starts(path, b"\r\n")
    if len(starts) == rows + 2:
        with open(path, "rb") as source:
            new = {row + 1: _edited(source, starts, row + 1, line) for row, line in lines.items()}
            _rewrite(source, target, starts, new)
        return
    _rewrite_odd_sheet(folder, target, rows, lines)


def _edited(source: BinaryIO, starts: NDArray[np.int64], number: int, line: Line) -> bytes:
    source.seek(int(starts[number]))
    text = source.read(int(starts[number + 1] - starts[number])).decode("utf-8")
    return _with_cells(next(csv.reader([text.removesuffix("\r\n")], strict=True)), line)


def _rewrite_odd_sheet(folder: str, target: BinaryIO, rows: int, lines: Mapping[int, Line]) -> None:
    """Do so where names contain line breaks, so that every line has to be parsed."""
    with open(file_in(folder, CSV_FILE), encoding="utf-8", newline="") as source:
        table = csv.reader(source, strict=True)
        target.write(_joined(next(table)))
        number = -1
        for number, cells in enumerate(table):
            target.write(_with_cells(cells, lines[number]) if number in lines else _joined(cells))
    if number + 1 != rows:
        raise StackguiError(damaged(folder, CSV_FILE))


def _with_cells(cells: Sequence[str], line: Line) -> bytes:
    known = {column: label_cell(line[member]) for column, member in _EDITED_CELLS.items()}
    places = {SHEET_COLUMNS.index(column): cell(value) for column, value in known.items()}
    return _joined(cells, places)


def _joined(cells: Sequence[str], places: Mapping[int, str] | None = None) -> bytes:
    """Return a line of the sheet; `cells` are safe already, those at `places` are written as they are."""
    given = places or {}
    written = [given.get(place, _quoted(text)) for place, text in enumerate(cells)]
    return (",".join(written) + "\r\n").encode("utf-8")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text


def _rewrite(source: BinaryIO, target: BinaryIO, starts: NDArray[np.int64], new: Mapping[int, bytes]) -> None:
    """Copy `source` to `target`, but with `new` lines, by their numbers."""
    begin = 0
    for number in sorted(new):
        _copy(source, target, begin, int(starts[number]))
        target.write(new[number])
        begin = int(starts[number + 1])
    _copy(source, target, begin, int(starts[-1]))


def _copy(source: BinaryIO, target: BinaryIO, begin: int, end: int) -> None:
    source.seek(begin)
    target.writelines(source.read(min(_READ_BYTES, end - at)) for at in range(begin, end, _READ_BYTES))

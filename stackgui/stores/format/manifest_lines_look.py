"""Look at single lines of a manifest that is text, and at the names in it without keeping them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.columns import Paths
from stackgui.core.base.errors import StackguiError
from stackgui.stores.files.failures import explained
from stackgui.stores.files.opening import open_to_read
from stackgui.stores.files.reading import read_at
from stackgui.stores.format.header import file_in
from stackgui.stores.format.manifest import JSON_FILE
from stackgui.stores.format.names import Names, packed, places
from stackgui.stores.format.open_array import damaged
from stackgui.stores.format.row_edits import read_edits

_LOOK_BYTES = 2**15
"""Bytes read at each step of the search for a line; some dozen lines."""

_PIECE_BYTES = 2**20
"""Bytes searched at a time, as fit into the processor's cache."""
_MAX_LINE_BYTES = 4 * 2**20
_MOST_STEPS = 100
_ROW = re.compile(rb'\{"row":(\d{1,18})[,}]')
_NAME, _NAME_END = b'"file":"', b'","label":'


class LinesLook:
    """The lines of ``manifest.jsonl``, found by the numbers that they begin with; see `ManifestLook`.

    Parameters
    ----------
    folder : str
    rows : int
    """

    def __init__(self, folder: str, rows: int) -> None:
        self._folder = folder
        self._rows = rows

    def lines(self, rows: Sequence[int]) -> list[Mapping[str, Any]]:
        """Return the lines of `rows`, in that order; as `ManifestLook.lines`."""
        wanted, found = sorted(set(rows)), {}
        path = file_in(self._folder, JSON_FILE)
        with explained(path, StackguiError), open_to_read(path) as file:
            lines = _Lines(file.fileno(), os.fstat(file.fileno()).st_size, self._rows)
            for row in wanted:
                try:
                    line = json.loads(lines.line(row))
                    is_right = line["row"] == row
                except (KeyError, TypeError, ValueError, RecursionError) as error:
                    raise StackguiError(damaged(self._folder, JSON_FILE)) from error
                if not is_right:
                    raise StackguiError(damaged(self._folder, JSON_FILE))
                found[row] = line
        return [found[row] for row in rows]

    def names(self, begin: int, watch: Cancellation) -> Iterator[tuple[int, Names]]:
        """Yield names, after the offset at which their lines end; as `ManifestLook.names`."""
        path = file_in(self._folder, JSON_FILE)
        rest = b""
        with explained(path, StackguiError), open_to_read(path) as file:
            file.seek(begin)
            while part := file.read(_PIECE_BYTES):
                watch.check()
                data = rest + part
                cut = data.rfind(b"\n") + 1
                data, rest = data[:cut], data[cut:]
                if cut:
                    begin += cut
                    yield begin, self._packed(data)
        if rest:
            raise StackguiError(damaged(self._folder, JSON_FILE))

    def marked(self, mark: str, watch: Cancellation) -> NDArray[np.bool_]:
        """Return which rows have a mark, in one pass over the manifest; as `ManifestLook.marked`."""
        found, edits = np.zeros(self._rows, np.bool_), read_edits(self._folder)
        path = file_in(self._folder, JSON_FILE)
        with explained(path, StackguiError), open_to_read(path) as file:
            try:
                for line in _lines_with(file, f'"{mark}":true'.encode(), watch):
                    row = json.loads(line)
                    found[row["row"]] = mark in row
            except (IndexError, KeyError, TypeError, ValueError, RecursionError) as error:
                raise StackguiError(damaged(self._folder, JSON_FILE)) from error
        for row, members in edits.items():
            if row < self._rows:
                found[row] = mark in members
        return found

    def entries(self) -> Iterator[Mapping[str, Any]]:
        """Yield the line of each row, in their order; as `ManifestLook.entries`."""
        path = file_in(self._folder, JSON_FILE)
        with explained(path, StackguiError), open(path, "rb") as file:
            for _ in range(self._rows):
                try:
                    yield json.loads(file.readline(_MAX_LINE_BYTES))
                except (ValueError, RecursionError) as error:
                    raise StackguiError(damaged(self._folder, JSON_FILE)) from error

    def _packed(self, lines: bytes) -> Names:
        names = _plain_names(lines)
        if names is not None:
            return names
        try:
            listed = [str(json.loads(line)["file"]) for line in lines.splitlines()]
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise StackguiError(damaged(self._folder, JSON_FILE)) from error
        return packed(Paths.from_names(listed))


class _Lines:
    """The lines of an open manifest; remembers the part of it that it read last."""

    def __init__(self, handle: int, size: int, rows: int) -> None:
        self._handle, self._size, self._rows = handle, size, rows
        self._first = self._begin = 0
        self._ends: NDArray[np.int64] = np.empty(0, np.int64)
        self._data = b""

    def line(self, row: int) -> bytes:
        """Return the line of `row`; raises ValueError if there is none."""
        if not self._first <= row < self._first + len(self._ends):
            self._find(row)
        place = row - self._first
        start = int(self._ends[place - 1]) if place else 0
        return self._data[start : int(self._ends[place])]

    def _find(self, row: int) -> None:
        """Look for `row` between a line before it and one after it, nearer to it with every step."""
        low, low_row, high, high_row = 0, 0, self._size, self._rows
        for step in range(_MOST_STEPS):
            share = (row - low_row) / max(1, high_row - low_row) if step % 3 < 2 else 0.5  # noqa: PLR2004
            begin = max(low, low + int(share * (high - low)) - _LOOK_BYTES // 4)
            self._look(begin, is_start=begin == low)
            if not len(self._ends) or self._first > row:
                if begin == low:
                    break
                high, high_row = begin, min(high_row, self._first) if len(self._ends) else high_row
            elif row < self._first + len(self._ends):
                return
            else:
                low, low_row = self._begin + int(self._ends[-1]), self._first + len(self._ends)
        raise ValueError(row)

    def _look(self, begin: int, *, is_start: bool) -> None:
        """Read the whole lines from `begin` on, where a line starts if `is_start`."""
        count = _LOOK_BYTES
        while True:
            data = read_at(self._handle, count, begin)
            skipped = 0 if is_start else data.find(b"\n") + 1
            ends = np.flatnonzero(np.frombuffer(data, np.uint8)[skipped:] == ord("\n")) + 1
            if len(ends) and (is_start or skipped):
                break
            if begin + count >= self._size or count > _PIECE_BYTES:
                self._ends = np.empty(0, np.int64)
                return
            count *= 4
        self._begin, self._data, self._ends = begin + skipped, data[skipped:], ends
        number = _ROW.match(self._data)
        if number is None:
            raise ValueError("a line does not begin with its number")
        self._first = int(number.group(1))


def _lines_with(file: BinaryIO, text: bytes, watch: Cancellation) -> Iterator[bytes]:
    """Yield the lines in which `text` stands."""
    rest = b""
    while part := file.read(_PIECE_BYTES):
        watch.check()
        data = rest + part
        cut = data.rfind(b"\n") + 1
        data, rest = data[:cut], data[cut:]
        place = data.find(text)
        while place >= 0:
            end = data.index(b"\n", place)
            yield data[data.rfind(b"\n", 0, place) + 1 : end]
            place = data.find(text, end)


def _plain_names(lines: bytes) -> Names | None:
    """Return the names in `lines`; None if they have to be read line by line."""
    data = np.frombuffer(lines, np.uint8)
    begins, ends = (places(data, key) for key in (_NAME, _NAME_END))
    line_ends = np.flatnonzero(data == ord("\n"))
    count = len(line_ends)
    # The file of a mask has a name of its own, but no label follows it.
    if len(ends) != count or len(begins) < count:
        return None
    first = np.searchsorted(begins, np.concatenate([[0], line_ends[:-1]]))
    if first[-1] >= len(begins):
        return None
    begins = begins[first] + len(_NAME)
    lengths = ends - begins + 1  # with the quote at the end, which becomes the zero byte
    if (lengths < 1).any() or (ends > line_ends).any():
        return None
    stops = np.cumsum(lengths)
    inside = np.arange(int(stops[-1])) + np.repeat(begins - stops + lengths, lengths)
    names = data[inside]
    names[stops - 1] = 0
    is_plain = np.count_nonzero((names == ord('"')) | (names == ord("\\"))) == 0
    return names if is_plain and np.count_nonzero(names == 0) == count else None

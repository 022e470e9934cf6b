"""Look at single lines of a manifest of any length, and search the names in it without keeping them.

`stackgui.stores.format.read_manifest` makes columns of a whole manifest, which for ten million rows takes
minutes and gigabytes. What looks at a stack needs the lines of the rows on the screen, and to pass once over
the names.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.errors import StackguiError
from stackgui.stores.files.failures import explained
from stackgui.stores.files.opening import open_to_read
from stackgui.stores.format.header import file_in
from stackgui.stores.format.manifest import JSON_FILE
from stackgui.stores.format.open_array import damaged

_LOOK_BYTES = 2**15
"""Bytes read at each step of the search for a line; some dozen lines."""

_PIECE_BYTES = 2**20
"""Bytes searched at a time, as fit into the processor's cache."""
_MOST_STEPS = 100
_ROW = re.compile(rb'\{"row":(\d{1,18})[,}]')
_NAME, _NAME_END = b'"file":"', b'","label":'


def folded(text: str) -> str:
    """Return `text` without regard to case, and to whether accents are characters of their own."""
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).casefold()


class ManifestLook:
    """The lines of ``manifest.jsonl``, found by the numbers that they begin with.

    Parameters
    ----------
    folder : str
    rows : int
    """

    def __init__(self, folder: str, rows: int) -> None:
        self._folder = folder
        self._rows = rows

    def lines(self, rows: Sequence[int]) -> list[Mapping[str, Any]]:
        """Return the lines of `rows`, in that order.

        Raises
        ------
        StackguiError
            When the manifest is missing or damaged.
        """
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

    def named(self, words: Sequence[str], watch: Cancellation) -> Iterator[tuple[int, NDArray[np.bool_]]]:
        """Yield for some rows after the other which file names hold all of `words`, after the first row.

        Nearly all of the time is spent where other threads can go on.

        Raises
        ------
        Cancelled
        StackguiError
            When the manifest is missing or damaged.
        """
        wanted = [folded(word) for word in words]
        path = file_in(self._folder, JSON_FILE)
        row, rest = 0, b""
        with explained(path, StackguiError), open_to_read(path) as file:
            while part := file.read(_PIECE_BYTES):
                watch.check()
                data = rest + part
                cut = data.rfind(b"\n") + 1
                data, rest = data[:cut], data[cut:]
                if cut:
                    found = self._matching(data, wanted)
                    yield row, found
                    row += len(found)
        if rest or row != self._rows:
            raise StackguiError(damaged(self._folder, JSON_FILE))

    def _matching(self, lines: bytes, words: Sequence[str]) -> NDArray[np.bool_]:
        names = _plain_names(lines) if all(word.isascii() for word in words) else None
        if names is None:
            return _holding(list(self._names(lines)), words)
        return _holding(names, [word.encode("ascii") for word in words])

    def _names(self, lines: bytes) -> Iterator[str]:
        try:
            for line in lines.splitlines():
                yield folded(str(json.loads(line)["file"]))
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise StackguiError(damaged(self._folder, JSON_FILE)) from error


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
            data = _read_at(self._handle, count, begin)
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


def _read_at(handle: int, count: int, place: int) -> bytes:
    if hasattr(os, "pread"):
        return os.pread(handle, count, place)
    os.lseek(handle, place, os.SEEK_SET)
    return os.read(handle, count)


def _plain_names(lines: bytes) -> list[bytes] | None:
    """Return the names in `lines`, in small letters; None if they have to be read line by line."""
    data = np.frombuffer(lines, np.uint8)
    begins, ends = (_found(data, key) for key in (_NAME, _NAME_END))
    line_ends = np.flatnonzero(data == ord("\n"))
    count = len(line_ends)
    # The file of a mask has a name of its own, but no label follows it.
    if len(ends) != count or len(begins) < count:
        return None
    first = np.searchsorted(begins, np.concatenate([[0], line_ends[:-1]]))
    if first[-1] >= len(begins):
        return None
    begins = begins[first] + len(_NAME)
    lengths = ends - begins + 1  # with the quote at the end, which separates them
    if (lengths < 1).any() or (ends > line_ends).any():
        return None
    stops = np.cumsum(lengths)
    places = np.arange(int(stops[-1])) + np.repeat(begins - stops + lengths, lengths)
    names = data[places].tobytes()
    found = names.lower().split(b'"')[:-1]
    return None if b"\\" in names or len(found) != count else found


def _holding(names: Sequence[Any], words: Sequence[Any]) -> NDArray[np.bool_]:
    """Return which of `names` hold all of `words`."""
    found = np.ones(len(names), np.bool_)
    for word in words:
        found &= np.array([word in name for name in names], np.bool_)
    return found


def _found(data: NDArray[np.uint8], key: bytes) -> NDArray[np.int64]:
    """Return where `key` begins in `data`."""
    last = len(data) - len(key) + 1
    if last <= 0:
        return np.empty(0, np.int64)
    hits = data[:last] == key[0]
    for place in (1, 2, 3):
        hits &= data[place : last + place] == key[place]
    found: NDArray[np.int64] = np.flatnonzero(hits)
    for place in range(4, len(key)):
        found = found[data[found + place] == key[place]]
    return found

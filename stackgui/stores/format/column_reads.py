"""Some rows of columns, read from the file without mapping it.

A map would count what was looked at as memory of the program, and would end it when the disk fails.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Paths, repeated
from stackgui.stores.files.reading import read_at
from stackgui.stores.format.column_file import MAGIC, Place, check_names


class ColumnReads:
    """Columns in a file that stays open as long as they are read; compares nothing with checksums.

    Parameters
    ----------
    file : binary file
        Open for reading.

    Attributes
    ----------
    file_bytes : int

    Raises
    ------
    OSError
    ValueError
        When it is another file.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._handle = file.fileno()
        self.file_bytes = file.seek(0, 2)
        if self.read(0, min(len(MAGIC), self.file_bytes)) != MAGIC:
            raise ValueError("it is another file")

    def column(self, place: Place) -> NumbersRead:
        """Return a column of numbers."""
        return NumbersRead(self, place)

    def names(self, data: Place, ends: Place) -> NamesRead:
        """Return names, whose bytes and ends lie at two places; raises ValueError."""
        check_names(data, ends)
        return NamesRead(self, data, ends)

    def read(self, place: int, count: int) -> bytes:
        """Read so many bytes; raises OSError, and ValueError if the file ends before."""
        parts = []
        while count:
            part = read_at(self._handle, count, place)
            if not part:
                raise ValueError("it is not whole")
            parts.append(part)
            place, count = place + len(part), count - len(part)
        return b"".join(parts)


class NumbersRead:
    """A column of numbers in a file; raises OSError or ValueError when it cannot be read.

    Attributes
    ----------
    shape : tuple of int
    dtype : numpy.dtype
        That of the arrays it returns.
    """

    def __init__(self, file: ColumnReads, place: Place) -> None:
        self._file, self._place = file, place
        self.shape, self.dtype = place.shape, np.dtype(place.dtype).newbyteorder("=")

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[Any]:
        """Read the values of some rows, shape (n, …); raises IndexError if there is no such row."""
        place = self._place
        if place.begin < 0:
            same = np.frombuffer(bytes.fromhex(place.same), place.dtype).astype(self.dtype)
            return np.broadcast_to(repeated(same[0], len(rows)), (len(rows), *place.shape[1:]))
        parts = [np.empty((0, *place.shape[1:]), self.dtype)]
        for begin, end in _runs(rows, len(self)):
            data = self._file.read(place.begin + begin * place.row_bytes, (end - begin) * place.row_bytes)
            found = np.frombuffer(data, place.dtype).reshape(end - begin, *place.shape[1:])
            parts.append(found.astype(self.dtype))
        return np.concatenate(parts)


class NamesRead:
    """A column of names in a file; raises as `NumbersRead` does."""

    def __init__(self, file: ColumnReads, data: Place, ends: Place) -> None:
        self._file, self._data = file, data
        self._ends = NumbersRead(file, ends)

    def __len__(self) -> int:
        return len(self._ends)

    def take(self, rows: NDArray[np.int64]) -> Paths:
        """Read the names of some rows."""
        return Paths.concatenate(self._part(begin, end) for begin, end in _runs(rows, len(self)))

    def _part(self, begin: int, end: int) -> Paths:
        ends = self._ends[np.arange(max(begin - 1, 0), end)]
        first = int(ends[0]) if begin else 0
        ends = (ends[1:] if begin else ends) - first
        last = int(ends[-1])
        if not 0 <= first <= first + last <= self._data.shape[0] or (np.diff(ends, prepend=0) < 0).any():
            raise ValueError("names that do not follow each other")
        return Paths(self._file.read(self._data.begin + first, last), ends)


def _runs(rows: NDArray[np.int64], count: int) -> Iterator[tuple[int, int]]:
    """Yield the first of rows that follow each other, and the end of these; raises IndexError."""
    if len(rows) and not 0 <= int(rows.min()) <= int(rows.max()) < count:
        raise IndexError(int(rows.max()))
    last = np.flatnonzero(np.diff(rows, append=-2) != 1).tolist()
    begin = 0
    for place in last:
        yield int(rows[begin]), int(rows[place]) + 1
        begin = place + 1

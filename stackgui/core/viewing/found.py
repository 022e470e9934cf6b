"""Which rows are listed, in which order, without a number for each as long as it is all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Sorting:
    """How far rows are sorted, which are shown only when all of them are.

    Attributes
    ----------
    rows : int
        Number of rows to sort.
    share : float
        From 0 to 1; it may jump, since nobody knows beforehand how much of the names has to be compared.
    """

    rows: int
    share: float


@dataclass(frozen=True, eq=False, slots=True)
class FoundRows:
    """Rows in the order in which they are shown.

    Attributes
    ----------
    count : int
    rows : integers, shape (count,), or None
        Row numbers; None for all rows in their own order.
    is_sorted : bool
        Whether the row numbers grow.
    searching : bool
        Whether more may follow.
    searched : int
        Number of rows that were looked at so far.
    """

    count: int
    rows: NDArray[np.integer] | None = None
    is_sorted: bool = True
    searching: bool = False
    searched: int = field(default=0)

    def with_rows(self, rows: NDArray[np.integer]) -> FoundRows:
        """Return these, sorted by their numbers, together with `rows`, which ascend and may be among them."""
        if self.rows is None or not len(rows):
            return self
        listed = self.rows[: self.count]
        places = np.searchsorted(listed, rows)
        there = np.append(listed, -1)[places] == rows if len(listed) else np.zeros(len(rows), np.bool_)
        both = np.insert(listed, places[~there], rows[~there])
        return replace(self, count=len(both), rows=both)

    def row(self, position: int) -> int:
        """Return the row at a position."""
        return position if self.rows is None else int(self.rows[position])

    def some(self, first: int, last: int) -> list[int]:
        """Return the rows at positions from `first` up to `last`."""
        begin, end = max(0, first), min(last, self.count)
        if self.rows is None:
            return list(range(begin, end))
        found: list[int] = self.rows[begin:end].tolist()
        return found

    def position(self, row: int) -> int:
        """Return the position of a row, or -1 if it is not listed."""
        if self.rows is None:
            return row if 0 <= row < self.count else -1
        rows = self.rows[: self.count]
        if self.is_sorted:
            place = int(np.searchsorted(rows, row))
            return place if place < self.count and int(rows[place]) == row else -1
        places = np.flatnonzero(rows == row)
        return int(places[0]) if len(places) else -1

    def positions(self, rows: Sequence[int]) -> NDArray[np.int64]:
        """Return the positions of those of `rows` that are listed, in any order."""
        if self.rows is not None and not self.is_sorted:
            return np.flatnonzero(np.isin(self.rows[: self.count], rows)) if rows else np.empty(0, np.int64)
        places = np.array([self.position(row) for row in rows], np.int64)
        return places[places >= 0]

    def nearest(self, row: int) -> int:
        """Return the position of a row, or of the first one after it; -1 if nothing is listed."""
        exact = self.position(row)
        if exact >= 0 or not self.count:
            return exact
        if self.rows is None or not self.is_sorted:
            return min(max(row, 0), self.count - 1) if self.rows is None else -1
        return min(int(np.searchsorted(self.rows[: self.count], row)), self.count - 1)

"""Lists of different lengths, one per row, in one array."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

ScalarT = TypeVar("ScalarT", bound=np.generic)


@dataclass(frozen=True, eq=False, slots=True)
class Ragged(Generic[ScalarT]):
    """One list of values per row; the lists may differ in length.

    Attributes
    ----------
    values : array, shape (V, ...)
        The values of all lists, end to end.
    starts : int64, shape (N + 1,)
        Row i has the values from ``starts[i]`` up to ``starts[i + 1]``.
    """

    values: NDArray[ScalarT]
    starts: NDArray[np.int64]

    @classmethod
    def none(cls, rows: int, values: NDArray[ScalarT]) -> Ragged[ScalarT]:
        """Return `rows` empty lists, which take no memory; `values` shows their dtype and further axes."""
        return cls(values[:0], np.broadcast_to(np.int64(0), rows + 1))

    @classmethod
    def of_lengths(cls, values: NDArray[ScalarT], lengths: NDArray[np.integer[Any]]) -> Ragged[ScalarT]:
        """Divide `values` into lists of `lengths`, shape (N,)."""
        return cls(values, np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)]))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, row: int) -> NDArray[ScalarT]:
        return self.values[self.starts[row] : self.starts[row + 1]]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Return the length of each list, shape (N,)."""
        return np.diff(self.starts)

    @property
    def rows(self) -> NDArray[np.int64]:
        """Return the row of each value, shape (V,)."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def places(self, rows: NDArray[Any]) -> NDArray[np.int64]:
        """Return the indices into `values` of the lists of `rows` (indices or a mask), end to end."""
        if rows.dtype == np.bool_:
            rows = np.flatnonzero(rows)
        lengths = self.lengths[rows]
        ends = np.cumsum(lengths)
        within = np.arange(lengths.sum()) - np.repeat(ends - lengths, lengths)
        found: NDArray[np.int64] = within + np.repeat(self.starts[:-1][rows], lengths)
        return found

    def take(self, rows: NDArray[Any]) -> Ragged[ScalarT]:
        """Return the lists of `rows` (indices or a mask), in that order."""
        if not len(self.values):
            count = int(np.count_nonzero(rows)) if rows.dtype == np.bool_ else len(rows)
            return Ragged.none(count, self.values)
        return Ragged.of_lengths(self.values[self.places(rows)], self.lengths[rows])

    def with_values(self, values: NDArray[Any]) -> Ragged[Any]:
        """Return lists of the same lengths with other `values`, shape (V, ...)."""
        if len(values) != len(self.values):
            raise ValueError("another number of values")
        return Ragged(values, self.starts)

    @classmethod
    def concatenate(cls, parts: Sequence[Ragged[ScalarT]]) -> Ragged[ScalarT]:
        """Join the rows of several; there must be at least one."""
        values = np.concatenate([part.values for part in parts])
        if not len(values):
            return Ragged.none(sum(map(len, parts)), values)
        return Ragged.of_lengths(values, np.concatenate([part.lengths for part in parts]))

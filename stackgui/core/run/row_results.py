"""The result of each row of a run: its checksum, or the reason why it is blank."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.wording import say

NoteT = TypeVar("NoteT")


@dataclass(frozen=True, eq=False, slots=True)
class RowsDone:
    """Consecutive rows that have been written to their array, or are known to stay blank.

    Attributes
    ----------
    first : int
        Number of the first row; rows of all buckets are counted one after another.
    valid : bool, shape (n,)
        Which rows hold a sample; the others are blank.
    checksum : uint64, shape (n,)
        XXH3 of each row's placed pixels; 0 if the row is blank.
    reasons : mapping of int to str
        Reasons of blank rows, counted from `first`.
    non_finite : mapping of int to int
        Number of NaN or infinite values in rows that have some, counted from `first`.
    doubts : mapping of int to tuple of str
        The decoders' doubts about rows, counted from `first`.
    """

    first: int
    valid: NDArray[np.bool_]
    checksum: NDArray[np.uint64]
    reasons: Mapping[int, str]
    non_finite: Mapping[int, int] = field(default_factory=dict)
    doubts: Mapping[int, tuple[str, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.valid)

    def part(self, first: int, inside: slice) -> RowsDone:
        """Return the rows in the slice `inside`, as rows that begin at `first`."""
        return RowsDone(
            first,
            self.valid[inside],
            self.checksum[inside],
            _within(self.reasons, inside),
            _within(self.non_finite, inside),
            _within(self.doubts, inside),
        )


@dataclass(eq=False, slots=True)
class RowResults:
    """The results of all rows of a plan, filled in during the run; not thread-safe.

    Attributes
    ----------
    done, valid : bool, shape (rows,)
    checksum : uint64, shape (rows,)
        As in `RowsDone`.
    reason : dict of int to str
        Reasons of blank rows.
    non_finite : dict of int to int
    doubts : dict of int to tuple of str
        As in `RowsDone`.
    """

    done: NDArray[np.bool_]
    valid: NDArray[np.bool_]
    checksum: NDArray[np.uint64]
    reason: dict[int, str] = field(default_factory=dict)
    non_finite: dict[int, int] = field(default_factory=dict)
    doubts: dict[int, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def none_of(cls, rows: int) -> RowResults:
        """Return the results before any row is done."""
        return cls(np.zeros(rows, np.bool_), np.zeros(rows, np.bool_), np.zeros(rows, np.uint64))

    def __len__(self) -> int:
        return len(self.done)

    @property
    def rows_done(self) -> int:
        """Return how many rows are done."""
        return int(np.count_nonzero(self.done))

    @property
    def _notes(self) -> tuple[dict[int, Any], ...]:
        """Return the tables that hold entries for some rows only."""
        return (self.reason, self.non_finite, self.doubts)

    def record(self, rows: RowsDone) -> None:
        """Record `rows`, and replace earlier results of the same rows.

        Raises
        ------
        ValueError
            When there are no such rows.
        """
        part = slice(rows.first, rows.first + len(rows))
        if part.stop > len(self):
            raise ValueError(say("rows up to {stop} in a table of {count}", stop=part.stop, count=len(self)))
        if self.done[part].any():
            self.forget(part)
        self.done[part] = True
        self.valid[part] = rows.valid
        self.checksum[part] = rows.checksum
        self.reason.update((rows.first + index, reason) for index, reason in rows.reasons.items())
        self.non_finite.update((rows.first + index, values) for index, values in rows.non_finite.items())
        self.doubts.update((rows.first + index, doubts) for index, doubts in rows.doubts.items())

    def forget(self, rows: slice | NDArray[np.integer]) -> None:
        """Mark `rows` as not done."""
        if filled := [notes for notes in self._notes if notes]:
            for row in np.arange(len(self))[rows].tolist():
                for notes in filled:
                    notes.pop(row, None)
        self.done[rows] = self.valid[rows] = False
        self.checksum[rows] = 0

    def entries(self, most_rows: int) -> list[RowsDone]:
        """Return all rows that are done, in runs of at most `most_rows`."""
        found = []
        for begin, end in runs(self.done):
            for first in range(begin, end, most_rows):
                part = slice(first, min(first + most_rows, end))
                blank = np.flatnonzero(~self.valid[part]).tolist()
                reasons = {index: self.reason.get(first + index, "") for index in blank}
                notes = _within(self.non_finite, part), _within(self.doubts, part)
                found.append(RowsDone(first, self.valid[part], self.checksum[part], reasons, *notes))
        return found

    def reasons(self) -> Coded:
        """Return for each row why it is blank, or ``""``."""
        given = Coded.from_values(self.reason.values())
        codes = np.zeros(len(self), np.int32)
        codes[list(self.reason)] = given.codes + 1
        return Coded(codes, ("", *given.names))


def _within(notes: Mapping[int, NoteT], inside: slice) -> dict[int, NoteT]:
    """Return the notes in the slice `inside`, counted from its start, without looking at any others."""
    if not notes:
        return {}
    return {
        index - inside.start: notes[index] for index in range(inside.start, inside.stop) if index in notes
    }


def runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the ranges (begin, end) where `mask` is true."""
    steps = np.diff(np.concatenate(([False], mask, [False])).astype(np.int8))
    begins, ends = np.flatnonzero(steps == 1).tolist(), np.flatnonzero(steps == -1).tolist()
    return list(zip(begins, ends, strict=True))

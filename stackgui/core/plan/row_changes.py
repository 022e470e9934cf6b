"""What has become of the rows of a stack since they were made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False, slots=True)
class RowChanges:
    """Marks of the rows of a stack that was edited or updated; each column has one entry per row.

    Attributes
    ----------
    relabelled : bool, shape (rows,)
        Rows whose label was given by hand.
    excluded : bool, shape (rows,)
        Rows that were excluded by hand; the pixels of those that have any are still there.
    gone : bool, shape (rows,)
        Rows whose pictures were no longer found when the stack was last updated.
    """

    relabelled: NDArray[np.bool_]
    excluded: NDArray[np.bool_]
    gone: NDArray[np.bool_]

    @classmethod
    def none_of(cls, rows: int) -> RowChanges:
        """Return the marks of `rows` rows that are as they were made."""
        return cls(*(np.zeros(rows, np.bool_) for _ in MARKS))

    @classmethod
    def concatenate(cls, parts: Iterable[RowChanges]) -> RowChanges:
        """Join tables end to end."""
        parts = [cls.none_of(0), *parts]
        return cls(*(np.concatenate([getattr(part, mark) for part in parts]) for mark in MARKS))

    def part(self, rows: slice) -> RowChanges:
        """Return the marks of some rows."""
        return RowChanges(*(getattr(self, mark)[rows] for mark in MARKS))

    def __len__(self) -> int:
        return len(self.gone)

    @property
    def any(self) -> bool:
        """Whether any row has a mark."""
        return any(getattr(self, mark).any() for mark in MARKS)

    def marks_of(self, row: int) -> tuple[str, ...]:
        """Return the names of the marks that a row has."""
        return tuple(mark for mark in MARKS if getattr(self, mark)[row])

    def marked(self) -> list[int]:
        """Return the rows that have a mark."""
        found: list[int] = np.flatnonzero(self.relabelled | self.excluded | self.gone).tolist()
        return found

    def to_json(self) -> dict[str, Any]:
        """Return how many rows have each mark, for ``stack.json``."""
        return {mark: int(np.count_nonzero(getattr(self, mark))) for mark in MARKS}


MARKS = tuple(each.name for each in fields(RowChanges))
"""The names of the marks, in the order in which manifests have them."""

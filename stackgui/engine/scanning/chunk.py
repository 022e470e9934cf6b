"""What a scan has found out about one batch of files, as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, Paths, end_to_end, slim, taken
from stackgui.core.catalog.archive_location import ArchiveLocation
from stackgui.engine.scanning.probed import Probed
from stackgui.engine.scanning.scan_cache import NUMBERS, TEXTS

Key = tuple[int, int, int]
"""Sort key of a chunk: its source, its place in the source, and its start within an archive there."""

Column: TypeAlias = Any
"""A column of a table: an array, shape (n,), `Coded` texts or `Paths`."""

Table: TypeAlias = Mapping[str, Column]
"""Columns of equal length, by name."""

INSIDE = "inside "
"""What the names of the columns of an `ArchiveLocation` begin with in a table."""


@dataclass(frozen=True, eq=False, slots=True)
class Chunk:
    """The samples and skipped files of one batch, as columns of equal length.

    Attributes
    ----------
    source : int32, shape (n,)
    path : Paths
        Paths relative to the folder of the source.
    probed : Probed
    inside : ArchiveLocation
    label, split : Coded
        Labels and dataset splits from a list or an archive.
    line : int32, shape (n,)
        Line of the list that names each, or `NO_LINE`.
    """

    source: NDArray[np.int32]
    path: Paths
    probed: Probed
    inside: ArchiveLocation
    label: Coded
    split: Coded
    line: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.path)

    def slim(self) -> Chunk:
        """Return the same with columns that take less memory where all samples are alike."""
        return replace(self, source=slim(self.source), line=slim(self.line), probed=self.probed.slim())

    @property
    def table(self) -> dict[str, Column]:
        """All columns but the arrays' names, by the names that they have in a catalog or in the cache."""
        probed, inside = self.probed, self.inside.columns().items()
        return {
            **dict(zip(NUMBERS, probed.numbers, strict=True)),
            **dict(zip(TEXTS, probed.texts, strict=True)),
            **{INSIDE + name: column for name, column in inside},
            "source": self.source,
            "path": self.path,
            "given_label": self.label,
            "split": self.split,
            "line": self.line,
        }


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """Consecutive rows of a table, whose columns are made when they are asked for.

    Attributes
    ----------
    column : callable
        Returns the column of a name.
    kept : callable
        Returns which of the rows count, as indices or, if all do, as a slice.
    """

    column: Callable[[str], Column]
    kept: Callable[[], slice | NDArray[np.int64]]

    def values(self, name: str, dtype: np.dtype[Any] | None) -> Column:
        """Return the rows of a column that count; of numbers as `dtype`, if one is given."""
        column, kept = self.column(name), self.kept()
        if isinstance(column, np.ndarray):
            # A file may claim numbers that are too large for the catalog.
            fits = dtype is None or column.dtype == dtype
            return taken(column if fits else column.astype(dtype, casting="unsafe"), kept)
        return column if isinstance(kept, slice) else column.take(kept)


def joined(parts: Sequence[Column]) -> Column:
    """Join columns, at least one, end to end."""
    first = parts[0]
    return end_to_end(parts) if isinstance(first, np.ndarray) else first.concatenate(parts)


def joined_tables(tables: Sequence[Table]) -> Callable[[str], Column]:
    """Return the function that joins a column of `tables`, at least one."""
    return lambda name: joined([table[name] for table in tables])


def part_of(column: Column, begin: int, end: int) -> Column:
    """Return rows `begin` to `end` of a column, without copying them."""
    if isinstance(column, Paths):
        return column.part(begin, end)
    rows = slice(begin, end)
    return column.take(rows) if isinstance(column, Coded) else column[rows]


def kept_rows(skip: Coded) -> slice | NDArray[np.int64]:
    """Return the rows of samples, as indices or, if all are samples, as a slice, which copies nothing."""
    is_sample = skip.equals("")
    return slice(None) if is_sample.all() else np.flatnonzero(is_sample)

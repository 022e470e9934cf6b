"""The files that a scan skips, of which there may be as many as samples."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.columns import Coded, Paths
from stackgui.core.catalog.skipped import Skipped
from stackgui.engine.scanning.chunk import Part, Table
from stackgui.engine.scanning.spool import Spool, Stored, joined_on_disk, stored_table

RUN_ROWS = 100_000
"""Skipped files from which on they are put aside on the disk, as many at a time, sorted."""

Row = tuple[bytes, str, str]
"""Absolute name, kind and detail."""


class SkippedFiles:
    """Collects skipped files in any order, and returns them in that of their names.

    Batches arrive in an order that depends on the speed of the workers; the catalog must not.
    """

    def __init__(self, cancellation: Cancellation) -> None:
        self._cancellation = cancellation
        self._rows: list[Row] = []
        self._spool: Spool | None = None
        self._runs: list[dict[str, Stored]] = []
        self._aside = 0

    def __len__(self) -> int:
        return self._aside + len(self._rows)

    def add(self, rows: Iterable[Row]) -> None:
        """Add files; raises RunError if they have to be put on a disk that is full."""
        self._rows += rows
        if len(self._rows) >= RUN_ROWS:
            self._spool = self._spool or Spool.made(self._cancellation)
            if self._spool is not None:
                self._runs.append(stored_table(self._spool, _table(sorted(self._rows))))
                self._aside += len(self._rows)
                self._rows = []

    def table(self) -> Skipped:
        """Return what was found so far; raises RunError if the disk is full."""
        if self._spool is None:
            return _skipped(_table(sorted(self._rows)))
        merged = heapq.merge(*(_rows(self._spool.opened(run)) for run in self._runs), sorted(self._rows))
        sorted_again = Spool.made(self._cancellation)
        if sorted_again is None:
            return _skipped(_table(list(merged)))
        runs = []
        while rows := list(islice(merged, RUN_ROWS)):
            runs.append(stored_table(sorted_again, _table(rows)))
        tables = [sorted_again.opened(run) for run in runs]
        parts = [Part(table.__getitem__, lambda: slice(None)) for table in tables]
        return _skipped(joined_on_disk(parts, dict.fromkeys(tables[0]), self._cancellation))


def _table(rows: list[Row]) -> Table:
    return {
        "path": Paths.from_names([path for path, _kind, _detail in rows]),
        "kind": Coded.from_values(kind for _path, kind, _detail in rows),
        "detail": Coded.from_values(detail for _path, _kind, detail in rows),
    }


def _rows(table: Table) -> Iterator[Row]:
    names = chain.from_iterable(table["path"].batches())
    return zip(names, table["kind"], table["detail"], strict=True)


def _skipped(table: Table) -> Skipped:
    return Skipped(**table)

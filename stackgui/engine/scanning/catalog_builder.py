"""Collects the results of a scan as columns, so that a million files do not become a million objects."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import chain, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.columns import Coded, Paths, slim
from stackgui.core.catalog.archive_location import Archive, ArchiveLocation
from stackgui.core.catalog.catalog import COLUMNS, Catalog, unknown
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.schema import Kept
from stackgui.engine.scanning.chunk import (
    INSIDE,
    Chunk,
    Column,
    Key,
    Part,
    Table,
    joined_tables,
    kept_rows,
    part_of,
)
from stackgui.engine.scanning.skipped_files import SkippedFiles
from stackgui.engine.scanning.spool import Spool, Stored, joined_on_disk, stored_table
from stackgui.engine.sources.sources import Source

MAX_ARRAYS = 1000
"""Maximum number of array names to keep; nobody chooses from a longer list."""

ASIDE_ROWS = 200_000
"""Rows from which on they are put aside on the disk, as many at a time."""

_WANTED: Mapping[str, np.dtype[Any] | None] = {
    each.name: each.dtype for each in COLUMNS if Kept.CACHE in each.kept
} | {"source": np.dtype(np.int32), "given_label": None, "split": None, "path": None}
"""What a catalog takes of the table of a scan."""


class CatalogBuilder:
    """Collects the chunks of a scan in any order, and builds the catalog.

    Of a large scan they are put on the disk, `ASIDE_ROWS` at a time; its catalog then lies there, too.

    Parameters
    ----------
    sources : tuple of Source
    cancellation : Cancellation
        Checked while anything is written to the disk.

    Attributes
    ----------
    skipped : SkippedFiles
    """

    def __init__(self, sources: tuple[Source, ...], cancellation: Cancellation = UNWATCHED) -> None:
        self.skipped = SkippedFiles(cancellation)
        self.prefixes = [os.path.join(os.fsencode(source.folder), b"") for source in sources]
        self._sources, self._cancellation = sources, cancellation
        self._chunks: dict[Key, Chunk] = {}
        self._rows, self._aside_from = 0, ASIDE_ROWS
        self._arrays: dict[Key, tuple[str, ...]] = {}
        self._spool: Spool | None = None
        self._aside: list[dict[str, Stored]] = []
        # Where each chunk lies among those on the disk: which table, and its rows there.
        self._places: list[tuple[Key, int, int, int]] = []

    def __bool__(self) -> bool:
        return bool(self._chunks or self._places)

    def add(self, key: Key, chunk: Chunk) -> None:
        """Add a chunk, and count its skipped files; raises RunError if it has to be put on a full disk."""
        self._chunks[key] = chunk = chunk.slim()
        probed, skip = chunk.probed, chunk.probed.text("skip")
        if len(skipped := np.flatnonzero(~skip.equals(""))):
            table, detail = chunk.table, probed.text("detail")
            self.skipped.add((self._absolute(table, row), skip[row], detail[row]) for row in skipped.tolist())
        if probed.arrays:
            self._arrays[key] = probed.arrays
        self._rows += len(chunk)
        if self._rows >= self._aside_from:
            self._put_aside()

    def _put_aside(self) -> None:
        self._spool = self._spool or Spool.made(self._cancellation)
        if self._spool is None:
            self._aside_from = 2 * self._rows  # one more trial for every doubling costs nothing
            return
        begin, keys = 0, sorted(self._chunks)
        tables = [self._chunks[key].table for key in keys]
        column = joined_tables(tables)
        self._aside.append(stored_table(self._spool, {name: column(name) for name in tables[0]}))
        for key in keys:
            end = begin + len(self._chunks[key])
            self._places.append((key, len(self._aside) - 1, begin, end))
            begin = end
        self._chunks, self._rows = {}, 0

    def _absolute(self, table: Table, row: int) -> bytes:
        path: Paths = table["path"]
        return self.prefixes[int(table["source"][row])] + path.raw(row)

    def catalog(self, archives: Sequence[Archive], options: ScanOptions) -> Catalog:
        """Build the catalog of all samples, in the order of the keys; raises RunError if a disk is full."""
        inside = {INSIDE + each.name: None for each in fields(ArchiveLocation)} if archives else {}
        columns = self._joined({**_WANTED, **inside})
        count = len(columns["path"])
        where = {name.removeprefix(INSIDE): columns.pop(name) for name in inside}
        arrays = (self._arrays[key] for key in sorted(self._arrays))
        return Catalog(
            sources=tuple(source.name for source in self._sources),
            folders=tuple(source.folder for source in self._sources),
            archives=tuple(archives),
            inside=ArchiveLocation(**where) if archives else ArchiveLocation.none_of(count),
            **{**unknown(count), **columns},
            skipped=self.skipped.table(),
            scan_options=options,
            arrays=tuple(islice(dict.fromkeys(chain.from_iterable(arrays)), MAX_ARRAYS)),
        )

    def lines(self) -> NDArray[np.int32]:
        """Return the line of a list that names each sample of the catalog, or `NO_LINE`, shape (N,)."""
        lines: NDArray[np.int32] = self._joined({"line": np.dtype(np.int32)})["line"]
        return lines

    def _joined(self, wanted: Mapping[str, np.dtype[Any] | None]) -> dict[str, Any]:
        """Return some columns of all samples, in the order of the keys."""
        if self._spool is None:
            return self._joined_in_memory(wanted)
        if self._chunks:
            self._put_aside()
        tables = [self._spool.opened(each) for each in self._aside]
        parts = [_part(tables[index], begin, end) for index, begin, end in _in_order(self._places)]
        return joined_on_disk(parts, wanted, self._cancellation)

    def _joined_in_memory(self, wanted: Mapping[str, np.dtype[Any] | None]) -> dict[str, Any]:
        tables: list[Table] = [self._chunks[key].table for key in sorted(self._chunks)]
        column = joined_tables(tables or [_nothing()])
        kept = kept_rows(column("skip"))
        whole = Part(column, lambda: kept)
        columns = {name: whole.values(name, dtype) for name, dtype in wanted.items()}
        return {name: slim(each) if isinstance(each, np.ndarray) else each for name, each in columns.items()}


def _nothing() -> Table:
    """Return a table without rows."""
    inside = ArchiveLocation.none_of(0).columns()
    columns = {**unknown(0), **{INSIDE + name: column for name, column in inside.items()}}
    return {
        **columns,
        "path": Paths.from_names([]),
        "line": np.empty(0, np.int32),
        "skip": Coded.constant("", 0),
    }


def _part(table: Table, begin: int, end: int) -> Part:
    """Return rows of a table on the disk; which of them count is worked out for each column again."""

    def column(name: str) -> Column:
        return part_of(table[name], begin, end)

    return Part(column, lambda: kept_rows(column("skip")))


def _in_order(places: Sequence[tuple[Key, int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield tables and rows there in the order of the keys; rows that follow each other come as one."""
    found: tuple[int, int, int] | None = None
    for _key, index, begin, end in sorted(places):
        if found is not None and found[0] == index and found[2] == begin:
            found = index, found[1], end
            continue
        if found is not None:
            yield found
        found = index, begin, end
    if found is not None:
        yield found

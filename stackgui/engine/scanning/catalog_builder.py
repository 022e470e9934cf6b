"""Collects the results of a scan as columns, so that a million files do not become a million objects."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, Paths, slim
from stackgui.core.catalog.archive_location import Archive, ArchiveLocation
from stackgui.core.catalog.catalog import COLUMNS, Catalog, unknown
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.catalog.schema import Column, Kept, Values
from stackgui.core.catalog.skipped import Skipped
from stackgui.engine.scanning.probing import Probed
from stackgui.engine.scanning.scan_cache import Known
from stackgui.engine.sources.sources import Source

MAX_ARRAYS = 1000
"""Maximum number of array names to keep; nobody chooses from a longer list."""

_Kept = NDArray[np.int64] | slice
"""The samples that were not skipped."""

Key = tuple[int, int, int]
"""Sort key of a chunk: its source, its place in the source, and its start within an archive there."""


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
    remembered : sequence of bytes
        Cache key of each file; empty if the keys are the absolute paths.
    """

    source: NDArray[np.int32]
    path: Paths
    probed: Probed
    inside: ArchiveLocation
    label: Coded
    split: Coded
    line: NDArray[np.int32]
    remembered: Sequence[bytes] = ()


@dataclass
class CatalogBuilder:
    """Collects the chunks of a scan in any order, and builds the catalog."""

    sources: tuple[Source, ...]
    chunks: dict[Key, Chunk] = field(default_factory=dict)
    skipped: list[tuple[bytes, str, str]] = field(default_factory=list)

    @cached_property
    def prefixes(self) -> list[bytes]:
        """The prefix of absolute paths, for each source."""
        return [os.path.join(os.fsencode(source.folder), b"") for source in self.sources]

    def add(self, key: Key, chunk: Chunk) -> None:
        """Add a chunk, and count its skipped files."""
        self.chunks[key] = chunk = _slim(chunk)
        for index, (kind, detail) in enumerate(
            zip(chunk.probed.text("skip"), chunk.probed.text("detail"), strict=True)
        ):
            if kind:
                self.skipped.append((self._absolute(chunk, index), kind, detail))

    @property
    def has_news(self) -> bool:
        """Whether there are results that are not in the cache yet."""
        return any(chunk.probed.is_new.any() for chunk in self.chunks.values())

    def news(self) -> Iterator[tuple[bytes, Known]]:
        """Yield the cache keys and entries of results that are not in the cache yet."""
        for chunk in self.chunks.values():
            probed = chunk.probed
            new = np.flatnonzero(probed.is_new)
            texts = (column.take(new) for column in probed.texts)
            columns = zip(*(column[new].tolist() for column in probed.numbers), *texts, strict=True)
            for index, known in zip(new.tolist(), columns, strict=True):
                yield self._remembered(chunk, index), known

    def _absolute(self, chunk: Chunk, index: int) -> bytes:
        return self.prefixes[int(chunk.source[index])] + chunk.path.raw(index)

    def _remembered(self, chunk: Chunk, index: int) -> bytes:
        if chunk.remembered:
            return chunk.remembered[int(chunk.probed.file[index])]
        return self._absolute(chunk, index)

    def catalog(self, archives: Sequence[Archive], options: ScanOptions) -> Catalog:
        """Build the catalog of all samples, in the order of the keys."""
        chunks = [self.chunks[key] for key in sorted(self.chunks)]
        probed = [chunk.probed for chunk in chunks]
        is_kept = Coded.concatenate([part.text("skip") for part in probed]).equals("")
        count = int(np.count_nonzero(is_kept))
        # Of most folders everything is kept; then nothing is copied a second time.
        kept = np.flatnonzero(is_kept) if count < len(is_kept) else slice(None)
        columns = unknown(count) | _found(probed, kept)
        inside = (
            ArchiveLocation.concatenate(chunk.inside for chunk in chunks).take(kept) if archives else None
        )
        path = Paths.concatenate(chunk.path for chunk in chunks)
        columns["source"] = slim(
            np.concatenate([np.empty(0, np.int32), *(chunk.source for chunk in chunks)])[kept]
        )
        columns["given_label"] = _joined([chunk.label for chunk in chunks], kept)
        columns["split"] = _joined([chunk.split for chunk in chunks], kept)
        return Catalog(
            sources=tuple(source.name for source in self.sources),
            folders=tuple(source.folder for source in self.sources),
            archives=tuple(archives),
            path=path if isinstance(kept, slice) else path.take(kept),
            inside=ArchiveLocation.none_of(count) if inside is None else inside,
            **columns,
            skipped=self._skipped(),
            scan_options=options,
            arrays=tuple(
                islice(dict.fromkeys(chain.from_iterable(part.arrays for part in probed)), MAX_ARRAYS)
            ),
        )

    def lines(self) -> NDArray[np.int32]:
        """Return the line of a list that names each sample of the catalog, or `NO_LINE`, shape (N,)."""
        chunks = [self.chunks[key] for key in sorted(self.chunks)]
        kept = [chunk.line[chunk.probed.text("skip").equals("")] for chunk in chunks]
        return np.concatenate([np.empty(0, np.int32), *kept])

    def _skipped(self) -> Skipped:
        # Batches arrive in an order that depends on the speed of the workers; the catalog must not.
        rows = sorted(self.skipped)
        return Skipped(
            path=Paths.from_names(path for path, _kind, _detail in rows),
            kind=Coded.from_values(kind for _path, kind, _detail in rows),
            detail=Coded.from_values(detail for _path, _kind, detail in rows),
        )


def _slim(chunk: Chunk) -> Chunk:
    """Return `chunk` with columns that take less memory where all samples are alike."""
    return replace(chunk, source=slim(chunk.source), line=slim(chunk.line), probed=chunk.probed.slim())


def _found(probed: Sequence[Probed], kept: _Kept) -> dict[str, Values]:
    """Return the columns that the workers filled."""
    return {
        each.name: Coded.concatenate([part.text(each.name) for part in probed]).take(kept)
        if each.dtype is None
        else _numbers(each, [part.number(each.name) for part in probed], kept)
        for each in COLUMNS
        if Kept.CACHE in each.kept
    }


def _numbers(column: Column, parts: Sequence[NDArray[np.integer[Any]]], kept: _Kept) -> Values:
    joined = np.concatenate([np.empty(0, column.dtype), *parts], dtype=column.dtype, casting="unsafe")
    return slim(joined[kept])


def _joined(parts: Sequence[Coded], kept: _Kept) -> Coded:
    """Join a column from lists and archives; most sources have none, and then it takes no memory."""
    if all(part.names in {(), ("",)} for part in parts):
        parts = [Coded.constant("", sum(map(len, parts)))]
    return Coded.concatenate(parts).take(kept)

"""Batches of files to probe: columns, so that a name is no Python object until a worker opens its file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded, Paths, end_to_end, repeated, restore_state, slim, slim_state
from stackgui.core.catalog.archive_location import ArchiveLocation
from stackgui.engine.scanning.chunk import Chunk, Key
from stackgui.engine.scanning.probed import Probed
from stackgui.engine.scanning.runs import Span, Spans, run_starts
from stackgui.engine.sources.walk import NO_LINE, Found, Plain

MAX_RUN_FILES = 2048
"""Files among which none begins a run are cut after so many, eight times as many as are in most runs: where
names end alike, no run ever begins."""


@dataclass(frozen=True, eq=False, slots=True)
class FileNames:
    """Absolute names of files, to be sent to a worker; iterating yields them as bytes.

    Attributes
    ----------
    prefixes : tuple of bytes
        What the names begin with, for each source.
    source : int32, shape (n,)
    path : Paths
        Paths relative to the sources.
    """

    prefixes: tuple[bytes, ...]
    source: NDArray[np.int32]
    path: Paths

    __getstate__, __setstate__ = slim_state, restore_state

    def __iter__(self) -> Iterator[bytes]:
        data, prefixes = self.path.data, self.prefixes
        places = pairwise([0, *self.path.ends.tolist()])
        for source, (begin, end) in zip(self.source.tolist(), places, strict=True):
            yield prefixes[source] + data[begin:end]


@dataclass(frozen=True, eq=False, slots=True)
class FileBatch:
    """Consecutive files to probe; `start` is the place of the first in the order of the scan.

    Attributes
    ----------
    source : int32, shape (n,)
    path : Paths
        Paths relative to the sources.
    label, split : Coded
        Labels and dataset splits from a list.
    line : int32, shape (n,)
        Line of the list that names each, or `NO_LINE`.
    whole
        Spans that the cache keeps as one each.
    """

    start: int
    source: NDArray[np.int32]
    path: Paths
    label: Coded
    split: Coded
    line: NDArray[np.int32]
    whole: Spans = ()

    @classmethod
    def of_plain(cls, start: int, plain: Plain) -> FileBatch:
        """Return a batch of ordinary files."""
        count = len(plain.paths)
        nothing = Coded.constant("", count)
        source, line = repeated(np.int32(plain.source), count), repeated(np.int32(NO_LINE), count)
        return cls(start, source, plain.paths, nothing, nothing, line)

    @classmethod
    def of_found(cls, start: int, found: Sequence[Found]) -> FileBatch:
        """Return a batch of files that were found one by one."""
        return cls(
            start,
            slim(np.array([each.source for each in found], np.int32)),
            Paths.from_names([each.path for each in found]),
            Coded.from_values(each.label for each in found),
            Coded.from_values(each.split for each in found),
            slim(np.array([each.line for each in found], np.int32)),
        )

    @classmethod
    def joined(cls, batches: Sequence[FileBatch]) -> FileBatch:
        """Join consecutive batches, at least one."""
        if len(batches) == 1:
            return batches[0]
        return cls(
            batches[0].start,
            end_to_end([each.source for each in batches]),
            Paths.concatenate(each.path for each in batches),
            Coded.concatenate([each.label for each in batches]),
            Coded.concatenate([each.split for each in batches]),
            end_to_end([each.line for each in batches]),
            tuple(span.moved(batch.start - batches[0].start) for batch in batches for span in batch.whole),
        )

    def __len__(self) -> int:
        return len(self.path)

    @property
    def key(self) -> Key:
        """Sort key of the chunk that the batch becomes."""
        return (int(self.source[0]), self.start, 0)

    def part(self, begin: int, end: int) -> FileBatch:
        """Return files `begin` to `end` as a batch."""
        rows = slice(begin, end)
        return FileBatch(
            self.start + begin,
            self.source[rows],
            self.path.part(begin, end),
            self.label.take(rows),
            self.split.take(rows),
            self.line[rows],
            tuple(span.moved(-begin) for span in self.whole if begin <= span.begin and span.end <= end),
        )

    def names(self, prefixes: Sequence[bytes]) -> FileNames:
        """Return the absolute names; `prefixes` has what they begin with, for each source."""
        return FileNames(tuple(prefixes), self.source, self.path)

    def chunk(self, probed: Probed) -> Chunk:
        """Return the results of the batch as a chunk."""
        file = probed.file
        is_one_each = len(file) == len(self) and bool((file == np.arange(len(file))).all())
        rows = slice(None) if is_one_each else file
        return Chunk(
            source=self.source[rows],
            path=self.path if is_one_each else self.path.take(file),
            probed=probed,
            inside=ArchiveLocation.none_of(len(file)),
            label=self.label.take(rows),
            split=self.split.take(rows),
            line=self.line[rows],
        )


def _parts(batch: FileBatch, ends: Sequence[int], limit: Callable[[], int]) -> Iterator[FileBatch]:
    """Divide a batch of ordinary files where the runs of its folder end, if these are given."""
    if not ends:
        begin = 0
        while begin < len(batch):
            end = min(begin + limit(), len(batch))
            yield batch.part(begin, end)
            begin = end
    for begin, end in pairwise([0, *ends]):
        yield replace(batch.part(begin, end), whole=(Span(0, end - begin, is_folder=len(ends) == 1),))


class Waiting:
    """Files that are in no batch yet; they come in the order of the scan."""

    def __init__(self) -> None:
        self._parts: list[FileBatch] = []
        self._one_by_one: list[Found] = []
        self._count = self._last_source = 0

    def add(self, start: int, item: Found | Plain, limit: Callable[[], int]) -> Iterator[FileBatch]:
        """Add files, of which `start` is the place of the first; yield batches of about `limit` files each.

        How many these are is asked anew for each: a folder may be all that there is.
        """
        # A source that is missing here may be a list, whose samples go in between.
        if item.source > self._last_source + 1:
            yield from self.all()
        self._last_source = item.source
        if isinstance(item, Found):
            if not self._one_by_one:
                self._one_by_one_from = start
            self._one_by_one.append(item)
            self._count += 1
            if self._count >= limit():
                yield from self._cut()
            return
        self._gather()
        for part in _parts(FileBatch.of_plain(start, item), item.ends, limit):
            self._parts.append(part)
            self._count += len(part)
            if self._count >= limit():
                yield from self._cut()

    def all(self) -> Iterator[FileBatch]:
        """Yield what is left."""
        self._gather()
        if self._count >= MAX_RUN_FILES:
            yield from self._cut()
        if self._parts:
            yield FileBatch.joined(self._parts)
        self._parts, self._count = [], 0

    def _gather(self) -> None:
        if self._one_by_one:
            self._parts.append(FileBatch.of_found(self._one_by_one_from, self._one_by_one))
            self._one_by_one = []

    def _cut(self) -> Iterator[FileBatch]:
        """Yield all up to the last place where the cache may cut, so that it meets the same runs again."""
        self._gather()
        batch = FileBatch.joined(self._parts)
        self._parts, self._count = [], 0
        ends_whole = bool(batch.whole) and batch.whole[-1].end == len(batch)
        end = len(batch) if ends_whole else int(run_starts(batch.path, batch.whole)[-1])
        if end:
            yield batch.part(0, end)
        while len(batch) - end >= MAX_RUN_FILES and not ends_whole:
            yield batch.part(end, end := end + MAX_RUN_FILES)
        if end < len(batch):
            self._parts, self._count = [batch.part(end, len(batch))], len(batch) - end

"""From sources to a catalog."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from stackgui.core.catalog import Catalog, Skipped
from stackgui.core.columns import Coded, Paths
from stackgui.core.run import ScanProgress
from stackgui.core.scan_options import DEFAULT, ScanOptions
from stackgui.engine.control import Control
from stackgui.engine.dispatch import Dispatch, Done
from stackgui.engine.probing import TEXTS, Probed, probe_files, unprobed
from stackgui.engine.roots import Root
from stackgui.engine.scan_cache import Known, Rememberer, cache_file
from stackgui.engine.walk import Found, Walk, check_sources
from stackgui.engine.workers import Workers

NumberT = TypeVar("NumberT", bound=np.generic)

MAX_ARRAYS = 1000
"""Names of arrays that are kept: what more there are, nobody chooses from a list."""

FILES_PER_BATCH = 256
"""Files whose headers one worker looks at in one go."""


@dataclass(frozen=True, slots=True)
class FileBatch:
    """Consecutive files to look into; `start` is the place of the first among all files of the scan."""

    start: int
    files: tuple[Found, ...]

    def __len__(self) -> int:
        return len(self.files)

    def part(self, begin: int, end: int) -> FileBatch:
        """The files from `begin` up to `end` as a batch of their own."""
        return FileBatch(self.start + begin, self.files[begin:end])


def scan(
    sources: Sequence[str],
    workers: Workers,
    control: Control[ScanProgress],
    options: ScanOptions = DEFAULT,
    *,
    rememberer: Rememberer | None = None,
) -> Catalog:
    """Search `sources` and look at the headers of all files that may be samples.

    Parameters
    ----------
    options
    rememberer
        Writes the cache of scans; without it the cache is not read either.

    Raises
    ------
    UsageError
        When a source is no folder that can be read.
    SourceGoneError
        When one goes away meanwhile.
    Cancelled
    """
    folders = check_sources(sources)
    walk = Walk(folders, follow_links=options.follow_links)
    scanning = _Scan(folders, walk.roots, control, options, cache_file() if rememberer else "")
    dispatch = Dispatch(
        workers,
        control,
        probe_files,
        scanning.arguments,
        slots=2 * workers.count + 1,
        tick=scanning.publish,
    )
    for done in dispatch.run(scanning.batches(walk)):
        scanning.take(done)
    if rememberer and scanning.has_news:
        rememberer.remember(scanning.cache, scanning.news())
    return scanning.catalog()


@dataclass
class _Scan:
    """What a scan has found so far, as columns: a million files must not be a million objects."""

    folders: tuple[str, ...]
    roots: tuple[Root, ...]
    control: Control[ScanProgress]
    options: ScanOptions
    cache: str
    chunks: dict[int, tuple[NDArray[np.int32], Paths, Probed]] = field(default_factory=dict)
    skipped: list[tuple[bytes, str, str]] = field(default_factory=list)
    found: int = 0
    read: int = 0
    searching: bool = True
    current: bytes = b""

    def batches(self, walk: Walk) -> Iterator[FileBatch]:
        """Group what the walk finds, counting what it leaves aside."""
        batch: list[Found] = []
        for found in walk:
            if found.skip:
                self.skip(found, found.skip, found.detail)
                continue
            batch.append(found)
            self.found += 1
            if len(batch) == FILES_PER_BATCH:
                self.current = self.absolute(found)
                yield FileBatch(self.found - len(batch), tuple(batch))
                batch = []
        self.searching = False
        if batch:
            yield FileBatch(self.found - len(batch), tuple(batch))

    @cached_property
    def beginnings(self) -> list[bytes]:
        """What absolute names begin with, for each source."""
        return [os.path.join(os.fsencode(folder), b"") for folder in self.folders]

    def absolute(self, found: Found) -> bytes:
        """The absolute name of what was found."""
        return self.beginnings[found.source] + found.path

    def arguments(
        self, batch: FileBatch, _slot: int
    ) -> tuple[list[bytes], str, ScanOptions, tuple[Root, ...]]:
        """What the worker needs for a batch."""
        return [self.absolute(found) for found in batch.files], self.cache, self.options, self.roots

    @property
    def has_news(self) -> bool:
        """Whether anything was found out that the cache did not know."""
        return any(probed.is_new.any() for _sources, _paths, probed in self.chunks.values())

    def news(self) -> Iterator[tuple[bytes, Known]]:
        """What the cache did not know: absolute names and entries."""
        for sources, paths, probed in self.chunks.values():
            new = np.flatnonzero(probed.is_new)
            texts = (getattr(probed, name).take(new) for name in TEXTS)
            columns = zip(*probed.numbers[new].T.tolist(), *texts, strict=True)
            for index, source, known in zip(new.tolist(), sources[new].tolist(), columns, strict=True):
                yield self.beginnings[source] + paths.raw(index), known

    def skip(self, found: Found, kind: str, detail: str) -> None:
        """Count something that is no sample."""
        self.skipped.append((self.absolute(found), kind, detail))

    def take(self, done: Done[FileBatch]) -> None:
        """Keep what a worker found out about a batch."""
        probed: Probed = done.result or unprobed(done.reason)
        files = done.batch.files
        found = [files[index] for index in probed.file.tolist()]
        for each, kind, detail in zip(found, probed.skip, probed.detail, strict=True):
            if kind:
                self.skip(each, kind, detail)
        sources = np.array([each.source for each in found], np.int32)
        self.chunks[done.batch.start] = (sources, Paths.from_names([each.path for each in found]), probed)
        self.read += len(files)
        self.publish()

    def publish(self) -> None:
        """Show how far the scan is."""
        self.control.publish(
            ScanProgress(
                files_seen=self.found + len(self.skipped),
                samples_found=self.found,
                samples_read=self.read,
                skipped=len(self.skipped),
                searching=self.searching,
                current=os.fsdecode(self.current),
            )
        )

    def catalog(self) -> Catalog:
        """The table of all samples, in the order of the walk."""
        chunks = [self.chunks[start] for start in sorted(self.chunks)]
        probed = [chunk[2] for chunk in chunks]
        kept = np.flatnonzero(Coded.concatenate([part.skip for part in probed]).equals(""))
        numbers = np.concatenate([np.empty((0, 9), np.int64), *(part.numbers for part in probed)])[kept]

        def column(index: int, dtype: type[NumberT]) -> NDArray[NumberT]:
            return numbers[:, index].astype(dtype)

        def texts(name: str) -> Coded:
            return Coded.concatenate([getattr(part, name) for part in probed]).take(kept)

        return Catalog(
            sources=self.folders,
            source=np.concatenate([np.empty(0, np.int32), *(chunk[0] for chunk in chunks)])[kept],
            path=Paths.concatenate(chunk[1] for chunk in chunks).take(kept),
            member=np.concatenate([np.empty(0, np.int32), *(part.member for part in probed)])[kept],
            height=column(2, np.int32),
            width=column(3, np.int32),
            channels=column(4, np.int32),
            dtype=texts("dtype"),
            format=texts("format"),
            axes=texts("axes"),
            orientation=column(5, np.uint8),
            bits=column(6, np.uint8),
            frames=column(7, np.int32),
            profile=texts("profile"),
            file_bytes=column(0, np.int64),
            mtime_ns=column(1, np.int64),
            problem=texts("problem"),
            given_label=Coded.constant("", len(kept)),
            split=Coded.constant("", len(kept)),
            skipped=self._skipped(),
            scan_options=self.options,
            arrays=tuple(
                islice(dict.fromkeys(chain.from_iterable(part.arrays for part in probed)), MAX_ARRAYS)
            ),
        )

    def _skipped(self) -> Skipped:
        # What a scan meets first depends on how fast the workers are; what it lists must not.
        rows = sorted(self.skipped)
        return Skipped(
            path=Paths.from_names(path for path, _kind, _detail in rows),
            kind=Coded.from_values(kind for _path, kind, _detail in rows),
            detail=Coded.from_values(detail for _path, _kind, detail in rows),
        )

"""Scans sources and returns a catalog of their samples."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar, assert_never

import numpy as np

from stackgui.core.base.columns import Coded, Paths
from stackgui.core.base.errors import UsageError
from stackgui.core.base.skip_kinds import UNREADABLE_FOLDERS
from stackgui.core.catalog.archive_location import ArchiveLocation
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.core.catalog.statistics import Statistics, describe
from stackgui.core.lists.parts import parts_by_name
from stackgui.core.lists.texts import column_names, reading_sentence
from stackgui.core.run.progress import ScanProgress
from stackgui.engine.archives.listing import Listing, list_archive
from stackgui.engine.scanning.archive_queue import ArchiveQueue, InsideBatch, OneBatch
from stackgui.engine.scanning.catalog_builder import CatalogBuilder, Chunk
from stackgui.engine.scanning.label_values import with_doubts
from stackgui.engine.scanning.list_match import LIST_S, match_list
from stackgui.engine.scanning.probing import Probed, probe_files, probe_listed, unprobed
from stackgui.engine.scanning.probing_inside import probe_inside
from stackgui.engine.scanning.scan_cache import Rememberer, cache_file
from stackgui.engine.scanning.search import FileBatch, FolderBatch, Search
from stackgui.engine.sources.label_list import labelled
from stackgui.engine.sources.listed import (
    Resolved,
    leads_on,
    list_warnings,
    listed_files,
    overlaps,
    read_source,
    unusable,
)
from stackgui.engine.sources.own_lists import SeenList, look_at, own_list_warnings, possible_lists
from stackgui.engine.sources.roots import Root, check_reach, roots_of
from stackgui.engine.sources.sources import Source, SourceKind, check_lists, check_sources
from stackgui.engine.sources.walk import Folder, Found, Walk, list_folders
from stackgui.engine.workers import tasks
from stackgui.engine.workers.aside import aside
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.dispatch import Dispatch, Divisible, Done, no_more
from stackgui.engine.workers.workers import Workers

BatchT = TypeVar("BatchT", bound=Divisible)
ResultT = TypeVar("ResultT")

FILES_PER_BATCH, MAX_FILES_PER_BATCH = 256, 1024
"""Number of files per batch of headers: the minimum, and the maximum where reading is fast."""

BATCH_S = 0.05
"""Target duration of larger batches, far below the time limit of a batch even if a folder becomes slow."""

FIRST_OVERVIEW_S, OVERVIEW_S, OVERVIEW_SHARE = 0.5, 1.0, 9.0
"""Time before the first statistics, least interval after them, and interval over the time that they take."""


def scan(
    sources: Sequence[str],
    workers: Workers,
    control: Control[ScanProgress],
    options: ScanOptions = DEFAULT,
    *,
    rememberer: Rememberer | None = None,
    overview: bool = False,
) -> Catalog:
    """Search `sources` and read the headers of all files that may be samples.

    Parameters
    ----------
    sources
        Folders, archives, lists of files, or single files.
    options
    rememberer
        Writes the cache of scans; if None, the cache is not read either.
    overview
        Whether to publish statistics during the scan, which takes a tenth of its time.

    Raises
    ------
    UsageError
        When a source does not exist, cannot be read, or is a list that makes no sense.
    SourceGoneError
        When a source disappears during the scan.
    Cancelled
    """
    begun = aside(lambda: _first_look(sources, options), control)
    cache = cache_file() if rememberer else ""
    scanning = _Scan(begun, workers, control, options, cache, overview=overview)
    catalog = with_doubts(scanning.catalog(), workers, control)
    if rememberer and scanning.gathered.has_news:
        rememberer.remember(cache, scanning.gathered.news())
    return catalog


@dataclass(frozen=True, eq=False, slots=True)
class _FirstLook:
    """The sources of a scan as they are at its start."""

    sources: tuple[Source, ...]
    roots: tuple[Root, ...]
    walk: Walk


def _first_look(names: Sequence[str], options: ScanOptions) -> _FirstLook:
    check_lists(options.label_list, options.list_root)
    sources = check_sources(names, options.list_root)
    roots = roots_of(source.root for source in sources)
    walk = Walk(
        [source.name for source in sources],
        follow_links=options.follow_links,
        open_archives=options.open_archives,
        roots=roots,
    )
    return _FirstLook(sources, roots, walk)


class _Scan:
    """A scan and its progress."""

    def __init__(
        self,
        begun: _FirstLook,
        workers: Workers,
        control: Control[ScanProgress],
        options: ScanOptions,
        cache: str,
        *,
        overview: bool,
    ) -> None:
        self.gathered = CatalogBuilder(begun.sources)
        self._sources, self._roots, self._walk = begun.sources, begun.roots, begun.walk
        self._workers = workers
        self._control = control
        self._options = options
        self._cache = cache
        self._archives = ArchiveQueue(begun.sources)
        self._place = 0
        self._found = 0
        self._read = 0
        self._began_s = time.monotonic()
        self._searching = True
        self._current = b""
        self._statistics: Statistics | None = None
        self._describe_at_s = time.monotonic() + FIRST_OVERVIEW_S if overview else math.inf

    def catalog(self) -> Catalog:
        """Search all sources, and return the catalog."""
        said = self._read_lists()
        self._look_into(Search(self._starting_points()), probe_files)
        self._searching = len(self._archives) > 0
        for index, lines in said.items():
            source = self._sources[index]
            folder = "" if self._options.follow_links else source.folder
            self._look_into(Search(listed_files(index, source, lines.list)), probe_listed, folder)
        self._look_into_archives()
        catalog = self.gathered.catalog(self._archives.archives(), self._options)
        catalog = self._with_lists(said, catalog)
        if label_list := self._options.label_list:
            catalog = labelled(catalog, label_list, match_list(self._options, catalog, self._workers, self))
        return self._with_hints(catalog)

    def _run(
        self,
        task: Callable[..., ResultT],
        arguments: Callable[[BatchT], tuple[Any, ...]],
        batches: Iterable[BatchT | None],
        more_s: Callable[[BatchT], float] = no_more,
    ) -> Iterator[Done[BatchT, ResultT]]:
        """Run `task` in the workers over all `batches`."""
        dispatch: Dispatch[BatchT, ResultT] = Dispatch(
            self._workers,
            self,
            task,
            lambda batch, _slot: arguments(batch),
            slots=2 * self._workers.count + 1,
            more_s=more_s,
        )
        return dispatch.run(batches)

    def _read_lists(self) -> dict[int, Resolved]:
        """Read the lists among the sources; return them by index of the source."""
        lists = [index for index, source in enumerate(self._sources) if source.kind is SourceKind.LIST]

        def arguments(batch: OneBatch) -> tuple[Any, ...]:
            source = self._sources[batch.index]
            return source.name, self._options, source.folder

        said = {}
        for done in self._run(read_source, arguments, map(OneBatch, lists), lambda _batch: LIST_S):
            source = self._sources[done.batch.index]
            resolved = Resolved.failed(done.reason) if done.result is None else done.result
            if problem := unusable(source, resolved):
                aside(partial(check_reach, os.fsencode(source.folder), self._roots), self)
                raise UsageError(problem, ways=leads_on(resolved))
            said[done.batch.index] = resolved
        parts = parts_by_name([self._sources[index].name for index in lists])
        return {index: said[index].in_part(part) for index, part in zip(lists, parts, strict=True)}

    def _with_lists(self, said: dict[int, Resolved], catalog: Catalog) -> Catalog:
        """Return `catalog` with a description of how its lists were read, and with warnings about them."""
        sources = [(self._sources[index], each) for index, each in said.items()]
        named = [(source.name, each) for source, each in sources]
        warnings = (warning for name, each in named for warning in list_warnings(name, each))
        return replace(
            catalog,
            lists=tuple(reading_sentence(name, each.list.read, each.part) for name, each in named),
            list_columns=column_names(each.list.read for _, each in named),
            warnings=(*catalog.warnings, *warnings, *overlaps(sources)),
        )

    def _with_hints(self, catalog: Catalog) -> Catalog:
        """Return `catalog` with warnings about lists among its pictures that may hold their labels."""
        names = possible_lists(catalog) if catalog.given_label.equals("").any() else []
        batches = map(OneBatch, range(len(names)))
        seen = {
            names[done.batch.index]: done.result or SeenList()
            for done in self._run(look_at, lambda batch: (names[batch.index],), batches)
        }
        hints = own_list_warnings(catalog, dict(sorted(seen.items())))
        return replace(catalog, warnings=(*catalog.warnings, *hints))

    def _starting_points(self) -> Iterator[Found | Folder]:
        """Yield the starting points of the search; the files in lists are probed later."""
        for index, source in enumerate(self._sources):
            match source.kind:
                case SourceKind.FOLDER:
                    yield Folder(index)
                case SourceKind.ARCHIVE:
                    yield Found(index, b"", is_archive=True, archive_bytes=source.archive_bytes)
                case SourceKind.FILE:
                    yield Found(index, os.fsencode(os.path.basename(source.name)))
                case SourceKind.LIST:
                    pass
                case _:
                    assert_never(source.kind)

    def _look_into(self, search: Search, probe: Callable[..., Probed], *more: object) -> None:
        """Have workers list folders and read the headers of the files in them."""

        def arguments(batch: FileBatch | FolderBatch) -> tuple[Any, ...]:
            if isinstance(batch, FolderBatch):
                return list_folders, self._walk, batch.folders
            return probe, *self._arguments(batch), *more

        ran: Iterator[Done[FileBatch | FolderBatch, Any]]
        ran = self._run(tasks.call, arguments, self._batches(search), _more_s)
        for done in ran:
            match done.batch:
                case FolderBatch() as folders:
                    search.take(folders, done.result or [_failed_folder(folders.folders[0], done.reason)])
                case FileBatch() as files:
                    self._take(files, done.result or unprobed(done.reason))
                case _:
                    assert_never(done.batch)

    def _batches(self, search: Search) -> Iterator[FileBatch | FolderBatch | None]:
        """Group files into batches, and count skipped files; an archive in between ends a batch."""
        batch: list[Found] = []
        limit = self._files_per_batch()
        for found in search:
            if not isinstance(found, Found):
                yield found
                continue
            if found.skip:
                self._skip(self._absolute(found), found.skip, found.detail)
                continue
            # A source that is missing here may be a list, whose samples go in between.
            is_apart = bool(batch) and found.source > batch[-1].source + 1
            if batch and (found.is_archive or is_apart or len(batch) >= limit):
                self._current = self._absolute(batch[-1])
                yield FileBatch(self._place - len(batch), tuple(batch))
                batch, limit = [], self._files_per_batch()
            if found.is_archive:
                self._archives.meet(self._place, found)
            else:
                batch.append(found)
                self._found += 1
            self._place += 1
        if batch:
            yield FileBatch(self._place - len(batch), tuple(batch))

    def _files_per_batch(self) -> int:
        """Return how many files take `BATCH_S` at the rate so far, within limits."""
        files_per_s = self._read / max(time.monotonic() - self._began_s, BATCH_S)
        return min(max(FILES_PER_BATCH, int(BATCH_S * files_per_s)), MAX_FILES_PER_BATCH)

    def _absolute(self, found: Found) -> bytes:
        return self.gathered.prefixes[found.source] + found.path

    def _arguments(self, batch: FileBatch) -> tuple[Any, ...]:
        prefixes = self.gathered.prefixes
        names = [prefixes[found.source] + found.path for found in batch.files]
        return names, self._cache, self._options, self._roots

    def _skip(self, name: bytes, kind: str, detail: str) -> None:
        self.gathered.skipped.append((name, kind, detail))

    def _take(self, batch: FileBatch, probed: Probed) -> None:
        """Add the results of a batch of files."""
        files = batch.files
        found = [files[index] for index in probed.file.tolist()]
        chunk = Chunk(
            source=np.array([each.source for each in found], np.int32),
            path=Paths.from_names([each.path for each in found]),
            probed=probed,
            inside=ArchiveLocation.none_of(len(found)),
            label=Coded.from_values(each.label for each in found),
            split=Coded.from_values(each.split for each in found),
        )
        self.gathered.add(batch.key, chunk)
        self._read += len(files)

    def _look_into_archives(self) -> None:
        """List the archives that were found, then read the headers of the files in them."""
        archives = self._archives

        def more_s(batch: OneBatch | InsideBatch) -> float:
            return archives.more_s(batch.index)

        def name(batch: OneBatch) -> tuple[Any, ...]:
            return archives.name(batch.index), self._roots

        for done in self._run(list_archive, name, archives.to_list(), more_s):
            listing = Listing.failed(damage=done.reason) if done.result is None else done.result
            self.gathered.skipped += archives.take(done.batch.index, listing)
            self._found += int(np.count_nonzero(listing.skip.equals("")))
        self._searching = False

        def arguments(batch: InsideBatch) -> tuple[Any, ...]:
            return archives.name(batch.index), batch.listing, self._cache, self._options, self._roots

        for each in self._run(probe_inside, arguments, archives.to_probe(), more_s):
            self.gathered.add(*archives.chunk(each.batch, each.result or unprobed(each.reason)))
            self._read += len(each.batch)
            self._current = archives.name(each.batch.index)

    def _describe(self) -> None:
        """Compute statistics of the samples so far, at intervals that grow with the time it takes."""
        began_s = time.monotonic()
        if began_s < self._describe_at_s or not self.gathered.chunks:
            return
        self._statistics = describe(self.gathered.catalog(self._archives.archives(), self._options))
        ended_s = time.monotonic()
        self._describe_at_s = ended_s + max(OVERVIEW_S, OVERVIEW_SHARE * (ended_s - began_s))

    @property
    def paused(self) -> bool:
        """Whether the scan is paused."""
        return self._control.paused

    def check(self) -> None:
        """Publish the progress of the scan; raises `Cancelled` when it was cancelled."""
        self._control.check()
        self._describe()
        self._control.publish(
            ScanProgress(
                samples_found=self._found,
                samples_read=self._read,
                skipped=len(self.gathered.skipped),
                searching=self._searching,
                current=os.fsdecode(self._current),
                statistics=self._statistics,
            )
        )


def _more_s(batch: FileBatch | FolderBatch) -> float:
    # A large folder on a slow network may take any time to list, and is still wanted.
    return math.inf if isinstance(batch, FolderBatch) else 0.0


def _failed_folder(folder: Folder, reason: str) -> list[Found]:
    """Return the entry of a folder whose worker was lost."""
    return [Found(folder.source, folder.path, UNREADABLE_FOLDERS, reason)]

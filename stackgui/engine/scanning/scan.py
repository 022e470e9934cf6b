"""Scans sources and returns a catalog of their samples."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any, assert_never

import numpy as np

from stackgui.core.base.errors import UselessListError
from stackgui.core.base.skip_kinds import UNREADABLE_FOLDERS
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.core.run.progress import ScanProgress
from stackgui.engine.archives.listing import Listing, list_archive
from stackgui.engine.scanning.annotating import with_annotations
from stackgui.engine.scanning.archive_queue import ArchiveQueue, InsideBatch, OneBatch
from stackgui.engine.scanning.asking import Asking
from stackgui.engine.scanning.catalog_builder import CatalogBuilder
from stackgui.engine.scanning.file_batches import FileBatch, Waiting
from stackgui.engine.scanning.first_look import FirstLook, first_look, useless_ones
from stackgui.engine.scanning.label_values import with_doubts
from stackgui.engine.scanning.list_match import with_label_list
from stackgui.engine.scanning.lists_of_scan import read_lists, with_hints, with_lists
from stackgui.engine.scanning.mask_looks import Looker
from stackgui.engine.scanning.masks import sources_of_masks, with_masks, without_masks
from stackgui.engine.scanning.probed import Probed
from stackgui.engine.scanning.probing import probe_listed, unprobed
from stackgui.engine.scanning.probing_inside import probe_inside
from stackgui.engine.scanning.runner import Runner
from stackgui.engine.scanning.scan_cache import (
    MASKS,
    ORDERS,
    RUNS,
    SKETCHES,
    Entry,
    News,
    Rememberer,
    Table,
    cache_file,
)
from stackgui.engine.scanning.search import GROUPS_AHEAD, FolderBatch, Search
from stackgui.engine.scanning.sketching import with_sketches
from stackgui.engine.scanning.tally import Tally
from stackgui.engine.scanning.unchanged import KnownFiles, Listed, list_again, probe_again
from stackgui.engine.scanning.values_of_lists import checked, with_values
from stackgui.engine.sources.listed import Resolved, listed_files
from stackgui.engine.sources.some_files import files_in
from stackgui.engine.sources.sources import (
    SourceKind,
)
from stackgui.engine.sources.walk import ENTRIES_OF_FIRST, ENTRIES_PER_TASK, Folder, Found, Plain
from stackgui.engine.workers import tasks
from stackgui.engine.workers.aside import aside
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.dispatch import Done
from stackgui.engine.workers.workers import Workers

FILES_PER_BATCH, MAX_FILES_PER_BATCH = 256, 4096
"""Number of files per batch of headers: the minimum, and the maximum where reading is fast."""

NEWS_AT_ONCE = 1024
"""Entries that are written to the cache at once; each is for some hundred files."""

BATCH_S = 0.1
"""Target duration of larger batches, far below the time limit of a batch even if a folder becomes slow."""


def scan(
    sources: Sequence[str],
    workers: Workers,
    control: Control[ScanProgress],
    options: ScanOptions = DEFAULT,
    *,
    rememberer: Rememberer | None = None,
    overview: bool = False,
    without_missing: bool = False,
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
    without_missing
        Whether to go on without sources that are not there or cannot be read and without lists that make
        no sense. Such sources are then skipped files, and such a list of labels is a warning.

    Raises
    ------
    UsageError
        When the only source is a list that makes no sense, or without `without_missing` when any source does
        not exist or cannot be used.
    SourceGoneError
        When a source disappears during the scan.
    RunError
        When another computer that works here does not see the same files.
    Cancelled
    """
    with workers.agreed(lambda: files_in(sources), control):
        more = aside(lambda: sources_of_masks(options, sources), control)
        useless: dict[str, str] = {}

        asking = Asking(control)

        def look() -> FirstLook:
            return first_look((*sources, *more), options, useless, asking, without_missing=without_missing)

        while True:
            begun = aside(look, asking)
            scanning = _Scan(begun, workers, control, options, rememberer, overview=overview)
            try:
                scanning.read_lists()
                break
            except UselessListError as error:
                useless |= useless_ones(error, begun, sources)
        catalog = with_doubts(scanning.catalog(len(begun.sources) - len(more)), workers, control)
        scanning.remember()
        return scanning.sketched(catalog)


class _Scan:
    """A scan: the way from its sources to the catalog."""

    def __init__(
        self,
        begun: FirstLook,
        workers: Workers,
        control: Control[ScanProgress],
        options: ScanOptions,
        rememberer: Rememberer | None,
        *,
        overview: bool,
    ) -> None:
        self.gathered = CatalogBuilder(begun.sources, control)
        self._sources, self._roots, self._walk = begun.sources, begun.roots, begun.walk
        self._options = options
        self._rememberer = rememberer
        self._cache = cache = cache_file() if rememberer else ""
        self._archives = ArchiveQueue(begun.sources)
        self._place, self._picked = 0, len(begun.sources)
        self._tally = Tally(control, self._catalog_so_far if overview else None)
        self._runner = Runner(workers, self._tally)
        self.looker = Looker(self._runner, cache)
        self._said: dict[int, Resolved] = {}
        self._news: dict[Table, list[Entry]] = {}
        self._without_missing = begun.without_missing
        self._skip_all(begun.left_out)

    def read_lists(self) -> None:
        """Read the lists among the sources, which may turn out to be useless."""
        self._said = read_lists(self._sources, self._options, self._roots, self._runner)

    def catalog(self, picked: int) -> Catalog:
        """Search all sources, and return the catalog; those after the first `picked` hold only masks."""
        sources, runner, said, self._picked = self._sources, self._runner, self._said, picked
        ahead = max(GROUPS_AHEAD, 2 * runner.workers.count + 1)
        self._look_into(Search(self._starting_points(), ahead), probe_again, lambda batch: batch.whole)
        self._tally.searching = len(self._archives) > 0
        for index, lines in said.items():
            source = sources[index]
            folder = "" if self._options.follow_links else source.folder
            listed = Search(listed_files(index, source, lines.list))
            self._look_into(listed, probe_listed, partial(_same, folder))
        self._look_into_archives()
        catalog = with_lists(self._catalog(), sources, said)
        catalog = with_values(catalog, said, self.gathered.lines())
        catalog = with_label_list(catalog, runner.workers, self._tally, may_do_without=self._without_missing)
        catalog = checked(catalog)
        catalog = with_masks(catalog, picked, self.looker)
        folders = [each.folder for each in sources[:picked] if each.kind is SourceKind.FOLDER]
        return with_hints(with_annotations(catalog, folders, self._archives, self.looker), runner)

    def sketched(self, catalog: Catalog) -> Catalog:
        """Return `catalog` with what near-duplicates are found by, if they are to be found."""
        return with_sketches(
            catalog, self._runner, self._cache, lambda entries: self._remember({SKETCHES: entries})
        )

    def remember(self) -> None:
        """Write what was read to the cache."""
        news = {**self._news, MASKS: self.looker.news}
        if any(news.values()):
            self._remember(news)
            self._news = {}

    def _remember(self, news: News) -> None:
        if self._rememberer is not None:
            self._rememberer.remember(self._cache, news)

    def _catalog(self) -> Catalog:
        return self.gathered.catalog(self._archives.archives(), self._options)

    def _catalog_so_far(self) -> Catalog | None:
        return without_masks(self._catalog(), self._picked) if self.gathered else None

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

    def _look_into(
        self, search: Search, probe: Callable[..., Probed], more: Callable[[FileBatch], object]
    ) -> None:
        """Have workers list folders and read the headers of the files in them, given `more` of each batch."""

        def arguments(batch: FileBatch | FolderBatch) -> tuple[Any, ...]:
            if isinstance(batch, FolderBatch):
                self._tally.asked = self._absolute(batch.folders[0])
                most = ENTRIES_PER_TASK if self._tally.found else ENTRIES_OF_FIRST
                return list_again, self._walk, batch, self._cache, self._options.reading, most
            self._tally.asked = self._last_name(batch.part(0, 1))
            return probe, *self._arguments(batch), more(batch)

        ran: Iterator[Done[FileBatch | FolderBatch, Any]]
        ran = self._runner.run(tasks.call, arguments, self._batches(search), _more_s)
        for done in ran:
            match done.batch:
                case FolderBatch() as folders:
                    listed = done.result or _failed_folder(folders.folders[0], done.reason)
                    search.take(folders, listed.met)
                    self._note(ORDERS, listed.news)
                case FileBatch() as files:
                    self._take(files, done.result or unprobed(done.reason))
                case _:
                    assert_never(done.batch)

    def _batches(self, search: Search) -> Iterator[FileBatch | FolderBatch | None]:
        """Group files into batches, and count skipped files; an archive in between ends a batch."""
        waiting, known = Waiting(), KnownFiles(self._take)

        def told(batches: Iterator[FileBatch]) -> Iterator[FileBatch]:
            for batch in batches:
                self._tally.current = self._last_name(batch)
                yield batch

        for found in search:
            if found is None or isinstance(found, FolderBatch):
                yield found
            elif isinstance(found, Found) and found.skip:
                self._skip(self._absolute(found), found.skip, found.detail)
            elif isinstance(found, Found) and found.is_archive:
                yield from told(waiting.all())
                self._archives.meet(self._place, found)
                self._place += 1
            else:
                start, count = self._place, len(found.paths) if isinstance(found, Plain) else 1
                self._place += count
                self._tally.found += count
                if isinstance(found, Plain) and found.is_known:
                    yield from told(waiting.all())
                    known.add(start, found)
                else:
                    yield from told(waiting.add(start, found, self._files_per_batch))
        known.flush()
        yield from told(waiting.all())

    def _files_per_batch(self) -> int:
        """Return how many files take `BATCH_S` at the rate so far, within limits."""
        return min(max(FILES_PER_BATCH, self._tally.read_in(BATCH_S)), MAX_FILES_PER_BATCH)

    def _absolute(self, found: Found | Folder) -> bytes:
        return self.gathered.prefixes[found.source] + found.path

    def _last_name(self, batch: FileBatch) -> bytes:
        return self.gathered.prefixes[int(batch.source[-1])] + batch.path.raw(len(batch) - 1)

    def _arguments(self, batch: FileBatch) -> tuple[Any, ...]:
        return batch.names(self.gathered.prefixes), self._cache, self._options, self._roots

    def _skip(self, name: bytes, kind: str, detail: str) -> None:
        self._skip_all([(name, kind, detail)])

    def _skip_all(self, skipped: Iterable[tuple[bytes, str, str]]) -> None:
        self.gathered.skipped.add(skipped)
        self._tally.skipped = len(self.gathered.skipped)

    def _take(self, batch: FileBatch, probed: Probed) -> None:
        """Add the results of a batch of files."""
        self.gathered.add(batch.key, batch.chunk(probed))
        self._tally.read += len(batch)
        self._note(RUNS, probed.news)

    def _note(self, table: Table, news: Iterable[Entry]) -> None:
        """Keep what the cache does not have, and write it when there is much."""
        self._news.setdefault(table, []).extend(news)
        if sum(map(len, self._news.values())) >= NEWS_AT_ONCE:
            self._remember(self._news)
            self._news = {}

    def _look_into_archives(self) -> None:
        """List the archives that were found, then read the headers of the files in them."""
        archives = self._archives

        def more_s(batch: OneBatch | InsideBatch) -> float:
            return archives.more_s(batch.index)

        def name(batch: OneBatch) -> tuple[Any, ...]:
            return archives.name(batch.index), self._roots

        for done in self._runner.run(list_archive, name, archives.to_list(), more_s):
            listing = Listing.failed(damage=done.reason) if done.result is None else done.result
            self._skip_all(archives.take(done.batch.index, listing))
            self._tally.found += int(np.count_nonzero(listing.skip.equals("")))
        self._tally.searching = False

        def arguments(batch: InsideBatch) -> tuple[Any, ...]:
            return archives.name(batch.index), batch.listing, self._cache, self._options, self._roots

        for each in self._runner.run(probe_inside, arguments, archives.to_probe(), more_s):
            probed = each.result or unprobed(each.reason)
            self.gathered.add(*archives.chunk(each.batch, probed))
            self._note(RUNS, probed.news)
            self._tally.read += len(each.batch)
            self._tally.current = archives.name(each.batch.index)


def _same(value: str, _batch: FileBatch) -> str:
    return value


def _more_s(batch: FileBatch | FolderBatch) -> float:
    # A large folder on a slow network may take any time to list, and is still wanted.
    return math.inf if isinstance(batch, FolderBatch) else 0.0


def _failed_folder(folder: Folder, reason: str) -> Listed:
    """Return the entry of a folder whose worker was lost."""
    return Listed([[Found(folder.source, folder.path, UNREADABLE_FOLDERS, reason)]])

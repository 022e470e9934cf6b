"""From sources to a catalog."""

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
from stackgui.core.base.text import printable
from stackgui.core.catalog.archive_location import ArchiveLocation
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.scan_options import DEFAULT, ScanOptions
from stackgui.core.catalog.statistics import Statistics, describe
from stackgui.core.lists.label_lines import LabelLines
from stackgui.core.lists.parts import parts_by_name
from stackgui.core.lists.texts import told
from stackgui.core.run.run import ScanProgress
from stackgui.engine.archives.listing import Listing, list_archive
from stackgui.engine.scanning.archive_queue import ArchiveQueue, InsideBatch, OneBatch
from stackgui.engine.scanning.catalog_builder import CatalogBuilder, Chunk
from stackgui.engine.scanning.label_values import marked
from stackgui.engine.scanning.probing import Probed, probe_files, probe_listed, unprobed
from stackgui.engine.scanning.probing_inside import probe_inside
from stackgui.engine.scanning.scan_cache import Rememberer, cache_file
from stackgui.engine.scanning.search import FileBatch, FolderBatch, Search
from stackgui.engine.sources.label_list import Samples, labelled, read_labels
from stackgui.engine.sources.listed import (
    Resolved,
    leads_on,
    list_warnings,
    listed_files,
    overlaps,
    read_source,
    unusable,
)
from stackgui.engine.sources.own_lists import names_in, own_list_warnings, possible_lists
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
"""Files whose headers one worker looks at in one go: more where they are quick."""

BATCH_S = 0.05
"""How long the more of them may take; a slow folder must not come near the time that a batch may take."""

LIST_S = 600.0
"""How long reading a list and finding its files may take besides what a sample may."""

FIRST_OVERVIEW_S, OVERVIEW_S, OVERVIEW_SHARE = 0.5, 1.0, 9.0
"""When figures are first shown, how long they stay at least, and how many times as long as making took."""


def scan(
    sources: Sequence[str],
    workers: Workers,
    control: Control[ScanProgress],
    options: ScanOptions = DEFAULT,
    *,
    rememberer: Rememberer | None = None,
    overview: bool = False,
) -> Catalog:
    """Search `sources` and look at the headers of all files that may be samples.

    Parameters
    ----------
    sources
        Folders, archives, lists of files, or single files.
    options
    rememberer
        Writes the cache of scans; without it the cache is not read either.
    overview
        Whether figures of what was found are shown while the scan goes on, which takes a tenth of its time.

    Raises
    ------
    UsageError
        When a source is not there, cannot be read, or is a list that makes no sense.
    SourceGoneError
        When one goes away meanwhile.
    Cancelled
    """
    begun = aside(lambda: _first_look(sources, options), control)
    cache = cache_file() if rememberer else ""
    scanning = _Scan(begun, workers, control, options, cache, overview=overview)
    catalog = marked(scanning.catalog(), workers, control)
    if rememberer and scanning.gathered.has_news:
        rememberer.remember(cache, scanning.gathered.news())
    return catalog


@dataclass(frozen=True, eq=False, slots=True)
class _FirstLook:
    """The sources of a scan as they are when it begins."""

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
    """One scan, and how far it is."""

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
        """Search everything, and tell what is there."""
        said = self._read_lists()
        self._look_into(Search(self._beginnings()), probe_files)
        self._searching = len(self._archives) > 0
        for index, lines in said.items():
            source = self._sources[index]
            folder = "" if self._options.follow_links else source.folder
            self._look_into(Search(listed_files(index, source, lines.list)), probe_listed, folder)
        self._look_into_archives()
        catalog = self.gathered.catalog(self._archives.archives(), self._options)
        catalog = self._told(said, catalog)
        if label_list := self._options.label_list:
            return labelled(catalog, label_list, self._labels(label_list, catalog))
        return self._hinted(catalog)

    def _run(
        self,
        task: Callable[..., ResultT],
        arguments: Callable[[BatchT], tuple[Any, ...]],
        batches: Iterable[BatchT | None],
        more_s: Callable[[BatchT], float] = no_more,
    ) -> Iterator[Done[BatchT, ResultT]]:
        """Have workers do `task` for all `batches`."""
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
        """What the lists among the sources say, by their place among these."""
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

    def _told(self, said: dict[int, Resolved], catalog: Catalog) -> Catalog:
        """`catalog` with how its lists were read, and what is doubtful in them."""
        sources = [(self._sources[index], each) for index, each in said.items()]
        named = [(source.name, each) for source, each in sources]
        warnings = (warning for name, each in named for warning in list_warnings(name, each))
        return replace(
            catalog,
            lists=tuple(told(name, each.list.read, each.part) for name, each in named),
            warnings=(*catalog.warnings, *warnings, *overlaps(sources)),
        )

    def _labels(self, label_list: str, catalog: Catalog) -> LabelLines:
        """What a list of labels says of the samples of `catalog`."""
        arguments = (label_list, self._options, Samples.of(catalog))
        ran = self._run(read_labels, lambda _batch: arguments, [OneBatch(0)], lambda _batch: LIST_S)
        done = next(iter(ran))
        if done.result is None:
            raise UsageError(f"{printable(label_list)} cannot be used as a list of labels: {done.reason}.")
        return done.result

    def _hinted(self, catalog: Catalog) -> Catalog:
        """`catalog` with warnings of lists among its pictures that may say their labels."""
        names = possible_lists(catalog) if catalog.given_label.equals("").all() else []
        batches = map(OneBatch, range(len(names)))
        named = {
            names[done.batch.index]: done.result or ()
            for done in self._run(names_in, lambda batch: (names[batch.index],), batches)
        }
        hints = own_list_warnings(catalog, dict(sorted(named.items())))
        return replace(catalog, warnings=(*catalog.warnings, *hints))

    def _beginnings(self) -> Iterator[Found | Folder]:
        """Where the search begins; lists come later."""
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
        """Have workers list folders, and look at the headers of what is found in them."""

        def arguments(batch: FileBatch | FolderBatch) -> tuple[Any, ...]:
            if isinstance(batch, FolderBatch):
                return list_folders, self._walk, batch.folders
            return probe, *self._arguments(batch), *more

        ran: Iterator[Done[FileBatch | FolderBatch, Any]]
        ran = self._run(tasks.call, arguments, self._batches(search), _more_s)
        for done in ran:
            match done.batch:
                case FolderBatch() as folders:
                    search.take(folders, done.result or [_unlisted(folders.folders[0], done.reason)])
                case FileBatch() as files:
                    self._take(files, done.result or unprobed(done.reason))
                case _:
                    assert_never(done.batch)

    def _batches(self, search: Search) -> Iterator[FileBatch | FolderBatch | None]:
        """Group what was met, counting what is left aside; what will be found elsewhere ends a batch."""
        batch: list[Found] = []
        limit = self._files_per_batch()
        for found in search:
            if not isinstance(found, Found):
                yield found
                continue
            if found.skip:
                self._skip(self._absolute(found), found.skip, found.detail)
                continue
            # Behind a source that was left out, of which a list may tell later, a new batch begins.
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
        """As many as took `BATCH_S` so far, within limits."""
        files_per_s = self._read / max(time.monotonic() - self._began_s, BATCH_S)
        return min(max(FILES_PER_BATCH, int(BATCH_S * files_per_s)), MAX_FILES_PER_BATCH)

    def _absolute(self, found: Found) -> bytes:
        return self.gathered.beginnings[found.source] + found.path

    def _arguments(self, batch: FileBatch) -> tuple[Any, ...]:
        beginnings = self.gathered.beginnings
        names = [beginnings[found.source] + found.path for found in batch.files]
        return names, self._cache, self._options, self._roots

    def _skip(self, name: bytes, kind: str, detail: str) -> None:
        self.gathered.skipped.append((name, kind, detail))

    def _take(self, batch: FileBatch, probed: Probed) -> None:
        """Keep what a worker found out about a batch of files."""
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
        """List the archives that were met, then look at what they hold."""
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
        """Work out figures of what there is so far, now and then: it takes longer the more there is."""
        began_s = time.monotonic()
        if began_s < self._describe_at_s or not self.gathered.chunks:
            return
        self._statistics = describe(self.gathered.catalog(self._archives.archives(), self._options))
        ended_s = time.monotonic()
        self._describe_at_s = ended_s + max(OVERVIEW_S, OVERVIEW_SHARE * (ended_s - began_s))

    @property
    def paused(self) -> bool:
        """Whether the scan rests."""
        return self._control.paused

    def check(self) -> None:
        """Show how far the scan is; raises `Cancelled` when it was cancelled."""
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
    # However long a large folder on a slow network takes to be listed, it is still wanted.
    return math.inf if isinstance(batch, FolderBatch) else 0.0


def _unlisted(folder: Folder, reason: str) -> list[Found]:
    """What is known of a folder on which its worker was lost."""
    return [Found(folder.source, folder.path, UNREADABLE_FOLDERS, reason)]

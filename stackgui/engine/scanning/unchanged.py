"""Tells, while folders are listed, which of them hold what they held during an earlier scan.

Their files are then neither sorted nor sent to be read: a name costs little more than the question for its
file's size and time. Of a large folder the order is known that way, and workers ask for the states of its
parts. Whatever differs, the folder is listed like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from stackgui.core.base.addresses import is_address
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.engine.scanning.file_batches import FileBatch, FileNames
from stackgui.engine.scanning.probed import Probed
from stackgui.engine.scanning.probing import probe_files
from stackgui.engine.scanning.runs import (
    ABSENT,
    AFTER_NAME,
    Remembered,
    Run,
    Spans,
    key_of_folder,
    run_starts,
)
from stackgui.engine.scanning.scan_cache import ORDERS, RUNS, Known, OpenCache, known_files
from stackgui.engine.scanning.scan_cache import Entry as CacheEntry
from stackgui.engine.scanning.search import FolderBatch
from stackgui.engine.sources.entries import Entry, are_files
from stackgui.engine.sources.folder_lists import list_folders
from stackgui.engine.sources.kept_folders import Before, Memory, ends_of_parts, is_large
from stackgui.engine.sources.reading import local_states
from stackgui.engine.sources.roots import Root
from stackgui.engine.sources.walk import ENTRIES_PER_TASK, Met, Plain, Walk


class Listed(NamedTuple):
    """What a worker found in folders.

    Attributes
    ----------
    met : list of list of Met
        The entries of each folder.
    news : tuple of entries
        The order of names in large folders, which the cache does not have yet.
    """

    met: list[list[Met]]
    news: tuple[CacheEntry, ...] = ()


def list_again(
    walk: Walk, batch: FolderBatch, cache: str, reading: str, max_met: int = ENTRIES_PER_TASK
) -> Listed:
    """Return what is in folders, in a worker, and what is known of files that are as they were.

    Parameters
    ----------
    walk, batch
    cache
        Path of the cache of scans; ``""`` for none.
    reading
        The options that entries of the cache may depend on.
    max_met
        As in `stackgui.engine.sources.walk.Walk.below`.

    Raises
    ------
    SourceGoneError
    """
    if not cache:
        return Listed(list_folders(walk, batch.folders, max_met=max_met, follows=batch.follows))
    with OpenCache(cache) as opened:
        memory = _Earlier(opened, reading)
        met = _with_columns(list_folders(walk, batch.folders, memory, max_met, batch.follows))
        return Listed(met, tuple(memory.news))


class _Earlier(Memory):
    """What the cache knows of folders.

    Attributes
    ----------
    news : list of entries
        The order of names in large folders which it does not have yet.
    """

    def __init__(self, opened: OpenCache, reading: str) -> None:
        self.news: list[CacheEntry] = []
        self._opened, self._reading = opened, reading
        self._starts: tuple[bytes, tuple[bytes, ...]] = b"", ()

    def before(self, folder: bytes, entries: Sequence[Entry]) -> Before | None:
        """Return what is known of a folder, if it still holds the same ordinary files."""
        key, has_parts = key_of_folder(folder), is_large(len(entries))
        known = self._opened.known([key], "", ORDERS if has_parts else RUNS).get(key)
        if known is None:
            return None
        return self._order(folder, known, entries) if has_parts else self._whole(key, known, entries)

    def _whole(self, key: bytes, known: Known, entries: Sequence[Entry]) -> Before | None:
        found = _as_known(Run.of_folder(known), key, entries, self._reading)
        return found and Before(found[0], (len(entries),), found[1])

    def _order(self, folder: bytes, known: Known, entries: Sequence[Entry]) -> Before | None:
        names = known[2].split(AFTER_NAME)
        ends = tuple(np.frombuffer(known[0], np.int64).tolist())
        self._starts = folder, tuple(names[end] for end in (0, *ends[:-1]))
        return Before(names, ends) if _are_same(names, entries) else None

    def divided(self, folder: bytes, names: Sequence[bytes]) -> tuple[int, ...]:
        """Divide a large folder where it was divided before, and note how."""
        if not is_large(len(names)):
            return super().divided(folder, names)
        before, starts = self._starts
        ends = ends_of_parts(names, starts if folder == before else ())
        order = np.array(ends, np.int64).tobytes(), 0, AFTER_NAME.join(names), ""
        self.news.append((key_of_folder(folder), order))
        return ends


def _are_same(names: Sequence[bytes], entries: Sequence[Entry]) -> bool:
    """Return whether `entries` are ordinary files of these names."""
    # No name comes twice in a folder, so if there are as many, there are no others.
    is_same = len(names) == len(entries) and set(names).issuperset([entry.name for entry in entries])
    return is_same and are_files(entries)


def _as_known(
    run: Run, key: bytes, entries: Sequence[Entry], reading: str
) -> tuple[list[bytes], Remembered] | None:
    """Return the names in a folder, in order, and what is known of them, if `entries` are those of `run`."""
    names = run.names
    if not _are_same(names, entries):
        return None
    found = run.says(reading)
    return (names, found) if _have_states(found, [key + name for name in names]) else None


def _with_columns(listed: list[list[Met]]) -> list[list[Met]]:
    """Return the same with what is known as columns; all files share them, as making them costs much."""
    remembered = [item.known for met in listed for item in met if isinstance(item, Plain) and item.is_known]
    if not remembered:
        return listed
    probed, end = Probed.as_remembered(Remembered.joined(remembered)), 0
    for met in listed:
        for place, item in enumerate(met):
            if isinstance(item, Plain) and item.is_known:
                begin, end = end, end + len(item.paths)
                met[place] = item._replace(known=Share(probed, begin, end))
    return listed


def probe_again(
    files: FileNames, cache: str, options: ScanOptions, roots: Sequence[Root] = (), whole: Spans = ()
) -> Probed:
    """Read the headers of `files`, in a worker; most quickly if all are as they were during an earlier scan.

    Parameters and errors are those of `stackgui.engine.scanning.probing.probe_files`.
    """
    known = _as_they_were(files, cache, options.reading, whole) if cache else None
    return probe_files(files, cache, options, roots, whole) if known is None else known


def _as_they_were(files: FileNames, cache: str, reading: str, whole: Spans) -> Probed | None:
    """Return what is known of files, if the cache has just their runs, and their states are the same."""
    source = int(files.source[0])
    prefix = files.prefixes[source]
    if is_address(prefix) or (files.source != source).any() or any(span.is_folder for span in whole):
        return None  # whoever listed a whole folder has seen that it is not as it was
    begins = run_starts(files.path, whole).tolist()
    keys = [prefix + files.path.raw(begin) for begin in begins]
    known = known_files(cache, keys, "", RUNS)
    if len(known) < len(keys):
        return None
    names, parts = list[bytes](), list[Remembered]()
    for key, (begin, end) in zip(keys, pairwise([*begins, len(files.path)]), strict=True):
        if (run := Run.of_paths(known[key], prefix, files.path.part(begin, end))) is None:
            return None
        names += run.names
        parts.append(run.says(reading))
    found = Remembered.joined(parts)
    return Probed.as_remembered(found) if _have_states(found, names) else None


def _have_states(known: Remembered, names: Sequence[bytes]) -> bool:
    """Return whether all is known of files, and they have the sizes and times that are known."""
    if (known.code == ABSENT).any():
        return False
    size, mtime_ns = (np.array(each, np.int64) for each in local_states(names))
    return bool((size == known.size).all() and (mtime_ns == known.mtime_ns).all())


class Share(NamedTuple):
    """What is known of some files: rows `begin` to `end` of `probed`."""

    probed: Probed
    begin: int
    end: int


class KnownFiles:
    """Files of which all is known, on their way to the catalog; those that share columns go together.

    Parameters
    ----------
    take
        Gets files with what is known of them.
    """

    def __init__(self, take: Callable[[FileBatch, Probed], None]) -> None:
        self._take = take
        self._batches: list[FileBatch] = []
        self._last: Plain | None = None
        self._begin = 0

    def add(self, start: int, plain: Plain) -> None:
        """Add files, of which `start` is the place of the first."""
        if not self._follows(start, plain):
            self.flush()
            self._begin = plain.known.begin
        self._batches.append(FileBatch.of_plain(start, plain))
        self._last = plain

    def _follows(self, start: int, plain: Plain) -> bool:
        """Whether files follow those before, with columns that do the same."""
        if (last := self._last) is None:
            return False
        before, after, end = last.known, plain.known, self._batches[-1].start + len(last.paths)
        follows = before.probed is after.probed and before.end == after.begin
        return follows and last.source == plain.source and start == end

    def flush(self) -> None:
        """Hand over what has been added."""
        if (last := self._last) is not None:
            probed: Probed = last.known.probed
            self._take(FileBatch.joined(self._batches), probed.part(self._begin, last.known.end))
        self._batches, self._last = [], None

"""Tells, while folders are listed, which of them hold what they held during an earlier scan.

Their files are then neither sorted nor sent to be read: a name costs little more than the question for its
file's size and time. Whatever differs, the folder is listed like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from stackgui.engine.scanning.file_batches import FileBatch
from stackgui.engine.scanning.probed import Probed
from stackgui.engine.scanning.runs import ABSENT, Remembered, Run, key_of_folder
from stackgui.engine.scanning.scan_cache import RUNS, OpenCache
from stackgui.engine.sources.entries import Entry, are_files
from stackgui.engine.sources.reading import local_states
from stackgui.engine.sources.walk import ENTRIES_PER_TASK, Folder, Met, Plain, Walk, list_folders


def list_again(
    walk: Walk, folders: Sequence[Folder], cache: str, reading: str, max_met: int = ENTRIES_PER_TASK
) -> list[list[Met]]:
    """Return the entries of each of `folders`, in a worker, and what is known of files that are as they were.

    Parameters
    ----------
    walk, folders
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
    with OpenCache(cache) as opened:

        def unchanged(folder: bytes, entries: Sequence[Entry]) -> tuple[list[bytes], Remembered] | None:
            known = opened.known([key := key_of_folder(folder)], "", RUNS).get(key)
            return _as_known(Run.of_folder(known), key, entries, reading) if known is not None else None

        return _with_columns(list_folders(walk, folders, unchanged, max_met))


def _as_known(
    run: Run, key: bytes, entries: Sequence[Entry], reading: str
) -> tuple[list[bytes], Remembered] | None:
    """Return the names in a folder, in order, and what is known of them, if `entries` are those of `run`."""
    names = run.names
    # No name comes twice in a folder, so if there are as many, there are no others.
    is_same = len(names) == len(entries) and set(names).issuperset([entry.name for entry in entries])
    if not is_same or not are_files(entries):
        return None
    found = run.says(reading)
    if (found.code == ABSENT).any():
        return None
    size, mtime_ns = (np.array(each, np.int64) for each in local_states([key + name for name in names]))
    if not (size == found.size).all() or not (mtime_ns == found.mtime_ns).all():
        return None
    return names, found


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

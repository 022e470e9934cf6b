"""Tells, while folders are listed, which of them hold what they held during an earlier scan.

Their files are then neither sorted nor sent to be read: a name costs little more than the question for its
file's size and time. Whatever differs, the folder is listed like any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np

from stackgui.core.base.columns import Paths
from stackgui.engine.scanning.probed import Probed
from stackgui.engine.scanning.runs import ABSENT, Remembered, Run, key_of_folder
from stackgui.engine.scanning.scan_cache import RUNS, OpenCache
from stackgui.engine.sources.entries import Entry, are_files
from stackgui.engine.sources.reading import local_states
from stackgui.engine.sources.walk import Folder, Met, Plain, Walk, list_folders


def list_again(walk: Walk, folders: Sequence[Folder], cache: str, reading: str) -> list[list[Met]]:
    """Return the entries of each of `folders`, in a worker, and what is known of files that are as they were.

    Parameters
    ----------
    walk, folders
    cache
        Path of the cache of scans; ``""`` for none.
    reading
        The options that entries of the cache may depend on.

    Raises
    ------
    SourceGoneError
    """
    with OpenCache(cache) as opened:

        def unchanged(folder: bytes, entries: Sequence[Entry]) -> tuple[list[bytes], Remembered] | None:
            known = opened.known([key := key_of_folder(folder)], "", RUNS).get(key)
            return _as_known(Run.opened(known), key, entries, reading) if known is not None else None

        return [list(_together(met)) for met in list_folders(walk, folders, unchanged)]


def _as_known(
    run: Run, key: bytes, entries: Sequence[Entry], reading: str
) -> tuple[list[bytes], Remembered] | None:
    """Return the names in a folder, in order, and what is known of them, if `entries` are those of `run`."""
    files = run.names
    names = [entry.name for entry in entries]
    if len(files) != len(names) or set(files) != {key + name for name in names} or not are_files(entries):
        return None
    found = run.says(reading)
    if (found.code == ABSENT).any():
        return None
    size, mtime_ns = (np.array(each, np.int64) for each in local_states(files))
    if not (size == found.size).all() or not (mtime_ns == found.mtime_ns).all():
        return None
    return [file[len(key) :] for file in files], found


def _together(met: Iterable[Met]) -> Iterator[Met]:
    """Yield the same with files of which all is known in one block, if they follow each other."""
    for is_known, group in groupby(met, lambda item: isinstance(item, Plain) and item.known is not None):
        if not is_known:
            yield from group
            continue
        plain = [item for item in group if isinstance(item, Plain)]
        paths = Paths.concatenate([each.paths for each in plain])
        known = Remembered.joined([each.known for each in plain])
        yield Plain(plain[0].source, paths, known=Probed.as_remembered(known))

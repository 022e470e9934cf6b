"""Walks folders in a worker: finds files that may be samples, in order, and says why others are skipped."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple, TypeAlias

from stackgui.core.base.addresses import is_address
from stackgui.core.base.columns import Paths
from stackgui.core.base.errors import SourceGoneError
from stackgui.core.base.skip_kinds import (
    ARCHIVES,
    BROKEN_LINKS,
    LINK_LOOPS,
    LINKS_OUTSIDE,
    SPECIAL_FILES,
    STACKS,
    UNREADABLE,
    UNREADABLE_FOLDERS,
)
from stackgui.core.base.source_names import is_archive_name
from stackgui.engine.sources.entries import Entry, are_plain, entries_of, in_order, is_plain
from stackgui.engine.sources.kept_folders import MIN_WHOLE, NOTHING_KNOWN, Memory
from stackgui.engine.sources.names import skip_by_name
from stackgui.engine.sources.reading import os_reason
from stackgui.engine.sources.roots import Root, check_reach
from stackgui.engine.sources.sources import is_inside
from stackgui.engine.sources.walk_objects import met_below
from stackgui.imaging import MARKS_OF_STORES, is_store
from stackgui.stores.files.windows_names import of_any_length
from stackgui.stores.recovery.recognise import MARKS_OF_STACKS, is_stack

ENTRIES_PER_TASK, ENTRIES_OF_FIRST = 4096, 256
"""Approximate number of files that a task returns: many, so that it is cheap; few, so that it is quick. While
the first task of a scan runs, no other can."""

KNOWN_FOR_ONE = 4
"""How many files of which all is known count as one: folders of such files are listed to their end."""

NO_LINE = -1
"""The number of the line for a file that no list names."""


_MARKS = frozenset(map(os.fsencode, (*MARKS_OF_STACKS, *MARKS_OF_STORES)))
"""A folder is no stack and no array store if nothing in it is called like one of these."""


class Found(NamedTuple):
    """A file that may be a sample, or an entry that is skipped.

    Attributes
    ----------
    source : int
        Index of the source.
    path : bytes
        Path relative to the source.
    skip : str
        Kind of skipped file, or ``""`` for a file to probe.
    detail : str
    label, split : str
        Label and dataset split from a list.
    line : int
        Number of the line of a list that names the file, from 0; -1 if none does.
    is_archive : bool
        Whether the file is an archive of samples.
    archive_bytes : int
        Size of an archive; 0 for other files.
    """

    source: int
    path: bytes
    skip: str = ""
    detail: str = ""
    label: str = ""
    split: str = ""
    line: int = NO_LINE
    is_archive: bool = False
    archive_bytes: int = 0


class Folder(NamedTuple):
    """A folder that has not been listed yet.

    Attributes
    ----------
    source : int
        Index of the source.
    path : bytes
        Path relative to the source; empty for the source itself.
    above : frozenset of (int, int)
        Device and inode of its ancestors.
    """

    source: int
    path: bytes = b""
    above: frozenset[tuple[int, int]] = frozenset()


class Plain(NamedTuple):
    """Files to probe, by name alone; most files are like this, and a block of names is quick to send.

    Attributes
    ----------
    source : int
        Index of the source.
    paths : Paths
        Paths relative to the source.
    ends : tuple of int
        If they are all that is in a folder, where the runs end as which the cache of scans keeps it: one for
        a folder of up to `stackgui.engine.sources.kept_folders.MAX_WHOLE` files, several for a larger one.
    known
        What is known of them, if they have not changed since an earlier scan; else None.
    """

    source: int
    paths: Paths
    ends: tuple[int, ...] = ()
    known: Any = None

    @property
    def is_known(self) -> bool:
        """Whether they have not changed since an earlier scan."""
        return self.known is not None


Met: TypeAlias = Found | Folder | Plain


class Walk:
    """Walks sources recursively, in natural order of the names at every level.

    Symbolic links that stay within the sources are followed; others are followed only if `follow_links` is
    set. No folder is entered again below itself, so that loops end.

    Parameters
    ----------
    sources
        Absolute paths; links may also lead to sources that are not folders.
    follow_links, open_archives
        See `stackgui.core.catalog.scan_options.ScanOptions`.
    roots
        States of the source folders at the start.
    """

    def __init__(
        self,
        sources: Sequence[str],
        *,
        follow_links: bool,
        open_archives: bool = True,
        roots: tuple[Root, ...] = (),
    ) -> None:
        self._sources = [os.fsencode(source) for source in sources]
        self._follow_links = follow_links
        self._open_archives = open_archives
        self._roots = roots

    def below(self, folder: Folder, max_met: int, memory: Memory = NOTHING_KNOWN) -> Iterator[Met]:
        """Yield the entries below `folder` in order; enter no more subfolders after about `max_met`.

        Parameters
        ----------
        folder, max_met
        memory
            What is known of folders.

        Raises
        ------
        SourceGoneError
            When a source disappears during the walk.
        """
        # An explicit stack instead of recursion: folders can be nested deeper than Python's stack.
        levels, met = [self._listed(folder, memory)], 0
        while levels:
            item = next(levels[-1], None)
            if item is None:
                levels.pop()
            elif isinstance(item, Folder) and met < max_met:
                levels.append(self._listed(item, memory))
            else:
                met += weight(item)
                yield item

    def check_reach(self) -> None:
        """Raise `SourceGoneError` if a source is gone: its folder may have looked merely empty."""
        for root in self._roots:
            check_reach(root.path, self._roots)

    def _listed(self, folder: Folder, memory: Memory) -> Iterator[Met]:
        """Yield the entries of one folder."""
        source = self._sources[folder.source]
        if is_address(source):
            yield from self._objects(folder, os.fsdecode(source))
            return
        path = os.path.join(source, folder.path) if folder.path else source
        if not folder.path and is_store(source):
            yield Found(folder.source, os.fsencode(os.curdir))
            return
        try:
            identity = self._identity(path)
            is_loop = identity in folder.above
            entries = [] if is_loop else entries_of(path)
        except OSError as error:
            if not folder.path:
                raise SourceGoneError(os.fsdecode(source), os.fsdecode(source)) from error
            check_reach(path, self._roots)
            yield Found(folder.source, folder.path, UNREADABLE_FOLDERS, os_reason(error))
            return
        if is_loop:
            yield Found(folder.source, folder.path, LINK_LOOPS)
        elif folder.path and (found := _as_one(path, entries)) is not None:
            yield Found(folder.source, folder.path, found)
        else:
            yield from self._contents(folder, path, folder.above | {identity}, entries, memory)

    def _contents(
        self,
        folder: Folder,
        path: bytes,
        above: frozenset[tuple[int, int]],
        entries: Sequence[Entry],
        memory: Memory,
    ) -> Iterator[Met]:
        """Yield what is in a folder; `path` is its whole path."""
        source, prefix = folder.source, os.path.join(folder.path, b"") if folder.path else b""
        if len(entries) >= MIN_WHOLE and (before := memory.before(path, entries)) is not None:
            yield Plain(source, Paths.below(prefix, before.names), before.ends, before.known)
            return
        entries = in_order(entries)
        if entries and are_plain(entries):
            names = [entry.name for entry in entries]
            ends = memory.divided(path, names) if len(names) >= MIN_WHOLE else ()
            yield Plain(source, Paths.below(prefix, names), ends)
            return
        yield from self._met(source, prefix, above, entries)

    def _met(
        self,
        source: int,
        prefix: bytes,
        above: frozenset[tuple[int, int]],
        entries: Sequence[Entry],
    ) -> Iterator[Met]:
        """Classify the entries of a folder; ordinary files that follow each other come as one."""
        for are_ordinary, group in groupby(entries, is_plain):
            if are_ordinary:
                yield Plain(source, Paths.below(prefix, [entry.name for entry in group]))
            else:
                for entry in group:
                    yield self._classified(source, prefix + entry.name, above, entry)

    def _objects(self, folder: Folder, address: str) -> Iterator[Met]:
        """Yield what lies below an address, in parts if there is much."""
        try:
            for each in met_below(address, os.fsdecode(folder.path)):
                path = os.fsencode(each.path)
                if each.is_folder:
                    yield Folder(folder.source, path)
                elif each.is_archive and not each.skip:
                    skip = "" if self._open_archives else ARCHIVES
                    size = 0 if skip else each.size_bytes
                    yield Found(folder.source, path, skip, is_archive=not skip, archive_bytes=size)
                else:
                    yield Found(folder.source, path, each.skip, each.detail)
        except OSError as error:
            if not folder.path:
                raise SourceGoneError(address, address) from error
            check_reach(os.fsencode(f"{address}/{os.fsdecode(folder.path)}"), self._roots)
            yield Found(folder.source, folder.path, UNREADABLE_FOLDERS, os_reason(error))

    def _classified(self, source: int, path: bytes, above: frozenset[tuple[int, int]], entry: Entry) -> Met:
        """Classify an entry of a folder."""
        try:
            if skip := skip_by_name(entry.name, is_folder=entry.is_dir(follow_symlinks=False)):
                return Found(source, path, skip)
            found, is_folder = self._look(source, path, entry)
        except OSError as error:
            check_reach(entry.path, self._roots)
            return Found(source, path, UNREADABLE, os_reason(error))
        return Folder(source, path, above) if is_folder else self._perhaps_archive(found, entry)

    def _perhaps_archive(self, found: Found, entry: Entry) -> Found:
        if found.skip or not is_archive_name(found.path):
            return found
        if not self._open_archives:
            return found._replace(skip=ARCHIVES)
        with contextlib.suppress(OSError):  # listing the archive will report it
            return found._replace(is_archive=True, archive_bytes=entry.stat().st_size)
        return found._replace(is_archive=True)

    def _look(self, source: int, path: bytes, entry: Entry) -> tuple[Found, bool]:
        """Return what an entry is, and whether it is a folder to enter."""
        # The listing gives the type of most entries; another system call costs as much as opening.
        if entry.is_file(follow_symlinks=False):
            return Found(source, path), False
        if entry.is_dir(follow_symlinks=False):
            return Found(source, path), True
        if entry.is_symlink():
            try:
                mode = os.stat(entry.path).st_mode
            except OSError as error:
                kind = LINK_LOOPS if error.errno == errno.ELOOP else BROKEN_LINKS
                return Found(source, path, kind), False
            if not self._may_follow(entry.path):
                return Found(source, path, LINKS_OUTSIDE, os.fsdecode(os.readlink(entry.path))), False
        else:
            mode = entry.stat(follow_symlinks=False).st_mode
        if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
            return Found(source, path, SPECIAL_FILES, _special(mode)), False
        return Found(source, path), stat.S_ISDIR(mode)

    def _may_follow(self, link: bytes) -> bool:
        if self._follow_links:
            return True
        target = os.path.realpath(os.fsdecode(link))
        return any(is_inside(target, real) for real in self._real)

    @cached_property
    def _real(self) -> list[str]:
        """Where the sources really are, which each computer has to find out for itself."""
        return [os.path.realpath(os.fsdecode(source)) for source in self._sources]

    def _identity(self, folder: bytes) -> tuple[int, int]:
        """Return what tells a folder from all others; computers give the same disk different numbers."""
        status = os.stat(of_any_length(folder))
        devices = [root.device for root in self._roots]
        is_known = status.st_dev in devices
        return -1 - devices.index(status.st_dev) if is_known else status.st_dev, status.st_ino


def _as_one(path: bytes, entries: Sequence[Entry]) -> str | None:
    """Return what a folder is that is no folder of samples: `STACKS`, or ``""`` for one sample; else None."""
    # Most hold nothing that is called like what these have in them, and need not be asked for it.
    if _MARKS.isdisjoint([entry.name for entry in entries]):
        return None
    if is_stack(os.fsdecode(path)):
        return STACKS
    return "" if is_store(path) else None


def weight(item: Met) -> int:
    """Return how much an item counts towards the limit of a task."""
    if not isinstance(item, Plain):
        return 1
    return len(item.paths) // KNOWN_FOR_ONE if item.is_known else len(item.paths)


def _special(mode: int) -> str:
    kinds = {stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket", stat.S_IFCHR: "device", stat.S_IFBLK: "device"}
    return kinds.get(stat.S_IFMT(mode), "special file")

"""Searches folders, in a worker: what may be a sample, in order, and what is left aside and why."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, TypeAlias

from stackgui.core.base.errors import SourceGoneError
from stackgui.core.base.natural import natural_key
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
from stackgui.engine.sources.names import skip_by_name
from stackgui.engine.sources.reading import os_reason
from stackgui.engine.sources.roots import Root, check_reach
from stackgui.engine.sources.sources import is_inside
from stackgui.imaging import is_store
from stackgui.stores.recovery.recognise import is_stack

MET_TOGETHER = 1024
"""About as many files are told of at once: many, so that it costs little; few, so that nobody has to wait."""


class Found(NamedTuple):
    """A file that may be a sample, or something that is left aside.

    Attributes
    ----------
    source : int
        Index of the source.
    path : bytes
        Relative to the source.
    skip : str
        The kind under which it is counted, or ``""`` for a file to look into.
    detail : str
    label, split : str
        What a list says of it.
    is_archive : bool
        Whether it is not a sample but holds some.
    archive_bytes : int
        Its size, if it is one.
    """

    source: int
    path: bytes
    skip: str = ""
    detail: str = ""
    label: str = ""
    split: str = ""
    is_archive: bool = False
    archive_bytes: int = 0


class Folder(NamedTuple):
    """A folder that is still to be listed.

    Attributes
    ----------
    source : int
        Index of the source.
    path : bytes
        Relative to the source; empty for the source itself.
    above : frozenset of (int, int)
        Device and inode of the folders that it lies in.
    """

    source: int
    path: bytes = b""
    above: frozenset[tuple[int, int]] = frozenset()


class Plain(NamedTuple):
    """Files of which nothing but the name is known: most are such, and names alone are sent fast.

    Attributes
    ----------
    source : int
    paths : list of bytes
        Relative to the source.
    """

    source: int
    paths: list[bytes]


Met: TypeAlias = Found | Folder


class Walk:
    """Goes through sources recursively, in natural order of the names on every level.

    Symbolic links are followed where they lead to somewhere within the sources; elsewhere only when
    `follow_links` is set. No folder is entered twice on one path, so that loops end.

    Parameters
    ----------
    sources
        Absolute; those that are no folders count as places that links may lead to.
    follow_links, open_archives
        See `stackgui.core.catalog.scan_options.ScanOptions`.
    roots
        The folders of the sources as they were at the start.
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
        self._real = [os.path.realpath(source) for source in sources]
        self._follow_links = follow_links
        self._open_archives = open_archives
        self._roots = roots

    def below(self, folder: Folder, max_met: int) -> Iterator[Met]:
        """What lies in `folder`, in order; folders in it are only named once about `max_met` were met.

        Raises
        ------
        SourceGoneError
            When a source goes away meanwhile.
        """
        # A list of levels and not a recursion: folders can be nested deeper than Python's stack.
        levels, met = [self._listed(folder)], 0
        while levels:
            item = next(levels[-1], None)
            if item is None:
                levels.pop()
            elif isinstance(item, Folder) and met < max_met:
                levels.append(self._listed(item))
            else:
                met += 1
                yield item

    def check_reach(self) -> None:
        """Raise `SourceGoneError` when a source went away: its folder may have looked empty, and not gone."""
        for root in self._roots:
            check_reach(root.path, self._roots)

    def _listed(self, folder: Folder) -> Iterator[Met]:
        """What lies in a folder itself."""
        source = self._sources[folder.source]
        path = os.path.join(source, folder.path) if folder.path else source
        if not folder.path and is_store(source):
            yield Found(folder.source, os.fsencode(os.curdir))
            return
        try:
            identity = _identity(path)
            if identity in folder.above:
                yield Found(folder.source, folder.path, LINK_LOOPS)
                return
            if folder.path and ((is_output := is_stack(os.fsdecode(path))) or is_store(path)):
                yield Found(folder.source, folder.path, STACKS if is_output else "")
                return
            entries = _sorted(path)
        except OSError as error:
            if not folder.path:
                raise SourceGoneError(os.fsdecode(source), os.fsdecode(source)) from error
            check_reach(path, self._roots)
            yield Found(folder.source, folder.path, UNREADABLE_FOLDERS, os_reason(error))
            return
        prefix, above = os.path.join(folder.path, b"") if folder.path else b"", folder.above | {identity}
        for entry in entries:
            yield self._told(folder.source, prefix + entry.name, above, entry)

    def _told(
        self, source: int, path: bytes, above: frozenset[tuple[int, int]], entry: os.DirEntry[bytes]
    ) -> Met:
        """What an entry of a folder is."""
        try:
            if skip := skip_by_name(entry.name, is_folder=entry.is_dir(follow_symlinks=False)):
                return Found(source, path, skip)
            found, is_folder = self._look(source, path, entry)
        except OSError as error:
            check_reach(entry.path, self._roots)
            return Found(source, path, UNREADABLE, os_reason(error))
        return Folder(source, path, above) if is_folder else self._perhaps_archive(found, entry)

    def _perhaps_archive(self, found: Found, entry: os.DirEntry[bytes]) -> Found:
        if found.skip or not is_archive_name(found.path):
            return found
        if not self._open_archives:
            return found._replace(skip=ARCHIVES)
        with contextlib.suppress(OSError):  # listing it will say why
            return found._replace(is_archive=True, archive_bytes=entry.stat().st_size)
        return found._replace(is_archive=True)

    def _look(self, source: int, path: bytes, entry: os.DirEntry[bytes]) -> tuple[Found, bool]:
        """What an entry is, and whether it is a folder to go into."""
        if entry.is_file(follow_symlinks=False):
            # The listing itself tells what most entries are; asking again would cost as much as opening.
            return Found(source, path), False
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


def list_folders(walk: Walk, folders: Sequence[Folder]) -> list[list[Met | Plain]]:
    """What lies in each of `folders`, in a worker; raises SourceGoneError."""
    found: list[list[Met | Plain]] = []
    left = MET_TOGETHER
    for folder in folders:
        met = list(walk.below(folder, left))
        left = max(left - len(met), 0)
        found.append(_gathered(met))
    walk.check_reach()
    return found


def _gathered(met: Iterable[Met]) -> list[Met | Plain]:
    gathered: list[Met | Plain] = []
    for item in met:
        if isinstance(item, Folder) or item.skip or item.is_archive:
            gathered.append(item)
        elif gathered and isinstance(last := gathered[-1], Plain):
            last.paths.append(item.path)
        else:
            gathered.append(Plain(item.source, [item.path]))
    return gathered


def _sorted(folder: bytes) -> list[os.DirEntry[bytes]]:
    with os.scandir(folder) as listing:
        return sorted(listing, key=_order)


def _identity(folder: bytes) -> tuple[int, int]:
    status = os.stat(folder)
    return status.st_dev, status.st_ino


def _order(entry: os.DirEntry[bytes]) -> tuple[object, bytes]:
    """Natural order; the raw name decides between names that it does not tell apart."""
    return natural_key(os.fsdecode(entry.name)), entry.name


def _special(mode: int) -> str:
    kinds = {stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket", stat.S_IFCHR: "device", stat.S_IFBLK: "device"}
    return kinds.get(stat.S_IFMT(mode), "special file")

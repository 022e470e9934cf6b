"""Searches folders: what may be a sample, in order, and what is left aside and why."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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
    """

    source: int
    path: bytes
    skip: str = ""
    detail: str = ""
    label: str = ""
    split: str = ""
    is_archive: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class _Level:
    """A folder on the way down: what is left of it, what its entries' names begin with, the folders above."""

    entries: Iterator[os.DirEntry[bytes]]
    prefix: bytes
    above: frozenset[tuple[int, int]]


class Walk:
    """Goes through sources recursively, in natural order of the names on every level.

    Symbolic links are followed where they lead to somewhere within the sources; elsewhere only when
    `follow_links` is set. No folder is entered twice on one path, so that loops end.

    Raises `SourceGoneError` when a source goes away meanwhile.

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

    def below(self, index: int) -> Iterator[Found]:
        """What lies in the folder that is the source `index`."""
        source = self._sources[index]
        if is_store(source):
            yield Found(index, os.fsencode(os.curdir))
            return
        try:
            levels = [_Level(self._sorted(source), b"", frozenset({_identity(source)}))]
        except OSError as error:
            raise SourceGoneError(os.fsdecode(source), os.fsdecode(source)) from error
        # A list of levels and not a recursion: folders can be nested deeper than Python's stack.
        while levels:
            entry = next(levels[-1].entries, None)
            if entry is None:
                levels.pop()
                continue
            found, inner = self._enter(index, entry, levels[-1])
            if inner:
                levels.append(inner)
            if found:
                yield found
        for root in self._roots:
            check_reach(root.path, self._roots)

    def _enter(
        self, source: int, entry: os.DirEntry[bytes], level: _Level
    ) -> tuple[Found | None, _Level | None]:
        """What to tell of an entry, and the level below it when it is a folder to go into."""
        path = level.prefix + entry.name
        if skip := skip_by_name(entry.name, is_folder=entry.is_dir(follow_symlinks=False)):
            return Found(source, path, skip), None
        is_folder = False
        try:
            found, is_folder = self._look(source, path, entry)
            if not is_folder:
                return self._perhaps_archive(found), None
            identity = _identity(entry.path)
            if identity in level.above:
                return Found(source, path, LINK_LOOPS), None
            if (is_output := is_stack(os.fsdecode(entry.path))) or is_store(entry.path):
                return Found(source, path, STACKS if is_output else ""), None
            return None, _Level(self._sorted(entry.path), os.path.join(path, b""), level.above | {identity})
        except OSError as error:
            check_reach(entry.path, self._roots)
            kind = UNREADABLE_FOLDERS if is_folder else UNREADABLE
            return Found(source, path, kind, os_reason(error)), None

    def _perhaps_archive(self, found: Found) -> Found:
        if found.skip or not is_archive_name(found.path):
            return found
        return found._replace(is_archive=True) if self._open_archives else found._replace(skip=ARCHIVES)

    @staticmethod
    def _sorted(folder: bytes) -> Iterator[os.DirEntry[bytes]]:
        with os.scandir(folder) as listing:
            return iter(sorted(listing, key=_order))

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


def _identity(folder: bytes) -> tuple[int, int]:
    status = os.stat(folder)
    return status.st_dev, status.st_ino


def _order(entry: os.DirEntry[bytes]) -> tuple[object, bytes]:
    """Natural order; the raw name decides between names that it does not tell apart."""
    return natural_key(os.fsdecode(entry.name)), entry.name


def _special(mode: int) -> str:
    kinds = {stat.S_IFIFO: "pipe", stat.S_IFSOCK: "socket", stat.S_IFCHR: "device", stat.S_IFBLK: "device"}
    return kinds.get(stat.S_IFMT(mode), "special file")

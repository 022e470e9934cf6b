"""Detects that a source folder is gone, for example because a disk was unplugged or a network went down.

A file that cannot be read because its folder is gone is not a failed sample. Code that reads files uses this
module to tell the difference.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import psutil

from stackgui.core.base.addresses import address_in, is_address, is_on_web
from stackgui.core.base.errors import SourceGoneError
from stackgui.engine.sources.reading import open_any
from stackgui.stores.files import objects

NOWHERE = -1

ELSEWHERE = 0
"""Number of the device of all places that are addresses."""


@dataclass(frozen=True, slots=True)
class Root:
    """The state of a folder that can disappear as a whole: a source, or a mount point below one.

    Attributes
    ----------
    path : bytes
        Absolute path.
    device : int
        Device number of the file system; -1 if the folder could not be opened.
    is_empty : bool
    """

    path: bytes
    device: int
    is_empty: bool

    @classmethod
    def at(cls, path: bytes) -> Root:
        """Return the current state of the folder at `path`."""
        if is_address(path):
            is_there = _error_at(os.fsdecode(path)) is None
            return cls(path, ELSEWHERE if is_there else NOWHERE, is_empty=False)
        try:
            # Opening a folder reaches its server, whereas its status may come from a local cache.
            with os.scandir(path) as listing:
                is_empty = next(listing, None) is None
            return cls(path, os.stat(path).st_dev, is_empty)
        except OSError:
            return cls(path, NOWHERE, is_empty=True)

    def holds(self, file: bytes) -> bool:
        """Return whether `file` is the folder or lies in it, judging by its path."""
        return file == self.path or file.startswith(os.path.join(self.path, b""))

    def is_away(self) -> bool:
        """Return whether the folder is gone, or replaced by another file system."""
        now = Root.at(self.path)
        return now.device != self.device or not self._allows(now)

    def renewed(self) -> Root:
        """Return the current state if the folder is back, as a reconnected disk has another device number."""
        now = Root.at(self.path)
        return now if self._allows(now) else self

    def _allows(self, now: Root) -> bool:
        # A disk that is gone leaves an empty mount point.
        return now.device != NOWHERE and (self.is_empty or not now.is_empty)


@dataclass(frozen=True, slots=True)
class Look:
    """The result of a check after a file could not be read.

    Attributes
    ----------
    away : str
        Path of the missing folder that holds the file, or ``""``.
    roots : tuple of Root
        Current states of the folders.
    """

    away: str
    roots: tuple[Root, ...]


def roots_of(sources: Iterable[str]) -> tuple[Root, ...]:
    """Return the states of the folders `sources` and of the mount points below them.

    Left out are addresses that nobody may list: nothing tells whether they are gone.
    """
    watched = (source for source in sources if not is_address(source) or _may_be_listed(source))
    return tuple(Root.at(os.fsencode(path)) for source in watched for path in (source, *_mounted_in(source)))


def _may_be_listed(address: str) -> bool:
    if is_on_web(address) or address == address_in(address):
        return False
    error = _error_at(address)
    return error is None or error.errno != errno.EACCES


def _error_at(address: str) -> OSError | None:
    """Return why a place cannot be listed now; None if it can."""
    try:
        objects.is_folder(address)
    except OSError as error:
        return error
    return None


def _mounted_in(source: str) -> list[str]:
    if is_address(source):
        return []
    real = os.path.join(os.path.realpath(source), "")
    places = [partition.mountpoint for partition in psutil.disk_partitions(all=True)]
    return [os.path.join(source, place[len(real) :]) for place in places if place.startswith(real)]


def check_reach(file: bytes, roots: Sequence[Root]) -> None:
    """Raise `SourceGoneError` if `file`, which could not be read, lies in a folder that is gone."""
    for root in roots:
        if root.holds(file) and root.is_away():
            raise SourceGoneError(os.fsdecode(root.path), os.fsdecode(file))


def look_again(file: str, roots: Sequence[Root]) -> Look:
    """Check whether `file` still cannot be opened because its folder is gone."""
    renewed = tuple(root.renewed() for root in roots)
    try:
        open_any(file).close()
    except OSError:
        name = os.fsencode(file)
        away = (os.fsdecode(root.path) for root in roots if root.holds(name) and root.is_away())
        return Look(next(away, ""), renewed)
    return Look("", renewed)

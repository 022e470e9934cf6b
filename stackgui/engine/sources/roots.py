"""Whether the folders of pictures can be reached: a disk is unplugged, a network goes away.

What cannot be read because its folder is away is no failure of a picture. Whoever reads, notices it here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import psutil

from stackgui.core.base.errors import SourceGoneError
from stackgui.engine.sources.reading import READING

NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Root:
    """A folder with which everything below it goes away, as it was found.

    Attributes
    ----------
    path : bytes
        Absolute.
    device : int
        Number of the file system; -1 when the folder could not be opened.
    is_empty : bool
    """

    path: bytes
    device: int
    is_empty: bool

    @classmethod
    def at(cls, path: bytes) -> Root:
        """The folder at `path` as it is now."""
        try:
            # Opening a folder asks its server, where a look at its status may be answered from memory.
            with os.scandir(path) as listing:
                is_empty = next(listing, None) is None
            return cls(path, os.stat(path).st_dev, is_empty)
        except OSError:
            return cls(path, NOWHERE, is_empty=True)

    def holds(self, file: bytes) -> bool:
        """Whether `file` is the folder or lies in it, by its name."""
        return file == self.path or file.startswith(os.path.join(self.path, b""))

    def is_away(self) -> bool:
        """Whether the folder is not there as it was found."""
        now = Root.at(self.path)
        return now.device != self.device or not self._allows(now)

    def renewed(self) -> Root:
        """The folder as it is now if it is there: what was disconnected comes back with another number."""
        now = Root.at(self.path)
        return now if self._allows(now) else self

    def _allows(self, now: Root) -> bool:
        # A disk that is gone leaves the empty folder in which it was mounted.
        return now.device != NOWHERE and (self.is_empty or not now.is_empty)


@dataclass(frozen=True, slots=True)
class Look:
    """What was found when a file could not be read.

    Attributes
    ----------
    away : str
        The folder that is away with it, or ``""``.
    roots : tuple of Root
        As they are now.
    """

    away: str
    roots: tuple[Root, ...]


def roots_of(sources: Iterable[str]) -> tuple[Root, ...]:
    """The folders `sources`, and those below them in which something else is mounted."""
    return tuple(Root.at(os.fsencode(path)) for source in sources for path in (source, *_mounted_in(source)))


def _mounted_in(source: str) -> list[str]:
    real = os.path.join(os.path.realpath(source), "")
    places = [partition.mountpoint for partition in psutil.disk_partitions(all=True)]
    return [os.path.join(source, place[len(real) :]) for place in places if place.startswith(real)]


def check_reach(file: bytes, roots: Sequence[Root]) -> None:
    """Raise `SourceGoneError` when `file`, which could not be read, lies in a folder that is away."""
    for root in roots:
        if root.holds(file) and root.is_away():
            raise SourceGoneError(os.fsdecode(root.path), os.fsdecode(file))


def look_again(file: str, roots: Sequence[Root]) -> Look:
    """Whether `file` still cannot be opened because its folder is away."""
    renewed = tuple(root.renewed() for root in roots)
    try:
        os.close(os.open(file, READING))
    except OSError:
        name = os.fsencode(file)
        away = (os.fsdecode(root.path) for root in roots if root.holds(name) and root.is_away())
        return Look(next(away, ""), renewed)
    return Look("", renewed)

"""What lies in folders, in order, while workers list them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from stackgui.engine.scanning.catalog_builder import Key
from stackgui.engine.sources.walk import MET_TOGETHER, Folder, Found, Met, Plain

GROUPS_AHEAD = 2
"""Tasks that are handed out before what they list is needed, so that nobody waits for a network."""

MAX_FOLDERS = 256
"""Folders of one task."""


@dataclass(frozen=True, slots=True)
class FileBatch:
    """Consecutive files to look into; `start` is the place of the first among all that the scan meets."""

    start: int
    files: tuple[Found, ...]

    def __len__(self) -> int:
        return len(self.files)

    @property
    def key(self) -> Key:
        """Where it stands among all chunks."""
        return (self.files[0].source, self.start, 0)

    def part(self, begin: int, end: int) -> FileBatch:
        """The files from `begin` up to `end` as a batch of their own."""
        return FileBatch(self.start + begin, self.files[begin:end])


@dataclass(frozen=True, slots=True)
class FolderBatch:
    """Folders to list."""

    folders: tuple[Folder, ...]

    def __len__(self) -> int:
        return len(self.folders)

    def part(self, begin: int, end: int) -> FolderBatch:
        """The folders from `begin` up to `end` as a batch of their own."""
        return FolderBatch(self.folders[begin:end])


@dataclass(eq=False, slots=True)
class _Level:
    """What is left of a folder on the way down.

    Attributes
    ----------
    met
        Not come to yet.
    waiting
        Those folders among them that no worker was asked to list.
    first_of_group
        Those that were the first of their task, of which nothing has been needed yet.
    """

    met: deque[Met | Plain]
    waiting: deque[Folder]
    first_of_group: deque[Folder] = field(default_factory=deque)


class Search:
    """Goes through what is met, in order, and says what is to be listed for that.

    Parameters
    ----------
    met
        Where to begin: files and folders, in order.
    """

    def __init__(self, met: Iterable[Met | Plain]) -> None:
        self._levels = [_level(met)]
        self._listed: dict[Folder, Sequence[Met | Plain]] = {}
        self._folders, self._met = 1, 1

    def __iter__(self) -> Iterator[Found | FolderBatch | None]:
        """Give the files in order, folders to list when they are soon needed, and None to wait for these."""
        while self._levels:
            level = self._levels[-1]
            if not level.met:
                self._levels.pop()
                continue
            item = level.met.popleft()
            if isinstance(item, Plain):
                yield from map(Found, repeat(item.source), item.paths)
                continue
            if isinstance(item, Found):
                yield item
                continue
            if level.first_of_group and item is level.first_of_group[0]:
                level.first_of_group.popleft()
            while level.waiting and len(level.first_of_group) < GROUPS_AHEAD:
                yield self._group(level)
                if level.first_of_group[-1] is item:
                    level.first_of_group.pop()
            while item not in self._listed:
                yield None
            self._levels.append(_level(self._listed.pop(item)))

    def take(self, batch: FolderBatch, listed: Sequence[Sequence[Met | Plain]]) -> None:
        """Take in what lies in the folders of a batch."""
        self._listed.update(zip(batch.folders, listed, strict=True))
        self._folders += len(batch)
        self._met += sum(len(each.paths) if isinstance(each, Plain) else 1 for met in listed for each in met)

    def _group(self, level: _Level) -> FolderBatch:
        """The next folders to list: about as many as hold `MET_TOGETHER`."""
        count = min(max(MET_TOGETHER * self._folders // self._met, 1), MAX_FOLDERS, len(level.waiting))
        folders = tuple(level.waiting.popleft() for _ in range(count))
        level.first_of_group.append(folders[0])
        return FolderBatch(folders)


def _level(met: Iterable[Met | Plain]) -> _Level:
    items = deque(met)
    return _Level(items, deque(item for item in items if isinstance(item, Folder)))

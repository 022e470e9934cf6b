"""Goes through folders in order while workers list them ahead."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from stackgui.engine.sources.walk import ENTRIES_PER_TASK, Folder, Found, Met, Plain

GROUPS_AHEAD = 2
"""Least number of listing tasks that are submitted ahead of need."""

MAX_FOLDERS = 256
"""Maximum number of folders in one task."""


@dataclass(frozen=True, slots=True)
class FolderBatch:
    """Folders to list.

    Attributes
    ----------
    folders : tuple of Folder
    follows : tuple of bool
        For each whether nothing comes between the one before and it.
    """

    folders: tuple[Folder, ...]
    follows: tuple[bool, ...] = ()

    def __len__(self) -> int:
        return len(self.folders)

    def part(self, begin: int, end: int) -> FolderBatch:
        """Return folders `begin` to `end` as a batch."""
        return FolderBatch(self.folders[begin:end], self.follows[begin:end])


@dataclass(eq=False, slots=True)
class _Level:
    """The entries of a folder that the search has not reached yet.

    Attributes
    ----------
    met
        Remaining entries.
    waiting
        Folders among them that have not been submitted for listing, each with whether it comes right after
        another.
    first_of_group
        First folder of each submitted task whose folders have not been reached.
    """

    met: deque[Met]
    waiting: deque[tuple[Folder, bool]]
    first_of_group: deque[Folder] = field(default_factory=deque)


class Search:
    """Yields files in order, and the folders that have to be listed for that.

    Parameters
    ----------
    met
        Files and folders to start from, in order.
    ahead
        Number of listing tasks submitted ahead of need, so that the scan does not wait for a network, and all
        workers have something to do where nothing else is left to be done.
    """

    def __init__(self, met: Iterable[Met], ahead: int = GROUPS_AHEAD) -> None:
        self._ahead = ahead
        self._levels = [_level(met)]
        self._listed: dict[Folder, Sequence[Met]] = {}
        self._folders, self._met = 1, 1

    def __iter__(self) -> Iterator[Found | Plain | FolderBatch | None]:
        """Yield files in order, folders to list shortly before they are needed, and None to wait for them."""
        while self._levels:
            level = self._levels[-1]
            if not level.met:
                self._levels.pop()
                continue
            item = level.met.popleft()
            if not isinstance(item, Folder):
                yield item
                continue
            if level.first_of_group and item is level.first_of_group[0]:
                level.first_of_group.popleft()
            while level.waiting and len(level.first_of_group) < self._ahead:
                yield self._group(level)
                if level.first_of_group[-1] is item:
                    level.first_of_group.pop()
            while item not in self._listed:
                yield None
            if met := self._listed.pop(item):
                self._levels.append(_level(met))

    def take(self, batch: FolderBatch, listed: Sequence[Sequence[Met]]) -> None:
        """Add the entries of the folders of a batch."""
        self._listed.update(zip(batch.folders, listed, strict=True))
        self._folders += len(batch)
        self._met += sum(len(each.paths) if isinstance(each, Plain) else 1 for met in listed for each in met)

    def _group(self, level: _Level) -> FolderBatch:
        """Return the next folders to list: enough to hold about `ENTRIES_PER_TASK` entries."""
        count = min(max(ENTRIES_PER_TASK * self._folders // self._met, 1), MAX_FOLDERS, len(level.waiting))
        folders, follows = zip(*(level.waiting.popleft() for _ in range(count)), strict=True)
        level.first_of_group.append(folders[0])
        return FolderBatch(folders, follows)


def _level(met: Iterable[Met]) -> _Level:
    items = deque(met)
    are_folders = [isinstance(item, Folder) for item in items]
    pairs = zip(items, [False, *are_folders], strict=False)
    return _Level(items, deque((item, follows) for item, follows in pairs if isinstance(item, Folder)))

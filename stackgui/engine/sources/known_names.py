"""Looks up which files exist, to find out how to read a list."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from stackgui.core.base.addresses import address_in, is_address, path_below
from stackgui.core.lists.file_match import caseless, spellings, without_ending
from stackgui.imaging import PICTURE_SUFFIXES

MAX_FILES = 1_000_000
"""Maximum number of files below a folder to search by name; beyond it, incomplete names match nothing."""

_MAX_LOOKUPS = 16
"""Number of names per folder to look up one by one; after that, the folder is listed."""


def known_name(files: Iterable[str]) -> Callable[[str], bool]:
    """Return a test for whether a cell may name one of `files`, ignoring folder, ending and case."""
    own = {caseless(os.path.basename(name)) for name in files}
    own |= {without_ending(name) for name in own if os.path.splitext(name)[1] in PICTURE_SUFFIXES}

    def exists(cell: str) -> bool:
        asked = (caseless(os.path.basename(name)) for name in spellings(cell))
        return any(name in own or _without_known_ending(name) in own for name in asked)

    return exists


def _without_known_ending(name: str) -> str:
    stem, ending = os.path.splitext(name)
    return stem if ending in PICTURE_SUFFIXES else name


class Below:
    """Looks up files below a folder with as few system calls as possible."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._listed: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        self._asked: Counter[str] = Counter()

    def path(self, name: str) -> str | None:
        """Return `name` relative to the folder; None if it leads out of the folder."""
        return path_below(self._root, name)

    def exists(self, name: str) -> bool:
        """Return whether a file or folder `name` exists."""
        path = self.path(name)
        if path is None:
            return False
        if is_address(self._root):
            # Reading its header will tell whether it exists; here it must only look like a name.
            may_be_relative = self._root != address_in(self._root)
            return is_address(name) or (may_be_relative and bool(os.path.splitext(path)[1]))
        folder = os.path.dirname(path)
        self._asked[folder] += 1
        if self._asked[folder] <= _MAX_LOOKUPS:
            return os.path.lexists(os.path.join(self._root, path))
        return any(os.path.basename(path) in names for names in self._listing(folder))

    def named_by(self, cell: str) -> str:
        """Return the path that a cell names literally, relative to the folder; ``""`` if it is missing."""
        found = next((name for name in spellings(cell) if self.exists(name)), None)
        return "" if found is None else self.path(found) or ""

    def pictures_in(self, folders: Iterable[str]) -> list[str]:
        """Return the relative paths of the files in `folders` whose endings are those of pictures."""
        return [
            os.path.join(folder, name)
            for folder in dict.fromkeys(folders)
            for name in sorted(self._listing(folder)[0])
            if _is_picture(name)
        ]

    def pictures(self) -> list[str]:
        """Return the relative paths of all pictures below the folder; none if it holds too many files."""
        found: list[str] = []
        waiting, seen = [""], 0
        while waiting:
            folder = waiting.pop()
            files, folders = self._listing(folder)
            found += [os.path.join(folder, name) for name in sorted(files) if _is_picture(name)]
            waiting += [
                os.path.join(folder, name) for name in sorted(folders, reverse=True) if name[0] != "."
            ]
            seen += len(files) + len(folders)
            if seen > MAX_FILES:
                return []
        return found

    def _listing(self, folder: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the names of the files and of the folders in `folder`."""
        if folder not in self._listed:
            self._listed[folder] = _names_in(os.path.join(self._root, folder))
        return self._listed[folder]


def _names_in(folder: str) -> tuple[frozenset[str], frozenset[str]]:
    files: set[str] = set()
    folders: set[str] = set()
    try:
        with os.scandir(folder) as listing:
            for entry in listing:
                (folders if entry.is_dir(follow_symlinks=False) else files).add(entry.name)
    except OSError:
        return frozenset(), frozenset()
    return frozenset(files), frozenset(folders)


def _is_picture(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in PICTURE_SUFFIXES


def absolute(root: str, names: Sequence[str]) -> list[str]:
    """Return the absolute paths of `names`, which are relative to `root`."""
    return [os.path.join(root, name) for name in names]

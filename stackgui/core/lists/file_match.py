"""Which of the files that exist the names in a list mean; where several may be meant, none."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

NO_FILE, SEVERAL_FILES = -1, -2
"""In place of a file: no file is called so; several may be, and which of them is meant is not known."""


class Loosely(IntFlag):
    """In what a name differs from that of the file it means."""

    PART = 1
    ENDING = 2
    OTHER_ENDING = 4
    UNICODE = 8
    CASE = 16


Fold = Callable[[str], str]


def composed(name: str) -> str:
    """`name` in the Unicode form in which a letter and its accent are one."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def caseless(name: str) -> str:
    """`name` in a form in which case and Unicode form make no difference."""
    return composed(composed(name).casefold())


def _same(name: str) -> str:
    return name


_PART = int(Loosely.PART)
_CASELESS = Loosely.UNICODE | Loosely.CASE
_ENDINGS = (Loosely(0), Loosely.ENDING, Loosely.OTHER_ENDING)


def without_ending(name: str) -> str:
    """`name` up to the last dot of its last part, unless it begins with that."""
    # Half as much work as `os.path.splitext`, and called for every file and line.
    dot = name.rfind(".")
    return name[:dot] if dot > name.rfind(os.sep) + 1 else name


@dataclass(frozen=True, eq=False, slots=True)
class Matched:
    """What the names in a list mean; an entry a name.

    Attributes
    ----------
    file : int64, shape (n,)
        Index of the file, `NO_FILE` or `SEVERAL_FILES`.
    loosely : int8, shape (n,)
        In what name and file differ, as `Loosely`; 0 for an exact path.
    """

    file: NDArray[np.int64]
    loosely: NDArray[np.int8]


@dataclass(frozen=True, eq=False, slots=True)
class Files:
    """Files that exist, each once.

    Attributes
    ----------
    absolute : sequence of str
    relative : sequence of str
        The same, relative to their sources.
    """

    absolute: Sequence[str]
    relative: Sequence[str]


def match(names: Sequence[str], files: Files, roots: Sequence[str], endings: Collection[str]) -> Matched:
    """Find the file that each of `names` means.

    A name is taken as it stands before it is taken loosely: as the path of a file, then as the end of one
    path alone, which for a name without folders is the file's own. If nothing fits, Unicode form and case are
    let go, then the ending of the file's name, then that of both. The first that fits decides; where it fits
    several files, no looser one is asked. A file that a name means more exactly is not taken for another.

    Parameters
    ----------
    names
        As they were written.
    files
    roots
        Folders to which the names may be relative, besides the sources; earlier ones come first.
    endings
        Lower-case endings that may be wrong in a name, such as ``".jpg"``.
    """
    matching = _Matching(names, files, roots, endings)
    matching.run()
    return Matched(matching.file, matching.loosely)


def spellings(name: str) -> list[str]:
    """What may have been written as `name`: without blanks and quotes around it, or as on Windows."""
    bare = name.strip()
    found = [bare, name]
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'":
        found.append(bare[1:-1].replace(bare[0] * 2, bare[0]))
    found += [each.replace("\\", "/") for each in found if "\\" in each]
    if not name.isascii() and (bytes_read := legible_name(bare)) != bare:
        found.append(bytes_read)
    return list(dict.fromkeys(os.path.normpath(each) for each in found if each and "\0" not in each))


def legible_name(text: str) -> str:
    """`text` in which bytes that are no UTF-8 are those of the most common older encoding."""
    if text.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in text):
        return text
    return text.encode("utf-8", "surrogateescape").decode("cp1252", "replace")


class _Matching:
    def __init__(
        self, names: Sequence[str], files: Files, roots: Sequence[str], endings: Collection[str]
    ) -> None:
        self._names = [spellings(name) for name in names]
        self._files, self._roots, self._endings = (
            files,
            tuple(dict.fromkeys(os.path.join(root, "") for root in roots)),
            endings,
        )
        self.file = np.full(len(names), NO_FILE, np.int64)
        self.loosely = np.zeros(len(names), np.int8)
        self._taken: set[int] = set()

    def run(self) -> None:
        """Ask ever more loosely for what is not found."""
        first, *looser = self._forms()
        lines = self._asked(first, range(len(self._names)), range(len(self._files.absolute)))
        lines, files = self._alike(lines)
        for form in looser:
            lines = self._asked(form, lines, files)

    def _forms(self) -> list[_Form]:
        folds: list[tuple[Loosely, Fold]] = [(Loosely(0), _same), (_CASELESS, caseless)]
        names = (*self._files.absolute, *(name for names in self._names for name in names))
        if not all(map(str.isascii, names)):
            folds.insert(1, (Loosely.UNICODE, composed))
        return [
            _Form(
                int(loosely | ending),
                fold,
                drops_ending=bool(ending),
                drops_both=ending is Loosely.OTHER_ENDING,
            )
            for ending in _ENDINGS
            for loosely, fold in folds
        ]

    def _alike(self, lines: Iterable[int]) -> tuple[list[int], list[int]]:
        """The lines and files that can meet at all: a line without a file must not cost a long search."""
        asked: dict[str, list[int]] = {}
        for line in lines:
            for name in self._names[line]:
                own = caseless(name.rpartition(os.sep)[2])
                stem = without_ending(own)
                asked.setdefault(own, []).append(line)
                if stem is not own:
                    asked.setdefault(stem, []).append(line)
        files, met = [], set()
        for file, name in enumerate(self._files.absolute if asked else ()):
            own = caseless(name.rpartition(os.sep)[2])
            stem = without_ending(own)
            if own in asked or stem in asked:
                files.append(file)
                met |= {own, stem} & asked.keys()
        return sorted({line for key in met for line in asked[key]}), files

    def _asked(self, form: _Form, lines: Iterable[int], files: Iterable[int]) -> list[int]:
        """Ask for `lines` in one way; what is left."""
        index = _Index(self._files, files, form)
        left, new = [], set()
        for line in lines:
            found, is_part = self._found(index, form, line)
            if found == NO_FILE:
                left.append(line)
            elif found not in self._taken:
                self.file[line] = found
                self.loosely[line] = form.loosely | (_PART if is_part else 0)
                new.add(found)
        self._taken |= new - {SEVERAL_FILES}
        return left

    def _found(self, index: _Index, form: _Form, line: int) -> tuple[int, bool]:
        for name in self._names[line]:
            asked = name
            if form.drops_both:
                asked, ending = os.path.splitext(name)
                if ending.lower() not in self._endings:
                    continue
            found, is_part = index.find(asked, self._roots)
            if found != NO_FILE:
                return found, is_part
        return NO_FILE, False


@dataclass(frozen=True, eq=False, slots=True)
class _Form:
    """In which form names are compared: by `fold`, without the file's ending, or without that of both."""

    loosely: int
    fold: Fold
    drops_ending: bool
    drops_both: bool

    def of_files(self, names: Iterable[str]) -> list[str]:
        """What files are called in this form."""
        return list(map(self.fold, map(without_ending, names) if self.drops_ending else names))


class _Index:
    """Some files by all that they may be called in one form."""

    def __init__(self, files: Files, chosen: Iterable[int], form: _Form) -> None:
        self._form = form
        self._chosen = list(chosen)
        self._named = form.of_files(files.absolute[file] for file in self._chosen)
        self._absolute = _by_name(self._named, self._chosen)
        relative = form.of_files(files.relative[file] for file in self._chosen)
        self._relative = _by_name(relative, self._chosen)
        self._by_end: dict[int, dict[str, int]] = {}

    def find(self, name: str, roots: Iterable[str]) -> tuple[int, bool]:
        """The file that is meant, and whether by a part of its path."""
        fold = self._form.fold
        asked = fold(name)
        if name.startswith(os.sep):
            return self._absolute.get(asked, NO_FILE), False
        for root in roots:
            within = os.path.normpath(root + name) if name.startswith(os.pardir) else root + name
            if (found := self._absolute.get(fold(within), NO_FILE)) != NO_FILE:
                return found, False
        if (found := self._relative.get(asked, NO_FILE)) != NO_FILE:
            return found, False
        return self._ends(name.count(os.sep) + 1).get(asked, NO_FILE), True

    def _ends(self, parts: int) -> dict[str, int]:
        """Files by the last `parts` parts of their paths."""
        if parts not in self._by_end:
            begins = [name.rsplit(os.sep, parts) for name in self._named]
            self._by_end[parts] = _by_name(
                [
                    name[len(begin[0]) + 1 :] if len(begin) > parts else ""
                    for name, begin in zip(self._named, begins, strict=True)
                ],
                self._chosen,
            )
        return self._by_end[parts]


def _by_name(names: Sequence[str], files: Sequence[int]) -> dict[str, int]:
    found = dict(zip(names, files, strict=True))
    if len(found) < len(names):
        seen: set[str] = set()
        for name in names:
            if name in seen:
                found[name] = SEVERAL_FILES
            seen.add(name)
    found.pop("", None)
    return found

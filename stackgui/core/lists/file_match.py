"""Matching the names in a list with existing files; a name that could mean several matches none."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import IntFlag

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.addresses import normal

NO_FILE, SEVERAL_FILES = -1, -2
"""Stand for a file in results: no file matches the name, or several do and none is preferred."""


class Loosely(IntFlag):
    """How a name differs from the path of the file that it means."""

    PART = 1
    ENDING = 2
    OTHER_ENDING = 4
    UNICODE = 8
    CASE = 16


Fold = Callable[[str], str]


def composed(name: str) -> str:
    """Return `name` in the Unicode form NFC, in which a letter and its accent are one character."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def caseless(name: str) -> str:
    """Return `name` in a form that ignores case and Unicode form."""
    return composed(composed(name).casefold())


def _same(name: str) -> str:
    return name


_PART = int(Loosely.PART)
_CASELESS = Loosely.UNICODE | Loosely.CASE
_ENDINGS = (Loosely(0), Loosely.ENDING, Loosely.OTHER_ENDING)


def without_ending(name: str) -> str:
    """Return `name` without its file extension."""
    # Twice as fast as `os.path.splitext`, and called for every file and line.
    dot = name.rfind(".")
    return name[:dot] if dot > name.rfind(os.sep) + 1 else name


@dataclass(frozen=True, eq=False, slots=True)
class Matched:
    """The files that the names in a list mean, with one entry per name.

    Attributes
    ----------
    file : int64, shape (n,)
        Index of the file, `NO_FILE` or `SEVERAL_FILES`.
    loosely : int8, shape (n,)
        How name and path differ, as `Loosely`; 0 for an exact path.
    """

    file: NDArray[np.int64]
    loosely: NDArray[np.int8]


@dataclass(frozen=True, eq=False, slots=True)
class Files:
    """The files that exist, each once.

    Attributes
    ----------
    absolute : sequence of str
        Absolute paths.
    relative : sequence of str
        The same paths relative to their sources.
    """

    absolute: Sequence[str]
    relative: Sequence[str]


def match(names: Sequence[str], files: Files, roots: Sequence[str], endings: Collection[str]) -> Matched:
    """Find the file that each of `names` means.

    An exact match comes before a loose one. Each name is first compared with whole paths, then with the ends
    of paths; for a name without folders that end is the file's own name. If nothing matches, the comparison
    ignores Unicode form and case, then the extension of the file, then the extensions of both. The first
    comparison that matches decides: if it matches several files, the name is ambiguous and no looser one is
    tried. A file that one name means more exactly does not match another name.

    Parameters
    ----------
    names : sequence of str
        As the list has them.
    files : Files
    roots : sequence of str
        Folders besides the sources that names may be relative to, in order of preference.
    endings : collection of str
        Lower-case extensions that may be wrong in a name, such as ``".jpg"``.
    """
    matching = _Matching(names, files, roots, endings)
    matching.run()
    return Matched(matching.file, matching.loosely)


def spellings(name: str) -> list[str]:
    """Return the names that `name` may stand for: without spaces or quotes around it, or from Windows."""
    bare = name.strip()
    found = [bare, name]
    if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'":
        found.append(bare[1:-1].replace(bare[0] * 2, bare[0]))
    found += [each.replace("\\", "/") for each in found if "\\" in each]
    if not name.isascii() and (bytes_read := legible_name(bare)) != bare:
        found.append(bytes_read)
    return list(dict.fromkeys(normal(each) for each in found if each and "\0" not in each))


def legible_name(text: str) -> str:
    """Return `text` with bytes that are not UTF-8 read as Windows-1252, the commonest older encoding."""
    if text.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in text):
        return text
    return text.encode("utf-8", "surrogateescape").decode("cp1252", "replace")


class _Matching:
    """A search for the files of all names, from exact to loose comparisons."""

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
        """Compare ever more loosely until every name has matched or nothing is left to try."""
        first, *looser = self._forms()
        lines = self._unmatched(first, range(len(self._names)), range(len(self._files.absolute)))
        lines, files = self._candidates(lines)
        for form in looser:
            lines = self._unmatched(form, lines, files)

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

    def _candidates(self, lines: Iterable[int]) -> tuple[list[int], list[int]]:
        """Return the lines and files that can match at all, so that lines without a file cost little."""
        wanted: dict[str, list[int]] = {}
        for line in lines:
            for name in self._names[line]:
                own = caseless(name.rpartition(os.sep)[2])
                stem = without_ending(own)
                wanted.setdefault(own, []).append(line)
                if stem is not own:
                    wanted.setdefault(stem, []).append(line)
        files, met = [], set()
        for file, name in enumerate(self._files.absolute if wanted else ()):
            own = caseless(name.rpartition(os.sep)[2])
            stem = without_ending(own)
            if own in wanted or stem in wanted:
                files.append(file)
                met |= {own, stem} & wanted.keys()
        return sorted({line for key in met for line in wanted[key]}), files

    def _unmatched(self, form: _Form, lines: Iterable[int], files: Iterable[int]) -> list[int]:
        """Match `lines` in one form, and return those that no file matches."""
        index = _Index(self._files, files, form)
        left, new = [], set()
        for line in lines:
            found, is_part = self._find(index, form, line)
            if found == NO_FILE:
                left.append(line)
            elif found not in self._taken:
                self.file[line] = found
                self.loosely[line] = form.loosely | (_PART if is_part else 0)
                new.add(found)
        self._taken |= new - {SEVERAL_FILES}
        return left

    def _find(self, index: _Index, form: _Form, line: int) -> tuple[int, bool]:
        for name in self._names[line]:
            wanted = name
            if form.drops_both:
                wanted, ending = os.path.splitext(name)
                if ending.lower() not in self._endings:
                    continue
            found, is_part = index.find(wanted, self._roots)
            if found != NO_FILE:
                return found, is_part
        return NO_FILE, False


@dataclass(frozen=True, eq=False, slots=True)
class _Form:
    """A form in which names are compared: folded, and without the extension of the file or of both."""

    loosely: int
    fold: Fold
    drops_ending: bool
    drops_both: bool

    def of_files(self, names: Iterable[str]) -> list[str]:
        """Return the names of files in this form."""
        return list(map(self.fold, map(without_ending, names) if self.drops_ending else names))


class _Index:
    """An index of files by all names that they can have in one form."""

    def __init__(self, files: Files, chosen: Iterable[int], form: _Form) -> None:
        self._form = form
        self._chosen = list(chosen)
        self._named = form.of_files(files.absolute[file] for file in self._chosen)
        self._absolute = _by_name(self._named, self._chosen)
        relative = form.of_files(files.relative[file] for file in self._chosen)
        self._relative = _by_name(relative, self._chosen)
        self._by_end: dict[int, dict[str, int]] = {}

    def find(self, name: str, roots: Iterable[str]) -> tuple[int, bool]:
        """Return the file that `name` means, and whether it matches only the end of the file's path."""
        fold = self._form.fold
        wanted = fold(name)
        if name.startswith(os.sep):
            return self._absolute.get(wanted, NO_FILE), False
        for root in roots:
            within = os.path.normpath(root + name) if name.startswith(os.pardir) else root + name
            if (found := self._absolute.get(fold(within), NO_FILE)) != NO_FILE:
                return found, False
        if (found := self._relative.get(wanted, NO_FILE)) != NO_FILE:
            return found, False
        return self._ends(name.count(os.sep) + 1).get(wanted, NO_FILE), True

    def _ends(self, parts: int) -> dict[str, int]:
        """Return the files by the last `parts` components of their paths."""
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

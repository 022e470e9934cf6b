"""Where a row's label comes from."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from stackgui.core.catalog import Catalog
from stackgui.core.columns import Coded
from stackgui.core.errors import PlanError, UsageError
from stackgui.core.inside import NO_ARCHIVE
from stackgui.core.natural import natural_key
from stackgui.core.splits import is_part

MAX_LEVEL = 1000

_GROUP = "label"
_PARTS = re.compile(r"(\{label\}|\*|\?)")
_REGULAR = {"{label}": rf"(?P<{_GROUP}>[^/]+?)", "*": "[^/]*", "?": "[^/]"}


class LabelKind(StrEnum):
    """What says the labels.

    ``auto``: what the sources themselves say, else ``folders``, if every sample lies in one.
    ``folders``: the first folder level; the second, where the first are parts (train, val, test).
    ``level``: a level of folders. ``given``: what the sources themselves say, as lists and shards do.
    ``name``, ``regex``: a part of the file's name. ``none``: nothing.
    """

    AUTO = "auto"
    FOLDERS = "folders"
    LEVEL = "level"
    GIVEN = "given"
    NAME = "name"
    REGEX = "regex"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Labels:
    """Where a row's label comes from: ``auto``, ``folders``, ``level:2``, ``name:{label}_*``, and so on.

    Attributes
    ----------
    kind : LabelKind
    level : int
        For ``LEVEL``: from 1 below the source, or from -1 above the file. In an archive the folders inside
        it count. Otherwise 0.
    pattern : str
        For ``NAME``, with ``{label}``, ``*`` and ``?`` for a label, any text and any letter, against the
        file's own name; for ``REGEX`` a regular expression with a group called ``label``, found anywhere in
        the name with its folders. Otherwise ``""``.
    """

    AUTO: ClassVar[Labels]
    FOLDERS: ClassVar[Labels]
    GIVEN: ClassVar[Labels]
    NONE: ClassVar[Labels]

    kind: LabelKind = LabelKind.AUTO
    level: int = 0
    pattern: str = ""

    def __post_init__(self) -> None:
        if self.kind is LabelKind.LEVEL and not 0 < abs(self.level) <= MAX_LEVEL:
            raise UsageError(
                f"There is no folder level {self.level}; "
                "1 is the first below the source, -1 the one in which the file lies."
            )
        if self.kind in {LabelKind.NAME, LabelKind.REGEX}:
            _compiled(self)

    @classmethod
    def parse(cls, text: str) -> Labels:
        """Read what `str` gives.

        Raises
        ------
        UsageError
            When `text` is nothing of that kind.
        """
        kind, _colon, rest = text.partition(":")
        kind = kind.strip().casefold()
        kind = {"folder": "folders", "list": "given", "lists": "given"}.get(kind, kind)
        if not _colon and kind in {"auto", "folders", "given", "none"}:
            return cls(LabelKind(kind))
        if kind == "level" and re.fullmatch(r"-?\d{1,4}", rest):
            return cls(LabelKind.LEVEL, level=int(rest))
        if kind in {"name", "regex"} and rest:
            return cls(LabelKind(kind), pattern=rest)
        raise UsageError(
            f"“{text}” says no labels; write auto, folders, level:2, given, name:{{label}}_* or none."
        )

    def __str__(self) -> str:
        rest = str(self.level) if self.kind is LabelKind.LEVEL else self.pattern
        return f"{self.kind.value}:{rest}" if rest else self.kind.value


Labels.AUTO = Labels()
Labels.FOLDERS = Labels(LabelKind.FOLDERS)
Labels.GIVEN = Labels(LabelKind.GIVEN)
Labels.NONE = Labels(LabelKind.NONE)


def resolve_labels(
    choice: Labels, catalog: Catalog, samples: NDArray[np.int64]
) -> tuple[NDArray[np.int32] | None, tuple[str, ...]]:
    """The label of each sample, and the classes of `samples`, which have rows, in natural order.

    Folders of the same name in several sources are one class. A sample without a label gets -1.

    Raises
    ------
    PlanError
        When labels were asked for and there are none.
    """
    names = _names(choice, catalog)
    used = {} if names is None else names.take(samples).counts()
    # The name itself, too: a fixed order for names that the natural one does not tell apart.
    classes = tuple(sorted((name for name in used if name), key=lambda name: (natural_key(name), name)))
    if names is None or (choice.kind is LabelKind.AUTO and not _suffices(used, catalog)):
        return None, ()
    if not classes:
        raise PlanError(_NONE_FOUND[choice.kind])
    index = {name: position for position, name in enumerate(classes)}
    of_code = np.array([index.get(name, -1) for name in names.names], np.int32)
    return of_code[names.codes], classes


_NONE_FOUND = {
    LabelKind.FOLDERS: "There are no folders to take labels from: no picture lies in one, "
    "but for those called train, val or test, which are no labels.",
    LabelKind.LEVEL: "There are no folders to take labels from: no picture lies that deep in the sources.",
    LabelKind.GIVEN: "Nothing says the labels: there is no list of labels, and no archive has any.",
    LabelKind.NAME: "No picture has a name of that pattern, so there are no labels. Change the pattern.",
    LabelKind.REGEX: "No picture has a name of that pattern, so there are no labels. Change the pattern.",
}


@lru_cache(maxsize=4)
def _names(choice: Labels, catalog: Catalog) -> Coded | None:
    """The label of each sample, ``""`` for none; kept, because a plan is made anew with every choice."""
    if choice.kind is LabelKind.NONE or not len(catalog):
        return None
    if choice.kind is LabelKind.GIVEN:
        return catalog.given_label
    if choice.kind is LabelKind.AUTO and not catalog.given_label.equals("").all():
        return catalog.given_label
    if choice.kind in {LabelKind.AUTO, LabelKind.FOLDERS}:
        return class_folders(catalog)
    told = _folder(choice.level) if choice.kind is LabelKind.LEVEL else _part(choice)
    return Coded.from_values(map(told, _own_paths(catalog)))


def _suffices(used: Mapping[str, int], catalog: Catalog) -> bool:
    """Whether labels that nobody asked for are labels: those of folders are, if every sample has one."""
    return bool(used) and (not catalog.given_label.equals("").all() or "" not in used) and set(used) != {""}


@lru_cache(maxsize=2)
def first_folders(catalog: Catalog) -> Coded:
    """The first folder of each sample, below the source or inside the archive; ``""`` without one."""
    return Coded.from_values(map(_folder(1), _own_paths(catalog)))


def class_folders(catalog: Catalog) -> Coded:
    """The first folder of each sample that may be a class; ``""`` without one.

    Where all first folders of a source, or inside an archive, are called train, val or test, these are parts,
    and the classes lie below.
    """
    first = first_folders(catalog)
    may_be_part = np.array([not name or is_part(name) for name in first.names], np.bool_)[first.codes]
    place = catalog.source.astype(np.int64)
    if catalog.archives:
        place = (place << 32) + catalog.inside.archive
    _places, place_of = np.unique(place, return_inverse=True)
    are_classes = np.bincount(place_of, weights=~may_be_part) > 0
    if are_classes.all():
        return first
    level = {True: _folder(1), False: _folder(2)}
    return Coded.from_values(
        level[is_class](path)
        for path, is_class in zip(_own_paths(catalog), are_classes[place_of].tolist(), strict=True)
    )


def _own_paths(catalog: Catalog) -> Iterator[str]:
    """Names with slashes, below the source or inside the archive."""
    paths = (path.replace(os.sep, "/") for path in catalog.path)
    if not catalog.archives:
        return paths
    lengths = [len(archive.path) + 1 if archive.path else 0 for archive in catalog.archives]
    of_archive = {NO_ARCHIVE: 0, **dict(enumerate(lengths))}
    return (
        path[of_archive[code] :] for path, code in zip(paths, catalog.inside.archive.tolist(), strict=True)
    )


def _folder(level: int) -> Callable[[str], str]:
    def told(path: str) -> str:
        folders = path.split("/")[:-1]
        if len(folders) < abs(level):
            return ""
        return folders[level - 1 if level > 0 else level]

    return told


def _part(choice: Labels) -> Callable[[str], str]:
    pattern = _compiled(choice)
    if choice.kind is LabelKind.REGEX:
        return lambda path: _group(pattern.search(path))
    return lambda path: _group(pattern.fullmatch(path.rpartition("/")[2]))


def _group(match: re.Match[str] | None) -> str:
    return (match[_GROUP] or "") if match else ""


def _compiled(choice: Labels) -> re.Pattern[str]:
    pattern = choice.pattern
    if choice.kind is LabelKind.NAME:
        if pattern.count("{label}") != 1:
            raise UsageError(f"“{pattern}” must hold {{label}} once, where a file's name has its label.")
        pattern = "".join(_REGULAR.get(part, re.escape(part)) for part in _PARTS.split(pattern))
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise UsageError(f"“{pattern}” is no regular expression ({error}).") from error
    if _GROUP not in compiled.groupindex:
        raise UsageError(f"“{pattern}” must hold a group (?P<label>…), where the label stands.")
    return compiled

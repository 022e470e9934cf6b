"""The choice of where labels come from, and the labels and classes that follow from it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.errors import PlanError, UsageError
from stackgui.core.base.kept import kept
from stackgui.core.base.natural import natural_key
from stackgui.core.base.units import format_count
from stackgui.core.base.ways import Way
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.folders import own_paths, read_folders

MAX_LEVEL = 1000
SHOWN = 3
"""Labels that a message quotes at most."""

_LABEL_GROUP = "label"
_PLACEHOLDERS = re.compile(r"(\{label\}|\*|\?)")
_REGEX_OF = {"{label}": rf"(?P<{_LABEL_GROUP}>[^/]+?)", "*": "[^/]*", "?": "[^/]"}


class LabelKind(StrEnum):
    """What the labels come from.

    ``auto``: labels that the sources give, else ``folders``, for each source of which at least half of the
    samples lie in one. ``folders``: the first folders that are neither splits (train, val, test) nor
    containers (images and the like).
    ``level``: the folders of one level. ``given``: labels that the sources give, as lists and shards do.
    ``name``, ``regex``: a part of the file's name. ``none``: no labels.
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
        For ``LEVEL``: counted from 1 below the source, or from -1 above the file; in an archive, only the
        folders inside it count. Otherwise 0.
    pattern : str
        For ``NAME``: a pattern for the file's own name, in which ``{label}``, ``*`` and ``?`` stand for the
        label, any text and any one character. For ``REGEX``: a regular expression with a group called
        ``label``, searched for in the path. Otherwise ``""``.
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
        """Read a choice as `str` writes it.

        Raises
        ------
        UsageError
            When `text` is not such a choice.
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
            f"“{text}” is not a choice of labels; "
            "write auto, folders, level:2, given, name:{label}_* or none."
        )

    def __str__(self) -> str:
        rest = str(self.level) if self.kind is LabelKind.LEVEL else self.pattern
        return f"{self.kind.value}:{rest}" if rest else self.kind.value


Labels.AUTO = Labels()
Labels.FOLDERS = Labels(LabelKind.FOLDERS)
Labels.GIVEN = Labels(LabelKind.GIVEN)
Labels.NONE = Labels(LabelKind.NONE)


def resolve_labels(
    choice: Labels, catalog: Catalog, samples: NDArray[np.int64], listed: tuple[str, ...] = ()
) -> tuple[NDArray[np.int32] | None, tuple[str, ...]]:
    """Return the number of each sample's label, and the classes.

    Folders of the same name in several sources are one class. A sample without a label gets -1.

    Parameters
    ----------
    choice : Labels
    catalog : Catalog
    samples : int64, shape (rows,)
        The samples that have rows.
    listed : tuple of str
        The classes in the order of their numbers; if empty, the classes of `samples` in natural order.

    Raises
    ------
    PlanError
        When labels were asked for and there are none, or some that are not listed.
    """
    names = label_names(choice, catalog, samples)
    used = {} if names is None else names.take(samples).counts()
    used.pop("", None)
    if names is None or not used:
        if choice.kind in _NONE_FOUND or listed:
            raise PlanError(
                _NONE_FOUND.get(choice.kind, _NONE_FOR_LIST), ways=() if listed else (Way.LABELS,)
            )
        return None, ()
    # Sorting by the name as well fixes the order of names that natural order treats as equal.
    classes = listed or tuple(sorted(used, key=lambda name: (natural_key(name), name)))
    index = {_composed(name): number for number, name in enumerate(classes)} if listed else {}
    index |= {name: number for number, name in enumerate(classes)}
    numbers = {name: index.get(name, index.get(_composed(name), -1)) for name in names.names}
    if unlisted := {name: count for name, count in used.items() if numbers[name] < 0}:
        raise PlanError(_not_listed(unlisted))
    return np.array([numbers[name] for name in names.names], np.int32)[names.codes], classes


def _composed(name: str) -> str:
    """Return `name` in the form NFC, because some systems decompose accented letters in file names."""
    return unicodedata.normalize("NFC", name)


def _not_listed(counts: Mapping[str, int]) -> str:
    shown = [f"{name} ({count:,})" for name, count in [*counts.items()][:SHOWN]]
    more = f" and {len(counts) - SHOWN:,} more" if len(counts) > SHOWN else ""
    return (
        f"{format_count(len(counts), 'label')} of {format_count(sum(counts.values()), 'picture')} "
        f"{'is' if len(counts) == 1 else 'are'} not in the list of classes: {', '.join(shown)}{more}. "
        "Add them to the list (--classes), take other labels (--labels), or leave those pictures out."
    )


_NONE_FOR_LIST = (
    "There is a list of classes, but the pictures have no labels. Choose where labels come from (--labels), "
    "or leave out the list (--classes)."
)
_NONE_FOUND = {
    LabelKind.FOLDERS: "There are no folders to take labels from: no picture lies in one, "
    "except in those called train, val, test, images and the like, which are not labels.",
    LabelKind.LEVEL: "There are no folders to take labels from: no picture lies that deep in the sources.",
    LabelKind.GIVEN: "The sources give no labels: there is no list of labels, and no archive has any.",
    LabelKind.NAME: "No picture's name matches the pattern, so there are no labels. Change the pattern.",
    LabelKind.REGEX: "No picture's name matches the pattern, so there are no labels. Change the pattern.",
}


def label_names(choice: Labels, catalog: Catalog, samples: NDArray[np.int64]) -> Coded | None:
    """Return the label of each sample, ``""`` for none; None if there are to be no labels."""
    if choice.kind is LabelKind.NONE or not len(catalog):
        return None
    if choice.kind is LabelKind.AUTO and has_given(catalog):
        return given_and_folders(catalog).label
    if choice.kind is LabelKind.AUTO:
        label = read_folders(catalog).label
        return Coded(
            np.where(no_class_folders(catalog, samples), len(label.names), label.codes), (*label.names, "")
        )
    return _names(catalog, choice)


def has_given(catalog: Catalog) -> bool:
    """Whether the sources themselves give labels."""
    return not catalog.given_label.equals("").all()


@dataclass(frozen=True, eq=False, slots=True)
class CombinedLabels:
    """Labels that the sources give, completed by those of folders.

    Attributes
    ----------
    label : Coded
    by_folder : bool, shape (N,)
        Whether the sample's label comes from a folder.
    """

    label: Coded
    by_folder: NDArray[np.bool_]


@kept()
def given_and_folders(catalog: Catalog) -> CombinedLabels:
    """Return the labels that the sources give, completed by folders that have the same classes.

    If no picture in one split of a place has a given label, its folders are its classes, provided that one of
    them is named like a label given elsewhere. Tiny ImageNet, for example, has folders for training and a
    list of the same names for validation.
    """
    folders, given = read_folders(catalog), catalog.given_label
    is_given = ~given.equals("")
    parts = len(folders.part.names)
    group = folders.place.astype(np.int64) * parts + folders.part.codes
    of_group = (int(group.max(initial=0)) + 1,)
    said, known = np.zeros(of_group, np.bool_), np.zeros(of_group, np.bool_)
    said[group[is_given]] = True
    names = set(given.take(is_given).counts())
    is_known = np.array([name in names for name in folders.label.names], np.bool_)[folders.label.codes]
    known[group[is_known]] = True
    by_folder = (known & ~said)[group] & (folders.level > 0)
    codes = np.where(by_folder, folders.label.codes + len(given.names), given.codes).astype(np.int32)
    return CombinedLabels(Coded(codes, (*given.names, *folders.label.names)), by_folder)


def no_class_folders(catalog: Catalog, samples: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return the mask, shape (N,), of samples in places whose folders do not count as classes by default.

    Folders count as classes if at least half of the place's pictures lie in one. It is enough that this holds
    for one of its splits, because test pictures often have no labels.
    """
    folders = read_folders(catalog)
    parts = len(folders.part.names)
    group = folders.place.astype(np.int64) * parts + folders.part.codes
    labelled = samples[folders.level[samples] > 0]
    length = (int(folders.place.max()) + 1) * parts
    of_group, with_label = (np.bincount(group[each], minlength=length) for each in (samples, labelled))
    believed = ((with_label * 2 >= of_group) & (with_label > 0)).reshape(-1, parts).any(axis=1)
    return np.asarray(~believed)[folders.place]


@kept(most=4)
def _names(catalog: Catalog, choice: Labels) -> Coded:
    """Return the label of each sample, ``""`` for none; cached, because every choice makes a new plan."""
    if choice.kind is LabelKind.GIVEN:
        return catalog.given_label
    if choice.kind is LabelKind.FOLDERS:
        return read_folders(catalog).label
    label_of = _folder_reader(choice.level) if choice.kind is LabelKind.LEVEL else _pattern_reader(choice)
    return Coded.from_values(map(label_of, own_paths(catalog)))


def _folder_reader(level: int) -> Callable[[str], str]:
    def label_of(path: str) -> str:
        folders = path.split("/")[:-1]
        if len(folders) < abs(level):
            return ""
        return folders[level - 1 if level > 0 else level]

    return label_of


def _pattern_reader(choice: Labels) -> Callable[[str], str]:
    pattern = _compiled(choice)
    if choice.kind is LabelKind.REGEX:
        return lambda path: _label_group(pattern.search(path))
    return lambda path: _label_group(pattern.fullmatch(path.rpartition("/")[2]))


def _label_group(match: re.Match[str] | None) -> str:
    return (match[_LABEL_GROUP] or "") if match else ""


def _compiled(choice: Labels) -> re.Pattern[str]:
    pattern = choice.pattern
    if choice.kind is LabelKind.NAME:
        if pattern.count("{label}") != 1:
            raise UsageError(f"“{pattern}” must contain {{label}} once, in place of the label.")
        pattern = "".join(_REGEX_OF.get(part, re.escape(part)) for part in _PLACEHOLDERS.split(pattern))
    try:
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise UsageError(f"“{pattern}” is not a regular expression ({error}).") from error
    if _LABEL_GROUP not in compiled.groupindex:
        raise UsageError(f"“{pattern}” must contain a group (?P<label>…) that matches the label.")
    return compiled

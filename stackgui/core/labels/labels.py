"""The choice of where labels come from, and the labels and classes that follow from it."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.blocks import at, blocks, values_in
from stackgui.core.base.choices import LabelForm, LabelSeparator
from stackgui.core.base.columns import Coded
from stackgui.core.base.errors import PlanError, UsageError
from stackgui.core.base.kept import kept
from stackgui.core.base.natural import natural_key
from stackgui.core.base.units import format_count
from stackgui.core.base.ways import Way
from stackgui.core.base.wording import say, say_many
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.folders import Folders, read_folders
from stackgui.core.labels.label_sets import LabelSets, divided_at, is_set_text, members_of, one_label
from stackgui.core.labels.parents import own_paths
from stackgui.core.labels.path_rule import LABEL, PathRule, RuleKind

SHOWN = 3
"""Labels that a message quotes at most."""

_GIVEN_FIRST = "given,"
"""Prefix of a rule that counts only where lists and shards give no label."""


class LabelKind(StrEnum):
    """What the labels come from.

    ``auto``: labels that the sources give, else ``folders``, for each source of which at least half of the
    samples lie in one. ``folders``: the first folders that are neither splits (train, val, test) nor
    containers (images and the like).
    ``level``: the folders of one level. ``given``: labels that the sources give, as lists and shards do.
    ``objects``: classes of the objects in the picture, and of the picture itself, in annotation files.
    ``name``, ``regex``: a part of the file's name or path. ``none``: no labels.
    """

    AUTO = "auto"
    FOLDERS = "folders"
    LEVEL = "level"
    GIVEN = "given"
    OBJECTS = "objects"
    NAME = "name"
    REGEX = "regex"
    NONE = "none"


_PLAIN = frozenset({LabelKind.AUTO, LabelKind.FOLDERS, LabelKind.GIVEN, LabelKind.OBJECTS, LabelKind.NONE})
"""Kinds without a rule."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Where a row's label comes from: ``auto``, ``folders``, ``level:2``, ``name:{label}_*``, and so on.

    Attributes
    ----------
    kind : LabelKind
    level, pattern : int, str
        For ``LEVEL``, ``NAME`` and ``REGEX``: the rule; see `stackgui.core.labels.path_rule.PathRule`.
    given_first : bool
        For these: whether labels that the sources give come before the rule.
    """

    AUTO: ClassVar[Labels]
    FOLDERS: ClassVar[Labels]
    GIVEN: ClassVar[Labels]
    OBJECTS: ClassVar[Labels]
    NONE: ClassVar[Labels]

    kind: LabelKind = LabelKind.AUTO
    level: int = 0
    pattern: str = ""
    given_first: bool = False

    def __post_init__(self) -> None:
        if self.rule is not None:
            self.rule.check(LABEL)

    @property
    def rule(self) -> PathRule | None:
        """The rule that finds the label in a path, if there is one."""
        if self.kind.value not in {kind.value for kind in RuleKind}:
            return None
        return PathRule(RuleKind(self.kind.value), self.level, self.pattern)

    @classmethod
    def by_rule(cls, rule: PathRule, *, given_first: bool = False) -> Labels:
        """Return the choice of labels that `rule` finds."""
        return cls(LabelKind(rule.kind.value), rule.level, rule.pattern, given_first)

    @classmethod
    def parse(cls, text: str) -> Labels:
        """Read a choice as `str` writes it.

        Raises
        ------
        UsageError
            When `text` is not such a choice.
        """
        bare = text.strip().casefold()
        bare = {"folder": "folders", "list": "given", "lists": "given"}.get(bare, bare)
        if bare in _PLAIN:
            return cls(LabelKind(bare))
        given_first = text.casefold().startswith(_GIVEN_FIRST)
        if rule := PathRule.parse(text[len(_GIVEN_FIRST) :] if given_first else text):
            return cls.by_rule(rule, given_first=given_first)
        raise UsageError(
            say(
                "“{text}” is not a choice of labels; write auto, folders, level:2, given, "
                "objects, name:{{label}}_* or none.",
                text=text,
            )
        )

    def __str__(self) -> str:
        if self.rule is None:
            return self.kind.value
        return f"{_GIVEN_FIRST if self.given_first else ''}{self.rule}"


Labels.AUTO = Labels()
Labels.FOLDERS = Labels(LabelKind.FOLDERS)
Labels.GIVEN = Labels(LabelKind.GIVEN)
Labels.OBJECTS = Labels(LabelKind.OBJECTS)
Labels.NONE = Labels(LabelKind.NONE)


@dataclass(frozen=True, eq=False, slots=True)
class FoundLabels:
    """The labels of samples, by number.

    Attributes
    ----------
    label : int32, shape (N,), or None
        For each sample its class or, if it may have several, its set of classes in `sets`; -1 for none. None
        if there are no labels.
    classes : tuple of str
    sets : LabelSets or None
        None if a sample has one label at most.
    """

    label: NDArray[np.int32] | None
    classes: tuple[str, ...]
    sets: LabelSets | None = None


def resolve_labels(
    choice: Labels,
    catalog: Catalog,
    samples: NDArray[np.int64],
    listed: tuple[str, ...] = (),
    not_classes: Collection[str] = (),
    *,
    separator: LabelSeparator | None = None,
    of_objects: Coded | None = None,
) -> FoundLabels:
    """Return the number of each sample's label, or of its set of labels, and the classes.

    Folders of the same name in several sources are one class. A sample without a label gets -1.

    Parameters
    ----------
    choice : Labels
    catalog : Catalog
    samples : int64, shape (rows,)
        The samples that have rows.
    listed : tuple of str
        The classes in the order of their numbers; if empty, the classes of `samples` in natural order.
    not_classes : collection of str
        Names that are no classes; they are no labels.
    separator : LabelSeparator or None
        What separates several labels of a sample; None if a sample has one label, and none if it has several.
    of_objects : Coded or None
        Labels for `LabelKind.OBJECTS`.

    Raises
    ------
    PlanError
        When labels were asked for and there are none, or some that are not listed.
    """
    form = LabelForm.ONE if separator is None else LabelForm.MANY
    by_objects = choice.kind is LabelKind.OBJECTS
    names = of_objects if by_objects else label_names(choice, catalog, samples, form)
    counts = {} if names is None else names.counts(samples)
    divide = one_label if separator is None else divided_at(separator, counts)
    used = Counter[str]()
    for text, count in counts.items():
        used.update(dict.fromkeys((name for name in divide(text) if name not in not_classes), count))
    if names is None or not used:
        if choice.kind in _NONE_FOUND or listed:
            raise _none_found(choice, counts, form, is_listed=bool(listed))
        return FoundLabels(None, ())
    # Sorting by the name as well fixes the order of names that natural order treats as equal.
    classes = listed or tuple(sorted(used, key=lambda name: (natural_key(name), name)))
    index = {_composed(name): number for number, name in enumerate(classes)} if listed else {}
    index |= {name: number for number, name in enumerate(classes)}
    index = {name: number for name, number in index.items() if name not in not_classes}

    def number_of(name: str) -> int:
        return index.get(name, index.get(_composed(name), -1))

    if unlisted := {name: count for name, count in used.items() if number_of(name) < 0}:
        raise PlanError(_not_listed(unlisted))
    sets = [tuple(sorted({*map(number_of, divide(text))} - {-1})) for text in names.names]
    return _numbered(names, sets, classes, form)


def _none_found(choice: Labels, texts: Iterable[str], form: LabelForm, *, is_listed: bool) -> PlanError:
    """Return the error that there are no labels although there should be."""
    if form is LabelForm.ONE and any(map(is_set_text, texts)):
        return PlanError(_SEVERAL_ONLY)
    ways = () if is_listed else (Way.LABELS,)
    return PlanError(_NONE_FOUND.get(choice.kind, _NONE_FOR_LIST), ways=ways)


def _numbered(
    names: Coded, sets: Sequence[tuple[int, ...]], classes: tuple[str, ...], form: LabelForm
) -> FoundLabels:
    """Return the labels of samples, given the classes in each of the texts of `names`."""
    if form is LabelForm.ONE:
        numbers = [each[0] if each else -1 for each in sets]
        return FoundLabels(at(np.array(numbers, np.int32), names.codes), classes)
    # In order, so that sorting by sets sorts by classes.
    place = {each: number for number, each in enumerate(sorted({each for each in sets if each}))}
    numbers = [place.get(each, -1) for each in sets]
    label = at(np.array(numbers, np.int32), names.codes)
    return FoundLabels(label, classes, LabelSets.of(list(place), len(classes)))


def _composed(name: str) -> str:
    """Return `name` in the form NFC, because some systems decompose accented letters in file names."""
    return unicodedata.normalize("NFC", name)


def _not_listed(counts: Mapping[str, int]) -> str:
    shown = [f"{name} ({count:,})" for name, count in [*counts.items()][:SHOWN]]
    more = say(" and {count:,} more", count=len(counts) - SHOWN) if len(counts) > SHOWN else ""
    return say_many(
        len(counts),
        "{count:,} label of {pictures} is not in the list of classes: {shown}{more}. Add "
        "them to the list (--classes), take other labels (--labels), or leave those "
        "pictures out.",
        "{count:,} labels of {pictures} are not in the list of classes: {shown}{more}. Add "
        "them to the list (--classes), take other labels (--labels), or leave those "
        "pictures out.",
        pictures=format_count(sum(counts.values()), "picture"),
        shown=", ".join(shown),
        more=more,
    )


_NONE_FOR_LIST = say(
    "There is a list of classes, but the pictures have no labels. Choose where labels come from (--labels), "
    "or leave out the list (--classes)."
)
_SEVERAL_ONLY = say(
    "The pictures have several labels each, and one was asked for. --label-form many takes all of them."
)
_NONE_FOUND = {
    LabelKind.FOLDERS: say(
        "There are no folders to take labels from: no picture lies in one, "
        "except in those called train, val, test, images and the like, which are not labels."
    ),
    LabelKind.LEVEL: say(
        "There are no folders to take labels from: no picture lies that deep in the sources."
    ),
    LabelKind.GIVEN: say("The sources give no labels: there is no list of labels, and no archive has any."),
    LabelKind.OBJECTS: say(
        "There are no annotations to take labels from: no picture has objects or classes in annotation files."
    ),
    LabelKind.NAME: say("No picture's name matches the pattern, so there are no labels. Change the pattern."),
    LabelKind.REGEX: say(
        "No picture's name matches the pattern, so there are no labels. Change the pattern."
    ),
}


def label_names(
    choice: Labels, catalog: Catalog, samples: NDArray[np.int64], form: LabelForm
) -> Coded | None:
    """Return the label of each sample, ``""`` for none; None if there are to be no labels."""
    if choice.kind is LabelKind.NONE or not len(catalog):
        return None
    if choice.kind is LabelKind.AUTO and has_given(catalog, form):
        return given_and_folders(catalog).label
    if choice.kind is LabelKind.AUTO:
        label = read_folders(catalog).label
        return Coded(
            np.where(no_class_folders(catalog, samples), len(label.names), label.codes), (*label.names, "")
        )
    return _names(catalog, choice)


def has_given(catalog: Catalog, form: LabelForm) -> bool:
    """Whether the sources themselves give labels of this form."""
    given = catalog.given_label
    if form is LabelForm.ONE and any(map(is_set_text, given.names)):
        return any(map(one_label, given.counts()))
    return not given.equals("").all()


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
    """Return the labels that the sources give, completed by folders that say what these leave open.

    If no picture in one split of a place has a given label, its folders are its classes, provided that one of
    them is named like a label given elsewhere. Tiny ImageNet, for example, has folders for training and a
    list of the same names for validation. A place in which no picture at all has a given label, such as an
    archive beside a list of other pictures, keeps the labels of its folders as if it were alone, if there are
    several: a single folder tells nothing apart.
    """
    folders, given = read_folders(catalog), catalog.given_label
    is_given = ~given.equals("")
    parts = len(folders.part.names)
    group = folders.place.astype(np.int64) * parts + folders.part.codes
    of_group = ((int(folders.place.max(initial=0)) + 1) * parts,)
    said, known = np.zeros(of_group, np.bool_), np.zeros(of_group, np.bool_)
    said[group[is_given]] = True
    names = {name for text in given.take(is_given).counts() for name in members_of(text)}
    is_known = np.array([name in names for name in folders.label.names], np.bool_)[folders.label.codes]
    known[group[is_known]] = True
    unsaid = np.asarray(~said.reshape(-1, parts).any(axis=1)) & _has_several(folders)
    alone = unsaid[folders.place] & ~no_class_folders(catalog, np.arange(len(catalog)))
    by_folder = ((known & ~said)[group] | alone) & (folders.level > 0)
    codes = np.where(by_folder, folders.label.codes + len(given.names), given.codes).astype(np.int32)
    return CombinedLabels(Coded(codes, (*given.names, *folders.label.names)), by_folder)


def _has_several(folders: Folders) -> NDArray[np.bool_]:
    """Return the mask, shape (places,), of places whose pictures lie in several folders."""
    inside, names = folders.level > 0, len(folders.label.names)
    found = values_in(folders.place[inside].astype(np.int64) * names + folders.label.codes[inside])
    return np.bincount(found // names, minlength=int(folders.place.max(initial=0)) + 1) > 1


def no_class_folders(catalog: Catalog, samples: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return the mask, shape (N,), of samples in places whose folders do not count as classes by default.

    Folders count as classes if at least half of the place's pictures lie in one. It is enough that this holds
    for one of its splits, because test pictures often have no labels.
    """
    folders = read_folders(catalog)
    parts = len(folders.part.names)
    of_group, with_label = np.zeros((2, (int(folders.place.max()) + 1) * parts), np.int64)
    for rows in blocks(len(samples)):
        own = samples[rows]
        group = folders.place[own].astype(np.int64) * parts + folders.part.codes[own]
        of_group += np.bincount(group, minlength=len(of_group))
        with_label += np.bincount(group[folders.level[own] > 0], minlength=len(of_group))
    believed = ((with_label * 2 >= of_group) & (with_label > 0)).reshape(-1, parts).any(axis=1)
    return np.asarray(~believed)[folders.place]


@kept(most=4)
def _names(catalog: Catalog, choice: Labels) -> Coded:
    """Return the label of each sample, ``""`` for none; cached, because every choice makes a new plan."""
    if choice.kind is LabelKind.GIVEN:
        return catalog.given_label
    if choice.kind is LabelKind.FOLDERS:
        return read_folders(catalog).label
    assert choice.rule is not None
    found = Coded.from_values(map(choice.rule.reader(LABEL), own_paths(catalog)))
    if not choice.given_first:
        return found
    given = catalog.given_label
    codes = np.where(given.equals(""), found.codes + len(given.names), given.codes).astype(np.int32)
    return Coded(codes, (*given.names, *found.names))

"""The labels and the parts of the split that a plan uses, and where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.text import printable
from stackgui.core.base.units import enumerated, format_count, format_part, singular_part
from stackgui.core.base.wording import Wording, joined, say, say_many
from stackgui.core.labels.folder_names import PARTS, part_called
from stackgui.core.labels.folders import read_folders
from stackgui.core.labels.labels import LabelKind, given_and_folders, has_given
from stackgui.core.labels.splits import SplitKind
from stackgui.core.plan.division import is_placed, makes_groups
from stackgui.core.plan.groups_taken import GroupsTaken, Shares, groups_taken, shares_of
from stackgui.core.plan.objects_taken import ObjectsTaken, objects_taken
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_classes import class_counts
from stackgui.core.plan.rule_words import LEVELS, told_by_rule

MAX_NAMES = 4
"""Folders, classes or parts named in a sentence."""

GROUPS = "groups"
"""Key of the groups in the header of a stack that has any."""

LISTS = say("lists and shards")


@dataclass(frozen=True, slots=True)
class LabelsTaken:
    """The labels of a plan's rows.

    Attributes
    ----------
    told_by : str
        Where they come from, such as ``"the first folders"``; ``""`` if there are none.
    counts : dict of str to int
        Rows of each class, in order of class number.
    labelled, without : int
        Rows with and without a label.
    are_many : bool
        Whether a row may have several.
    """

    told_by: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    labelled: int = 0
    without: int = 0
    are_many: bool = False

    @property
    def text(self) -> str:
        """Describe them, for example ``"2 classes from the first folders; all 10 pictures have one"``."""
        if not self.told_by:
            return say("none")
        pictures = format_part(self.labelled, self.labelled + self.without, "picture")
        number = singular_part(self.labelled)
        if self.are_many:
            have = say_many(
                number,
                "{pictures} has one or more, {labels} in all",
                "{pictures} have one or more, {labels} in all",
                pictures=pictures,
                labels=format_count(sum(self.counts.values()), "label"),
            )
        else:
            have = say_many(number, "{pictures} has one", "{pictures} have one", pictures=pictures)
        unused = list(self.counts.values()).count(0)
        classes = format_count(len(self.counts), "class", "classes")
        if unused:
            classes = say("{classes}, {unused:,} of them without pictures,", classes=classes, unused=unused)
        return say("{classes} from {told_by}; {have}", classes=classes, told_by=self.told_by, have=have)

    def to_json(self) -> dict[str, Any]:
        """Return the labels as JSON values."""
        return {
            "told_by": self.told_by,
            "classes": list(self.counts),
            "counts": list(self.counts.values()),
            "without": self.without,
            **({"several": True} if self.are_many else {}),
        }


@dataclass(frozen=True, slots=True)
class PartsTaken:
    """The parts of the split that a plan's rows belong to.

    Attributes
    ----------
    told_by : str
        Where they come from, such as ``"the folders train and test"``; ``""`` if there are none.
    counts : dict of str to int
        Rows of each part, in order of part number.
    without : int
        Rows that belong to no part.
    shares : Shares or None
        What they were to be, if they were made by shares.
    """

    told_by: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    without: int = 0
    shares: Shares | None = None

    @property
    def text(self) -> str:
        """Describe them, for example ``"train 8,000, test 2,000, by the folders train and test"``."""
        if not self.told_by:
            return say("none")
        counts = joined(
            ", ",
            (
                say("{part} {count:,}", part=printable(part), count=count)
                for part, count in self.counts.items()
            ),
        )
        if not self.without:
            return say("{counts}, by {told_by}", counts=counts, told_by=self.told_by)
        return say(
            "{counts}, by {told_by}; {pictures} in none",
            counts=counts,
            told_by=self.told_by,
            pictures=format_count(self.without, "picture"),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the parts as JSON values."""
        shares = {} if self.shares is None else self.shares.to_json()
        return {"told_by": self.told_by, "counts": self.counts, "without": self.without, **shares}


@dataclass(frozen=True, slots=True)
class LabelsAndParts:
    """The labels, parts and groups of a plan's rows, and the objects in them, if there are annotations."""

    labels: LabelsTaken = LabelsTaken()
    parts: PartsTaken = PartsTaken()
    groups: GroupsTaken | None = None
    objects: ObjectsTaken | None = None

    def to_json(self) -> dict[str, Any]:
        """Return all as JSON values; the key is ``split`` because a plan's ``parts`` are just names."""
        objects = {} if self.objects is None else {"objects": self.objects.to_json()}
        groups = {} if self.groups is None else {GROUPS: self.groups.to_json()}
        return {"labels": self.labels.to_json(), "split": self.parts.to_json(), **groups, **objects}


NONE_TAKEN = LabelsAndParts()


def labels_and_parts(plan: Plan, valid: NDArray[np.bool_] | None = None) -> LabelsAndParts:
    """Return the labels, parts, groups and objects of `plan`; for `valid`, see `objects_taken`."""
    found = (labels_taken(plan), parts_taken(plan), groups_taken(plan), objects_taken(plan, valid))
    return LabelsAndParts(*found)


def labels_taken(plan: Plan) -> LabelsTaken:
    """Return the labels of `plan`."""
    samples = plan.samples
    if plan.label is None:
        return LabelsTaken(without=len(samples))
    without = int(np.count_nonzero(plan.label[samples] < 0))
    return LabelsTaken(
        told_by=labels_told_by(plan),
        counts=dict(zip(plan.classes, class_counts(plan, samples).tolist(), strict=True)),
        labelled=len(samples) - without,
        without=without,
        are_many=plan.label_sets is not None,
    )


def parts_taken(plan: Plan) -> PartsTaken:
    """Return the parts of `plan`."""
    if not plan.parts:
        return PartsTaken(without=plan.rows)
    part = plan.part_of(plan.samples)
    counts = np.bincount(part[part >= 0], minlength=len(plan.parts)).tolist()
    return PartsTaken(
        told_by=_origin_of_parts(plan),
        counts=dict(zip(plan.parts, counts, strict=True)),
        without=int(np.count_nonzero(part < 0)),
        shares=shares_of(plan),
    )


def has_given_labels(plan: Plan) -> bool:
    """Whether the sources give the labels of `plan`, without anybody having asked for it."""
    options = plan.options
    return options.labels.kind is LabelKind.AUTO and has_given(plan.catalog, options.label_form)


def folders_complete_lists(plan: Plan) -> bool:
    """Whether folders named like labels of lists or shards give labels where these say nothing."""
    if plan.label is None or not has_given_labels(plan):
        return False
    both = given_and_folders(plan.catalog)
    by_folder = both.by_folder[plan.samples]
    own, given = (set(both.label.take(plan.samples[each]).counts()) for each in (by_folder, ~by_folder))
    return bool(own & given)


_TOLD_BY = {LabelKind.NONE: say("corrections by hand"), LabelKind.OBJECTS: say("annotations")}


def labels_told_by(plan: Plan) -> str:
    """Return where the labels of `plan` come from; ``""`` if it has none."""
    if plan.label is None:
        return ""
    choice = plan.options.labels
    if choice.kind in _TOLD_BY:
        return _TOLD_BY[choice.kind]
    if choice.kind is LabelKind.GIVEN:
        return _givers(plan)
    if has_given_labels(plan):
        return _describe_given(plan)
    if choice.rule is not None:
        rule = told_by_rule(choice.rule)
        return say("{lists}, else {rule}", lists=_givers(plan), rule=rule) if choice.given_first else rule
    return _describe_folders(plan, plan.label)


def _describe_given(plan: Plan) -> str:
    if not given_and_folders(plan.catalog).by_folder[plan.samples].any():
        return _givers(plan)
    if folders_complete_lists(plan):
        return say("{lists}, and folders of the same names", lists=_givers(plan))
    return say("{lists}, and folders elsewhere", lists=_givers(plan))


def _givers(plan: Plan) -> str:
    """Return what in the sources gives labels and parts: lists, shards, or both; or annotations."""
    has_lists, has_archives = bool(plan.catalog.lists), bool(plan.catalog.archives)
    if not has_lists and not has_archives and plan.catalog.annotations is not None:
        return say("annotations")
    if has_lists is has_archives:
        return LISTS
    return say("lists") if has_lists else say("shards")


def _describe_folders(plan: Plan, label: NDArray[np.int32]) -> str:
    folders = read_folders(plan.catalog)
    if above := _in_order(folders.above.take(plan.samples)):
        return say("the folders below {listed}", listed=listed(above))
    levels = np.unique(folders.level[plan.samples[label[plan.samples] >= 0]]).tolist()
    if levels == [0]:
        return ""  # no folder tells any: they were given by hand
    if len(levels) == 1 and levels[0] <= len(LEVELS):
        return LEVELS[levels[0] - 1]
    return say("folders")


def _origin_of_parts(plan: Plan) -> str:
    split = plan.options.split
    if is_placed(plan.options, plan.catalog):
        return _origin_of_placed(plan)
    if split.kind is SplitKind.SHARES:
        names = say("each row's file and number") if split.each_row else say("each file's name")
        return say(
            "the shares {split}, from {names} and the seed {seed}",
            split=split,
            names=names,
            seed=plan.options.seed,
        )
    if split.rule is not None:
        return told_by_rule(split.rule)
    if set(plan.catalog.split.take(plan.samples).counts()) - {""}:
        return _givers(plan)
    return say(
        "the folders {listed}",
        listed=listed(_in_order(read_folders(plan.catalog).part_folder.take(plan.samples))),
    )


def _origin_of_placed(plan: Plan) -> Wording:
    split, seed = plan.options.split, plan.options.seed
    if makes_groups(plan.options, plan.catalog):
        return say("the shares {split}, with whole groups, and the seed {seed}", split=split, seed=seed)
    return say("the shares {split} of each class, and the seed {seed}", split=split, seed=seed)


def _in_order(folders: Coded) -> list[str]:
    """Return the distinct folder names in the order training, validation, test."""
    named = set(folders.counts()) - {""}
    return sorted(named, key=lambda name: (PARTS.index(part_called(name)), name))


def listed(names: Sequence[str]) -> str:
    """Join the first few of `names`, for example as ``"train, val and test"``."""
    shown = [printable(name) for name in names[:MAX_NAMES]]
    if len(names) > MAX_NAMES:
        return f"{', '.join(shown)}, …"
    return enumerated(shown)

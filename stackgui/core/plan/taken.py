"""Which labels and which parts of the data a plan took, and what told it so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.text import printable
from stackgui.core.base.units import agree_part, format_count, format_part
from stackgui.core.labels.folder_names import PARTS, part_called
from stackgui.core.labels.folders import read_folders
from stackgui.core.labels.labels import LabelKind, given_and_folders, has_given
from stackgui.core.labels.splits import SplitKind
from stackgui.core.plan.plan import Plan

SHOWN = 4
"""How many folders, classes or parts are named."""

LISTS = "lists and shards"
_ORDINALS = ("first", "second", "third", "fourth", "fifth")


@dataclass(frozen=True, slots=True)
class LabelsTaken:
    """The labels of a plan's rows.

    Attributes
    ----------
    told_by : str
        For example ``"the first folders"``; ``""`` where there are no labels.
    counts : dict of str to int
        Rows of each class, in the order of the classes' numbers.
    without : int
        Rows that have none.
    """

    told_by: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    without: int = 0

    @property
    def text(self) -> str:
        """For example ``"2 classes from the first folders; all 10 pictures have one"``."""
        if not self.told_by:
            return "none"
        labelled = sum(self.counts.values())
        have = format_part(labelled, labelled + self.without, "picture")
        have = f"{have} {agree_part(labelled, 'has', 'have')} one"
        unused = list(self.counts.values()).count(0)
        classes = format_count(len(self.counts), "class", "classes")
        if unused:
            classes += f", {unused:,} of them without pictures,"
        return f"{classes} from {self.told_by}; {have}"

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "told_by": self.told_by,
            "classes": list(self.counts),
            "counts": list(self.counts.values()),
            "without": self.without,
        }


@dataclass(frozen=True, slots=True)
class PartsTaken:
    """The parts of the data that a plan's rows belong to.

    Attributes
    ----------
    told_by : str
        For example ``"the folders train and test"``; ``""`` where there are no parts.
    counts : dict of str to int
        Rows of each part, in the order of the parts' numbers.
    without : int
        Rows that are in none.
    """

    told_by: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    without: int = 0

    @property
    def text(self) -> str:
        """For example ``"train 8,000, test 2,000, by the folders train and test"``."""
        if not self.told_by:
            return "none"
        counts = ", ".join(f"{printable(part)} {count:,}" for part, count in self.counts.items())
        none = f"; {format_count(self.without, 'picture')} in none" if self.without else ""
        return f"{counts}, by {self.told_by}{none}"

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {"told_by": self.told_by, "counts": self.counts, "without": self.without}


@dataclass(frozen=True, slots=True)
class LabelsAndParts:
    """Labels and parts of a plan's rows."""

    labels: LabelsTaken = LabelsTaken()
    parts: PartsTaken = PartsTaken()

    def to_json(self) -> dict[str, Any]:
        """As JSON values; ``parts`` in a plan are the parts' names alone."""
        return {"labels": self.labels.to_json(), "split": self.parts.to_json()}


NONE_TAKEN = LabelsAndParts()


def labels_and_parts(plan: Plan) -> LabelsAndParts:
    """What `plan` took."""
    return LabelsAndParts(labels_taken(plan), parts_taken(plan))


def labels_taken(plan: Plan) -> LabelsTaken:
    """The labels that `plan` took."""
    samples = plan.samples
    if plan.label is None:
        return LabelsTaken(without=len(samples))
    label = plan.label[samples]
    counts = np.bincount(label[label >= 0], minlength=len(plan.classes)).tolist()
    return LabelsTaken(
        told_by=labels_told_by(plan),
        counts=dict(zip(plan.classes, counts, strict=True)),
        without=int(np.count_nonzero(label < 0)),
    )


def parts_taken(plan: Plan) -> PartsTaken:
    """The parts that `plan` took."""
    if not plan.parts:
        return PartsTaken(without=plan.rows)
    part = plan.part_of(plan.samples)
    counts = np.bincount(part[part >= 0], minlength=len(plan.parts)).tolist()
    return PartsTaken(
        told_by=_parts_told_by(plan),
        counts=dict(zip(plan.parts, counts, strict=True)),
        without=int(np.count_nonzero(part < 0)),
    )


def labels_told_by(plan: Plan) -> str:
    """What says the labels of `plan`; ``""`` if it has none."""
    if plan.label is None:
        return ""
    choice = plan.options.labels
    if choice.kind is LabelKind.GIVEN:
        return LISTS
    if choice.kind is LabelKind.AUTO and has_given(plan.catalog):
        by_folder = given_and_folders(plan.catalog).by_folder[plan.samples].any()
        return f"{LISTS}, and folders of the same names" if by_folder else LISTS
    if choice.kind is LabelKind.LEVEL:
        return f"the folders of level {choice.level}"
    if choice.kind in {LabelKind.NAME, LabelKind.REGEX}:
        return "the files\N{RIGHT SINGLE QUOTATION MARK} names"
    return _folders_told(plan, plan.label)


def _folders_told(plan: Plan, label: NDArray[np.int32]) -> str:
    folders = read_folders(plan.catalog)
    if above := _in_order(folders.above.take(plan.samples)):
        return f"the folders below {listed(above)}"
    levels = np.unique(folders.level[plan.samples[label[plan.samples] >= 0]]).tolist()
    if len(levels) == 1 and levels[0] <= len(_ORDINALS):
        return f"the {_ORDINALS[levels[0] - 1]} folders"
    return "folders"


def _parts_told_by(plan: Plan) -> str:
    split = plan.options.split
    if split.kind is SplitKind.SHARES:
        names = "each row's file and number" if split.each_row else "each file's name"
        return f"the shares {split}, from {names} and the seed {plan.options.seed}"
    if set(plan.catalog.split.take(plan.samples).counts()) - {""}:
        return LISTS
    return f"the folders {listed(_in_order(read_folders(plan.catalog).part_folder.take(plan.samples)))}"


def _in_order(folders: Coded) -> list[str]:
    """The names of folders that are parts: training, validation, test."""
    named = set(folders.counts()) - {""}
    return sorted(named, key=lambda name: (PARTS.index(part_called(name)), name))


def listed(names: Sequence[str]) -> str:
    """The first few of `names`, for example ``"train, val and test"``."""
    shown = [printable(name) for name in names[:SHOWN]]
    if len(names) > SHOWN:
        return f"{', '.join(shown)}, …"
    return " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))

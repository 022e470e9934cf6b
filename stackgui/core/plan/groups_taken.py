"""The groups of a plan, how they lie in its parts, and what could not be met of the shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count, format_part
from stackgui.core.base.wording import Wording, joined, say, say_many
from stackgui.core.labels.splits import WHOLE, SplitKind
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_classes import class_counts
from stackgui.core.plan.rule_words import told_by_rule

MAX_LARGEST = 8
"""Groups that are named, the largest first."""


@dataclass(frozen=True, slots=True)
class GroupsTaken:
    """The groups of a plan's rows.

    Attributes
    ----------
    told_by : str
        Where they come from, such as ``"the first folders"``.
    count : int
    rows : int
        Rows of the plan.
    without : int
        Rows that belong to no group.
    largest : mapping of str to int
        Names and rows of the `MAX_LARGEST` largest, in that order.
    torn : tuple of str
        Groups that lie in several parts.
    """

    told_by: str
    count: int
    rows: int
    without: int
    largest: Mapping[str, int]
    torn: tuple[str, ...]

    @property
    def most(self) -> tuple[str, int]:
        """Return the name and the rows of the largest group; ``""`` and 0 if there is none."""
        return next(iter(self.largest.items()), ("", 0))

    @property
    def are_single(self) -> bool:
        """Whether each group is a single picture, so that they keep nothing together."""
        return self.count > 1 and self.most[1] == 1

    @property
    def text(self) -> Wording:
        """Describe them, such as ``"9 groups from the first folders; the largest, p7, has 9 pictures"``."""
        if not self.count:
            return say("no picture has a group from {told_by}", told_by=self.told_by)
        name, rows = self.most
        sentences = [
            say_many(
                self.count,
                "{count:,} group from {told_by}; the largest, {name}, has {pictures}",
                "{count:,} groups from {told_by}; the largest, {name}, has {pictures}",
                told_by=self.told_by,
                name=printable(name),
                pictures=format_part(rows, self.rows, "picture"),
            )
        ]
        if self.without:
            sentences.append(say("{pictures} in none", pictures=format_count(self.without, "picture")))
        return joined("; ", sentences)

    def to_json(self) -> dict[str, Any]:
        """Return the groups as JSON values."""
        return {
            "told_by": self.told_by,
            "count": self.count,
            "without": self.without,
            "largest": dict(self.largest),
            "in_several_parts": list(self.torn),
        }


def groups_taken(plan: Plan) -> GroupsTaken | None:
    """Return the groups of `plan`; None if there are none to be."""
    group = plan.group
    if group is None:
        return None
    samples = plan.samples
    code, names = group.codes[samples], np.array([name != "" for name in group.names], np.bool_)
    rows = np.bincount(code, minlength=len(names)) * names
    largest = np.argsort(-rows, kind="stable")[:MAX_LARGEST]
    return GroupsTaken(
        told_by=groups_told_by(plan),
        count=int(np.count_nonzero(rows)),
        rows=len(samples),
        without=len(samples) - int(rows.sum()),
        largest=MappingProxyType({group.names[each]: int(rows[each]) for each in largest if rows[each]}),
        torn=tuple(group.names[each] for each in np.flatnonzero(_is_torn(plan, code, len(names)) & names)),
    )


def _is_torn(plan: Plan, code: NDArray[np.int32], groups: int) -> NDArray[np.bool_]:
    """Return which groups have rows in several parts, shape (groups,)."""
    parts = len(plan.parts)
    part = plan.part_of(plan.samples)
    pairs = np.unique(code[part >= 0].astype(np.int64) * max(1, parts) + part[part >= 0])
    return np.bincount(pairs // max(1, parts), minlength=groups) > 1


def groups_told_by(plan: Plan) -> Wording:
    """Return where the groups of `plan` come from."""
    chosen, alike = plan.options.group_by, say("near-duplicates")
    if chosen.rule is not None:
        told = told_by_rule(chosen.rule)
    elif chosen.column:
        told = say("the column “{title}”", title=printable(chosen.column))
    else:
        return alike
    if not plan.catalog.scan_options.near_duplicates:
        return told
    return say("{one} and {other}", one=told, other=alike)


@dataclass(frozen=True, slots=True)
class Shares:
    """What the parts of a plan were to be by shares, and what they are.

    Attributes
    ----------
    asked : mapping of str to int
        The share of each part in per cent, without those of 0.
    rows : mapping of str to int
        Rows of each of these parts.
    absent : mapping of str to tuple of str
        By part, the classes that have rows, but none in this part; without parts that have all.
    """

    asked: Mapping[str, int]
    rows: Mapping[str, int]
    absent: Mapping[str, tuple[str, ...]]

    @property
    def reached(self) -> dict[str, float]:
        """Return the share of each part in per cent."""
        total = max(1, sum(self.rows.values()))
        return {part: WHOLE * rows / total for part, rows in self.rows.items()}

    def to_json(self) -> dict[str, Any]:
        """Return all as JSON values."""
        absent = {part: list(names) for part, names in self.absent.items()}
        return {"asked": dict(self.asked), "reached": self.reached, "classes_absent": absent}


def shares_of(plan: Plan) -> Shares | None:
    """Return the shares of `plan`; None if its parts were not made by shares."""
    split = plan.options.split
    if split.kind is not SplitKind.SHARES:
        return None
    samples, parts = plan.samples, plan.parts
    part = plan.part_of(samples)
    asked = {name: percent for name, percent in split.of_parts if percent}
    all_counts, rows, absent = class_counts(plan, samples), {}, {}
    for name in asked:
        own = samples[part == parts.index(name)] if name in parts else samples[:0]
        rows[name] = len(own)
        missing = np.flatnonzero((all_counts > 0) & (class_counts(plan, own) == 0))
        if len(missing):
            absent[name] = tuple(plan.classes[number] for number in missing.tolist())
    return Shares(asked, rows, absent)

"""The groups of a plan, how they lie in its parts, and what could not be met of the shares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.columns import Coded
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count, format_part
from stackgui.core.base.wording import Wording, joined, say, say_many
from stackgui.core.labels.splits import WHOLE, SplitKind
from stackgui.core.plan.division import Keeper, kinds_of_groups
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_classes import class_counts
from stackgui.core.plan.rule_words import told_by_rule

MAX_LARGEST = 8
"""Groups that are named, the largest first."""


@dataclass(frozen=True, slots=True)
class KindTaken:
    """The groups of one kind, before those of several kinds are joined.

    Attributes
    ----------
    told_by : Wording
        Where they come from, such as ``"the first folders"``.
    count : int
    without : int
        Rows without a group of this kind, whether or not another kind gives them one.
    largest : mapping of str to int
        Names and rows of the `MAX_LARGEST` largest, in that order.
    """

    told_by: Wording
    count: int
    without: int
    largest: Mapping[str, int]

    @classmethod
    def of(cls, told_by: Wording, column: Coded) -> KindTaken:
        """Count the groups in `column`, in which ``""`` stands for none."""
        names = np.array([name != "" for name in column.names], np.bool_)
        rows = np.bincount(column.codes, minlength=len(names)) * names
        largest = np.argsort(-rows, kind="stable")[:MAX_LARGEST]
        return cls(
            told_by=told_by,
            count=int(np.count_nonzero(rows)),
            without=len(column) - int(rows.sum()),
            largest=MappingProxyType({column.names[each]: int(rows[each]) for each in largest if rows[each]}),
        )

    @property
    def most(self) -> tuple[str, int]:
        """Return the name and the rows of the largest group; ``""`` and 0 if there is none."""
        return next(iter(self.largest.items()), ("", 0))

    @property
    def are_single(self) -> bool:
        """Whether each group is a single picture, so that they keep nothing together."""
        return self.count > 1 and self.most[1] == 1


@dataclass(frozen=True, slots=True)
class GroupsTaken:
    """The groups of a plan's rows.

    Attributes
    ----------
    joined : KindTaken
        The groups that rows have in the end.
    kinds : mapping of Keeper to KindTaken
        The groups of each kind that `joined` is made of.
    rows : int
        Rows of the plan.
    makers : tuple of Keeper
        The kinds that make the largest group: one, if that one would make it alone.
    torn : tuple of str
        Groups that lie in several parts.
    """

    joined: KindTaken
    kinds: Mapping[Keeper, KindTaken]
    rows: int
    makers: tuple[Keeper, ...]
    torn: tuple[str, ...]

    @property
    def count(self) -> int:
        """Return how many groups there are."""
        return self.joined.count

    @property
    def largest(self) -> Mapping[str, int]:
        """Return the names and rows of the largest groups, in that order."""
        return self.joined.largest

    @property
    def chosen(self) -> KindTaken | None:
        """Return the groups that were chosen; None if only near-duplicates are kept together."""
        return self.kinds.get(Keeper.CHOSEN)

    @property
    def without(self) -> int:
        """Return the rows that the chosen kind gives no group, even if they have near-duplicates."""
        return (self.chosen or self.joined).without

    @property
    def has_alike(self) -> bool:
        """Whether near-duplicates are kept together, and there are any."""
        return Keeper.ALIKE in self.kinds and self.kinds[Keeper.ALIKE].count > 0

    @property
    def most(self) -> tuple[str, int]:
        """Return the name and the rows of the largest group; ``""`` and 0 if there is none."""
        return self.joined.most

    @property
    def text(self) -> Wording:
        """Describe them, such as ``"9 groups from the first folders; the largest, p7, has 9 pictures"``."""
        return joined("; ", self._sentences())

    def _sentences(self) -> Iterator[Wording]:
        name, rows = self.most
        if self.count:
            yield say_many(
                self.count,
                "{count:,} group from {told_by}; the largest, {name}, has {pictures}",
                "{count:,} groups from {told_by}; the largest, {name}, has {pictures}",
                told_by=self.joined.told_by,
                name=printable(name),
                pictures=format_part(rows, self.rows, "picture"),
            )
        pictures = format_count(self.without, "picture")
        if self.chosen is not None and not self.chosen.count:
            yield say("no picture has a group from {told_by}", told_by=self.chosen.told_by)
        elif self.chosen is not None and self.without and self.has_alike:
            yield say("{pictures} in none from {told_by}", pictures=pictures, told_by=self.chosen.told_by)
        elif self.count and self.without:
            yield say("{pictures} in none", pictures=pictures)
        if Keeper.ALIKE in self.kinds and not self.has_alike:
            yield say("no near-duplicates were found")

    def to_json(self) -> dict[str, Any]:
        """Return the groups as JSON values."""
        return {
            "told_by": self.joined.told_by,
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
    own = group.take(samples)
    columns = {
        keeper: each.take(samples) for keeper, each in kinds_of_groups(plan.options, plan.catalog).items()
    }
    kinds = {keeper: KindTaken.of(_told_by(plan, keeper), each) for keeper, each in columns.items()}
    found = [keeper for keeper, kind in kinds.items() if kind.count] or [*kinds]
    taken = KindTaken.of(told_by_keepers(kinds, found), own)
    inside = own.equals(taken.most[0]) & ~own.equals("")
    alone = [keeper for keeper in found if _is_one(columns[keeper], inside)]
    names = np.array([name != "" for name in own.names], np.bool_)
    return GroupsTaken(
        joined=taken,
        kinds=MappingProxyType(kinds),
        rows=len(samples),
        makers=tuple(alone[:1] or found),
        torn=tuple(own.names[each] for each in np.flatnonzero(_is_torn(plan, own.codes, len(names)) & names)),
    )


def _is_one(column: Coded, inside: NDArray[np.bool_]) -> bool:
    """Whether all rows `inside` are in one and the same group of `column`."""
    codes = np.unique(column.codes[inside])
    return len(codes) == 1 and column.names[codes[0]] != ""


def _is_torn(plan: Plan, code: NDArray[np.int32], groups: int) -> NDArray[np.bool_]:
    """Return which groups have rows in several parts, shape (groups,)."""
    parts = len(plan.parts)
    part = plan.part_of(plan.samples)
    pairs = np.unique(code[part >= 0].astype(np.int64) * max(1, parts) + part[part >= 0])
    return np.bincount(pairs // max(1, parts), minlength=groups) > 1


def told_by_keepers(kinds: Mapping[Keeper, KindTaken], keepers: Sequence[Keeper]) -> Wording:
    """Return where the groups that `keepers` make come from."""
    one, *others = (kinds[keeper].told_by for keeper in keepers)
    return say("{one} and {other}", one=one, other=others[0]) if others else one


def _told_by(plan: Plan, keeper: Keeper) -> Wording:
    chosen = plan.options.group_by
    if keeper is Keeper.ALIKE:
        return say("near-duplicates")
    if chosen.rule is not None:
        return told_by_rule(chosen.rule)
    return say("the column “{title}”", title=printable(chosen.column))


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

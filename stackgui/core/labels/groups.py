"""The choice of groups, such as patients or videos, whose pictures go to the same part of the data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np

from stackgui.core.base.columns import Coded
from stackgui.core.base.errors import PlanError, UsageError
from stackgui.core.base.kept import kept
from stackgui.core.base.natural import natural_key
from stackgui.core.base.text import printable
from stackgui.core.base.ways import Way
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.labels.grouping import NO_KEY, joined_groups
from stackgui.core.labels.parents import own_paths
from stackgui.core.labels.path_rule import GROUP, PathRule

_COLUMN = "column:"


class GroupKind(StrEnum):
    """What the groups come from."""

    NONE = "none"
    RULE = "rule"
    COLUMN = "column"


@dataclass(frozen=True, slots=True)
class Groups:
    """Where a sample's group comes from: ``none``, ``level:1``, ``name:{group}_*`` or ``column:patient``.

    Attributes
    ----------
    kind : GroupKind
    rule : PathRule or None
        For ``RULE``, where in a path the group is.
    column : str
        For ``COLUMN``, the title of the column of a list that names it.
    """

    NONE: ClassVar[Groups]

    kind: GroupKind = GroupKind.NONE
    rule: PathRule | None = None
    column: str = ""

    def __post_init__(self) -> None:
        if self.rule is not None:
            self.rule.check(GROUP)

    @classmethod
    def by_rule(cls, rule: PathRule) -> Groups:
        """Return the choice of groups that `rule` finds."""
        return cls(GroupKind.RULE, rule)

    @classmethod
    def by_column(cls, title: str) -> Groups:
        """Return the choice of groups that the column called `title` names."""
        return cls(GroupKind.COLUMN, column=title)

    @classmethod
    def parse(cls, text: str) -> Groups:
        """Read a choice as `str` writes it.

        Raises
        ------
        UsageError
            When `text` is not such a choice.
        """
        if text.strip().casefold() == GroupKind.NONE:
            return cls.NONE
        if rule := PathRule.parse(text):
            return cls.by_rule(rule)
        if text.casefold().startswith(_COLUMN) and (title := text[len(_COLUMN) :].strip()):
            return cls.by_column(title)
        raise UsageError(
            say(
                "“{text}” does not say what belongs together; write none, level:1, name:{{group}}_* or "
                "column:patient.",
                text=text,
            )
        )

    def __str__(self) -> str:
        if self.rule is not None:
            return str(self.rule)
        return f"{_COLUMN}{self.column}" if self.column else self.kind.value


Groups.NONE = Groups()


@kept(most=2)
def chosen_groups(catalog: Catalog, choice: Groups) -> Coded | None:
    """Return the group of each sample, ``""`` for none; None if there are to be no groups.

    Raises
    ------
    PlanError
        When the column that names the groups was not read.
    """
    if choice.rule is not None:
        return Coded.from_values(map(choice.rule.reader(GROUP), own_paths(catalog)))
    if choice.kind is not GroupKind.COLUMN:
        return None
    values = catalog.values
    if values is None or choice.column not in values.titles:
        raise PlanError(
            say(
                "No list has a column “{title}” that tells which pictures belong together. Choose another "
                "one, or make no groups (--group-by).",
                title=printable(choice.column),
            ),
            ways=(Way.GROUPS,),
        )
    return Coded.from_values(map(str.strip, values.texts[values.titles.index(choice.column)]))


def joined_columns(columns: Sequence[Coded]) -> Coded:
    """Join groups of several kinds into one column; ``""`` stands for no group.

    Samples that share a group of any kind get into the same group, which is called by the first name in
    natural order among those of the first kind that has any.
    """
    if len(columns) == 1:
        return columns[0]
    keys = [_keys(column) for column in columns]
    joined = joined_groups(keys)
    names = [""] * (int(joined.max(initial=NO_KEY)) + 1)
    for column, key in zip(columns, keys, strict=True):
        known = key != NO_KEY
        # Each pair of group and name once, because there are far more samples.
        pairs = np.unique(joined[known] << 32 | key[known])
        best: dict[int, str] = {}
        for pair in pairs.tolist():
            group, name = pair >> 32, column.names[pair & 0xFFFFFFFF]
            if not names[group] and (group not in best or _order(name) < _order(best[group])):
                best[group] = name
        for group, name in best.items():
            names[group] = name
    return Coded((joined + 1).astype(np.int32), ("", *names))


def _keys(column: Coded) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.where(column.equals(""), NO_KEY, column.codes).astype(np.int64)


def _order(name: str) -> tuple[object, str]:
    return natural_key(name), name

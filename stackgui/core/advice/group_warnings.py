"""Warnings about groups whose pictures are to stay together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_part
from stackgui.core.base.warnings import EXAMPLES, DataWarning, about_samples
from stackgui.core.base.wording import say, say_many
from stackgui.core.labels.groups import GroupKind
from stackgui.core.plan.division import is_placed
from stackgui.core.plan.groups_taken import GroupsTaken, groups_taken
from stackgui.core.plan.plan import Plan

LARGE = 0.5
"""Share of all pictures above which a single group is told of."""


def group_warnings(plan: Plan) -> Iterator[DataWarning]:
    """Warn of groups that keep nothing together, of a very large one, and of those in several parts."""
    took = groups_taken(plan)
    if took is None:
        return
    yield from _in_several_parts(plan, took)
    yield from _large(took)
    # Most pictures are like no other, but one that was to have a group should have one.
    if plan.options.group_by.kind is GroupKind.NONE:
        return
    if not took.count:
        text = say(
            "No picture has a group from {told_by}, so none are kept together (--group-by).",
            told_by=took.told_by,
        )
        yield DataWarning("no-groups", text, took.rows)
    elif took.are_single:
        text = say(
            "Each group from {told_by} is a single picture, so none are kept together (--group-by).",
            told_by=took.told_by,
        )
        yield DataWarning("groups-of-one", text, took.count, _names(tuple(took.largest)))
    yield from _without(plan, took)


def _in_several_parts(plan: Plan, took: GroupsTaken) -> Iterator[DataWarning]:
    if not took.torn:
        return
    text = say_many(
        len(took.torn),
        "{count:,} group has pictures in several parts, so that tests may flatter what was trained.",
        "{count:,} groups have pictures in several parts, so that tests may flatter what was trained.",
    )
    if not is_placed(plan.options, plan.catalog):
        text = say("{text} With percentages (--split 80/10/10), no group is divided.", text=text)
    yield DataWarning("groups-in-several-parts", text, len(took.torn), _names(took.torn))


def _large(took: GroupsTaken) -> Iterator[DataWarning]:
    name, rows = took.most
    if rows <= LARGE * took.rows or rows < EXAMPLES:
        return
    text = say(
        "The group {name} has {pictures}, and all of it is in one part (--group-by).",
        name=printable(name),
        pictures=format_part(rows, took.rows, "picture"),
    )
    yield DataWarning("large-group", text, rows)


def _without(plan: Plan, took: GroupsTaken) -> Iterator[DataWarning]:
    if not took.count or not took.without or plan.group is None:
        return
    text = say_many(
        took.without,
        "{count:,} picture has no group, so nothing keeps it together with others (--group-by).",
        "{count:,} pictures have no group, so nothing keeps them together with others (--group-by).",
    )
    samples = np.sort(plan.samples[plan.group.take(plan.samples).equals("")])
    yield about_samples("without-group", text, plan.catalog, samples)


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(printable, names[:EXAMPLES]))

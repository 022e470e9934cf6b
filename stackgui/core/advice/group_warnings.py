"""Warnings about groups whose pictures are to stay together."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_part
from stackgui.core.base.warnings import EXAMPLES, DataWarning, about_samples
from stackgui.core.base.wording import Wording, say, say_many
from stackgui.core.plan.division import Keeper, is_placed, kinds_of_groups
from stackgui.core.plan.groups_taken import GroupsTaken, KindTaken, groups_taken, told_by_keepers
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
    if took.chosen is None:
        return
    if not took.chosen.count:
        yield DataWarning("no-groups", _none(took, took.chosen), took.rows)
        return
    if took.chosen.are_single:
        names = _names(tuple(took.chosen.largest))
        yield DataWarning("groups-of-one", _single(took, took.chosen), took.chosen.count, names)
    yield from _without(plan, took, took.chosen)


def _none(took: GroupsTaken, chosen: KindTaken) -> Wording:
    if took.has_alike:
        return say(
            "No picture has a group from {told_by}, so only near-duplicates are kept together (--group-by).",
            told_by=chosen.told_by,
        )
    return say(
        "No picture has a group from {told_by}, so none are kept together (--group-by).",
        told_by=chosen.told_by,
    )


def _single(took: GroupsTaken, chosen: KindTaken) -> Wording:
    if took.has_alike:
        return say(
            "Each group from {told_by} is a single picture, so only near-duplicates are kept together "
            "(--group-by).",
            told_by=chosen.told_by,
        )
    return say(
        "Each group from {told_by} is a single picture, so none are kept together (--group-by).",
        told_by=chosen.told_by,
    )


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
        "The group {name} has {pictures}, and all of it is in one part.",
        name=printable(name),
        pictures=format_part(rows, took.rows, "picture"),
    )
    told_by = told_by_keepers(took.kinds, took.makers)
    match took.makers:
        case (Keeper.CHOSEN,):
            text = say("{text} It comes from {told_by} (--group-by).", text=text, told_by=told_by)
        case (Keeper.ALIKE,):
            text = say("{text} It comes from {told_by} (--find-near-duplicates).", text=text, told_by=told_by)
        case _:
            text = say(
                "{text} It comes from {told_by}, which join each other’s groups "
                "(--group-by, --find-near-duplicates).",
                text=text,
                told_by=told_by,
            )
    yield DataWarning("large-group", text, rows)


def _without(plan: Plan, took: GroupsTaken, chosen: KindTaken) -> Iterator[DataWarning]:
    """Warn of pictures that the chosen kind gives no group, even if near-duplicates give them one."""
    column = kinds_of_groups(plan.options, plan.catalog)[Keeper.CHOSEN]
    samples = np.sort(plan.samples[column.take(plan.samples).equals("")])
    if not len(samples):
        return
    if took.has_alike:
        text = say_many(
            chosen.without,
            "{count:,} picture has no group from {told_by}, so nothing but near-duplicates keeps it together "
            "with others (--group-by).",
            "{count:,} pictures have no group from {told_by}, so nothing but near-duplicates keeps them "
            "together with others (--group-by).",
            told_by=chosen.told_by,
        )
    else:
        text = say_many(
            chosen.without,
            "{count:,} picture has no group, so nothing keeps it together with others (--group-by).",
            "{count:,} pictures have no group, so nothing keeps them together with others (--group-by).",
        )
    yield about_samples("without-group", text, plan.catalog, samples)


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(printable, names[:EXAMPLES]))

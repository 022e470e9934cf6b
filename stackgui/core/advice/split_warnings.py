"""Warnings about the division of a plan into parts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stackgui.core.advice.class_reports import about_classes
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_part
from stackgui.core.base.warnings import DataWarning, about_samples
from stackgui.core.base.wording import Wording, joined, say, say_many
from stackgui.core.catalog.catalog import ONLY_MEMBER
from stackgui.core.labels.splits import WHOLE, SplitKind
from stackgui.core.plan.division import is_placed
from stackgui.core.plan.groups_taken import Shares, groups_taken, shares_of
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_classes import class_counts
from stackgui.core.plan.taken import parts_taken

MAX_DEVIATION_PERCENT = 5
"""Difference between a share of the split and what was asked for, above which people are warned."""

MAX_PLACED_PERCENT = 2
"""The same where groups are placed one by one, which chance does not move."""

MANY_ROWS = 1000
"""With this many rows, each from its own file, chance alone misses a share by less than that."""

TRAIN = "train"


def split_warnings(plan: Plan) -> Iterator[DataWarning]:
    """Warn of classes absent from training, of pictures in no part, and of shares that were missed."""
    yield from _not_in_training(plan)
    yield from _in_no_part(plan)
    if not is_placed(plan.options, plan.catalog):
        yield from _shares_missed(plan)
    elif (shares := shares_of(plan)) is not None:
        yield from _placed_otherwise(plan, shares)
        yield from _absent(plan, shares)


def _not_in_training(plan: Plan) -> Iterator[DataWarning]:
    if plan.label is None or TRAIN not in plan.parts:
        return
    samples = plan.samples
    trained = samples[plan.part_of(samples) == plan.parts.index(TRAIN)]
    in_training, all_counts = class_counts(plan, trained), class_counts(plan, samples)
    if len(missing := np.flatnonzero((all_counts > 0) & (in_training == 0))):
        text = say_many(
            len(missing),
            "{count:,} class has pictures, but none to train with (--split).",
            "{count:,} classes have pictures, but none to train with (--split).",
        )
        by_chance = plan.options.split.kind is SplitKind.SHARES and not is_placed(plan.options, plan.catalog)
        other = say("Another --seed divides differently.") if by_chance else ""
        yield about_classes(plan, "classes-not-in-training", joined(" ", [text, other]), missing)


def _in_no_part(plan: Plan) -> Iterator[DataWarning]:
    if not plan.parts:
        return
    samples = plan.samples
    without = samples[plan.part_of(samples) < 0]
    if len(without):
        yield about_samples(
            "in-no-part",
            say_many(
                len(without),
                "{count:,} picture belongs to no part of the data; the parts come from {origin}. --split "
                "none makes no parts, and --exclude-from leaves pictures out.",
                "{count:,} pictures belong to no part of the data; the parts come from {origin}. --split "
                "none makes no parts, and --exclude-from leaves pictures out.",
                origin=parts_taken(plan).told_by,
            ),
            plan.catalog,
            np.sort(without),
        )


def _shares_missed(plan: Plan) -> Iterator[DataWarning]:
    """Warn of shares far from what was asked for, as happens with few files or with few large ones."""
    shares, catalog = shares_of(plan), plan.catalog
    if shares is None:
        return
    together = not plan.options.split.each_row and bool((catalog.member[plan.samples] != ONLY_MEMBER).any())
    is_empty = not all(shares.rows.values())
    by_chance = plan.rows < MANY_ROWS and not together
    if is_empty or (_deviation(shares) > MAX_DEVIATION_PERCENT and not by_chance):
        yield DataWarning("shares-missed", _shares_text(_came_out(shares), together=together), plan.rows)


def _deviation(shares: Shares) -> float:
    """Return the largest difference between a share and what was asked for, in points of per cent."""
    return max(abs(shares.reached[part] - percent) for part, percent in shares.asked.items())


def _came_out(shares: Shares) -> Wording:
    reached = shares.reached
    return joined(
        ", ",
        [
            say("{part} {got:.0f} % instead of {asked} %", part=part, got=reached[part], asked=percent)
            for part, percent in shares.asked.items()
        ],
    )


def _placed_otherwise(plan: Plan, shares: Shares) -> Iterator[DataWarning]:
    """Warn of shares that could not be met because groups are not divided."""
    rows = sum(shares.rows.values())
    if _deviation(shares) <= max(MAX_PLACED_PERCENT, 1.5 * WHOLE / max(1, rows)):
        return
    groups = groups_taken(plan)
    if groups is None or not groups.count:
        text = say("The shares came out as {shares}: there are too few pictures.", shares=_came_out(shares))
    else:
        text = say(
            "The shares came out as {shares}: no group is divided, and the largest, {name}, has {pictures}.",
            shares=_came_out(shares),
            name=printable(groups.most[0]),
            pictures=format_part(groups.most[1], groups.rows, "picture"),
        )
    yield DataWarning("shares-missed", text, plan.rows)


def _absent(plan: Plan, shares: Shares) -> Iterator[DataWarning]:
    """Warn of classes that should have pictures to validate or to test with, but have none."""
    counts = class_counts(plan, plan.samples)
    for part, names in shares.absent.items():
        numbers = np.array([plan.classes.index(name) for name in names])
        expected = counts[numbers] * shares.asked[part] / WHOLE
        if part == TRAIN or not len(missing := numbers[expected >= 1]):
            continue
        text = say_many(
            len(missing),
            "{count:,} class has no pictures for {part}, because its pictures are in too few groups.",
            "{count:,} classes have no pictures for {part}, because their pictures are in too few groups.",
            part=part,
        )
        yield about_classes(plan, f"classes-not-in-{part}", text, missing)


def _shares_text(shares: str, *, together: bool) -> Wording:
    if together:
        return say(
            "The shares came out as {shares}: rows of one file stay together, but --split rows:… divides "
            "them too.",
            shares=shares,
        )
    return say(
        "The shares came out as {shares}: each file's name decides, and another --seed divides differently.",
        shares=shares,
    )

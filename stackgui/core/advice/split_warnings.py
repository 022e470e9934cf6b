"""Warnings about the division of a plan into parts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from stackgui.core.advice.class_reports import about_classes
from stackgui.core.base.warnings import DataWarning, about_samples
from stackgui.core.base.wording import Wording, joined, say, say_many
from stackgui.core.catalog.catalog import ONLY_MEMBER
from stackgui.core.labels.splits import WHOLE, SplitKind
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_classes import class_counts
from stackgui.core.plan.taken import parts_taken

MAX_DEVIATION_PERCENT = 5
"""Difference between a share of the split and what was asked for, above which people are warned."""

MANY_ROWS = 1000
"""With this many rows, each from its own file, chance alone misses a share by less than that."""

TRAIN = "train"


def split_warnings(plan: Plan) -> Iterator[DataWarning]:
    """Warn of classes absent from training, of pictures in no part, and of shares that were missed."""
    yield from _not_in_training(plan)
    yield from _in_no_part(plan)
    yield from _shares_missed(plan)


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
        by_chance = plan.options.split.kind is SplitKind.SHARES
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
    split = plan.options.split
    if split.kind is not SplitKind.SHARES:
        return
    catalog = plan.catalog
    together = not split.each_row and bool((catalog.member[plan.samples] != ONLY_MEMBER).any())
    took = parts_taken(plan)
    asked = {part: percent for part, percent in split.of_parts if percent}
    got = {part: WHOLE * took.counts.get(part, 0) / plan.rows for part in asked}
    deviation = max(abs(got[part] - percent) for part, percent in asked.items())
    empty = [part for part in asked if not took.counts.get(part)]
    if not empty and (deviation <= MAX_DEVIATION_PERCENT or (plan.rows < MANY_ROWS and not together)):
        return
    shares = joined(
        ", ",
        [
            say("{part} {got:.0f} % instead of {asked} %", part=part, got=got[part], asked=percent)
            for part, percent in asked.items()
        ],
    )
    yield DataWarning("shares-missed", _shares_text(shares, together=together), plan.rows)


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

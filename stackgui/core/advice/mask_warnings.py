"""Warnings about masks: those that are missing or of another size, and those of no picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from stackgui.core.annotations.reading import Turned
from stackgui.core.base.choices import MissingMask
from stackgui.core.base.warnings import EXAMPLES, DataWarning, about_samples
from stackgui.core.base.wording import Wording, say_many
from stackgui.core.catalog.mask_classes import COLOUR, spelled
from stackgui.core.catalog.masks import Masks, is_untold
from stackgui.core.plan.plan import Plan

MISFITS = "masks-of-other-size"
DAMAGED_MASKS = "masks-unreadable"
"""Codes of the warnings about masks that cost their pictures their rows."""


def mask_warnings(plan: Plan) -> Iterator[DataWarning]:
    """Warn of what is wrong with the masks of a plan."""
    if (masks := plan.catalog.masks) is None:
        return
    yield from _missing(plan, masks)
    yield from _misfits(plan, masks)
    yield from _damaged(plan, masks)
    yield from _orphans(masks)
    yield from _turned(plan, masks)
    yield from _colours(plan, masks)


def _missing(plan: Plan, masks: Masks) -> Iterator[DataWarning]:
    lacks = ~masks.has_mask & ~plan.options.exclude.mask(plan.catalog)
    if count := int(np.count_nonzero(lacks)):
        text = _MISSING[plan.options.missing_masks](count)
        yield about_samples("masks-missing", text, plan.catalog, np.flatnonzero(lacks))


def _ignored(count: int) -> Wording:
    return say_many(
        count,
        "{count:,} picture has no mask; all its pixels get the ignore value (--missing-masks).",
        "{count:,} pictures have no mask; all their pixels get the ignore value (--missing-masks).",
    )


def _background(count: int) -> Wording:
    return say_many(
        count,
        "{count:,} picture has no mask; it is taken as background throughout (--missing-masks).",
        "{count:,} pictures have no mask; they are taken as background throughout (--missing-masks).",
    )


def _left_out(count: int) -> Wording:
    return say_many(
        count,
        "{count:,} picture has no mask, so it is left out (--missing-masks).",
        "{count:,} pictures have no mask, so they are left out (--missing-masks).",
    )


_MISSING = {
    MissingMask.IGNORE: _ignored,
    MissingMask.BACKGROUND: _background,
    MissingMask.LEAVE_OUT: _left_out,
    MissingMask.STOP: _left_out,
}


def _misfits(plan: Plan, masks: Masks) -> Iterator[DataWarning]:
    samples = np.flatnonzero(masks.misfits(plan.catalog))
    if count := len(samples):
        text = say_many(
            count,
            "{count:,} mask is of another size than its picture, so that row stays blank.",
            "{count:,} masks are of another size than their pictures, so those rows stay blank.",
        )
        yield replace(about_samples(MISFITS, text, plan.catalog, samples), is_loss=True)


def _damaged(plan: Plan, masks: Masks) -> Iterator[DataWarning]:
    if not len(masks.files):
        return
    damaged = masks.has_mask & ~masks.files.usable[np.maximum(masks.of, 0)]
    if count := int(np.count_nonzero(damaged)):
        text = say_many(
            count,
            "{count:,} mask cannot be read, so that row stays blank.",
            "{count:,} masks cannot be read, so those rows stay blank.",
        )
        samples = np.flatnonzero(damaged)
        yield replace(about_samples(DAMAGED_MASKS, text, plan.catalog, samples), is_loss=True)


def _orphans(masks: Masks) -> Iterator[DataWarning]:
    orphans = masks.orphans
    if count := len(orphans):
        text = say_many(
            count,
            "{count:,} mask belongs to none of the pictures, so it is left aside.",
            "{count:,} masks belong to none of the pictures, so they are left aside.",
        )
        examples = tuple(masks.files.path[mask] for mask in orphans[:EXAMPLES].tolist())
        yield DataWarning("masks-without-picture", text, count, examples)


def _turned(plan: Plan, masks: Masks) -> Iterator[DataWarning]:
    """Warn of marks after which nothing tells which way up a mask is."""
    catalog = plan.catalog
    unsure = masks.has_mask & is_untold(catalog) & plan.usable
    if catalog.scan_options.annotation_turn is Turned.STORED:
        return
    if count := int(np.count_nonzero(unsure)):
        text = say_many(
            count,
            "{count:,} picture has a mark that turns it, and nothing tells whether its mask was drawn "
            "before. The mask is taken as it is; --annotation-turn stored turns it, too. Look at it.",
            "{count:,} pictures have a mark that turns them, and nothing tells whether their masks were "
            "drawn before. The masks are taken as they are; --annotation-turn stored turns them, too. Look "
            "at some.",
        )
        yield about_samples("masks-turned", text, catalog, np.flatnonzero(unsure))


def _colours(plan: Plan, masks: Masks) -> Iterator[DataWarning]:
    """Warn of colours that were numbered because nothing says what they are."""
    if plan.masks is None:
        return
    names = {name for _number, name in plan.masks.classes}
    count = len(masks.found.keys)
    if any(spelled(key) in names for key in plan.masks.keys if key >= COLOUR):
        text = say_many(
            count,
            "The masks hold {count:,} colour, which was numbered; name it, or give a table of colours "
            "(labelmap.txt).",
            "The masks hold {count:,} colours, which were numbered; name them, or give a table of colours "
            "(labelmap.txt).",
        )
        yield DataWarning("masks-colours-numbered", text, count)

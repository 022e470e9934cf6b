"""Samples to look at: those that represent the effect of a plan, and single ones."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.text import printable
from stackgui.core.catalog.selection import Selection
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.row_marks import RowMarks
from stackgui.core.run.progress import RowThumb
from stackgui.gui.texts.language import tr

MAX_PICKED = 5


@dataclass(frozen=True, eq=False, slots=True)
class FitLook:
    """The effect of a fit on some samples and on the plan.

    Attributes
    ----------
    plan : Plan
        The plan with this fit.
    names : tuple of str
        Caption of each sample.
    thumbs : tuple of RowThumb
    """

    plan: Plan
    names: tuple[str, ...]
    thumbs: tuple[RowThumb, ...]


@dataclass(frozen=True, eq=False, slots=True)
class LargePicture:
    """A whole picture, as it is converted but at its own size.

    Attributes
    ----------
    sample : int
    pixels : uint8, shape (h, w, 3)
        Empty if the picture cannot be shown.
    reason : str
        Why it cannot be shown, or ``""``.
    marks : RowMarks or None
        The objects in the picture; None without annotations.
    mask : integers, shape (h, w), or None
        Numbers of classes under `pixels`; None without a mask.
    """

    sample: int
    pixels: NDArray[np.uint8]
    reason: str = ""
    marks: RowMarks | None = None
    mask: NDArray[np.integer] | None = None


def telling_samples(plan: Plan, broken: Collection[int] = ()) -> tuple[tuple[str, int], ...]:
    """Choose samples that represent a plan's effect: the extremes, a typical one and one near the top.

    Parameters
    ----------
    plan
    broken
        Samples that turned out to be unreadable.

    Returns
    -------
    tuple of (str, int)
        Caption and catalog number of each sample, all of them different. Empty if no sample is usable.
    """
    usable = np.flatnonzero(plan.usable)
    usable = usable[~np.isin(usable, list(broken))]
    if not len(usable):
        return ()
    height = plan.catalog.height[usable].astype(np.int64)
    width = plan.catalog.width[usable].astype(np.int64)
    by_area = np.argsort(height * width, kind="stable")
    last = len(usable) - 1
    widest, tallest = int(np.argmax(width)), int(np.argmax(height))
    is_one = widest == tallest
    chosen = {widest: tr("largest")} if is_one else {widest: tr("widest"), tallest: tr("tallest")}
    chosen.setdefault(int(by_area[0]), tr("smallest"))
    for name, place in ((tr("typical"), last // 2), (tr("large"), round(last * 0.99))):
        # More than are taken, so that one of them is free.
        around = range(max(0, place - len(chosen)), min(last, place + len(chosen)) + 1)
        near = by_area[sorted(around, key=lambda each: abs(each - place))].tolist()
        if free := [position for position in near if position not in chosen]:
            chosen[free[0]] = name
    return tuple((name, int(usable[position])) for position, name in chosen.items())


def shown_samples(
    plan: Plan, selection: Selection | None, broken: Collection[int] = ()
) -> tuple[tuple[str, int], ...]:
    """Return the selected samples that can be read, or else the representative ones."""
    return (picked_samples(plan, selection, broken) if selection else ()) or telling_samples(plan, broken)


def picked_samples(
    plan: Plan, selection: Selection, broken: Collection[int] = ()
) -> tuple[tuple[str, int], ...]:
    """Return up to MAX_PICKED selected samples that can be read, evenly spread, each with its file name."""
    picked = selection.samples
    picked = picked[plan.usable_at(picked) & ~np.isin(picked, list(broken))]
    places = np.linspace(0, len(picked) - 1, min(len(picked), MAX_PICKED)).round().astype(int)
    samples = picked[places].tolist()
    return tuple((printable(plan.catalog.path[sample].rsplit("/", 1)[-1]), sample) for sample in samples)

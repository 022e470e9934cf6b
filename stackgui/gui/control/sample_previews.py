"""Which samples show best what a plan does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stackgui.core.base.text import printable
from stackgui.core.catalog.selection import Selection
from stackgui.core.plan.plan import Plan
from stackgui.core.run.run import RowThumb

MAX_PICKED = 5


@dataclass(frozen=True, eq=False, slots=True)
class FitLook:
    """What a fit does to some samples, and to all.

    Attributes
    ----------
    plan : Plan
        The plan with this fit.
    names : tuple of str
        What each of the samples stands for.
    thumbs : tuple of RowThumb
    """

    plan: Plan
    names: tuple[str, ...]
    thumbs: tuple[RowThumb, ...]


def telling_samples(plan: Plan) -> tuple[tuple[str, int], ...]:
    """Name the samples that show a plan's effect: the extremes, the typical one and one near the top.

    Returns
    -------
    tuple of (str, int)
        What each sample stands for and its number in the catalog; a sample may stand for several things.
        Empty when no sample is usable.
    """
    usable = np.flatnonzero(plan.usable)
    if not len(usable):
        return ()
    height = plan.catalog.height[usable].astype(np.int64)
    width = plan.catalog.width[usable].astype(np.int64)
    area = height * width
    by_area = np.argsort(area, kind="stable")
    last = len(usable) - 1
    chosen = {
        "widest": int(np.argmax(width)),
        "tallest": int(np.argmax(height)),
        "smallest": int(by_area[0]),
        "typical": int(by_area[last // 2]),
        "largest 1 %": int(by_area[round(last * 0.99)]),
    }
    return tuple((name, int(usable[position])) for name, position in chosen.items())


def shown_samples(plan: Plan, selection: Selection | None) -> tuple[tuple[str, int], ...]:
    """The samples that were picked out, or else the telling ones."""
    return picked_samples(plan, selection) if selection else telling_samples(plan)


def picked_samples(plan: Plan, selection: Selection) -> tuple[tuple[str, int], ...]:
    """A few of the samples that were picked out, from the first to the last, each with its file's name."""
    places = np.linspace(0, len(selection) - 1, min(len(selection), MAX_PICKED)).round().astype(int)
    samples = selection.samples[places].tolist()
    return tuple((printable(plan.catalog.path[sample].rsplit("/", 1)[-1]), sample) for sample in samples)

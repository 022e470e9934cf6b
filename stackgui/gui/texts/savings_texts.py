"""Sentences about making arrays smaller."""

from __future__ import annotations

from stackgui.core.advice.outliers import Outliers, sized_by_largest
from stackgui.core.advice.remedies import BUCKETS, PERCENTILE, SCALED_PX, Remedy, RemedyKind
from stackgui.core.base.units import format_bytes, format_count, format_share, format_size, format_times
from stackgui.core.plan.outputs import file_bytes
from stackgui.core.plan.plan import Plan
from stackgui.gui.texts import texts

DOUBLE = 2.0

REMEDIES = {
    RemedyKind.UINT8: (
        "Store as uint8",
        "Stores every number in a single byte, as 0 to 255.",
    ),
    RemedyKind.BUCKETS: (
        f"{BUCKETS} sizes instead of one",
        f"Makes {BUCKETS} arrays of different sizes, with less padding in each.",
    ),
    RemedyKind.PERCENTILE: (
        f"Size for {PERCENTILE:g} % of them",
        f"Makes rows large enough for {PERCENTILE:g} % of the pictures and scales the others down.",
    ),
    RemedyKind.SCALE: (
        f"Scale to {format_size(SCALED_PX, SCALED_PX)}",
        f"Makes every row {format_size(SCALED_PX, SCALED_PX)} pixels.",
    ),
    RemedyKind.EXCLUDE: (
        "Leave out {}",
        "Leaves the few costliest pictures out of the stack; the tab Outliers shows them.",
    ),
    RemedyKind.SHRINK: (
        "Scale down {}",
        "Scales the few costliest pictures down to the size of the others; the tab Outliers shows them.",
    ),
    RemedyKind.GREY: (
        "Grey",
        "Stores only the brightness of each pixel, not its colour.",
    ),
}
"""Name and tooltip of each remedy."""


def array_bytes(plan: Plan) -> int:
    """Return the total size of the array files of `plan`."""
    return sum(map(file_bytes, plan.arrays))


def remedy_words(plan: Plan, remedy: Remedy) -> tuple[str, str, str]:
    """Return a remedy's name, what it saves, and its tooltip."""
    name, tip = REMEDIES[remedy.kind]
    few = sum(len(getattr(remedy.options, which)) for which in ("exclude", "shrink"))
    few -= sum(len(getattr(plan.options, which)) for which in ("exclude", "shrink"))
    share = format_share(remedy.saved_bytes / array_bytes(plan))
    saved = f"−{format_bytes(remedy.saved_bytes)} ({share})"
    after = f"The arrays shrink from {format_bytes(array_bytes(plan))} to {format_bytes(remedy.array_bytes)}."
    return name.format(texts.pictures(few)), saved, f"{tip} {after}"


def ways(count: int) -> str:
    """Return the title of the list of remedies, such as ``"5 ways to make it smaller"``."""
    return f"{format_count(count, 'way')} to make it smaller"


def tax(plan: Plan, steps: tuple[Outliers, ...]) -> str:
    """Say what the outliers of `plan` cost in all, or why there are none."""
    if not steps:
        return _no_tax(plan)
    now, without = array_bytes(plan), steps[-1].array_bytes
    count = sum(len(step.samples) for step in steps)
    return (
        f"{texts.pictures(count)} out of {plan.rows:,} {_inflate(now / without, one=count == 1)}: "
        f"{format_bytes(now)} → {format_bytes(without)} without {'it' if count == 1 else 'them'}."
    )


def _no_tax(plan: Plan) -> str:
    if sized_by_largest(plan.options):
        return "There are no outliers: no few pictures make the array much larger than the rest need."
    return (
        "No picture makes the rows of the others larger, because the largest picture does not set the size. "
        "Choose “Largest found” with one array to see which few pictures would."
    )


def _inflate(ratio: float, *, one: bool) -> str:
    if DOUBLE * 0.95 <= ratio < DOUBLE * 1.1:
        return "doubles the array" if one else "double the array"
    make = "makes" if one else "make"
    if ratio < DOUBLE:
        return f"{make} the array {format_share(ratio - 1)} larger"
    return f"{make} the array {format_times(ratio)} times as large"


def step_words(before_bytes: int, step: Outliers, *, first: bool) -> str:
    """Say how small the array gets without the samples of `step` and those before it."""
    those = "it" if len(step.samples) == 1 else f"these {len(step.samples):,}"
    above = "" if first else " as well"
    return f"{format_bytes(before_bytes)} → {format_bytes(step.array_bytes)} without {those}{above}"

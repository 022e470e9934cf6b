"""Sentences about making arrays smaller."""

from __future__ import annotations

from collections.abc import Callable

from stackgui.core.advice.outliers import Outliers, sized_by_largest
from stackgui.core.advice.remedies import BUCKETS, PERCENTILE, SCALED_PX, Remedy, RemedyKind
from stackgui.core.base.size import SizeKind
from stackgui.core.base.units import format_bytes, format_count, format_share, format_size, format_times
from stackgui.core.base.wording import Wording, say
from stackgui.core.plan.outputs import file_bytes
from stackgui.core.plan.plan import Plan
from stackgui.gui.texts import texts
from stackgui.gui.texts.language import tr, tr_many

DOUBLE = 2.0

REMEDIES = {
    RemedyKind.UINT8: (
        say("Store as uint8"),
        say("Stores every number in a single byte, as 0 to 255."),
    ),
    RemedyKind.BUCKETS: (
        say("{buckets} sizes instead of one", buckets=BUCKETS),
        say("Makes {buckets} arrays of different sizes, with less padding in each.", buckets=BUCKETS),
    ),
    RemedyKind.PERCENTILE: (
        say("Size for {percentile:g} % of them", percentile=PERCENTILE),
        say(
            "Makes rows large enough for {percentile:g} % of the pictures and scales the others down.",
            percentile=PERCENTILE,
        ),
    ),
    RemedyKind.SCALE: (
        say("Scale to {size}", size=format_size(SCALED_PX, SCALED_PX)),
        say("Makes every row {size} pixels.", size=format_size(SCALED_PX, SCALED_PX)),
    ),
    RemedyKind.EXCLUDE: (
        say("Leave out outliers"),
        say("Leaves the few costliest pictures out of the stack; the tab Outliers shows them."),
    ),
    RemedyKind.SHRINK: (
        say("Scale down outliers"),
        say("Scales the few costliest pictures down to the size of the others; the tab Outliers shows them."),
    ),
    RemedyKind.GREY: (
        say("Grey"),
        say("Stores only the brightness of each pixel, not its colour."),
    ),
}
"""Name and tooltip of each remedy."""

_FEW: dict[RemedyKind, Callable[[str], Wording]] = {
    RemedyKind.EXCLUDE: lambda pictures: say("Leave out {pictures}", pictures=pictures),
    RemedyKind.SHRINK: lambda pictures: say("Scale down {pictures}", pictures=pictures),
}
"""Names of the remedies that concern a few pictures."""


def array_bytes(plan: Plan) -> int:
    """Return the total size of the array files of `plan`."""
    return sum(map(file_bytes, plan.all_arrays))


def remedy_words(plan: Plan, remedy: Remedy) -> tuple[str, str, str]:
    """Return a remedy's name, what it saves, and its tooltip."""
    name, tip = REMEDIES[remedy.kind]
    if remedy.kind in _FEW:
        few = sum(len(getattr(remedy.options, which)) for which in ("exclude", "shrink"))
        few -= sum(len(getattr(plan.options, which)) for which in ("exclude", "shrink"))
        name = _FEW[remedy.kind](texts.pictures(few))
    share = format_share(remedy.saved_bytes / array_bytes(plan))
    saved = tr("−{size} ({share})", size=format_bytes(remedy.saved_bytes), share=share)
    after = tr(
        "The arrays shrink from {now} to {then}.",
        now=format_bytes(array_bytes(plan)),
        then=format_bytes(remedy.array_bytes),
    )
    return tr(name), saved, f"{tr(tip)} {after}"


def ways(count: int) -> str:
    """Return the title of the list of remedies, such as ``"5 ways to make it smaller"``."""
    return tr("{ways} to make it smaller", ways=format_count(count, "way"))


def tax(plan: Plan, steps: tuple[Outliers, ...]) -> str:
    """Say what the outliers of `plan` cost in all, or why there are none."""
    if not steps:
        return _no_tax(plan)
    now, without = array_bytes(plan), steps[-1].array_bytes
    count = sum(len(step.samples) for step in steps)
    return tr_many(
        count,
        "{pictures} out of {rows:,} {inflates}: {now} → {without} without it.",
        "{pictures} out of {rows:,} {inflates}: {now} → {without} without them.",
        pictures=texts.pictures(count),
        rows=plan.rows,
        inflates=_inflates(now / without, count),
        now=format_bytes(now),
        without=format_bytes(without),
    )


def _no_tax(plan: Plan) -> str:
    if sized_by_largest(plan.options):
        return tr("There are no outliers: no few pictures make the array much larger than the rest need.")
    if plan.options.size.kind is SizeKind.MAX:
        return tr(
            "The pictures are divided among several arrays, so that a large picture makes only the rows of "
            "its own array larger. Choose a single array to see which few pictures would enlarge all rows."
        )
    return tr(
        "No picture makes the rows of the others larger, because the largest picture does not set the size. "
        "Choose “Largest found” with one array to see which few pictures would."
    )


def _inflates(ratio: float, count: int) -> str:
    if DOUBLE * 0.95 <= ratio < DOUBLE * 1.1:
        return tr_many(count, "doubles the array", "double the array")
    if ratio < DOUBLE:
        share = format_share(ratio - 1)
        return tr_many(count, "makes the array {share} larger", "make the array {share} larger", share=share)
    return tr_many(
        count,
        "makes the array {times} times as large",
        "make the array {times} times as large",
        times=format_times(ratio),
    )


def step_words(before_bytes: int, step: Outliers, *, first: bool) -> str:
    """Say how small the array gets without the samples of `step` and those before it."""
    count = len(step.samples)
    sizes = {"before": format_bytes(before_bytes), "after": format_bytes(step.array_bytes)}
    if first:
        return tr_many(
            count, "{before} → {after} without it", "{before} → {after} without these {count:,}", **sizes
        )
    return tr_many(
        count,
        "{before} → {after} without it as well",
        "{before} → {after} without these {count:,} as well",
        **sizes,
    )

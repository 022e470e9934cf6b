"""All warnings about a catalog, a plan, or a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from stackgui.core.advice.axes_warnings import warn_of_arrays, warn_of_axes
from stackgui.core.advice.channel_warnings import channel_warnings
from stackgui.core.advice.class_warnings import class_warnings
from stackgui.core.advice.label_value_warnings import label_value_warnings
from stackgui.core.advice.label_warnings import joined_labels
from stackgui.core.advice.number_warnings import number_warnings
from stackgui.core.base.warnings import EXAMPLES, DataWarning, about_samples
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.doubts import Doubt, doubt_sentence, has_doubt
from stackgui.core.plan.plan import Plan

_PASSING: tuple[Callable[[Catalog, NDArray[np.int64]], Iterable[DataWarning]], ...] = (
    warn_of_axes,
    warn_of_arrays,
)
"""What looks at some samples of a catalog."""

_OF_PLAN: tuple[Callable[[Plan], Iterable[DataWarning]], ...] = (
    class_warnings,
    number_warnings,
    label_value_warnings,
    joined_labels,
    channel_warnings,
)
"""What looks at a plan."""

_TOLD_BY_EFFECT = frozenset({Doubt.LABEL_VALUES, Doubt.LOW_NUMBERS})
"""Doubts that matter to a plan only for what it does to the samples; its checks tell that."""


Noted = Mapping[int, Iterable[str]]
"""What decoders doubt about samples, or rows, they decoded; see `stackgui.core.catalog.doubts.Doubt`."""

_NOTHING: Noted = MappingProxyType({})


def scan_warnings(catalog: Catalog, noted: Noted = _NOTHING) -> tuple[DataWarning, ...]:
    """What is doubtful about the samples of a catalog, with what decoding some of them noted."""
    return (*catalog.warnings, *_about(catalog, np.flatnonzero(catalog.usable), noted))


def plan_warnings(plan: Plan, noted: Noted = _NOTHING) -> tuple[DataWarning, ...]:
    """What is doubtful about a plan and the samples that are in it; known before it is carried out.

    Parameters
    ----------
    plan
    noted
        For samples that were decoded before.
    """
    samples = plan.samples[plan.usable_at(plan.samples)]
    of_plan = [warning for check in _OF_PLAN for warning in check(plan)]
    of_samples = _about(plan.catalog, np.sort(samples), noted, leave=_TOLD_BY_EFFECT)
    return (*plan.catalog.warnings, *of_samples, *of_plan)


def foreseen_warnings(catalog: Catalog, plan: Plan | None, noted: Noted) -> tuple[DataWarning, ...]:
    """What is doubtful about a catalog, of which `plan` would be made if nothing else is chosen.

    In the plan's own words where it has some; what it cannot take in is doubtful as it is.
    """
    of_plan = plan_warnings(plan, noted) if plan else ()
    told = [warning.code for warning in of_plan]
    return (*of_plan, *(each for each in scan_warnings(catalog, noted) if not _is_told(each.code, told)))


def _is_told(code: str, by: Iterable[str]) -> bool:
    """Whether a warning is among others, or one that says what a plan does to the same samples."""
    return any(other == code or other.startswith(f"{code}-") for other in by)


def run_warnings(plan: Plan, noted: Noted) -> tuple[DataWarning, ...]:
    """The same, with what was noted of rows, counted over all arrays, while they were filled."""
    rows = plan.samples
    return plan_warnings(plan, {int(rows[row]): doubts for row, doubts in noted.items()})


def more_noted(warnings: Iterable[DataWarning], plan: Plan, noted: Noted) -> tuple[DataWarning, ...]:
    """`warnings` of a run, with what decoding noted of rows that were not valid before."""
    known = {warning.code: warning for warning in warnings}
    rows = plan.samples
    for doubt in Doubt:
        samples = [int(rows[row]) for row, doubts in sorted(noted.items()) if doubt in doubts]
        if samples:
            before = known.get(doubt.value)
            new = about_samples(doubt.value, "", plan.catalog, np.array(samples))
            count = new.count + (before.count if before else 0)
            examples = (*(before.examples if before else ()), *new.examples)[:EXAMPLES]
            known[doubt.value] = DataWarning(doubt.value, doubt_sentence(doubt, count), count, examples)
    return tuple(known.values())


def _about(
    catalog: Catalog,
    samples: NDArray[np.int64],
    noted: Noted,
    leave: frozenset[Doubt] = frozenset(),
) -> Iterator[DataWarning]:
    """What is doubtful about some samples, by themselves."""
    for doubt in [doubt for doubt in Doubt if doubt not in leave]:
        mask = has_doubt(catalog.doubts, doubt)
        if late := [sample for sample, doubts in noted.items() if doubt in doubts]:
            mask = mask.copy()
            mask[late] = True
        if mask.any() and len(found := samples[mask[samples]]):
            yield about_samples(doubt.value, doubt_sentence(doubt, len(found)), catalog, found)
    for check in _PASSING:
        yield from check(catalog, samples)

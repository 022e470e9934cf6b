"""All warnings about a catalog, a plan, or a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from stackgui.core.advice.annotation_warnings import complaint_warnings, object_warnings
from stackgui.core.advice.axes_warnings import warn_of_arrays, warn_of_axes
from stackgui.core.advice.channel_warnings import channel_warnings
from stackgui.core.advice.class_count_warnings import class_count_warnings
from stackgui.core.advice.class_name_warnings import class_name_warnings
from stackgui.core.advice.group_warnings import group_warnings
from stackgui.core.advice.label_origin_warnings import label_origin_warnings
from stackgui.core.advice.label_value_warnings import label_value_warnings
from stackgui.core.advice.label_warnings import several_labels
from stackgui.core.advice.mask_warnings import mask_warnings
from stackgui.core.advice.number_warnings import number_warnings
from stackgui.core.advice.split_warnings import split_warnings
from stackgui.core.advice.target_warnings import target_warnings
from stackgui.core.base.warnings import EXAMPLES, DataWarning, about_samples
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.doubts import Doubt, doubt_sentence, has_doubt
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.taken import folders_complete_lists

_CHECKS_OF_SAMPLES: tuple[Callable[[Catalog, NDArray[np.int64]], Iterable[DataWarning]], ...] = (
    warn_of_axes,
    warn_of_arrays,
)
"""Checks of some samples of a catalog."""

_CHECKS_OF_PLANS: tuple[Callable[[Plan], Iterable[DataWarning]], ...] = (
    label_origin_warnings,
    class_count_warnings,
    class_name_warnings,
    split_warnings,
    group_warnings,
    target_warnings,
    number_warnings,
    label_value_warnings,
    several_labels,
    channel_warnings,
    object_warnings,
    mask_warnings,
)
"""Checks of a plan."""

_LEFT_TO_PLAN_CHECKS = frozenset({Doubt.LABEL_VALUES, Doubt.LOW_NUMBERS})
"""Doubts that matter to a plan only through what it does to the samples, which the checks of plans report."""

_OF_LABEL_LISTS = frozenset({"list-without-titles", "pictures-without-label-line"})
"""Doubts about a list of labels that are settled once folders have names like its labels."""

Noted = Mapping[int, Iterable[str]]
"""The decoders' doubts about samples or rows, by number; see `stackgui.core.catalog.doubts.Doubt`."""

_NOTHING: Noted = MappingProxyType({})


def scan_warnings(catalog: Catalog, noted: Noted = _NOTHING) -> tuple[DataWarning, ...]:
    """Collect warnings about the samples of a catalog, including doubts `noted` while decoding some."""
    return (
        *catalog.warnings,
        *complaint_warnings(catalog),
        *_about(catalog, np.flatnonzero(catalog.usable), noted),
    )


def plan_warnings(plan: Plan, noted: Noted = _NOTHING) -> tuple[DataWarning, ...]:
    """Collect warnings about a plan and its samples, before it is carried out.

    Parameters
    ----------
    plan
    noted
        Doubts about samples that were decoded earlier.
    """
    samples = plan.samples[plan.usable_at(plan.samples)]
    of_plan = [warning for check in _CHECKS_OF_PLANS for warning in check(plan)]
    of_samples = _about(plan.catalog, np.sort(samples), noted, leave_out=_LEFT_TO_PLAN_CHECKS)
    of_scan = (each for each in plan.catalog.warnings if each.code not in _settled(plan))
    return (*of_scan, *complaint_warnings(plan.catalog), *of_samples, *of_plan)


def _settled(plan: Plan) -> frozenset[str]:
    """Return the codes of warnings of the scan that do not hold for `plan`.

    Folders named like the labels of a list of labels show that its columns were read rightly, and give labels
    to pictures that it does not name; those that get none are warned of by themselves.
    """
    agree = plan.catalog.scan_options.label_list and folders_complete_lists(plan)
    return _OF_LABEL_LISTS if agree else frozenset()


def foreseen_warnings(catalog: Catalog, plan: Plan | None, noted: Noted) -> tuple[DataWarning, ...]:
    """Collect warnings about a catalog, and about the `plan` that default options make of it, if any.

    A warning of the scan is left out if the plan has one about the same samples, which says more.
    """
    of_plan = plan_warnings(plan, noted) if plan else ()
    codes = [warning.code for warning in of_plan]
    settled = _settled(plan) if plan else frozenset()
    of_scan = (each for each in scan_warnings(catalog, noted) if each.code not in settled)
    return (*of_plan, *(each for each in of_scan if not _is_covered(each.code, codes)))


def _is_covered(code: str, codes: Iterable[str]) -> bool:
    """Tell whether `codes` have this code, or one for what a plan does to the same samples."""
    return any(other == code or other.startswith(f"{code}-") for other in codes)


def run_warnings(plan: Plan, noted: Noted) -> tuple[DataWarning, ...]:
    """Collect warnings about a run, where `noted` has doubts by row, counted over all arrays."""
    rows = plan.samples
    return plan_warnings(plan, {int(rows[row]): doubts for row, doubts in noted.items()})


def more_noted(warnings: Iterable[DataWarning], plan: Plan, noted: Noted) -> tuple[DataWarning, ...]:
    """Return the `warnings` of a run with doubts added that were `noted` about rows repaired later."""
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
    leave_out: frozenset[Doubt] = frozenset(),
) -> Iterator[DataWarning]:
    """Warn of doubts about some samples, whatever a plan does to them."""
    for doubt in [doubt for doubt in Doubt if doubt not in leave_out]:
        mask = has_doubt(catalog.doubts, doubt)
        if found_later := [sample for sample, doubts in noted.items() if doubt in doubts]:
            mask = mask.copy()
            mask[found_later] = True
        if mask.any() and len(found := samples[mask[samples]]):
            yield about_samples(doubt.value, doubt_sentence(doubt, len(found)), catalog, found)
    for check in _CHECKS_OF_SAMPLES:
        yield from check(catalog, samples)

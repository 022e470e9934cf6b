"""The list of problems of a screen, and what reading the pictures has taught about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stackgui.core.advice.health import Decoded
from stackgui.core.advice.problems import NO_PROBLEMS, Known, Problems, problems_of
from stackgui.core.base.warnings import DataWarning
from stackgui.core.base.ways import ways_of_reasons
from stackgui.core.catalog.sample_set import NOTHING
from stackgui.core.options.options import Options
from stackgui.core.plan.fit_summary import FitSummary, SizeHistogram, fit_summary
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.size_independent import same_apart_from_size
from stackgui.core.run.report import Failure
from stackgui.gui.control.screen import Health, RunEnd, Screen


def screen_problems(screen: Screen) -> Problems:
    """Derive the list of problems from everything that `screen` knows by now."""
    if screen.catalog is None:
        return NO_PROBLEMS
    health = screen.health or Health()
    failures = _failures(screen.end)
    made_here = _is_of(screen.made, screen.plan)
    return problems_of(
        Known(
            screen.catalog,
            screen.options.exclude.mask(screen.catalog),
            screen.plan,
            health.findings,
            health.tried,
            screen.warnings if made_here or not screen.is_done else _without_samples(screen.warnings),
            retriable=bool(failures) and _is_of(screen.end, screen.plan),
            elsewhere=failures if screen.end is screen.made and screen.is_done and not made_here else (),
        )
    )


def _failures(end: RunEnd | None) -> tuple[Failure, ...]:
    return end.report.failures if end is not None and end.report is not None else ()


def _is_of(end: RunEnd | None, plan: Plan | None) -> bool:
    """Tell whether a run carried out `plan`."""
    return (
        end is not None
        and end.report is not None
        and plan is not None
        and end.report.fingerprint == plan.fingerprint
    )


def _without_samples(warnings: tuple[DataWarning, ...]) -> tuple[DataWarning, ...]:
    """Return warnings of a run that numbered its samples in another way."""
    return tuple(replace(warning, samples=None) for warning in warnings)


class ProblemList:
    """Keeps the list of problems, and what became known of samples by reading them, up to date."""

    def __init__(self) -> None:
        self._seen: tuple[object, ...] = ()
        self._found = NO_PROBLEMS
        self._known_of: tuple[object, ...] = ()
        self._plan: Plan | None = None
        self._end: RunEnd | None = None
        self._of_run: frozenset[int] = frozenset()
        self._options: Options | None = None
        self._chosen: Options | None = None

    def told(self, screen: Screen) -> Screen:
        """Return `screen` with what its last run and its options teach, and with its problems."""
        screen = self._without_reasons_of_other_options(self._with_lessons_of_run(screen))
        health = screen.health
        # Of a plan, only which samples it has no use for, and whether it is that of a run: this is asked at
        # each step while a size is dragged, and some of it takes as long as there are pictures.
        plan, is_over = screen.plan, screen.end is not None or screen.made is not None
        seen = (
            screen.catalog, None if plan is None else plan.problem, plan if is_over else None,
            screen.options.exclude, screen.warnings, screen.end, screen.made,
            None if health is None else (health.by_headers, health.by_pixels, health.tried),
        )  # fmt: skip
        if not _are_same(seen, self._seen):
            self._seen, self._found = seen, screen_problems(screen)
        known_of = (plan, screen.catalog, None if health is None else health.tried)
        if not _are_same(known_of, self._known_of):
            self._known_of, self._plan = known_of, _known_plan(screen)
        if screen.problems is self._found and screen.known_plan is self._plan:
            return screen
        return replace(screen, problems=self._found, known_plan=self._plan)

    def _with_lessons_of_run(self, screen: Screen) -> Screen:
        """Learn which samples a run could not read, and which of these a retry could."""
        end, health, plan = screen.end, screen.health, screen.plan
        if end is self._end:
            return screen
        self._end = end
        if health is None or plan is None or not _is_of(end, plan):
            self._of_run = frozenset()
            return screen
        rows = plan.samples
        failures = _failures(end)
        samples = rows[[failure.row for failure in failures]].tolist()
        failed = dict(zip(samples, (failure.reason for failure in failures), strict=True))
        mended = dict.fromkeys(self._of_run - set(failed), "")
        self._of_run = frozenset(failed)
        before = np.zeros(len(plan.catalog), np.bool_) if health.converted is None else health.converted
        converted = before.copy()
        converted[rows] = True
        known = replace(with_tried(health, plan, mended | failed), converted=converted)
        return replace(screen, health=known)

    def _without_reasons_of_other_options(self, screen: Screen) -> Screen:
        """Forget what could not be read because of options that were changed since."""
        if screen.options is self._chosen:  # as at each progress of a run
            return screen
        self._chosen = screen.options
        options = replace(screen.options, exclude=NOTHING, shrink=NOTHING)
        before, self._options = self._options, options
        health = screen.health
        if health is None or before is None or same_apart_from_size(options, before):
            return screen
        tried = {sample: why for sample, why in health.tried.items() if not ways_of_reasons([why])}
        return (
            screen
            if len(tried) == len(health.tried)
            else replace(screen, health=replace(health, tried=tried))
        )


def without_failed(screen: Screen) -> Plan | None:
    """Return the plan of a screen, which counts as changed only pictures not known to be unreadable."""
    plan = screen.plan
    return None if plan is None else less_failed(plan, failed_since(screen))


def failed_since(screen: Screen) -> NDArray[np.int64]:
    """Return the samples that the plan of a screen takes for readable, but that could not be read since."""
    plan, tried = screen.plan, (screen.health or Health()).tried
    if plan is None or plan.catalog is not screen.catalog:
        return np.empty(0, np.int64)
    usable = plan.usable
    failed = np.array([sample for sample, why in tried.items() if why], np.int64)
    return failed[usable[failed]]


def less_failed(plan: Plan, failed: NDArray[np.int64]) -> Plan:
    """Return a plan that counts as changed only pictures other than `failed`."""
    if not len(failed):
        return plan
    gone = FitSummary()
    for bucket in plan.buckets:
        own = SizeHistogram.of(plan.catalog, bucket.samples[np.isin(bucket.samples, failed)])
        gone += fit_summary(own, (bucket.height, bucket.width), plan.options.fit)
    return replace(
        plan,
        scaled_down=plan.scaled_down - gone.scaled_down,
        scaled_up=plan.scaled_up - gone.scaled_up,
        cropped=plan.cropped - gone.cropped,
    )


def _known_plan(screen: Screen) -> Plan | None:
    """Return the plan of a screen with the problems of samples that could not be read since."""
    plan, tried = screen.plan, (screen.health or Health()).tried
    if plan is None:
        return None
    failed = {sample: tried[sample] for sample in failed_since(screen).tolist()}
    return replace(plan, problem=plan.problem.put(failed)) if failed else plan


def _are_same(some: tuple[object, ...], others: tuple[object, ...]) -> bool:
    """Compare by identity, also inside tuples of parts."""
    if len(some) != len(others):
        return False
    return all(
        one is other
        or (isinstance(one, tuple) and isinstance(other, tuple) and bool(one) and _are_same(one, other))
        for one, other in zip(some, others, strict=True)
    )


def with_tried(health: Health, plan: Plan, reasons: Mapping[int, str]) -> Health:
    """Return `health` with why samples of `plan` could not be read, or ``""`` for those that could.

    What the plan says already, and goes on being true, is not noted again.
    """
    both = {**health.tried, **reasons}
    known = plan.problem.take(np.fromiter(both, np.int64, len(both)))
    tried = {sample: why for (sample, why), told in zip(both.items(), known, strict=True) if why != told}
    return health if tried == dict(health.tried) else replace(health, tried=tried)


def empty_places(screen: Screen) -> int:
    """Return how many places of a screen's arrays stay empty, by its plan and by reading since."""
    return 0 if screen.plan is None else screen.plan.unusable + len(failed_since(screen))


def decoded(screen: Screen) -> Decoded:
    """Return how many of the pictures of a screen's plan were decoded by now."""
    plan, health = screen.plan, screen.health
    if plan is None or health is None:
        return Decoded()
    usable = plan.usable
    checked, converted = (
        None if mask is None else int(np.count_nonzero(usable & mask))
        for mask in (health.checked, health.converted)
    )
    return Decoded(int(np.count_nonzero(usable)), checked, converted)

"""Pure functions from one screen to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from stackgui.core.advice.estimate import Resources, estimate
from stackgui.core.advice.health import Finding, from_headers, near_duplicates
from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.choice_table import defaults
from stackgui.core.base.errors import OtherJobError, UsageError
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.catalog.selection import Selection
from stackgui.core.catalog.statistics import Statistics, describe
from stackgui.core.options.options import Options
from stackgui.core.plan.glance import folder_levels, largest_found
from stackgui.core.plan.listing import reasons
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.resolve import resolve
from stackgui.core.plan.split_table import split_table
from stackgui.core.project.history import Work
from stackgui.core.run.progress import ScanProgress
from stackgui.core.run.report import Report, RetryReport, Status, Unfinished
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.gui.control.jobs import Ending, Outcome
from stackgui.gui.control.running import Running
from stackgui.gui.control.screen import Health, RunEnd, Screen, State
from stackgui.gui.texts.run_texts import cancelled_line
from stackgui.gui.texts.ways_out import told


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """The results of a scan, with the plan for the options at its start."""

    catalog: Catalog
    statistics: Statistics
    findings: tuple[Finding, ...]
    options: Options
    plan: Plan | None
    plan_problem: str


_ASKED_TO_SHOW: tuple[Callable[[Plan], object], ...] = (folder_levels, largest_found, split_table, reasons)


def found(catalog: Catalog, options: Options, resources: Resources | None) -> Found:
    """Derive statistics, findings and plan in the scan's thread, since they are slow for many samples."""
    plan, problem = foreseen(make_plan(options, catalog), resources)
    return Found(catalog, describe(catalog), from_headers(catalog), options, plan, problem)


def foreseen(made: tuple[Plan | None, str], resources: Resources | None = None) -> tuple[Plan | None, str]:
    """Return `made` by `make_plan` with all known that is asked of it to show it, in the thread of a job.

    What takes as long as there are samples would hold up the window, which asks for the same and finds it.
    """
    if (plan := made[0]) is not None:
        for ask in _ASKED_TO_SHOW:
            ask(plan)
        near_duplicates(plan.catalog)
        if resources is not None:
            estimate(plan, resources)
    return made


def filled_in(screen: Screen, found: Found) -> Screen:
    """Return `screen` with the results of a scan."""
    known = replace(screen, catalog=found.catalog, statistics=found.statistics)
    screen = replace(known, scan=None, health=Health(found.findings))
    if found.options != screen.options:  # changed during the scan
        return planned(screen)
    return estimated(replace(screen, plan=found.plan, plan_problem=found.plan_problem))


def make_plan(
    options: Options, catalog: Catalog | None, cancellation: Cancellation = UNWATCHED
) -> tuple[Plan | None, str]:
    """Return the plan and ``""``, or None and the reason."""
    if catalog is None:
        return None, ""
    try:
        return resolve(options, catalog, cancellation), ""
    except UsageError as error:
        return None, told(error)


def planned(screen: Screen) -> Screen:
    """Return `screen` with plan and estimate made from its catalog and options."""
    plan, problem = make_plan(screen.options, screen.catalog)
    return estimated(replace(screen, plan=plan, plan_problem=problem))


def estimated(screen: Screen) -> Screen:
    """Return `screen` with the estimate for its plan and resources."""
    if screen.plan is None or screen.resources is None:
        return replace(screen, estimate=None)
    return replace(screen, estimate=estimate(screen.plan, screen.resources))


def noted(before: Screen, screen: Screen, now_s: float) -> Screen:
    """Return `screen` with a step in its history, if the person's work differs from that of `before`."""
    if screen.history is not before.history or screen.work == before.work:
        return screen
    return replace(screen, history=screen.history.step(before.work, screen.work, now_s))


def without_catalog(screen: Screen) -> Screen:
    """Return `screen` without the results of a scan."""
    nothing: dict[str, Any] = dict.fromkeys(("catalog", "statistics", "health", "selection", "warned_of"))
    return replace(screen, warnings=(), **nothing)


def with_first(screen: Screen, selection: Selection, *, wanted: bool) -> Options:
    """Return the options of `screen` with the rows of `selection` first, or in their places again."""
    options, catalog = screen.options, screen.catalog
    if catalog is None:
        return options
    picked = SampleSet.of(catalog, selection.samples)
    return replace(options, first=options.first | picked if wanted else options.first - picked)


def excluding(screen: Screen, selection: Selection | None, *, wanted: bool) -> Options:
    """Return the options of `screen` with `selection` excluded from the stack, or included again."""
    options, catalog = screen.options, screen.catalog
    if catalog is None or selection is None:
        return options
    picked = SampleSet.of(catalog, selection.samples)
    return replace(options, exclude=options.exclude | picked if wanted else options.exclude - picked)


def became(screen: Screen, work: Work) -> Screen:
    """Return `screen` with other work; without a catalog, unless it is that of the same sources."""
    project = work.project
    if screen.searched != (work.file, project.sources, project.scan_options):
        scan = ScanProgress() if project.sources else None
        screen = replace(without_catalog(screen), scan=scan, scan_problem="")
    place = project.run.destination or screen.run.destination
    if work.file != screen.file or place != screen.run.destination:
        screen = saved_to(screen, place)
    permitted = {name: getattr(screen.run, name) for name in defaults(RunOptions, "is_passing")}
    return replace(
        screen, file=work.file, sources=project.sources, scan_options=project.scan_options,
        options=project.options, run=replace(project.run, **permitted),
        own_place=bool(project.run.destination), end=None, made=None,
        check=screen.check if work.file == screen.file else None,
    )  # fmt: skip


def saved_to(screen: Screen, place: str) -> Screen:
    """Return `screen` with another destination, and permissions for the old one withdrawn."""
    run = replace(screen.run, **defaults(RunOptions, "is_passing") | {"destination": place})
    return replace(screen, run=run)


def adopted(screen: Screen, unfinished: Unfinished) -> Screen:
    """Return `screen` with sources, choices and destination of `unfinished`; keep a catalog that applies.

    A scan does not go on, since the run reads the same files; it begins anew after the run.
    """
    same = (screen.sources, screen.scan_options) == (unfinished.sources, unfinished.scan_options)
    screen = replace(
        saved_to(screen, unfinished.destination), own_place=True, end=None, made=None, left_over=None
    )
    screen = replace(screen, scan=None)
    if not same:
        nothing = replace(without_catalog(screen), scan_problem="")
        screen = replace(nothing, sources=unfinished.sources, scan_options=unfinished.scan_options)
    if same and screen.options == unfinished.options:
        return screen
    return planned(replace(screen, options=unfinished.options))


def begun(screen: Screen, running: Running) -> Screen:
    """Return `screen` at the start of a run."""
    return replace(screen, running=running, end=screen.end if running.retrying else None)


def ended(screen: Screen, end: RunEnd) -> Screen:
    """Return `screen` after a run; what has been prepared meanwhile stays."""
    over = replace(screen, running=None, end=end)
    if end.destination != screen.run.destination:
        return over
    if end.state is State.FINISHED:
        over = replace(over, made=end)
    run = replace(screen.run, unfinished=IfUnfinished.REFUSE)
    warnings = end.report.warnings if end.report else screen.warnings
    return replace(over, run=run, destination=None, warnings=warnings)


def retried(screen: Screen, end: RunEnd) -> Screen:
    """Return `screen` after a retry of the failed rows of a stack."""
    is_of_made = screen.made is not None and screen.made.destination == end.destination
    return replace(screen, running=None, end=end, made=end if is_of_made else screen.made)


def run_end(ending: Ending[Report], running: Running) -> RunEnd:
    """Return the end of a run that had come as far as `running`."""
    place = running.destination
    if ending.outcome is Outcome.FINISHED:
        return RunEnd(State.FINISHED, place, report=ending.result)
    if ending.outcome is Outcome.FAILED:
        return RunEnd(State.FAILED, place, text=ending.text, details=ending.details, way_on=_way_on(ending))
    return RunEnd(State.CANCELLED, place, text=cancelled_line(running.progress.phase))


def retry_end(report: Report, ending: Ending[RetryReport]) -> RunEnd:
    """Return the end of a retry, with the failures of `report` brought up to date."""
    retry = ending.result
    if retry is not None:
        status = Status.COMPLETE_WITH_FAILURES if retry.failures else Status.COMPLETE
        report = replace(report, status=status, failures=retry.failures)
    return RunEnd(State.FINISHED, report.stack, report=report, retry=retry)


def _way_on(ending: Ending[Report]) -> IfUnfinished:
    if not isinstance(ending.error, OtherJobError):
        return IfUnfinished.RESUME
    return IfUnfinished.REDO if ending.error.redoable else IfUnfinished.RESTART

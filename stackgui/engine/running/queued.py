"""Checks jobs before they are added to the queue, and runs them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from stackgui.core.base.addresses import is_address, path_below
from stackgui.core.base.errors import DestinationError, OtherJobError
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes, format_count
from stackgui.core.base.wording import Wording, say
from stackgui.core.plan.nothing_found import nothing_found
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.resolve import resolve
from stackgui.core.project.queue import JobState, Queue, QueuedJob, QueuedReport
from stackgui.core.run.progress import FillProgress
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.engine.running.elsewhere import Elsewhere
from stackgui.engine.running.fill import fill
from stackgui.engine.running.resources import free_disk_bytes, nearest_folder
from stackgui.engine.running.scan_within_run import ScanWithinRun
from stackgui.engine.scanning.scan import scan
from stackgui.engine.scanning.scan_cache import Rememberer
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.workers import Workers
from stackgui.stores.remote.anywhere import check_destination, unfinished_at
from stackgui.stores.stack.destination import holds as folder_holds

REDONE = say("Pictures had changed since it began; their rows were made again.")
RESTARTED = say("Its folders had changed too much to go on, so it began again.")


def check_queued(job: QueuedJob, queue: Queue) -> tuple[str, ...]:
    """Check a job that is to be added to `queue`.

    Returns
    -------
    tuple of str
        What may go wrong later, as sentences.

    Raises
    ------
    DestinationError
        When its stack cannot be written, or is in the way of another job.
    """
    others = [other for other in queue.pending if other.number != job.number]
    for other in others:
        if conflict := _conflict(job, other):
            raise DestinationError(conflict)
    check_destination(job.project.sources, _run_of(job, IfUnfinished.REFUSE, pause_on_trouble=False))
    return tuple(filter(None, (_space(job, others),)))


def run_queued(
    job: QueuedJob,
    workers: Workers,
    control: Control[FillProgress],
    *,
    pause_on_trouble: bool,
    rememberer: Rememberer | None = None,
    elsewhere: Elsewhere | None = None,
) -> QueuedReport:
    """Scan the sources of `job` as they are now, and make its stack; resume what an earlier attempt left.

    Parameters
    ----------
    job
        As it was before it began.
    pause_on_trouble
        As in `RunOptions`.
    rememberer
        As for `stackgui.engine.scanning.scan.scan`.
    elsewhere
        As for `stackgui.engine.running.fill.fill`.

    Raises
    ------
    UsageError
        When a source is gone, the choices cannot be met any more, or the destination cannot be used.
    RunError, Cancelled
        As for `stackgui.engine.running.fill.fill`.
    """
    project = job.project
    within = ScanWithinRun(control, job.rows)
    catalog = scan(project.sources, workers, within, project.scan_options, rememberer=rememberer)
    if not len(catalog):
        raise nothing_found(catalog)
    plan = resolve(project.options, catalog)
    notes = _changes(job, plan)
    goes_on = job.attempts > 0 and _left_rows(job)
    unfinished = IfUnfinished.RESUME if goes_on else IfUnfinished.REFUSE
    run = _run_of(job, unfinished, pause_on_trouble=pause_on_trouble)
    try:
        return QueuedReport(fill(plan, run, workers, control, elsewhere), notes)
    except OtherJobError as error:
        if not goes_on:
            raise
        way, note = (IfUnfinished.REDO, REDONE) if error.redoable else (IfUnfinished.RESTART, RESTARTED)
    report = fill(plan, replace(run, unfinished=way), workers, control, elsewhere)
    return QueuedReport(report, (*notes, note))


def _run_of(job: QueuedJob, unfinished: IfUnfinished, *, pause_on_trouble: bool) -> RunOptions:
    return replace(
        job.project.run, replace=job.replace, unfinished=unfinished, pause_on_trouble=pause_on_trouble
    )


def _left_rows(job: QueuedJob) -> bool:
    """Return whether an earlier attempt of this very job has left rows: others' are not to be discarded."""
    found = unfinished_at(job.destination)
    own = (job.project.sources, job.project.options)
    return found is not None and (found.sources, found.options) == own


def _changes(job: QueuedJob, plan: Plan) -> tuple[str, ...]:
    if plan.rows != job.rows:
        before, now = format_count(job.rows, "picture"), format_count(plan.rows, "picture")
        return (
            say(
                "The folders have changed since it was added: there were {before}, now there are {now}.",
                before=before,
                now=now,
            ),
        )
    if plan.fingerprint != job.fingerprint:
        return (say("Some pictures have changed since it was added."),)
    return ()


def _holds(folder: str, path: str) -> bool:
    """Return whether `path` is `folder` or lies in it, both of which are on disks or at addresses."""
    if is_address(folder) or is_address(path):
        return folder == path or (is_address(folder) and path_below(folder, path) is not None)
    return folder_holds(folder, path)


def _conflict(job: QueuedJob, other: QueuedJob) -> Wording | None:
    holds_it, lies_in_it = (
        _holds(job.destination, other.destination),
        _holds(other.destination, job.destination),
    )
    if holds_it and lies_in_it:
        return say(
            "“{other}” in the queue is to be saved in the same place, {place}. Choose another name.",
            other=other.name,
            place=printable(other.destination),
        )
    if lies_in_it:
        return say(
            "{place} lies in the stack “{other}” of the queue. Choose a place outside of it.",
            place=printable(job.destination),
            other=other.name,
        )
    if holds_it:
        return say(
            "“{other}” in the queue is to be saved inside {place}. Choose another name.",
            other=other.name,
            place=printable(job.destination),
        )
    for source in other.project.sources:
        if _holds(source, job.destination):
            return say(
                "{place} lies in {source}, which “{other}” in the queue converts. Choose a place outside.",
                place=printable(job.destination),
                source=printable(source),
                other=other.name,
            )
    for source in job.project.sources:
        if _holds(source, other.destination):
            return say(
                "“{other}” in the queue is to be saved in {source}, one of the sources. Save one of them "
                "elsewhere.",
                other=other.name,
                source=printable(source),
            )
    return None


def _space(job: QueuedJob, others: Iterable[QueuedJob]) -> Wording | None:
    """Return a sentence if the disk is too small for all jobs; a running one has its space already."""
    if is_address(job.destination):
        return None
    disk = _disk(job.destination)
    beside = [other for other in others if other.state is not JobState.RUNNING]
    needed = job.stack_bytes + sum(each.stack_bytes for each in beside if _disk(each.destination) == disk)
    free = free_disk_bytes(job.destination)
    if free is None or not beside or needed <= free:
        return None
    return say(
        "The jobs in the queue need {needed} together, but only {free} are free. Make room, or the queue "
        "pauses when the disk is full.",
        needed=format_bytes(needed),
        free=format_bytes(free),
    )


def _disk(path: str) -> int | None:
    if is_address(path):
        return None
    with suppress(OSError):
        return os.stat(nearest_folder(path)).st_dev
    return None

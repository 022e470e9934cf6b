"""Brings a finished stack up to date with its sources."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from stackgui.core.advice.estimate import DISK_RESERVE_BYTES, sidecar_bytes
from stackgui.core.base.addresses import is_address
from stackgui.core.base.choices import Storage
from stackgui.core.base.errors import PlanError, SourceGoneError, UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes
from stackgui.core.base.ways import Way
from stackgui.core.base.wording import joined, say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.options.update_options import Gone, HowToUpdate, Larger, Signs
from stackgui.core.plan.difference import other_versions
from stackgui.core.plan.growth import Growth, grown
from stackgui.core.plan.mask_form import left_out
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.same_pictures import maybe_same, same_bytes
from stackgui.core.run.found_pictures import FoundPictures
from stackgui.core.run.progress import FillProgress
from stackgui.core.run.report import Failure, Status
from stackgui.core.run.run_options import RunOptions
from stackgui.core.run.update_report import UpdateReport
from stackgui.engine.running.elsewhere import Elsewhere
from stackgui.engine.running.fill import Filling, check_resizer, formats_in, versions
from stackgui.engine.running.pause_on_error import PauseOnError
from stackgui.engine.running.progress import ProgressMeter
from stackgui.engine.running.resources import free_disk_bytes
from stackgui.engine.running.same_pictures import find_same
from stackgui.engine.running.scan_within_run import ScanWithinRun
from stackgui.engine.running.source_monitor import SourceMonitor
from stackgui.engine.scanning.scan import scan
from stackgui.engine.scanning.scan_cache import Rememberer
from stackgui.engine.sources.some_files import files_of
from stackgui.engine.workers.aside import aside
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.workers import Workers
from stackgui.stores.files.failures import explained
from stackgui.stores.recovery.unfinished import held_bytes
from stackgui.stores.recovery.update_marker import forget_updates, update_folder
from stackgui.stores.stack.update import (
    Finished,
    Update,
    UpdateWriter,
    check_headers,
    finished_stack,
    looked_at,
)


def update(
    stack: str,
    workers: Workers,
    control: Control[FillProgress],
    how: HowToUpdate,
    rememberer: Rememberer | None = None,
    *,
    elsewhere: Elsewhere | None = None,
) -> UpdateReport:
    """Look through the sources of the stack in the folder `stack` again, and bring it up to date.

    New pictures become rows at the end, changed ones are made again in place, and gone ones are marked.
    Before the end, nothing in the stack changes; an update that was interrupted goes on where it was, if the
    sources are still the same.

    Parameters
    ----------
    stack
        Absolute path.
    rememberer
        As for `stackgui.engine.scanning.scan.scan`.
    elsewhere
        As for `stackgui.engine.running.fill.fill`.

    Raises
    ------
    UsageError
        When there is no stack, it is in use, or other versions made it; nothing has been changed.
    PlanError
        When the stack cannot be updated, or the disk has too little space.
    StackguiError
        When the stack is damaged, or a disk or the workers fail.
    Cancelled
    """
    gauge = ProgressMeter(control, 0)
    # A look keeps nobody else from the stack.
    opened = looked_at(stack) if how.only_look else finished_stack(stack)
    with opened as found:
        known = found.plan.catalog
        aside(lambda: _check_there(known.sources), control)
        watch = ScanWithinRun(control, found.plan.rows)
        now = scan(known.sources, workers, watch, known.scan_options, rememberer=rememberer)
        growth = _growth(found, now, workers, gauge, how)
        return _Updating(found, growth, workers, gauge, how, elsewhere=elsewhere).run()


def _check_there(sources: Sequence[str]) -> None:
    """Raise SourceGoneError if a source is not there, as those on a disk that is not connected."""
    for source in sources:
        if not is_address(source) and not os.path.lexists(source):
            raise SourceGoneError(source, source)


def _growth(
    found: Finished, now: Catalog, workers: Workers, gauge: ProgressMeter, how: HowToUpdate
) -> Growth:
    valid = found.outcomes.valid

    def growth(same: Mapping[int, int], seen: Signs | None = None) -> Growth:
        return grown(found.plan, found.made_rows, valid, now, how.choices, same=same, seen=seen)

    maybe = maybe_same(found.plan, valid, now, ~left_out(found.plan.options, now))
    certain = same_bytes(found.plan, now, maybe)
    others = {row: sample for row, sample in maybe.items() if row not in certain}
    made = find_same(others, lambda same: growth({**certain, **same}), found.outcomes, workers, gauge)
    return growth({**certain, **made}, how.seen)


class _Updating:
    """An update of a stack that is locked."""

    def __init__(
        self,
        found: Finished,
        growth: Growth,
        workers: Workers,
        gauge: ProgressMeter,
        how: HowToUpdate,
        *,
        elsewhere: Elsewhere | None,
    ) -> None:
        self._found = found
        self._growth = growth
        self._workers = workers
        self._gauge = gauge
        self._how = how
        self._elsewhere = elsewhere
        self._before: Mapping[str, str] = found.header.get("versions", {})

    def run(self) -> UpdateReport:
        """Make the rows, if there is anything to do."""
        growth, folder = self._growth, self._found.folder
        if growth.is_nothing or self._how.only_look:
            if growth.is_nothing:
                with explained(folder):
                    forget_updates(folder)
            return self._report((), is_done=False)
        task = self._task()
        self._check(task)
        with self._workers.agreed(lambda: files_of(task.part().catalog), self._gauge):
            failures = self._made(task)
        return self._report(failures, is_done=True)

    def _made(self, task: Update) -> tuple[Failure, ...]:
        """Make the rows, bring them into the stack, and return which have failed."""
        if self._elsewhere is not None:
            part = task.part().catalog
            self._elsewhere.prepare(task.versions, formats_in(part, part.usable), self._gauge)
        writer = UpdateWriter.begin(task, self._gauge)
        try:
            self._gauge.reached(writer.outcomes.rows_done, len(writer.outcomes))
            self._gauge.start_filling(writer.outcomes.rows_done, len(writer.outcomes.reason))
            self._filling(task, writer).fill(self._workers, self._elsewhere, writer.lend)
        except BaseException:
            writer.abandon()
            raise
        rows = np.flatnonzero(task.redone).tolist()
        return tuple(
            self._failure(rows[place], reason) for place, reason in sorted(writer.outcomes.reason.items())
        )

    def _failure(self, row: int, reason: str) -> Failure:
        plan = self._growth.plan
        return Failure(row, plan.catalog.file(int(plan.samples[row])), reason)

    def _unfit(self) -> tuple[Failure, ...]:
        """Return the rows to make of which it is known before that they stay blank."""
        growth, plan = self._growth, self._growth.plan
        problem = plan.problem.take(plan.samples)
        larger = growth.larger & (self._how.choices.larger is Larger.BLANK)
        rows = np.flatnonzero(growth.redone & ~problem.equals("") & ~larger).tolist()
        return tuple(Failure(row, plan.catalog.path[int(plan.samples[row])], problem[row]) for row in rows)

    def _lost(self) -> NDArray[np.int64]:
        """Return rows that become blank, because the picture of now does not fit as the one before did."""
        growth, plan = self._growth, self._growth.plan
        old = growth.before.rows
        stays_blank = growth.redone[:old] & ~plan.usable[plan.samples[:old]]
        return np.flatnonzero(stays_blank & self._found.outcomes.valid)

    def _task(self) -> Update:
        growth, blank = self._growth, self._how.choices.gone is Gone.BLANK
        blanked = np.zeros(growth.plan.rows, np.bool_)
        if blank:
            blanked[: growth.before.rows] = growth.since.gone & self._found.outcomes.valid
        return Update(
            stack=self._found,
            plan=growth.plan,
            redone=growth.redone,
            blanked=blanked,
            blank_reason=say("its picture is gone, and the row was blanked"),
            left_out=growth.left_out,
            versions={**self._before, **self._versions()},
        )

    def _versions(self) -> dict[str, str]:
        """Return the versions of what the rows to make depend on."""
        growth = self._growth
        if not growth.redone.any():
            return {}
        catalog = growth.plan.catalog.take(growth.plan.samples[growth.redone])
        return versions(formats_in(catalog, catalog.usable), growth.plan.scaled_by)

    def _differ(self) -> tuple[str, ...]:
        """Describe the versions that are others now, in sentences."""
        now = self._versions()
        before = {name: version for name, version in self._before.items() if name in now}
        return tuple(other_versions(before, {name: now[name] for name in before}))

    def _check(self, task: Update) -> None:
        """Check versions, files and free space before anything is written."""
        check_resizer(task.plan)
        differ = self._differ()
        if differ and not self._how.choices.allow_other_versions:
            raise UsageError(
                say(
                    "The rows of {folder} were made with other versions, which may give other pixels. "
                    "{differ} Convert the pictures again, or let it be updated all the same.",
                    folder=printable(self._found.folder),
                    differ=joined(" ", differ),
                ),
                ways=(Way.OTHER_VERSIONS,),
            )
        check_headers(self._found.plan, task.plan)
        part, folder = task.part(), self._found.folder
        needed = _needed_bytes(task, part) + DISK_RESERVE_BYTES
        free = free_disk_bytes(folder)
        if free is not None and needed > free + held_bytes(update_folder(folder, task.name())):
            raise PlanError(
                say(
                    "Updating {folder} needs {needed} of free disk space, but only {free} are free. Free "
                    "some space, or add fewer pictures at a time.",
                    folder=printable(folder),
                    needed=format_bytes(needed),
                    free=format_bytes(free),
                )
            )

    def _filling(self, task: Update, writer: UpdateWriter) -> Filling:
        part, place = task.part(), update_folder(self._found.folder, task.name())
        run = RunOptions(place, Storage.FILE, pause_on_trouble=self._how.pause_on_trouble)
        reach = SourceMonitor(part.catalog.roots, self._workers, PauseOnError(run, self._gauge), self._gauge)
        return Filling(part, run, writer, self._gauge, reach, stack_bytes=_needed_bytes(task, part))

    def _rows_found(self) -> dict[str, NDArray[np.int64]]:
        """Return the rows of the pictures of each kind, as `UpdateReport` names them."""
        growth, now = self._growth, self._growth.since
        return {
            "new": np.arange(growth.before.rows, growth.plan.rows),
            "changed": np.flatnonzero(growth.changed),
            "renamed": np.flatnonzero(now.renamed),
            "retimed": np.flatnonzero(now.retimed),
            "gone": np.flatnonzero(growth.went),
            "came_back": np.flatnonzero(growth.came_back),
            "relabelled": np.flatnonzero(growth.relabelled),
            "annotated": np.flatnonzero(now.annotated),
            "revalued": np.flatnonzero(now.revalued),
        }

    def _report(self, failures: tuple[Failure, ...], *, is_done: bool) -> UpdateReport:
        growth, now = self._growth, self._growth.since
        plan, old = growth.plan, growth.before.rows
        rows = self._rows_found()
        found = {kind: each for kind, each in rows.items() if len(each)}
        return UpdateReport(
            status=Status.COMPLETE_WITH_FAILURES if failures else Status.COMPLETE,
            stack=self._found.folder,
            is_done=is_done,
            rows_before=old,
            rows=plan.rows,
            new=_names(plan, rows["new"]),
            changed=_names(plan, rows["changed"]),
            renamed=_names(plan, rows["renamed"]),
            retimed=_names(plan, rows["retimed"]),
            gone=_names(plan, rows["gone"]),
            came_back=_names(plan, rows["came_back"]),
            relabelled=_names(plan, rows["relabelled"]),
            annotated=_names(plan, rows["annotated"]),
            revalued=_names(plan, rows["revalued"]),
            waiting=(*_names(plan, np.flatnonzero(now.waiting)), *growth.waiting_names),
            unreached=_names(plan, np.flatnonzero(now.unreached)),
            larger=_names(plan, np.flatnonzero(growth.larger)),
            unfit=self._unfit(),
            lost=_names(plan, self._lost()),
            new_classes=plan.classes[len(growth.before.classes) :],
            versions=self._differ(),
            failures=failures,
            choices=self._how.choices,
            seconds=self._gauge.elapsed_s,
            signs=growth.signs,
            pictures=FoundPictures(self._found.folder, plan, found, is_done=is_done),
        )


def _needed_bytes(task: Update, part: Plan) -> int:
    """Return the most that an update with the rows of `part` takes on the disk before it is done."""
    made = sum(array.data_bytes for array in part.all_arrays)
    return made + task.new_bytes + sidecar_bytes(task.plan)


def _names(plan: Plan, rows: NDArray[np.int64]) -> tuple[str, ...]:
    catalog: Catalog = plan.catalog
    return tuple(os.fspath(name) for name in catalog.path.take(plan.samples[rows]))

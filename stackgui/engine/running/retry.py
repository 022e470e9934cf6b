"""Retries the failed rows of a finished stack in place."""

from __future__ import annotations

from stackgui import imaging
from stackgui.core.base.aside import columns_aside
from stackgui.core.base.blocks import places_of
from stackgui.core.base.cancellation import UNWATCHED
from stackgui.core.base.choices import Resizer, Storage
from stackgui.core.base.errors import Cancelled
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.repair import repaired, with_content
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.core.run.report import Failure, RetryReport, Status
from stackgui.core.run.row_results import RowResults
from stackgui.core.run.run_options import RunOptions
from stackgui.engine.running.elsewhere import Elsewhere
from stackgui.engine.running.fill import Filling, formats_in, versions
from stackgui.engine.running.pause_on_error import PauseOnError
from stackgui.engine.running.progress import ProgressMeter
from stackgui.engine.running.source_monitor import SourceMonitor
from stackgui.engine.scanning.rescan import probe_again
from stackgui.engine.sources.some_files import files_of
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.workers import Workers
from stackgui.stores.files.nameless import nameless_memory
from stackgui.stores.stack.retry import StackRewriter


def retry(
    stack: str,
    workers: Workers,
    control: Control[FillProgress],
    *,
    pause_on_trouble: bool = False,
    elsewhere: Elsewhere | None = None,
) -> RetryReport:
    """Decode the failed rows of the stack in the folder `stack` again; the other rows stay as they are.

    Only the files of failed rows are read, and only within the folders that the stack was made from.

    Parameters
    ----------
    stack
        Absolute path.
    pause_on_trouble
        As in `RunOptions`.
    elsewhere
        As for `stackgui.engine.running.fill.fill`.

    Raises
    ------
    UsageError
        When there is no stack, it is in use, or other versions made it; nothing has been changed.
    StackguiError
        When the stack is damaged, or a disk or the workers fail. The stack is unchanged, or is restored
        when it is next opened.

    A retry that is cancelled keeps the rows that it has done, and says so in its report.
    """
    gauge = ProgressMeter(control, 0)
    # Those of everything: only what the rows were made with is compared.
    now = versions((format_.name for format_ in imaging.FORMATS), Resizer.SIMD)
    writer = StackRewriter.open(stack, now)
    try:
        retrying = _Retry(stack, writer, workers, gauge, elsewhere)
        return retrying.run(pause_on_trouble=pause_on_trouble)
    except BaseException:
        writer.abandon()
        raise


class _Retry:
    """A retry in progress, with its writer open."""

    def __init__(
        self,
        stack: str,
        writer: StackRewriter,
        workers: Workers,
        gauge: ProgressMeter,
        elsewhere: Elsewhere | None,
    ) -> None:
        self._stack = stack
        self._writer = writer
        self._workers = workers
        self._gauge = gauge
        self._elsewhere = elsewhere
        done = writer.outcomes.done
        self._rows = places_of(lambda rows: ~done[rows], len(done))

    @columns_aside(nameless_memory)
    def run(self, *, pause_on_trouble: bool) -> RetryReport:
        """Probe the files again, and fill their rows."""
        if not len(self._rows):
            self._writer.abandon()
            return self._report(Status.COMPLETE, self._writer.plan)
        failed = self._writer.plan.catalog.take(self._writer.plan.samples[self._rows])
        with self._workers.agreed(lambda: files_of(failed), self._gauge):
            return self._retried(self._plan_now(), pause_on_trouble=pause_on_trouble)

    def _retried(self, plan: Plan, *, pause_on_trouble: bool) -> RetryReport:
        if self._elsewhere is not None:
            catalog = plan.catalog.take(plan.samples[self._rows])
            formats = formats_in(catalog, catalog.usable)
            self._elsewhere.prepare(versions(formats, plan.scaled_by), formats, self._gauge)
        self._writer.begin(plan)
        self._gauge.start_filling(0, 0)
        run = RunOptions(self._stack, Storage.FILE, pause_on_trouble=pause_on_trouble)
        patience = PauseOnError(run, self._gauge)
        reach = SourceMonitor(plan.catalog.roots, self._workers, patience, self._gauge)
        filling = Filling(plan, run, self._writer, self._gauge, reach)
        try:
            self._fill(filling)
        except Cancelled:
            self._writer.keep()
            return self._report(Status.CANCELLED, plan)
        failed = bool(self._writer.outcomes.reason)
        return self._report(Status.COMPLETE_WITH_FAILURES if failed else Status.COMPLETE, plan)

    def _fill(self, filling: Filling) -> None:
        """Write the rows; nobody writes any more afterwards, however it ends."""
        try:
            filling.fill(self._workers, self._elsewhere, self._writer.lend)
        except BaseException:
            if self._elsewhere is not None:
                self._elsewhere.settle(UNWATCHED)
            raise

    def _plan_now(self) -> Plan:
        plan = self._writer.plan
        self._gauge.enter(Phase.SCANNING)
        self._gauge.reached(0, len(self._rows))
        samples = plan.samples[self._rows]
        contents = probe_again(plan.catalog, samples, self._workers, self._gauge)
        self._gauge.check()
        return repaired(plan, with_content(plan.catalog, contents))

    def _report(self, status: Status, plan: Plan) -> RetryReport:
        return RetryReport(
            status=status,
            stack=self._stack,
            sources=plan.catalog.sources,
            retried=len(self._rows),
            failures=_failures(plan, self._writer.outcomes),
            seconds=self._gauge.elapsed_s,
            rows=plan.rows,
        )


def _failures(plan: Plan, outcomes: RowResults) -> tuple[Failure, ...]:
    samples = plan.samples
    reasons = outcomes.reason
    return tuple(Failure(row, plan.catalog.file(int(samples[row])), reasons[row]) for row in sorted(reasons))

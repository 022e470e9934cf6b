"""Going on with an unfinished conversion, from what its folder says alone."""

from __future__ import annotations

from dataclasses import replace

from stackgui.core.plan.outputs import output_of
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run import FillProgress, Phase, Report, ScanProgress
from stackgui.engine.running.fill import fill
from stackgui.engine.scanning.scan import scan
from stackgui.engine.scanning.scan_cache import Rememberer
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.workers import Workers
from stackgui.stores.recovery.unfinished import read_plan, run_of


def resume(
    partial: str,
    workers: Workers,
    control: Control[FillProgress],
    *,
    redo_changed: bool = False,
    pause_on_trouble: bool = False,
    rememberer: Rememberer | None = None,
) -> Report:
    """Look at the pictures again, and go on with what is in the folder `partial` if they are the same.

    Parameters
    ----------
    partial
        Absolute.
    redo_changed
        Whether files that were changed since are done again.
    pause_on_trouble
        As in `RunOptions`.
    rememberer
        As for `stackgui.engine.scanning.scan.scan`.

    Raises
    ------
    OtherJobError
        When options, files or decoders are not the same.
    DestinationError, PlanError
        When there is nothing that can be resumed.
    RunError, Cancelled
        As for `stackgui.engine.running.fill.fill`.
    """
    run = replace(run_of(partial, redo_changed=redo_changed), pause_on_trouble=pause_on_trouble)
    old = read_plan(partial)
    catalog = scan(
        old.catalog.sources,
        workers,
        _Looking(control, old),
        old.catalog.scan_options,
        rememberer=rememberer,
    )
    plan = resolve(old.options, catalog, output=output_of(old.arrays[0].file))
    return fill(plan, run, workers, control)


class _Looking(Control[ScanProgress]):
    """The control of a run as a scan within it sees it."""

    def __init__(self, outer: Control[FillProgress], plan: Plan) -> None:
        super().__init__()
        self._outer = outer
        self._rows = plan.rows

    @property
    def paused(self) -> bool:
        """Whether the run rests."""
        return self._outer.paused

    def check(self) -> None:
        """Raise `Cancelled` when the run was cancelled."""
        self._outer.check()

    def publish(self, snapshot: ScanProgress) -> None:
        """Show the scan as a phase of the run."""
        self._outer.publish(
            FillProgress(phase=Phase.CHECKING, rows_done=snapshot.samples_read, rows=self._rows)
        )

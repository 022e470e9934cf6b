"""Resumes an unfinished conversion, using nothing but its folder, or what lies at its address."""

from __future__ import annotations

from dataclasses import replace

from stackgui.core.plan.resolve import resolve
from stackgui.core.run.progress import FillProgress
from stackgui.core.run.report import Report
from stackgui.engine.running.elsewhere import Elsewhere
from stackgui.engine.running.fill import fill
from stackgui.engine.running.scan_within_run import ScanWithinRun
from stackgui.engine.scanning.scan import scan
from stackgui.engine.scanning.scan_cache import Rememberer
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.workers import Workers
from stackgui.stores.remote.anywhere import choices_of, run_and_rows_of


def resume(
    partial: str,
    workers: Workers,
    control: Control[FillProgress],
    *,
    redo_changed: bool = False,
    pause_on_trouble: bool = False,
    rememberer: Rememberer | None = None,
    elsewhere: Elsewhere | None = None,
) -> Report:
    """Scan the sources again, and continue the stack in the folder `partial` if they have not changed.

    Parameters
    ----------
    partial
        Absolute path, or the address of a stack that is written to a bucket.
    redo_changed
        Whether to redo the rows of files that have changed since.
    pause_on_trouble
        As in `RunOptions`.
    rememberer
        As for `stackgui.engine.scanning.scan.scan`.
    elsewhere
        As for `stackgui.engine.running.fill.fill`.

    Raises
    ------
    OtherJobError
        When options, files or decoders have changed.
    DestinationError, PlanError
        When there is nothing to resume.
    RunError, Cancelled
        As for `stackgui.engine.running.fill.fill`.
    """
    run, rows = run_and_rows_of(partial, redo_changed=redo_changed)
    chosen = choices_of(partial)
    catalog = scan(
        chosen.sources, workers, ScanWithinRun(control, rows), chosen.scan_options, rememberer=rememberer
    )
    plan = resolve(chosen.options, catalog)
    return fill(plan, replace(run, pause_on_trouble=pause_on_trouble), workers, control, elsewhere)

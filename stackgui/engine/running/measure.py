"""Looks at all samples of a plan before the first row is written, where its numbers depend on all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from stackgui.core.plan.measured import Measured, Moments
from stackgui.core.plan.plan import Plan
from stackgui.core.run.batches import Batch, batches
from stackgui.engine.decoding.render import Form
from stackgui.engine.decoding.rows import files_of, reading_s
from stackgui.engine.running.source_monitor import Reach
from stackgui.engine.workers import tasks
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.dispatch import Dispatch
from stackgui.engine.workers.workers import Workers

WORK_DTYPE = "float64"


def measured(
    plan: Plan, workers: Workers, control: Control[Any], tick: Callable[[], None], reach: Reach
) -> Plan:
    """`plan` with the figures that it needs of all its samples.

    Samples that fail are left out; filling the rows will tell why they do.

    Parameters
    ----------
    tick
        Called ten times a second while workers are at it.
    reach
        Waits for folders of pictures that are away.

    Raises
    ------
    Cancelled
    RunError
        When the workers keep dying all at once, or a folder is away and nobody waits for it.
    """
    form = Form.looking(plan, WORK_DTYPE)
    # A sample that becomes no row must not decide what becomes of the others.
    is_finite = np.dtype(plan.dtype).kind != "f"

    def arguments(batch: Batch, _slot: int) -> tuple[Any, ...]:
        usable = plan.usable_at(batch.samples)
        files = files_of(plan, batch.samples[usable], batch.geometry.take(usable), reach.roots)
        return files, form, is_finite

    dispatch: Dispatch[Batch] = Dispatch(
        workers,
        control,
        tasks.measure_rows,
        arguments,
        slots=2 * workers.count + 1,
        tick=tick,
        excuse=lambda batch, error: reach.excuses(arguments(batch, 0)[0], error),
        more_s=lambda batch: reading_s(plan, batch.samples),
    )
    # Added up in the order of the rows, so that the figures do not depend on which worker is fastest.
    found = {
        (done.batch.bucket, done.batch.start): done.result or Moments.none_of(plan.channels)
        for done in dispatch.run(batches(plan, np.ones(plan.rows, np.bool_)))
    }
    return replace(plan, measured=Measured.of((found[key] for key in sorted(found)), plan.channels))

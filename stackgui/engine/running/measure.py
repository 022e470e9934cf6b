"""Looks at all samples of a plan before the first row is written, where its numbers depend on all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stackgui.core.plan.measured import Measured, Moments
from stackgui.core.plan.plan import Plan
from stackgui.core.run.batches import batches
from stackgui.engine.decoding.render import Form
from stackgui.engine.workers import tasks
from stackgui.engine.workers.run_batches import Crew, run_batches

WORK_DTYPE = "float64"


def measured(plan: Plan, crew: Crew) -> Plan:
    """`plan` with the figures that it needs of all its samples.

    Samples that fail are left out; filling the rows will tell why they do. Raises as `run_batches` does.
    """
    # A sample that becomes no row must not decide what becomes of the others.
    arguments = Form.looking(plan, WORK_DTYPE), np.dtype(plan.dtype).kind != "f"
    # Added up in the order of the rows, so that the figures do not depend on which worker is fastest.
    found = {
        (done.batch.bucket, int(done.batch.rows[0])): done.result or Moments.none_of(plan.channels)
        for done in run_batches(plan, tasks.measure_rows, lambda *_: arguments, crew, batches(plan))
    }
    return replace(plan, measured=Measured.of((found[key] for key in sorted(found)), plan.channels))

"""Measures all samples of a plan before the first row is written, if its numbers depend on all of them."""

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
    """Return `plan` with the statistics that it needs over all its samples.

    Samples that fail are left out; filling the rows will report why they fail. Raises as `run_batches` does.
    """
    # A sample that cannot become a row must not influence the others.
    arguments = Form.looking(plan, WORK_DTYPE), np.dtype(plan.dtype).kind != "f"
    # Sum in the order of the rows, so that the result does not depend on which worker is fastest.
    found = {
        (done.batch.bucket, int(done.batch.rows[0])): done.result or Moments.none_of(plan.channels)
        for done in run_batches(plan, tasks.measure_rows, lambda *_: arguments, crew, batches(plan))
    }
    return replace(plan, measured=Measured.of((found[key] for key in sorted(found)), plan.channels))

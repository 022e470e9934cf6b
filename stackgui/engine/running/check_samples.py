"""Decodes samples before they are converted, to find those that are damaged, duplicate or blank."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from stackgui.core.advice.health import Checks
from stackgui.core.base.choices import Reduce, Scale
from stackgui.core.base.columns import Coded
from stackgui.core.plan.plan import Plan
from stackgui.core.run.batches import Batch, batches
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.engine.decoding.render import Form
from stackgui.engine.running.progress import ProgressMeter
from stackgui.engine.workers import looking
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.dispatch import Done
from stackgui.engine.workers.run_batches import Crew, run_batches
from stackgui.engine.workers.workers import Workers

WORK_DTYPE = "float32"


def check_samples(plan: Plan, workers: Workers, control: Control[FillProgress]) -> Checks:
    """Decode and measure all usable samples of `plan` at their own size, in the channels of the plan.

    Raises
    ------
    Cancelled
    RunError
        When the whole pool keeps dying.
    """
    # Black is 0 and white is 1, whatever range of numbers the plan asks for.
    seen = replace(plan, options=replace(plan.options, scale=Scale.UNIT, reduce=Reduce.FULL_RANGE))
    form = Form.looking(seen, WORK_DTYPE)
    gauge = ProgressMeter(control, plan.rows)
    gauge.enter(Phase.CHECKING)
    found, done_rows, crew = _Found(plan), 0, Crew(workers, gauge)
    for done in run_batches(plan, looking.look_at, lambda *_: (form,), crew, batches(plan, own_size=True)):
        found.take(done)
        done_rows += len(done.batch)
        gauge.reached(done_rows)
    return found.checks()


class _Found:
    """Collects the results of the workers."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        samples = len(plan.catalog)
        self._checksum = np.zeros(samples, np.uint64)
        self._brightness = np.zeros(samples, np.float32)
        self._spread = np.zeros(samples, np.float32)
        self._problem: dict[int, str] = {}
        self._doubts: dict[int, tuple[str, ...]] = {}

    def take(self, done: Done[Batch, looking.Looks]) -> None:
        """Record the results of a batch, or the reason why it failed."""
        samples = done.batch.samples[self._plan.usable_at(done.batch.samples)]
        if (looks := done.result) is None:
            self._problem.update(dict.fromkeys(samples.tolist(), done.reason))
            return
        self._checksum[samples] = looks.checksum
        self._brightness[samples], self._spread[samples] = looks.brightness, looks.spread
        self._problem.update((int(samples[index]), reason) for index, reason in looks.failed.items())
        self._doubts.update((int(samples[index]), noted) for index, noted in looks.doubts.items())

    def checks(self) -> Checks:
        """Return all results so far."""
        problem = Coded.constant("", len(self._checksum)).put(self._problem)
        return Checks(self._checksum, self._brightness, self._spread, problem, self._doubts)

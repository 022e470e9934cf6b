"""Decodes samples before they are converted, to tell which are damaged, equal, or show nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.advice.health import Checks
from stackgui.core.base.choices import Reduce, Scale
from stackgui.core.base.columns import Coded
from stackgui.core.plan.geometry import whole
from stackgui.core.plan.plan import Plan
from stackgui.core.run.batches import Batch, batches
from stackgui.core.run.run import FillProgress, Phase
from stackgui.engine.decoding.render import Form
from stackgui.engine.decoding.rows import files_of, reading_s
from stackgui.engine.running.progress import Gauge
from stackgui.engine.workers import tasks
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.dispatch import Dispatch, Done
from stackgui.engine.workers.workers import Workers

WORK_DTYPE = "float32"


def check_samples(plan: Plan, workers: Workers, control: Control[FillProgress]) -> Checks:
    """Decode all usable samples of `plan` at their own size, in its channels, and look at them.

    Raises
    ------
    Cancelled
    RunError
        When the workers keep dying all at once.
    """
    # From black 0 to white 1, whatever the plan makes of numbers.
    seen = replace(plan, options=replace(plan.options, scale=Scale.UNIT, reduce=Reduce.FULL_RANGE))
    form = Form.looking(seen, WORK_DTYPE)
    gauge = Gauge(control, plan.rows)
    gauge.enter(Phase.CHECKING)
    found = _Found(plan)

    def arguments(batch: Batch, _slot: int) -> tuple[Any, ...]:
        samples = _usable(plan, batch)
        return (files_of(plan, samples, whole(plan.catalog, samples)), form)

    dispatch: Dispatch[Batch] = Dispatch(
        workers,
        control,
        tasks.look_at,
        arguments,
        slots=2 * workers.count + 1,
        tick=gauge.publish,
        more_s=lambda batch: reading_s(plan, batch.samples),
    )
    done_rows = 0
    for done in dispatch.run(batches(plan, np.ones(plan.rows, np.bool_))):
        found.take(done)
        done_rows += len(done.batch)
        gauge.checked(done_rows, plan.rows)
    return found.checks()


def _usable(plan: Plan, batch: Batch) -> NDArray[np.int64]:
    return batch.samples[plan.usable_at(batch.samples)]


class _Found:
    """The table of what was found, while it grows."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        samples = len(plan.catalog)
        self._checksum = np.zeros(samples, np.uint64)
        self._brightness = np.zeros(samples, np.float32)
        self._spread = np.zeros(samples, np.float32)
        self._problem: dict[int, str] = {}
        self._doubts: dict[int, tuple[str, ...]] = {}

    def take(self, done: Done[Batch]) -> None:
        """Enter what a worker found, or why it found nothing."""
        samples = _usable(self._plan, done.batch)
        if done.reason:
            self._problem.update(dict.fromkeys(samples.tolist(), done.reason))
            return
        looks: tasks.Looks = done.result
        self._checksum[samples] = looks.checksum
        self._brightness[samples], self._spread[samples] = looks.brightness, looks.spread
        self._problem.update((int(samples[index]), reason) for index, reason in looks.failed.items())
        self._doubts.update((int(samples[index]), noted) for index, noted in looks.doubts.items())

    def checks(self) -> Checks:
        """All of it."""
        problem = Coded.constant("", len(self._checksum)).put(self._problem)
        return Checks(self._checksum, self._brightness, self._spread, problem, self._doubts)

"""Bringing a finished stack up to date: looking first, then updating, now and whenever files change."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from stackgui.core.options.update_options import HowToUpdate, UpdateOptions
from stackgui.core.run.progress import FillProgress
from stackgui.core.run.update_report import UpdateReport
from stackgui.engine import Engine
from stackgui.gui.control.jobs import Ending, Jobs, Outcome
from stackgui.gui.control.update_state import UpdateState

SETTLE_S = 5.0
"""Time in which nothing may change before files that have changed are taken in by themselves."""

JOB = "update"


class StackUpdate:
    """Looks through the sources of one stack, and updates it.

    Parameters
    ----------
    engine, jobs
    clock
        Returns seconds; replaced in tests.

    Attributes
    ----------
    state : UpdateState or None
        None before any stack was looked at.
    """

    def __init__(self, engine: Engine, jobs: Jobs, clock: Callable[[], float] = time.monotonic) -> None:
        self._engine = engine
        self._jobs = jobs
        self._clock = clock
        self._looked_s = 0.0
        self._settled = ""
        self.state: UpdateState | None = None

    def look(self, stack: str) -> None:
        """Look what has changed in the sources of the stack in the folder `stack`."""
        folder = str(Path(stack).absolute())
        if self.state is None or self.state.stack != folder:
            self._jobs.drop(JOB)
            self.state = UpdateState(folder)
        if not self.state.is_updating:
            self._look()

    def choose(self, choices: UpdateOptions) -> None:
        """Choose how to update, and look again what that makes of it."""
        if self.state is not None and not self.state.is_updating:
            self.state = replace(self.state, choices=choices)
            self._look()

    def begin(self) -> None:
        """Update the stack as the last look has shown."""
        if self.state is not None and self.state.can_begin:
            self.state = replace(self.state, progress=FillProgress(), problem="", details="")
            self._start(HowToUpdate(self.state.choices), self._updated)

    def cancel(self) -> None:
        """End what is under way; rows that are made are kept for the next update."""
        self._jobs.cancel(JOB)

    def watch(self, *, wanted: bool) -> None:
        """Update whenever files have changed and settled, from now on, or do so no longer."""
        if self.state is not None:
            self.state = replace(self.state, is_watched=wanted)

    def poll(self) -> None:
        """Look again where a stack is watched; called ten times a second."""
        state = self.state
        if state is None or not state.is_watched or self._jobs.is_active(JOB):
            return
        if self._clock() - self._looked_s < SETTLE_S:
            return
        found = state.report
        if found is not None and state.can_begin and found.state == self._settled:
            self.begin()
        else:
            self._settled = found.state if found is not None else ""
            self._look(quietly=True)

    def _look(self, *, quietly: bool = False) -> None:
        assert self.state is not None, "a stack has been chosen"
        if not quietly:
            self.state = replace(self.state, is_looking=True, problem="", details="")
        self._start(HowToUpdate(self.state.choices, only_look=True), self._looked)

    def _start(self, how: HowToUpdate, on_end: Callable[[Ending[UpdateReport]], None]) -> None:
        assert self.state is not None, "a stack has been chosen"
        stack = self.state.stack
        self._jobs.start(JOB, lambda control: self._engine.update(stack, control, how), on_end, self._went_on)

    def _went_on(self, progress: FillProgress) -> None:
        if self.state is not None and self.state.is_updating:
            self.state = replace(self.state, progress=progress)

    def _looked(self, ending: Ending[UpdateReport]) -> None:
        self._looked_s = self._clock()
        self._show(ending)

    def _updated(self, ending: Ending[UpdateReport]) -> None:
        self._looked_s = self._clock()
        self._show(ending)
        if ending.outcome is Outcome.CANCELLED:
            self._look()

    def _show(self, ending: Ending[UpdateReport]) -> None:
        if self.state is not None:
            report = ending.result if ending.result is not None else self.state.report
            self.state = replace(
                self.state, report=report, progress=None, is_looking=False,
                problem=ending.text, details=ending.details,
            )  # fmt: skip

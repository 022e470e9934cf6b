"""Bringing a finished stack up to date: looking first, then updating, now and whenever files change."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from stackgui.core.options.update_options import HowToUpdate, Signs, UpdateOptions
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
        self._seen: Signs = {}
        self.state: UpdateState | None = None

    def look(self, stack: str) -> None:
        """Look what has changed in the sources of the stack in `stack`, unless one is being updated."""
        if self.state is not None and self.state.is_updating:
            return
        folder = str(Path(stack).absolute())
        if self.state is None or self.state.stack != folder:
            self._jobs.drop(JOB)
            self.state = UpdateState(folder)
        self._look()

    def choose(self, choices: UpdateOptions) -> None:
        """Choose how to update, and look again what that makes of it."""
        if self.state is not None and not self.state.is_updating:
            self.state = replace(self.state, choices=choices)
            self._look()

    def begin(self) -> None:
        """Update the stack as the last look has shown."""
        if self.state is not None and self.state.can_begin:
            self._begin(None)

    def pause_or_resume(self) -> None:
        """Pause the update, or go on with it; after trouble, going on tries again."""
        if self.state is not None and self.state.is_updating:
            paused = not self.state.is_paused
            (self._jobs.pause if paused else self._jobs.resume)(JOB)
            self.state = replace(self.state, is_paused=paused)

    def cancel(self) -> None:
        """End what is under way; rows that are made are kept for the next update."""
        self._jobs.cancel(JOB)

    def watch(self, *, wanted: bool) -> None:
        """Update whenever files have changed and settled, from now on, or do so no longer."""
        if self.state is not None:
            self._seen = {}
            self.state = replace(self.state, is_watched=wanted)

    def poll(self, *, is_busy: bool = False) -> None:
        """Look again where a stack is watched, unless the program `is_busy`; called ten times a second."""
        state = self.state
        if state is None or not state.is_watched or is_busy or self._jobs.is_active(JOB):
            return
        if self._clock() - self._looked_s >= SETTLE_S:
            how = HowToUpdate(state.choices, only_look=True, seen=self._seen)
            self._start(how, self._watched)

    def _look(self) -> None:
        assert self.state is not None, "a stack has been chosen"
        self.state = replace(self.state, is_looking=True, problem="", details="", ways=())
        self._start(HowToUpdate(self.state.choices, only_look=True), self._looked)

    def _begin(self, seen: Signs | None) -> None:
        """Update what was `seen`, or everything."""
        assert self.state is not None, "a stack has been chosen"
        self.state = replace(self.state, progress=FillProgress(), problem="", details="", ways=())
        self._start(HowToUpdate(self.state.choices, pause_on_trouble=True, seen=seen), self._updated)

    def _start(self, how: HowToUpdate, on_end: Callable[[Ending[UpdateReport]], None]) -> None:
        assert self.state is not None, "a stack has been chosen"
        stack = self.state.stack
        self._jobs.start(JOB, lambda control: self._engine.update(stack, control, how), on_end, self._went_on)

    def _went_on(self, progress: FillProgress) -> None:
        if self.state is not None and self.state.is_updating:
            self.state = replace(self.state, progress=progress, is_paused=self._jobs.is_paused(JOB))

    def _looked(self, ending: Ending[UpdateReport]) -> None:
        if self.state is not None and ending.outcome is Outcome.FAILED:
            # What was found before may be there no longer.
            self.state = replace(self.state, report=None)
        self._show(ending)

    def _watched(self, ending: Ending[UpdateReport]) -> None:
        """Take in what a look by itself has found, and update what has settled since the last one."""
        seen = self._seen
        if self.state is None or not self.state.is_watched:
            return
        self._looked(ending)
        if (found := ending.result) is not None:
            self._seen = found.signs
            if self.state.can_begin:
                self._begin(seen)

    def _updated(self, ending: Ending[UpdateReport]) -> None:
        self._show(ending)
        if ending.outcome is Outcome.CANCELLED:
            self._look()

    def _show(self, ending: Ending[UpdateReport]) -> None:
        self._looked_s = self._clock()
        if self.state is not None:
            report = ending.result if ending.result is not None else self.state.report
            self.state = replace(
                self.state, report=report, progress=None, is_looking=False, is_paused=False,
                problem=ending.text, details=ending.details, ways=ending.error.ways if ending.error else (),
                looked_at=datetime.now(UTC).astimezone(),
            )  # fmt: skip

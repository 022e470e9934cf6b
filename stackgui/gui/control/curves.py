"""The curve of bytes against the number of arrays, worked out beside the window and only while it is seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from stackgui.core.catalog.catalog import Catalog
from stackgui.core.options.options import Options
from stackgui.core.plan.curve import CurvePoint, curve
from stackgui.core.plan.plan import Plan
from stackgui.engine import Control
from stackgui.gui.control.jobs import Ending, Jobs, Outcome
from stackgui.gui.control.pictures import SETTLE_S
from stackgui.gui.control.screen import Kind

Question = tuple[Options, Catalog]
"""What a curve depends on."""


class CurveView(Protocol):
    """Where the curve is shown."""

    def show_curve(self, points: Sequence[CurvePoint]) -> None:
        """Show the points; none while they are not known."""

    def show_message(self, kind: Kind, text: str, details: str = "") -> None:
        """Tell the person something in a line of the window."""


class Curves:
    """Has the curve of the plan worked out, one at a time, and forgets answers to what has passed."""

    def __init__(self, jobs: Jobs, view: CurveView, clock: Callable[[], float] = time.monotonic) -> None:
        self._jobs = jobs
        self._view = view
        self._clock = clock
        self._question: Question | None = None
        self._answered = True
        self._visible = False
        self._due_s = 0.0

    def use(self, plan: Plan | None) -> None:
        """Begin anew, unless the curve of `plan` is the same: it does not depend on the number chosen."""
        question = None if plan is None else (replace(plan.options, buckets=1), plan.catalog)
        if _same(question, self._question):
            return
        self._question, self._answered = question, question is None
        self._jobs.cancel("curve")
        self._due_s = self._clock() + SETTLE_S
        self._view.show_curve(())

    def want(self, visible: bool) -> None:
        """The curve is visible, or not any more."""
        self._visible = visible

    def poll(self) -> None:
        """Ask for the curve when the time has come and the last one has ended."""
        waiting = self._answered or not self._visible or self._clock() < self._due_s
        if self._question is None or waiting or self._jobs.is_active("curve"):
            return
        asked = self._question

        def work(control: Control[object]) -> Sequence[CurvePoint]:
            return curve(*asked, control.check)

        self._jobs.start("curve", work, lambda ending: self._came(asked, ending))

    def _came(self, asked: Question, ending: Ending[Sequence[CurvePoint]]) -> None:
        if asked is not self._question:
            return
        self._answered = True
        self._view.show_curve(ending.result or ())
        if ending.outcome is Outcome.FAILED and ending.details:
            self._view.show_message(Kind.ERROR, ending.text, ending.details)


def _same(question: Question | None, other: Question | None) -> bool:
    if question is None or other is None:
        return question is other
    return question[0] == other[0] and question[1] is other[1]

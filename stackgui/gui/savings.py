"""What would make the arrays smaller, worked out beside the window for the plan that is shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from stackgui.core.plan import Plan
from stackgui.core.savings import Savings, savings
from stackgui.gui.jobs import Ending, Jobs, Outcome
from stackgui.gui.screen import Kind

SETTLE_S = 0.3
"""A plan that is still being dragged is not looked into."""


class Board(Protocol):
    """Where savings are shown."""

    def show_savings(self, found: Savings) -> None:
        """Show what would make the arrays of a plan smaller."""

    def show_message(self, kind: Kind, text: str, details: str = "") -> None:
        """Tell the person something in a line of the window."""


class Adviser:
    """Asks for the savings of the plan that is shown, one plan at a time."""

    def __init__(self, jobs: Jobs, board: Board, clock: Callable[[], float] = time.monotonic) -> None:
        self._jobs = jobs
        self._board = board
        self._clock = clock
        self._plan: Plan | None = None
        self._wanted = False
        self._held = False
        self._due_s = 0.0

    def use(self, plan: Plan | None, *, held: bool) -> None:
        """Look into `plan` next; nothing is begun while `held`, and what is not wanted any more ends.

        The next waits until it has ended, so that there are never two at once.
        """
        is_new = plan is not self._plan
        if self._jobs.is_active("savings") and (is_new or (held and not self._held)):
            self._jobs.cancel("savings")
            self._wanted = plan is not None
        self._held = held
        if is_new:
            self._plan, self._wanted = plan, plan is not None
            self._due_s = self._clock() + SETTLE_S

    def poll(self) -> None:
        """Begin when the plan has settled and the last one is done with."""
        plan = self._plan
        waits = self._held or self._clock() < self._due_s or self._jobs.is_active("savings")
        if plan is not None and self._wanted and not waits:
            self._wanted = False
            self._jobs.start("savings", lambda control: savings(plan, control.check), self._came)

    def _came(self, ending: Ending[Savings]) -> None:
        if ending.result is not None and ending.result.plan is self._plan:
            self._board.show_savings(ending.result)
        elif ending.outcome is Outcome.FAILED and ending.details:
            self._board.show_message(Kind.ERROR, ending.text, ending.details)

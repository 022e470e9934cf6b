"""What would make the arrays smaller, worked out beside the window for the plan that is shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from stackgui.core.advice.savings import Savings, savings
from stackgui.core.base.cancellation import Check
from stackgui.core.plan.plan import Plan
from stackgui.gui.control.beside import Beside, Told
from stackgui.gui.control.jobs import Jobs


class Board(Told, Protocol):
    """Where savings are shown."""

    def show_savings(self, found: Savings) -> None:
        """Show what would make the arrays of a plan smaller."""


class Adviser(Beside[Plan, Savings]):
    """Asks for the savings of the plan that is shown."""

    def __init__(self, jobs: Jobs, board: Board, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(
            jobs,
            "savings",
            _looked_into,
            show=board.show_savings,
            told=board,
            clock=clock,
        )


def _looked_into(plan: Plan, check: Check) -> Savings:
    return savings(plan, check)

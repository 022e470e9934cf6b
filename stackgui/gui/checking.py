"""Verifying a finished stack beside everything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stackgui.core.run import FillProgress
from stackgui.core.verify import VerifyReport
from stackgui.engine import Engine
from stackgui.gui.jobs import Ending, Jobs
from stackgui.gui.screen import Check

DEEP_ROWS = 1000
"""How many rows are made again when they are compared with their pictures."""


class Checking:
    """Has the engine verify a stack, and shows how that gets on.

    Parameters
    ----------
    engine, jobs
    show
        Called with what is to be shown; None when nothing is.
    """

    def __init__(self, engine: Engine, jobs: Jobs, show: Callable[[Check | None], None]) -> None:
        self._engine = engine
        self._jobs = jobs
        self._show = show
        self._check: Check | None = None

    def begin(self, stack: str, *, deep: bool = False) -> None:
        """Check the stack in the folder `stack`, also against its pictures if `deep`."""
        rows = DEEP_ROWS if deep else 0
        self._use(Check(stack))
        self._jobs.start(
            "check",
            lambda control: self._engine.verify(stack, control, deep=rows),
            self._ended,
            self._went_on,
        )

    def end(self) -> None:
        """Stop, and show nothing more."""
        self._jobs.drop("check")
        self._use(None)

    def _use(self, check: Check | None) -> None:
        self._check = check
        self._show(check)

    def _went_on(self, progress: FillProgress) -> None:
        if self._check is not None:
            self._use(replace(self._check, progress=progress))

    def _ended(self, ending: Ending[VerifyReport]) -> None:
        if self._check is not None:
            done = replace(self._check, progress=None, report=ending.result)
            self._use(replace(done, problem=ending.text, details=ending.details))

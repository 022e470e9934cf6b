"""Verification of finished stacks, alongside everything else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from stackgui.core.base.addresses import absolute
from stackgui.core.run.progress import FillProgress
from stackgui.core.run.verify import VerifyReport
from stackgui.engine import Engine
from stackgui.gui.control.jobs import Ending, Jobs
from stackgui.gui.control.screen import Check, Screen

DEEP_ROWS = 1000
"""Number of rows that a deep check compares with their pictures."""


class Stacks:
    """Verifies finished stacks, and shows the progress.

    Parameters
    ----------
    engine, jobs
    screen
        Gives what is shown now.
    show
        Called with what is to be shown.
    """

    def __init__(
        self,
        engine: Engine,
        jobs: Jobs,
        *,
        screen: Callable[[], Screen],
        show: Callable[[Screen], None],
    ) -> None:
        self._engine = engine
        self._jobs = jobs
        self._screen = screen
        self._show = show

    def verify(self, stack: str, *, deep: bool = False) -> None:
        """Verify the stack in the folder `stack` or at that address, also against its pictures if `deep`."""
        folder, rows = absolute(stack), DEEP_ROWS if deep else 0
        self._show_check(Check(folder))
        self._jobs.start(
            "check",
            lambda control: self._engine.verify(folder, control, deep=rows),
            self._verified,
            self._verify_went_on,
        )

    def end_check(self) -> None:
        """Cancel the verification and close its card."""
        self._jobs.drop("check")
        self._show_check(None)

    def _show_check(self, check: Check | None) -> None:
        self._show(replace(self._screen(), check=check))

    def _verify_went_on(self, progress: FillProgress) -> None:
        if (check := self._screen().check) is not None:
            self._show_check(replace(check, progress=progress))

    def _verified(self, ending: Ending[VerifyReport]) -> None:
        if (check := self._screen().check) is not None:
            done = replace(check, progress=None, report=ending.result)
            self._show_check(replace(done, problem=ending.text, details=ending.details))

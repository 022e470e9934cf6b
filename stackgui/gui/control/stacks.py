"""Work on finished stacks: verification, and retries of failed rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from stackgui.core.run.run import FillProgress, Report, RetryReport
from stackgui.core.run.verify import VerifyReport
from stackgui.engine import Engine
from stackgui.gui.control import transitions
from stackgui.gui.control.jobs import Ending, Jobs
from stackgui.gui.control.log import logger
from stackgui.gui.control.screen import Check, Kind, Screen
from stackgui.gui.control.view import View

DEEP_ROWS = 1000
"""Number of rows that a deep check compares with their pictures."""


class Stacks:
    """Verifies finished stacks and retries their failed rows, and shows the progress.

    Parameters
    ----------
    engine, jobs, view
    screen
        Gives what is shown now.
    show
        Called with what is to be shown.
    run_went_on
        Called with the progress of a retry, which locks the window like a run.
    """

    def __init__(
        self,
        engine: Engine,
        jobs: Jobs,
        view: View,
        *,
        screen: Callable[[], Screen],
        show: Callable[[Screen], None],
        run_went_on: Callable[[FillProgress], None],
    ) -> None:
        self._engine = engine
        self._jobs = jobs
        self._view = view
        self._screen = screen
        self._show = show
        self._run_went_on = run_went_on

    # Verification, alongside everything else

    def verify(self, stack: str, *, deep: bool = False) -> None:
        """Verify the stack in the folder `stack`, also against its pictures if `deep`."""
        if self._screen().running:
            return
        folder, rows = str(Path(stack).absolute()), DEEP_ROWS if deep else 0
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

    # Retries, which lock the window like a run

    def retry_failed(self) -> None:
        """Retry the failed rows of the stack on the result card, if any."""
        screen = self._screen()
        if screen.running or screen.end is None or screen.end.report is None:
            return
        report = screen.end.report
        if not report.failures:
            return
        self._jobs.drop("check", "health")
        logger.info("A retry of failed rows began, in %s", report.stack)
        self._show(replace(transitions.begun(screen, len(report.failures)), end=screen.end))
        self._jobs.start(
            "run",
            lambda control: self._engine.retry_failed(report.stack, control, pause_on_trouble=True),
            lambda ending: self._retried(report, ending),
            self._run_went_on,
        )

    def _retried(self, report: Report, ending: Ending[RetryReport]) -> None:
        logger.info("The retry has ended. %s\n%s", ending.text, ending.details)
        end = transitions.retry_end(report, ending)
        self._show(replace(self._screen(), progress=None, paused=False, end=end))
        if ending.text:
            self._view.show_message(Kind.ERROR, ending.text, ending.details)

"""The run that is under way: conversions and retries of failed rows, apart from what is being prepared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from stackgui.core.base.errors import ClusterAwayError
from stackgui.core.project.queue import QueuedJob
from stackgui.core.run.progress import FillProgress
from stackgui.core.run.report import Report, RetryReport, Unfinished
from stackgui.engine import Control, Engine
from stackgui.gui.control import transitions
from stackgui.gui.control.jobs import FAULT_TEXT, Ending, Jobs
from stackgui.gui.control.log import logger
from stackgui.gui.control.memory_watch import MemoryWatch
from stackgui.gui.control.running import Running
from stackgui.gui.control.screen import Kind, RunEnd, Screen, State
from stackgui.gui.control.view import View
from stackgui.gui.texts.language import tr

CLOSE_S = 5.0
"""How long a run may take to stop when the window is closed."""

ResultT = TypeVar("ResultT")
Work = Callable[[Control[FillProgress]], Report]


class Runs:
    """Starts, pauses and cancels the one run, and takes in how it ended.

    Parameters
    ----------
    engine, jobs, view
    screen
        Gives what is shown now.
    show
        Called with what is to be shown.
    remember
        Called with the destination when a conversion begins, and with ``""`` when it is complete.
    after
        Called when a run has ended.

    Attributes
    ----------
    jobs : Jobs
    """

    def __init__(
        self,
        engine: Engine,
        jobs: Jobs,
        view: View,
        *,
        screen: Callable[[], Screen],
        show: Callable[[Screen], None],
        remember: Callable[[str], None],
        after: Callable[[], None],
    ) -> None:
        self._engine = engine
        self.jobs = jobs
        self._view = view
        self._screen = screen
        self._show = show
        self._remember = remember
        self._after = after
        self._memory = MemoryWatch()

    def convert(self) -> None:
        """Convert what has been prepared, unless there is an obstacle."""
        screen = self._screen()
        if screen.obstacle or screen.plan is None or screen.running:
            return
        plan, run = screen.plan, replace(screen.run, pause_on_trouble=True)
        self.begin(screen, plan.rows, lambda control: self._engine.convert(plan, run, control))

    def begin(self, screen: Screen, rows: int, work: Work) -> None:
        """Show `screen` with the run of `work`, which makes the stack that has been prepared."""
        destination = screen.run.destination
        logger.info("A conversion began, to %s", destination)
        self._remember(destination)
        running = Running(destination, FillProgress(rows=rows))
        self._start(self._without_checks(screen), running, work, self._ran)

    def begin_queued(
        self,
        job: QueuedJob,
        ended: Callable[[RunEnd, tuple[str, ...]], None],
        put_back: Callable[[ClusterAwayError], None],
    ) -> None:
        """Begin a job of the queue, beside what is being prepared.

        Parameters
        ----------
        job
        ended
            Called with its end, and with what was different from when it was added.
        put_back
            Called instead if the cluster that was to do it is away.
        """
        notes: list[str] = []

        def work(control: Control[FillProgress]) -> Report:
            done = self._engine.run_queued(job, control, pause_on_trouble=True)
            notes.extend(done.notes)
            return done.report

        def on_end(ending: Ending[Report]) -> None:
            if isinstance(ending.error, ClusterAwayError):
                logger.info("The conversion waits. %s", ending.text)
                self._show(replace(self._screen(), running=None))
                put_back(ending.error)
            else:
                ended(self._take_in(ending), tuple(notes))
            self._after()

        logger.info("A conversion from the queue began, to %s", job.destination)
        running = Running(job.destination, FillProgress(rows=job.rows), job=job.number)
        self._start(self._screen(), running, work, on_end)

    def retry_failed(self) -> None:
        """Retry the failed rows of the stack on the result card, if any."""
        screen = self._screen()
        report = screen.end.report if screen.end else None
        if screen.running or report is None or not report.failures:
            return
        logger.info("A retry of failed rows began, in %s", report.stack)
        self._start(
            self._without_checks(screen),
            Running(report.stack, FillProgress(rows=len(report.failures)), retrying=True),
            lambda control: self._engine.retry_failed(report.stack, control, pause_on_trouble=True),
            lambda ending: self._retried(report, ending),
        )

    def _start(
        self,
        screen: Screen,
        running: Running,
        work: Callable[[Control[FillProgress]], ResultT],
        on_end: Callable[[Ending[ResultT]], None],
    ) -> None:
        self._show(transitions.begun(screen, running))
        self.jobs.start("run", work, on_end, self._went_on)

    def _without_checks(self, screen: Screen) -> Screen:
        """Stop checking pictures and stacks, whose workers a run needs that a person waits for."""
        self.jobs.drop("check", "health")
        health = replace(screen.health, progress=None) if screen.health else None
        return replace(screen, check=None, health=health)

    def pause_or_resume(self) -> None:
        """Pause or resume the run; after trouble, resuming tries again."""
        screen = self._screen()
        if screen.running is None:
            return
        paused = not screen.running.paused
        (self.jobs.pause if paused else self.jobs.resume)("run")
        self._show(replace(screen, running=replace(screen.running, paused=paused)))

    def cancel(self) -> None:
        """Cancel the run; its finished rows can be resumed."""
        self.jobs.cancel("run")

    def stop(self) -> None:
        """Cancel the run and wait up to CLOSE_S for its end; it can be resumed."""
        self.jobs.cancel("run")
        self.jobs.wait("run", CLOSE_S)

    def recover(self) -> None:
        """Leave the running state if the run's job is gone, which only a fault of the program can cause."""
        screen = self._screen()
        if screen.running and not self.jobs.is_active("run"):
            end = screen.end or RunEnd(State.FAILED, screen.running.destination, text=FAULT_TEXT)
            self._show(transitions.ended(screen, end))

    def _went_on(self, progress: FillProgress) -> None:
        screen = self._screen()
        if warning := self._memory.warning(progress.free_memory_bytes):
            self._view.show_message(Kind.WARNING, warning)
        if screen.running:
            running = replace(screen.running, progress=progress, paused=self.jobs.is_paused("run"))
            self._show(replace(screen, running=running))

    def _ran(self, ending: Ending[Report]) -> None:
        if self._take_in(ending).state is State.FINISHED:
            self._remember("")
        self._after()

    def _take_in(self, ending: Ending[Report]) -> RunEnd:
        """Show how a conversion ended, and return it."""
        screen = self._screen()
        assert screen.running is not None
        end = transitions.run_end(ending, screen.running)
        logger.info("The conversion has %s. %s\n%s", end.state, end.text, end.details)
        self._show(transitions.ended(screen, end))
        if end.state is not State.FINISHED:
            place = end.destination
            self.jobs.start("left", lambda _: self._engine.unfinished(place), self._found_left)
        return end

    def _found_left(self, ending: Ending[Unfinished | None]) -> None:
        """Show what the run has left, unless the person has moved on."""
        screen = self._screen()
        if screen.end is not None and screen.end.state is not State.FINISHED:
            self._show(replace(screen, end=replace(screen.end, left=ending.result, is_left_known=True)))

    def _retried(self, report: Report, ending: Ending[RetryReport]) -> None:
        logger.info("The retry has ended. %s\n%s", ending.text, ending.details)
        end = transitions.retry_end(report, ending)
        self._show(transitions.retried(self._screen(), end))
        if ending.text:
            self._view.show_message(Kind.ERROR, tr(ending.text), ending.details)
        self._after()

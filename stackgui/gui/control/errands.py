"""What a person waits for beside the work: reading a file, saving a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from stackgui.engine import Control
from stackgui.gui.control.asking import Told
from stackgui.gui.control.jobs import Ending, Jobs, Outcome
from stackgui.gui.control.screen import Kind

ResultT = TypeVar("ResultT")


class WaitingView(Told, Protocol):
    """Where it is said what is being waited for."""

    def show_waiting(self, text: str, cancel: Callable[[], object]) -> None:
        """Say what is being waited for, with a button that ends it."""

    def stop_waiting(self) -> None:
        """Take that away."""


class Errands:
    """Does things in jobs, one of each name at a time, and says what until it is done."""

    def __init__(self, jobs: Jobs, view: WaitingView) -> None:
        self._jobs = jobs
        self._view = view

    def begin(
        self,
        name: str,
        text: str,
        work: Callable[[Control[Any]], ResultT],
        done: Callable[[ResultT], None],
    ) -> None:
        """Begin `work`, and call `done` with its result; why it failed is told.

        Parameters
        ----------
        name
            Of the job.
        text
            What is said meanwhile.
        work, done
        """

        def ended(ending: Ending[ResultT]) -> None:
            self._view.stop_waiting()
            if ending.outcome is Outcome.FAILED:
                self._view.show_message(Kind.ERROR, ending.text, ending.details)
            elif ending.result is not None:
                done(ending.result)

        self._view.show_waiting(text, lambda: self._jobs.cancel(name))
        self._jobs.start(name, work, ended)

"""Short jobs that a person waits for, such as reading a plan file or saving a list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QTimer

from stackgui.engine import Control
from stackgui.gui.control.asking import Told
from stackgui.gui.control.jobs import Ending, Jobs, Outcome
from stackgui.gui.control.screen import Kind
from stackgui.gui.texts.language import tr

ResultT = TypeVar("ResultT")

LATE_MS = 500
"""Before that, nobody wonders why nothing happens."""


class WaitingView(Told, Protocol):
    """View that shows a waiting message."""

    def show_waiting(self, text: str, cancel: Callable[[], object]) -> None:
        """Show `text` with a button that calls `cancel`."""

    def stop_waiting(self) -> None:
        """Remove the waiting message."""


class Errands:
    """Runs short jobs, at most one of each name, with a waiting message until they end."""

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
        """Start `work`, and call `done` with its result or show why it failed.

        Parameters
        ----------
        name
            Name of the job.
        text
            Waiting message.
        work, done
        """
        self._view.show_waiting(text, lambda: self._jobs.cancel(name))
        self._start(name, work, done, self._view.stop_waiting)

    def begin_quietly(
        self, name: str, work: Callable[[Control[Any]], ResultT], done: Callable[[ResultT], None]
    ) -> None:
        """Start `work` as `begin` does, without a waiting message."""
        self._start(name, work, done, lambda: None)

    def begin_late(
        self,
        name: str,
        text: str,
        work: Callable[[Control[Any]], ResultT],
        done: Callable[[ResultT], None],
    ) -> None:
        """Start `work` as `begin` does; its waiting message comes only if a slow disk holds it up."""
        shown = []

        def give_up() -> None:
            self._jobs.drop(name)
            self._view.stop_waiting()

        def tell() -> None:
            if self._jobs.is_active(name):
                shown.append(text)
                self._view.show_waiting(text, give_up)

        def over() -> None:
            if shown:
                self._view.stop_waiting()

        self._start(name, work, done, over)
        QTimer.singleShot(LATE_MS, tell)

    def _start(
        self,
        name: str,
        work: Callable[[Control[Any]], ResultT],
        done: Callable[[ResultT], None],
        over: Callable[[], None],
    ) -> None:
        def ended(ending: Ending[ResultT]) -> None:
            over()
            if ending.outcome is Outcome.FAILED:
                self._view.show_message(Kind.ERROR, tr(ending.text), ending.details)
            elif ending.result is not None:
                done(ending.result)

        self._jobs.start(name, work, ended)

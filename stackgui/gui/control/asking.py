"""Slow questions about the screen, answered by background jobs, one at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from stackgui.engine import Control
from stackgui.gui.control.jobs import Ending, Jobs, Outcome
from stackgui.gui.control.screen import Kind
from stackgui.gui.texts.language import tr

QuestionT = TypeVar("QuestionT")
AnswerT = TypeVar("AnswerT")

SETTLE_S = 0.3
"""Pause after the last change before work begins, so that dragging does not start a job at each step."""


class Told(Protocol):
    """Receiver of error messages."""

    def show_message(self, kind: Kind, text: str, details: str = "") -> None:
        """Show a message in the message bar."""


class Asking(Generic[QuestionT, AnswerT]):
    """Answers the latest question in a job, and drops answers to earlier ones.

    A new question cancels the job of the one before and waits for its end, so two never run at once.

    Parameters
    ----------
    jobs
    name
        Name of the job.
    work
        Answers a question in a thread of its own; must check its control regularly.
    show
        Called with the answer, if the question is still current.
    told
        Receiver of error messages.
    failed
        Called with the reason if the current question could not be answered.
    went_on
        Called with what the work publishes, while the question is current; None if nothing is shown of it.
    settle_s
        How long a question must stay unchanged before work begins.
    clock
        Returns the time in seconds.
    """

    def __init__(
        self,
        jobs: Jobs,
        name: str,
        work: Callable[[QuestionT, Control[Any]], AnswerT],
        *,
        show: Callable[[AnswerT], None],
        told: Told,
        failed: Callable[[str], None] = lambda _text: None,
        went_on: Callable[[Any], None] | None = None,
        settle_s: float = SETTLE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._jobs = jobs
        self._name = name
        self._work = work
        self._show = show
        self._told = told
        self._failed = failed
        self._went_on = went_on
        self._settle_s = settle_s
        self._clock = clock
        self._question: QuestionT | None = None
        self._open = False
        self._held = False
        self._due_s = 0.0

    def ask(self, question: QuestionT | None) -> bool:
        """Set the current question, None for nothing; return whether it differs from the one before."""
        if question == self._question:
            return False
        self._jobs.cancel(self._name)
        self._question, self._open = question, question is not None
        self._due_s = self._clock() + self._settle_s
        return True

    def hold(self, held: bool) -> None:
        """Suspend work while a run needs the processors; a cancelled answer starts over afterwards."""
        if held and not self._held and self.busy:
            self._jobs.cancel(self._name)
            self._open = self._question is not None
        self._held = held

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self._jobs.is_active(self._name)

    def poll(self) -> None:
        """Start the job once the question has settled and the previous job has ended."""
        question = self._question
        waits = not self._open or self._held or self._clock() < self._due_s or self.busy
        if question is None or waits:
            return
        self._open = False
        self._jobs.start(
            self._name,
            lambda control: self._work(question, control),
            lambda ending: self._came(question, ending),
            self._tell if self._went_on else None,
        )

    def _tell(self, snapshot: object) -> None:
        # A job that was cancelled may publish once more.
        if self._went_on and not self._open and self._question is not None:
            self._went_on(snapshot)

    def _came(self, question: QuestionT, ending: Ending[AnswerT]) -> None:
        is_asked = question == self._question
        if ending.outcome is Outcome.FAILED:
            if ending.details:
                self._told.show_message(Kind.ERROR, tr(ending.text), ending.details)
            if is_asked:
                self._failed(ending.text)
        elif ending.result is not None and is_asked:
            self._open = False
            self._show(ending.result)

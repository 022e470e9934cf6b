"""Questions about what is shown that take a moment: answered beside the window, one at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from stackgui.engine import Control
from stackgui.gui.control.jobs import Ending, Jobs, Outcome
from stackgui.gui.control.screen import Kind

QuestionT = TypeVar("QuestionT")
AnswerT = TypeVar("AnswerT")

SETTLE_S = 0.3
"""Nothing is worked out for a plan that is still being dragged."""


class Told(Protocol):
    """Where a fault is told."""

    def show_message(self, kind: Kind, text: str, details: str = "") -> None:
        """Tell the person something in a line of the window."""


class Asking(Generic[QuestionT, AnswerT]):
    """Has the latest question answered in a job, and drops answers to earlier ones.

    A question that replaces another cancels its job and waits until that has ended, so that there are never
    two at once.

    Parameters
    ----------
    jobs
    name
        Of the job.
    work
        Answers a question, in a thread of its own; looks at the control now and then.
    show
        Called with the answer to the question that is still asked.
    told
        Where a fault is told.
    failed
        Called with the reason if there is no answer to the question that is still asked.
    settle_s
        How long a question has to stay the same before it is worked on.
    clock
        Seconds.
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
        settle_s: float = SETTLE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._jobs = jobs
        self._name = name
        self._work = work
        self._show = show
        self._told = told
        self._failed = failed
        self._settle_s = settle_s
        self._clock = clock
        self._question: QuestionT | None = None
        self._open = False
        self._held = False
        self._due_s = 0.0

    def ask(self, question: QuestionT | None) -> bool:
        """Ask `question` from now on, None for nothing; true if it differs from the one before."""
        if question == self._question:
            return False
        self._jobs.cancel(self._name)
        self._question, self._open = question, question is not None
        self._due_s = self._clock() + self._settle_s
        return True

    def hold(self, held: bool) -> None:
        """Let the work rest while a run needs the processors; what is under way begins anew after it."""
        if held and not self._held and self.busy:
            self._jobs.cancel(self._name)
            self._open = self._question is not None
        self._held = held

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self._jobs.is_active(self._name)

    def poll(self) -> None:
        """Begin to work when the question has settled and the job before has ended."""
        question = self._question
        waits = not self._open or self._held or self._clock() < self._due_s or self.busy
        if question is None or waits:
            return
        self._open = False
        self._jobs.start(
            self._name,
            lambda control: self._work(question, control),
            lambda ending: self._came(question, ending),
        )

    def _came(self, question: QuestionT, ending: Ending[AnswerT]) -> None:
        is_asked = question == self._question
        if ending.outcome is Outcome.FAILED:
            if ending.details:
                self._told.show_message(Kind.ERROR, ending.text, ending.details)
            if is_asked:
                self._failed(ending.text)
        elif ending.result is not None and is_asked:
            self._open = False
            self._show(ending.result)

"""What follows from the plan that is shown and takes a moment: worked out beside the window."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from stackgui.core.base.cancellation import Check
from stackgui.engine import Control
from stackgui.gui.control.jobs import Ending, Jobs, Outcome
from stackgui.gui.control.screen import Kind

SubjectT = TypeVar("SubjectT")
FoundT = TypeVar("FoundT")

SETTLE_S = 0.3
"""A plan that is still being dragged is not looked into."""


class Told(Protocol):
    """Where a fault is told."""

    def show_message(self, kind: Kind, text: str, details: str = "") -> None:
        """Tell the person something in a line of the window."""


class Beside(Generic[SubjectT, FoundT]):
    """Works one thing out for what is shown, one subject at a time.

    Parameters
    ----------
    jobs
    name
        Of its job.
    work
        Gives what is asked for a subject; calls the check now and then.
    show
        Called with what was found for the subject that is still shown.
    told
        Where a fault is told.
    clock
        Seconds.
    """

    def __init__(
        self,
        jobs: Jobs,
        name: str,
        work: Callable[[SubjectT, Check], FoundT],
        *,
        show: Callable[[FoundT], None],
        told: Told,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._jobs = jobs
        self._name = name
        self._work = work
        self._show = show
        self._told = told
        self._clock = clock
        self._subject: SubjectT | None = None
        self._asked: SubjectT | None = None
        self._wanted = False
        self._held = False
        self._due_s = 0.0

    def use(self, subject: SubjectT | None, *, held: bool) -> None:
        """Look into `subject` next; nothing is begun while `held`, and what is not wanted any more ends.

        The next waits until it has ended, so that there are never two at once.
        """
        is_new = subject is not self._subject
        if self._jobs.is_active(self._name) and (is_new or (held and not self._held)):
            self._jobs.cancel(self._name)
            self._wanted = subject is not None
        self._held = held
        if is_new:
            self._subject, self._wanted = subject, subject is not None
            self._due_s = self._clock() + SETTLE_S

    def ask_again(self) -> None:
        """Look into the same subject once more: something else that it depends on has changed."""
        self._wanted = self._subject is not None

    def poll(self) -> None:
        """Begin when the subject has settled and the last one is done with."""
        subject = self._subject
        waits = self._held or self._clock() < self._due_s or self._jobs.is_active(self._name)
        if subject is not None and self._wanted and not waits:
            self._wanted, self._asked = False, subject

            def work(control: Control[Any]) -> FoundT:
                return self._work(subject, control.check)

            self._jobs.start(self._name, work, self._came)

    def _came(self, ending: Ending[FoundT]) -> None:
        if ending.result is not None and self._asked is self._subject:
            self._show(ending.result)
        elif ending.outcome is Outcome.FAILED and ending.details:
            self._told.show_message(Kind.ERROR, ending.text, ending.details)

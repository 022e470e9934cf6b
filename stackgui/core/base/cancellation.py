"""Protocols by which long work reports its progress and can be cancelled."""

from __future__ import annotations

from typing import Protocol


class Cancellation(Protocol):
    """Tells long work to stop once it is cancelled."""

    def check(self) -> None:
        """Call between steps, every few hundredths of a second.

        Raises
        ------
        Cancelled
            When the work has been cancelled.
        """


class Progress(Cancellation, Protocol):
    """Receives the progress of long work."""

    def reached(self, done: int, total: int | None = None) -> None:
        """Report that `done` steps are done, of `total` if that has changed; then do what `check` does."""


class Unwatched:
    """A `Progress` that never cancels and ignores all reports."""

    def check(self) -> None:
        """Return at once."""

    def reached(self, done: int, total: int | None = None) -> None:
        """Return at once."""


UNWATCHED = Unwatched()

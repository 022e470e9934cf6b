"""How work that takes long shows how far it is, and learns that it is no longer wanted."""

from __future__ import annotations

from typing import Protocol


class Cancellation(Protocol):
    """Says whether work is still wanted."""

    def check(self) -> None:
        """Call between steps, every few hundredths of a second.

        Raises
        ------
        Cancelled
            When the work is to end.
        """


class Progress(Cancellation, Protocol):
    """Watches work of which it is known how far it is."""

    def reached(self, done: int, total: int | None = None) -> None:
        """Show that `done` steps are done, of `total` where that is news, and check as `check` does."""


class Unwatched:
    """Lets all work go on to its end, and shows nothing."""

    def check(self) -> None:
        """Go on."""

    def reached(self, done: int, total: int | None = None) -> None:
        """Go on."""


UNWATCHED = Unwatched()

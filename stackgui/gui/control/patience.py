"""Notice that something is being waited for longer than usual, so that it can be said."""

from __future__ import annotations

import time
from collections.abc import Callable

from stackgui.core.base.awaited import SLOW_S


class Patience:
    """Tells when nothing has come for a while although something should, and when that is over.

    Parameters
    ----------
    tell
        Called with whether nothing comes, each time that changes.
    clock
        Returns the time in seconds.
    """

    def __init__(self, tell: Callable[[bool], object], clock: Callable[[], float] = time.monotonic) -> None:
        self._tell, self._clock = tell, clock
        self._since_s: float | None = None
        self._told = False

    def heard(self) -> None:
        """Note that something has come."""
        if self._since_s is not None:
            self._since_s = self._clock()

    def poll(self, *, waits: bool) -> None:
        """Note whether something is being waited for; call regularly."""
        if not waits:
            self._since_s = None
        elif self._since_s is None:
            self._since_s = self._clock()
        slow = self._since_s is not None and self._clock() - self._since_s >= SLOW_S
        if slow != self._told:
            self._told = slow
            self._tell(slow)

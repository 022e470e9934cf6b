"""For how long an answer has been awaited, so that nobody looks at a bar that says nothing."""

from __future__ import annotations

import time
from collections.abc import Callable

SLOW_S = 2
"""A disk or a server that has said nothing for so long is slow, or gone."""


class Awaited:
    """What is awaited, and for how long nothing has been heard of it.

    Parameters
    ----------
    slow_s
        Seconds after which somebody would wonder.
    clock
        Returns the time in seconds.

    Attributes
    ----------
    name : str
    """

    def __init__(self, slow_s: int = SLOW_S, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = ""
        self._slow_s, self._clock, self._since_s = slow_s, clock, clock()

    def heard(self, name: str = "") -> None:
        """Note that something was heard, and that `name` is awaited from now on."""
        self.name, self._since_s = name, self._clock()

    @property
    def seconds(self) -> int:
        """Whole seconds since something was heard; 0 while nobody would wonder."""
        seconds = int(self._clock() - self._since_s)
        return seconds if seconds >= self._slow_s else 0

    @property
    def named_seconds(self) -> int:
        """The same, but 0 while nothing is named of which it could be said."""
        return self.seconds if self.name else 0

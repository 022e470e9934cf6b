"""Time as a job sees it."""

from __future__ import annotations

import time
from collections.abc import Callable

MAX_S = 5.0
"""Longer than a thread that looks ten times a second is ever held up by work."""


class SleepAwareClock:
    """Seconds for which its thread was awake: no sleep of the computer, no rest, no set clock counts.

    Parameters
    ----------
    clock
        Seconds, for tests.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last_s = clock()
        self._awake_s = 0.0

    def __call__(self) -> float:
        """Seconds so far; to be asked more often than every `MAX_S`, for longer gaps are taken for sleep."""
        now_s = self._clock()
        self._awake_s += min(now_s - self._last_s, MAX_S)
        self._last_s = now_s
        return self._awake_s

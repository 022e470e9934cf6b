"""A clock that stands still while the computer sleeps."""

from __future__ import annotations

import time
from collections.abc import Callable

MAX_GAP_S = 5.0
"""Longer than work ever delays a thread that reads the clock ten times a second."""


class SleepAwareClock:
    """Counts the seconds for which its thread was awake, leaving out sleep, suspension and clock changes.

    Parameters
    ----------
    clock
        Returns seconds; replaced in tests.
    max_gap_s
        Call at least this often; longer gaps count as no more than this.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic, max_gap_s: float = MAX_GAP_S) -> None:
        self._clock = clock
        self._max_gap_s = max_gap_s
        self._last_s = clock()
        self._awake_s = 0.0

    def __call__(self) -> float:
        """Return the seconds so far."""
        now_s = self._clock()
        self._awake_s += min(now_s - self._last_s, self._max_gap_s)
        self._last_s = now_s
        return self._awake_s

"""Gives up workers of which the scheduler hears nothing any more.

Dask does so too, but looks as seldom as it is patient, and by a clock that can be set. A scheduler that was
frozen itself would give up everybody as soon as it goes on.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from distributed.scheduler import heartbeat_interval

from stackgui.engine.workers.sleep_aware_clock import SleepAwareClock

LOOK_S = 1.0

BEATS = 3
"""So many heartbeats have to be missing at least: a thousand workers send one every six seconds each."""


class _Heard(NamedTuple):
    beat: float
    at_s: float


class Attendance:
    """Counts the seconds for which each worker was silent while somebody listened.

    Parameters
    ----------
    clock
        Returns seconds; replaced in tests.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        # Whoever looks later than this did not listen meanwhile.
        self._listened_s = SleepAwareClock(clock, 2 * LOOK_S)
        self._heard: dict[str, _Heard] = {}

    def absent(self, beats: Mapping[str, float], limit_s: float) -> list[str]:
        """Return who has been silent for `limit_s`.

        Parameters
        ----------
        beats
            When each worker was heard last, by whatever clock: only whether that changes counts.
        limit_s
        """
        now_s = self._listened_s()
        before, self._heard = self._heard, {}
        for name, beat in beats.items():
            known = before.get(name)
            self._heard[name] = known if known and known.beat == beat else _Heard(beat, now_s)
        return [name for name, each in self._heard.items() if now_s - each.at_s >= limit_s]


async def look_after(scheduler: Any, limit_s: float) -> None:  # noqa: ANN401 - Dask's
    """Remove workers from a scheduler that are silent for `limit_s`, until this is cancelled.

    Parameters
    ----------
    scheduler
        That of Dask, in whose loop this runs.
    limit_s
    """
    attendance = Attendance()
    while True:
        await asyncio.sleep(LOOK_S)
        beats = {name: each.last_seen for name, each in scheduler.workers.items()}
        for name in attendance.absent(beats, max(limit_s, BEATS * heartbeat_interval(len(beats)))):
            await scheduler.remove_worker(name, stimulus_id=f"stackgui-silent-{time.monotonic()}")

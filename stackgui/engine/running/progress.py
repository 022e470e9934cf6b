"""Measures the progress of a run and publishes it, at most five times a second."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

import psutil

from stackgui.core.run.progress import FillProgress, Phase, RowThumb
from stackgui.engine.running.resources import MemoryMeter
from stackgui.engine.workers.control import Control

PUBLISH_S = 0.2
"""Minimum time between two snapshots: showing one takes processor time from decoding."""

MEMORY_S = 0.5
"""Minimum time between two measurements of memory, which take a millisecond or two."""

RATE_WINDOW_S = 5.0
"""Length of the window over which the rate is measured."""

RATE_SETTLED_S = 1.0
"""Time before the first estimate of the time left: the first batches say little."""

SHOWN_THUMBS = 24
"""Number of thumbnails of recent rows to keep."""


class ProgressMeter:
    """Measures rows, rate, time left and memory of one run.

    Parameters
    ----------
    control, rows
    is_watched
        Whether anybody sees the snapshots; else none are made, and one thumbnail.
    """

    def __init__(self, control: Control[FillProgress], rows: int, *, is_watched: bool = True) -> None:
        self._control = control
        self._is_watched = is_watched
        self._rows = rows
        self._start = time.monotonic()
        self._phase = Phase.PREPARING
        self._trouble = ""
        self._done = self._failed = 0
        self._recent: deque[tuple[float, int]] = deque([(0.0, 0)])
        self._thumbs: deque[RowThumb] = deque(maxlen=SHOWN_THUMBS)
        self._shown = float("-inf")
        self._meter = MemoryMeter()
        self._memory = self._free = 0
        self._memory_read = self._published = float("-inf")
        self.publish()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start, without pauses."""
        return time.monotonic() - self._start - self._control.paused_s

    @property
    def paused(self) -> bool:
        """Whether the run is paused."""
        return self._control.paused

    def pause(self) -> None:
        """Pause the run, on the program's own account."""
        self._control.pause()

    def resume(self) -> None:
        """End the pause."""
        self._control.resume()

    @property
    def peak_bytes(self) -> int:
        """Peak memory of the program so far."""
        return self._meter.peak_bytes

    @property
    def thumbs(self) -> tuple[RowThumb, ...]:
        """Thumbnails of recent rows, the newest last."""
        return tuple(self._thumbs)

    @property
    def trouble(self) -> str:
        """Why the program paused the run, or ``""``."""
        return self._trouble

    @trouble.setter
    def trouble(self, text: str) -> None:
        self._trouble = text
        self.publish()

    def enter(self, phase: Phase) -> None:
        """Start a phase."""
        self._phase = phase
        self.publish()

    def reached(self, done: int, total: int | None = None) -> None:
        """Report that `done` rows are done, out of `total` if it changed; raises `Cancelled`.

        Without a phase of their own, rows count as checked.
        """
        self._rows = self._rows if total is None else total
        if self._phase in (Phase.PREPARING, Phase.MEASURING):
            self._phase = Phase.CHECKING
        self._done = done
        self.check()

    def start_filling(self, done: int, failed: int) -> None:
        """Start counting rows, beginning with those `done` and `failed` in an earlier run."""
        self._done, self._failed = done, failed
        self._recent = deque([(self.elapsed_s, done)])
        self.enter(Phase.FILLING)

    def check(self) -> None:
        """Publish progress when it is due; raises `Cancelled` when the run was cancelled."""
        self._control.check()
        if self._due():
            self.publish()

    def advance(self, rows: int, failed: int, thumb: Callable[[], RowThumb]) -> None:
        """Count rows just written; call `thumb` for a thumbnail of one of them, unless there is a new one.

        Rows that come seldom, as from a cluster, are shown although `check` has just published something.
        """
        self._done += rows
        self._failed += failed
        is_first, now = not self._thumbs, time.monotonic()
        if is_first or (self._is_watched and now - self._shown >= PUBLISH_S):
            self._thumbs.append(thumb())
            self._shown = now
        if is_first or self._due():
            self.publish()

    def publish(self) -> None:
        """Publish a snapshot now."""
        if not self._is_watched:
            return
        now = time.monotonic()
        self._published = now
        self._read_memory(now)
        rate = self._rate()
        settled = self.elapsed_s >= RATE_SETTLED_S and rate > 0
        paused = self._control.paused and (self._phase is Phase.FILLING or bool(self._trouble))
        self._control.publish(
            FillProgress(
                phase=Phase.PAUSED if paused else self._phase,
                rows_done=self._done,
                rows=self._rows,
                failed=self._failed,
                rows_per_s=rate,
                seconds_left=(self._rows - self._done) / rate if settled else None,
                elapsed_s=self.elapsed_s,
                memory_bytes=self._memory,
                free_memory_bytes=self._free,
                thumbs=tuple(self._thumbs),
                trouble=self._trouble,
            )
        )

    def _due(self) -> bool:
        return self._is_watched and time.monotonic() - self._published >= PUBLISH_S

    def _rate(self) -> float:
        """Return the rows per second over the last `RATE_WINDOW_S` of work."""
        now = self.elapsed_s
        if self._done != self._recent[-1][1]:
            self._recent.append((now, self._done))
        while len(self._recent) > 2 and now - self._recent[0][0] > RATE_WINDOW_S:  # noqa: PLR2004
            self._recent.popleft()
        (begin_s, begin_rows), span_s = self._recent[0], now - self._recent[0][0]
        return (self._done - begin_rows) / span_s if span_s > 0 and begin_s >= 0 else 0.0

    def _read_memory(self, now: float) -> None:
        if now - self._memory_read >= MEMORY_S:
            self._memory_read = now
            self._memory = self._meter.read()
            self._free = int(psutil.virtual_memory().available)

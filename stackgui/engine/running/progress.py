"""Measures a run and shows it, at most five times a second."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

import psutil

from stackgui.core.run.run import FillProgress, Phase, RowThumb
from stackgui.engine.running.resources import MemoryMeter
from stackgui.engine.workers.control import Control

PUBLISH_S = 0.2
"""Least time between two snapshots: showing one takes the processor from decoding."""

MEMORY_S = 0.5
"""Least time between two looks at the memory, which cost a millisecond or two."""

RATE_WINDOW_S = 5.0
"""The rate is that of the last seconds."""

RATE_SETTLED_S = 1.0
"""Before this long no time left is told: the first batches say little."""

SHOWN_THUMBS = 24
"""Rows just written that are kept for showing."""


class ProgressMeter:
    """Rows, rates, time left and memory of one run."""

    def __init__(self, control: Control[FillProgress], rows: int) -> None:
        self._control = control
        self._rows = rows
        self._start = time.monotonic()
        self._phase = Phase.PREPARING
        self._trouble = ""
        self._done = self._failed = 0
        self._recent: deque[tuple[float, int]] = deque([(0.0, 0)])
        self._thumbs: deque[RowThumb] = deque(maxlen=SHOWN_THUMBS)
        self._meter = MemoryMeter()
        self._memory = self._free = 0
        self._memory_read = self._published = float("-inf")
        self.publish()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start, pauses not counted."""
        return time.monotonic() - self._start - self._control.paused_s

    @property
    def paused(self) -> bool:
        """Whether the run rests."""
        return self._control.paused

    def pause(self) -> None:
        """Let the run rest by itself."""
        self._control.pause()

    def resume(self) -> None:
        """End the rest."""
        self._control.resume()

    @property
    def peak_bytes(self) -> int:
        """Most memory seen."""
        return self._meter.peak_bytes

    @property
    def trouble(self) -> str:
        """Why the run rests by itself, or ``""``."""
        return self._trouble

    @trouble.setter
    def trouble(self, text: str) -> None:
        self._trouble = text
        self.publish()

    def enter(self, phase: Phase) -> None:
        """Begin a phase."""
        self._phase = phase
        self.publish()

    def reached(self, done: int, total: int | None = None) -> None:
        """Show that `done` rows are done, of `total` where that is news; raises `Cancelled`.

        Rows that are counted before any phase of its own was entered are those that are checked.
        """
        self._rows = self._rows if total is None else total
        if self._phase in (Phase.PREPARING, Phase.MEASURING):
            self._phase = Phase.CHECKING
        self._done = done
        self.check()

    def start_filling(self, done: int, failed: int) -> None:
        """Begin to count rows, of which an earlier run has `done` some."""
        self._done, self._failed = done, failed
        self._recent = deque([(self.elapsed_s, done)])
        self.enter(Phase.FILLING)

    def check(self) -> None:
        """Show the run when it is time to; raises `Cancelled` when it was cancelled."""
        self._control.check()
        if self._due():
            self.publish()

    def advance(self, rows: int, failed: int, thumb: Callable[[], RowThumb]) -> None:
        """Count rows just written; `thumb` is asked for a picture of one of them when it is time to show."""
        self._done += rows
        self._failed += failed
        if self._due() or not self._thumbs:
            self._thumbs.append(thumb())
            self.publish()

    def publish(self) -> None:
        """Show the run now."""
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
        return time.monotonic() - self._published >= PUBLISH_S

    def _rate(self) -> float:
        """Rows per second over the last seconds of work."""
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

"""Makes rows durable in the background while more rows are decoded."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.errors import Cancelled, StackguiError, StoreError
from stackgui.core.run.row_results import RowsDone
from stackgui.engine.workers.dispatch import TICK_S
from stackgui.stores.arrays.protocol import Writer

CHECKPOINT_S = 2.0
"""Maximum time between checkpoints, which is the work that a crash may cost."""

CHECKPOINT_BYTES = 64 * 2**20
"""Bytes written that start a checkpoint early, a tenth of a second of work. The final sync has no more than
this left to do, so that the disk does most of its work while pictures are decoded."""

LEAST_CHECKPOINT_BYTES = 16 * 2**20
"""Bytes written that start a checkpoint if no more rows than those are left: towards the end they become
smaller and smaller, so that even of a small stack the disk has most when the last row is made."""

LAST_S = 2.0
"""Time that a run that ends early may take to make its last rows durable."""


class Checkpoints:
    """Makes rows durable in a background thread; call all methods from the same thread.

    `poll` and `finish` raise the `StoreError` of the background thread. No rows are lost then: they wait for
    the next attempt.

    Parameters
    ----------
    writer : Writer
    rows : int
        Number of rows that will be added.
    clock
        Returns seconds; replaced in tests.
    """

    def __init__(self, writer: Writer, rows: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._writer = writer
        self._rows_left = rows
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="checkpoint")
        self._under_way: Future[None] | None = None
        self._is_forgiven = False
        self._rows_under_way: list[RowsDone] = []
        self._waiting: list[RowsDone] = []
        self._waiting_bytes = 0
        self._last_s = clock()
        self._deadline_s = math.inf
        # The first checkpoint has no rows, so that the plan is durable before any row is.
        self._start()

    def add(self, rows: RowsDone, written_bytes: int) -> None:
        """Queue `rows`, which have been written to their store; call `poll` next."""
        self._waiting.append(rows)
        self._rows_left -= len(rows)
        self._waiting_bytes += written_bytes

    def poll(self, *, at_once: bool = False) -> None:
        """Start a checkpoint if one is due, or `at_once`, unless one is running."""
        if self._under_way is not None and not self._under_way.done():
            return
        self._settle()
        if self._waiting and (at_once or self._is_due()):
            self._start()

    def _is_due(self) -> bool:
        if self._waiting_bytes >= CHECKPOINT_BYTES or self._clock() - self._last_s >= CHECKPOINT_S:
            return True
        waiting_rows = sum(map(len, self._waiting))
        return self._waiting_bytes >= LEAST_CHECKPOINT_BYTES and waiting_rows >= self._rows_left

    def finish(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Wait until all rows are durable, checking `cancellation` meanwhile."""
        while True:
            self.poll(at_once=True)
            if self._under_way is None:
                return
            if not wait_for([self._under_way], TICK_S).done:
                cancellation.check()

    def forgive(self) -> None:
        """Drop an error that has not been raised yet: its cause is gone, or it will occur again.

        A checkpoint that is still under way may fail by what was wrong before.
        """
        self._is_forgiven = self._under_way is not None
        if self._under_way is not None and self._under_way.done():
            self._settle()

    def stop(self) -> None:
        """Make as many rows durable as `LAST_S` allows, and end the thread; never raises disk errors."""
        self._deadline_s = self._clock() + LAST_S
        with contextlib.suppress(StackguiError):
            self.finish()
        self._thread.shutdown()

    def _start(self) -> None:
        self._rows_under_way, self._waiting = self._waiting, []
        self._waiting_bytes = 0
        self._last_s = self._clock()
        self._under_way = self._thread.submit(self._writer.make_durable, self._rows_under_way, self)

    def _settle(self) -> None:
        """Wait for the running checkpoint, and queue its rows again if it failed."""
        if self._under_way is None:
            return
        try:
            self._under_way.result()
        except BaseException as error:
            self._waiting[:0] = self._rows_under_way
            if not (self._is_forgiven and isinstance(error, StoreError)):
                raise
        finally:
            self._under_way, self._rows_under_way, self._is_forgiven = None, [], False

    def check(self) -> None:
        """Cancel the background work once a run that ends early has waited long enough."""
        if self._clock() > self._deadline_s:
            raise Cancelled("Cancelled.")


@dataclass(frozen=True, slots=True)
class Onward:
    """Cancels what comes after the last row as the run is cancelled, and makes rows durable meanwhile.

    Attributes
    ----------
    cancellation : Cancellation
    checkpoints : Checkpoints
    """

    cancellation: Cancellation
    checkpoints: Checkpoints

    def check(self) -> None:
        """Start a checkpoint if any rows wait for one; raises `Cancelled` and StoreError."""
        self.cancellation.check()
        self.checkpoints.poll(at_once=True)

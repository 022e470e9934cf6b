"""Makes rows durable while more of them are being made."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.errors import Cancelled, StackguiError, StoreError
from stackgui.core.run.row_results import RowsDone
from stackgui.engine.workers.dispatch import TICK_S
from stackgui.stores.arrays.protocol import Writer

CHECKPOINT_S = 2.0
"""What a crash may cost."""

CHECKPOINT_BYTES = 64 * 2**20
"""Written before rows are made durable ahead of time: a tenth of a second of work. It is also what a final
sync has left to wait for, so that much of the waiting for the disk happens while pictures are decoded."""

LAST_S = 2.0
"""How long a run that ends early may take to make its last rows durable."""


class Checkpoints:
    """Makes rows durable in a thread of its own; all methods are called from one other thread.

    `poll` and `finish` raise the `StoreError` of the work in the background. Nothing is lost by that, for its
    rows wait for the next attempt.

    Parameters
    ----------
    writer : Writer
    clock
        Seconds, for tests.
    """

    def __init__(self, writer: Writer, clock: Callable[[], float] = time.monotonic) -> None:
        self._writer = writer
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="checkpoint")
        self._under_way: Future[None] | None = None
        self._rows_under_way: list[RowsDone] = []
        self._waiting: list[RowsDone] = []
        self._waiting_bytes = 0
        self._last_s = clock()
        self._deadline_s = math.inf
        # Begun with no rows, so that the plan is there before the first of them.
        self._start()

    def add(self, rows: RowsDone, written_bytes: int) -> None:
        """Take charge of `rows`, which were written to their store; `poll` is next."""
        self._waiting.append(rows)
        self._waiting_bytes += written_bytes

    def poll(self, *, at_once: bool = False) -> None:
        """Begin a checkpoint when one is due, or `at_once`, unless one is under way."""
        if self._under_way is not None and not self._under_way.done():
            return
        self._settle()
        is_due = self._waiting_bytes >= CHECKPOINT_BYTES or self._clock() - self._last_s >= CHECKPOINT_S
        if self._waiting and (is_due or at_once):
            self._start()

    def finish(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Return once all rows are durable; `cancellation` is checked meanwhile."""
        while True:
            self.poll(at_once=True)
            if self._under_way is None:
                return
            if not wait_for([self._under_way], TICK_S).done:
                cancellation.check()

    def forgive(self) -> None:
        """Let a failure pass that nobody was told of yet: what caused it is no more, or will show again."""
        if self._under_way is not None and self._under_way.done():
            with contextlib.suppress(StoreError):
                self._settle()

    def stop(self) -> None:
        """Make durable what can be within `LAST_S`, and end the thread; never raises for want of a disk."""
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
        """Wait for what is under way; its rows wait again when it failed."""
        if self._under_way is None:
            return
        try:
            self._under_way.result()
        except BaseException:
            self._waiting[:0] = self._rows_under_way
            raise
        finally:
            self._under_way, self._rows_under_way = None, []

    def check(self) -> None:
        """End the work in the background when a run that ends early cannot wait for it any longer."""
        if self._clock() > self._deadline_s:
            raise Cancelled("Cancelled.")

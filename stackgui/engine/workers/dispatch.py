"""Hands batches to the workers, and finds the sample to blame when a worker dies."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TaskTimeoutError
from concurrent.futures import wait as wait_for
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Generic, Protocol, Self, TypeVar

from pebble import ProcessExpired

from stackgui.core.base.errors import RunError, SampleError, SourceGoneError, StackguiError
from stackgui.core.base.units import format_bytes
from stackgui.core.base.ways import Way
from stackgui.core.base.wording import say
from stackgui.engine.workers.control import Steering
from stackgui.engine.workers.sleep_aware_clock import SleepAwareClock
from stackgui.engine.workers.worker_process import was_killed
from stackgui.engine.workers.workers import Workers

TICK_S = 0.1
"""How often an idle job checks whether it has been cancelled."""

CANCEL_GRACE_S = 0.5
"""How long a cancelled job waits for its running batches before it ends their workers."""

STUCK_S = 30.0
"""Time without a running worker after which the pool counts as stuck; starting one never takes so long."""

MAX_POOL_LOSSES = 3
"""How many times in a row the whole pool may die before the job gives up."""


WORKERS_KEEP_ENDING = say(
    "The worker processes that read pictures keep ending, perhaps for want of memory. "
    "Close other programs, or use fewer workers."
)


class Divisible(Protocol):
    """A batch that can be split."""

    def __len__(self) -> int: ...

    def part(self, begin: int, end: int) -> Self:
        """Return items `begin` to `end` as a batch."""
        ...


BatchT = TypeVar("BatchT", bound=Divisible)
ResultT = TypeVar("ResultT")


def no_more(_batch: object) -> float:
    """Allow a batch no time beyond the limit for one sample."""
    return 0.0


def nobody_waits() -> None:
    """Tell nobody that the workers will soon be free."""


@dataclass(frozen=True, slots=True)
class Done(Generic[BatchT, ResultT]):
    """A batch that a worker finished, or a batch of one sample that failed.

    Attributes
    ----------
    slot : int
        Slot of shared memory that the batch used; reused once the next `Done` is requested.
    result
        Return value of the task; None if it failed, and then `reason` says why.
    """

    batch: BatchT
    slot: int
    result: ResultT | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Handed(Generic[BatchT]):
    """A running batch, with its time limit, its slot, its pool and its start on both clocks."""

    batch: BatchT
    limit_s: float
    slot: int
    pool: int
    wall_s: float
    awake_s: float
    is_suspect: bool


class Dispatch(Generic[BatchT, ResultT]):
    """Runs one task over many batches in the worker pool.

    Parameters
    ----------
    workers
    steering
        Checked after every batch, and every `TICK_S` in between.
    task
        A function of `stackgui.engine.workers.tasks`.
    arguments
        Returns the task's arguments for a batch and a slot.
    slots
        Maximum number of batches in flight.
    excuse
        Called before a single sample is blamed for the loss of its worker, and when a source folder is gone.
        Returns whether to retry the batch, and may block until a retry makes sense.
    more_s
        Returns the seconds that a batch may take on top of the limit for one sample.
    handed_out
        Called once, as soon as all batches are submitted and no worker has more to do than what it has begun,
        of whatever job.
    """

    def __init__(
        self,
        workers: Workers,
        steering: Steering,
        task: Callable[..., ResultT],
        arguments: Callable[[BatchT, int], tuple[Any, ...]],
        *,
        slots: int,
        excuse: Callable[[BatchT, StackguiError], bool] = lambda _batch, _error: False,
        more_s: Callable[[BatchT], float] = no_more,
        handed_out: Callable[[], None] = nobody_waits,
    ) -> None:
        self._workers = workers
        self._steering = steering
        self._task = task
        self._arguments = arguments
        self._excuse = excuse
        self._more_s = more_s
        self._handed_out: Callable[[], None] = handed_out
        self._others: set[Future[Any]] = set()
        # Reuse the slot that was freed last: its memory is still in the processor's cache.
        self._free = list(range(slots))
        self._again: deque[BatchT] = deque()
        self._suspects: deque[BatchT] = deque()
        self._kills = 0
        self._pending: dict[Future[Any], _Handed[BatchT]] = {}
        self._finished: SimpleQueue[Future[Any]] = SimpleQueue()
        self._pool_losses = 0
        self._last_pool_lost = -1
        self._clock = SleepAwareClock()
        self._moved_s = self._began_s = self._clock()
        self._ended = workers.ended

    def _limit_s(self, batch: BatchT) -> float:
        """Return the time limit of a batch; a batch that exceeds it is split and tried again."""
        return self._workers.limits.sample_s + self._more_s(batch)

    def run(self, batches: Iterable[BatchT | None]) -> Generator[Done[BatchT, ResultT], None, None]:
        """Yield every batch once it is done, in no particular order.

        Parameters
        ----------
        batches
            Batches to run; None means that the next one is not known until others are done.

        Raises
        ------
        Cancelled
            When the job was cancelled.
        RunError
            When the whole pool keeps dying.
        """
        source = iter(batches)
        try:
            while True:
                self._steering.check()
                exhausted = not self._steering.paused and self._submit_more(source)
                if exhausted:
                    self._hand_over()
                    if not self._pending:
                        return
                done = self._next_done()
                if done is not None:
                    yield done
                    self._free.append(done.slot)
        finally:
            self._stop()

    def hand_out(self, batches: Iterator[BatchT | None]) -> None:
        """Submit the first batches, without waiting; `run` has to be given the same iterator afterwards."""
        self._submit_more(batches)

    def _submit_more(self, source: Iterator[BatchT | None]) -> bool:
        """Submit batches while slots are free; return whether the batches are exhausted."""
        while self._free:
            is_suspect = False
            if self._again:
                batch: BatchT | None = self._again.popleft()
            else:
                try:
                    batch = next(source)
                except StopIteration:
                    if not self._suspects:
                        return True
                    batch, is_suspect = self._suspects.popleft(), True
            if batch is None and self._suspects and not self._pending:
                batch, is_suspect = self._suspects.popleft(), True
            if batch is None:
                return False
            slot = self._free.pop()
            limit_s = self._limit_s(batch)
            future = self._workers.submit(self._task, self._arguments(batch, slot), limit_s)
            pool = self._workers.pools_begun
            begun = time.time(), self._clock()
            self._pending[future] = _Handed(batch, limit_s, slot, pool, *begun, is_suspect)
            future.add_done_callback(self._finished.put)
        return False

    def _hand_over(self) -> None:
        """Tell whoever waits for the workers, unless they have more to do than what they have begun."""
        if self._handed_out is nobody_waits:
            return
        if len(under_way := self._workers.under_way) <= self._workers.count:
            self._handed_out()
            self._handed_out = nobody_waits
            return
        # It may be what other jobs have submitted that ends next; this has to wake up then, too.
        for future in under_way - self._pending.keys() - self._others:
            self._others.add(future)
            future.add_done_callback(self._finished.put)

    def _next_done(self) -> Done[BatchT, ResultT] | None:
        future = self._next_future()
        if future is None:
            return None
        handed = self._pending.pop(future)
        try:
            result = future.result()
        except (TaskTimeoutError, MemoryError, ProcessExpired) as error:
            return self._lost(handed, error)
        except SourceGoneError as error:
            if not self._excuse(handed.batch, error):
                raise
            self._do_again(handed, handed.batch)
        except BrokenProcessPool:
            self._lost_pool(handed.pool)
            self._do_again(handed, handed.batch)
        else:
            self._pool_losses = self._kills = 0
            return Done(handed.batch, handed.slot, result)
        return None

    def _slept_s(self, handed: _Handed[BatchT]) -> float:
        """Return how long the computer slept, or how far its clock was set forward, since a batch started.

        The pool measures time limits by the wall clock, so a sleep makes every running batch time out.
        """
        return time.time() - handed.wall_s - (self._clock() - handed.awake_s)

    def _next_future(self) -> Future[Any] | None:
        """Return a finished future; None if a tick passed without one."""
        try:
            future = self._finished.get(timeout=TICK_S)
        except Empty:
            self._look_after_pool()
            return None
        self._moved_s = self._began_s = self._clock()
        # A pool that was given up may still report its batches.
        return future if future in self._pending else None

    def _look_after_pool(self) -> None:
        """Give up a pool that makes no progress, and run its batches again in new workers.

        Workers share a pipe behind a lock. A worker that is killed while it holds the lock never releases it,
        and the others wait for ever, where no time limit reaches them.
        """
        if not self._workers.may_get_stuck:
            return
        now = self._clock()
        # Jobs that share the workers wait for each other.
        if not self._pending or self._workers.ended != self._ended:
            self._ended, self._moved_s = self._workers.ended, now
        if not self._pending or self._workers.is_at_work:
            self._began_s = now
        limit_s = max((handed.limit_s for handed in self._pending.values()), default=0.0)
        if now - self._began_s < STUCK_S and now - self._moved_s < limit_s + STUCK_S:
            return
        lost = list(self._pending.values())
        self._pending.clear()
        pool = max(handed.pool for handed in lost)
        self._workers.give_up(pool)
        self._again.extend(handed.batch for handed in lost)
        self._free.extend(handed.slot for handed in lost)
        self._moved_s = self._began_s = self._clock()
        self._lost_pool(pool)

    def _lost_pool(self, pool: int) -> None:
        """Count the death of a pool once, although every batch that ran in it reports it."""
        self._pool_losses += pool != self._last_pool_lost
        self._last_pool_lost = pool
        if self._pool_losses > MAX_POOL_LOSSES:
            raise RunError(WORKERS_KEEP_ENDING, ways=(Way.FEWER_WORKERS,)) from None

    def _count_kill(self) -> None:
        """Give up when workers keep being killed and none finishes: no sample is to blame for that."""
        self._kills += 1
        if self._kills > MAX_POOL_LOSSES * self._workers.count:
            raise RunError(WORKERS_KEEP_ENDING, ways=(Way.FEWER_WORKERS,)) from None

    def _lost(self, handed: _Handed[BatchT], error: Exception) -> Done[BatchT, ResultT] | None:
        """Split a batch whose worker was lost in two; blame the sample if there is only one.

        A system that is short of memory kills any process. A sample whose worker was killed is therefore
        tried once more, after all others.
        """
        batch = handed.batch
        reason = self._reason(handed.limit_s, error)
        is_killed = isinstance(error, ProcessExpired) and was_killed(error.exitcode)
        if is_killed:
            self._count_kill()
        is_late = isinstance(error, TaskTimeoutError)
        if is_late and self._slept_s(handed) > handed.limit_s / 2:
            self._do_again(handed, batch)
        elif is_late and len(batch) > 1 and self._excuse(batch.part(0, 1), SampleError(reason)):
            # A server that has fallen silent makes every part of the batch late; to try each takes ages.
            self._do_again(handed, batch)
        elif len(batch) > 1:
            middle = len(batch) // 2
            self._do_again(handed, batch.part(0, middle), batch.part(middle, len(batch)))
        elif self._excuse(batch, SampleError(reason)):
            self._do_again(handed, batch)
        elif is_killed and not handed.is_suspect:
            self._suspects.append(batch)
            self._free.append(handed.slot)
        else:
            return Done(batch, handed.slot, None, reason)
        return None

    def _reason(self, limit_s: float, error: Exception) -> str:
        limits = self._workers.limits
        if isinstance(error, TaskTimeoutError):
            return say(
                "reading it takes longer than {limit_s:,.3g} seconds (--sample-seconds allows more)",
                limit_s=limit_s,
            )
        if isinstance(error, MemoryError):
            allowed = format_bytes(limits.sample_bytes)
            return say(
                "reading it takes more memory than {allowed} (--sample-memory allows more)", allowed=allowed
            )
        return say("the program that reads such files crashed on it")

    def _do_again(self, handed: _Handed[BatchT], *batches: BatchT) -> None:
        self._again.extend(batches)
        self._free.append(handed.slot)

    def _stop(self) -> None:
        """Leave no batch running: its slot is about to be freed."""
        if not self._pending:
            return
        # Cancelling a batch kills its worker and starts another; most batches finish within the grace period.
        for future in wait_for(self._pending, timeout=CANCEL_GRACE_S).not_done:
            future.cancel()

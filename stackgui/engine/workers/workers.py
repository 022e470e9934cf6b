"""The pool of worker processes, the only ones that touch untrusted bytes."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

import pebble
import psutil

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.errors import RunError
from stackgui.core.base.system_errors import system_reason
from stackgui.core.base.ways import Way
from stackgui.core.base.wording import say
from stackgui.core.run.run_options import Limits
from stackgui.engine.workers import tasks, worker_process
from stackgui.engine.workers.worker_process import WorkerContext

MAX_DEFAULT_WORKERS = 16
"""With more decoders than this, the single writer is the bottleneck; the person may still choose more."""


class Workers:
    """A pool of processes that run `stackgui.engine.workers.tasks`; they start on first use.

    Parameters
    ----------
    count
        Number of processes; by default one for each processor that this process may use.
    limits : Limits
    gives_way
        Whether they wait where other programs and the window want the processors.

    Attributes
    ----------
    limits : Limits
        Limits for one sample, with the memory limit in bytes.
    pools_begun : int
        Number of pools started so far; a new pool is started when all processes of the last one have died.
    ended : int
        Number of tasks that have ended, of all jobs.
    """

    may_get_stuck = True
    """Whether the processes share something that one of them may take with it when it is killed."""

    def __init__(
        self, count: int | None = None, limits: Limits | None = None, *, gives_way: bool = False
    ) -> None:
        self.count = count or default_count()
        self._gives_way = gives_way
        asked = limits or Limits()
        half = int(psutil.virtual_memory().total) // 2
        self.limits = replace(asked, sample_bytes=asked.sample_bytes or half)
        self._lock = threading.Lock()
        self._pool: Any = None
        self._under_way: set[Future[Any]] = set()
        self.pools_begun = 0
        self.ended = 0

    @property
    def under_way(self) -> set[Future[Any]]:
        """The tasks that have not ended, of all jobs."""
        return self._under_way.copy()

    @property
    def is_at_work(self) -> bool:
        """Whether a process runs a task, of whatever job."""
        return any(future.running() for future in self.under_way)

    def _end_task(self, future: Future[Any]) -> None:
        self._under_way.discard(future)
        self.ended += 1

    @property
    def here(self) -> Workers:
        """The workers of this computer, for tasks whose arguments are too large to be sent to another."""
        return self

    def agreed(
        self, files: Callable[[], Iterable[str]], cancellation: Cancellation
    ) -> AbstractContextManager[None]:
        """Let only those work who see `files` as this computer does; raises `RunError` if others are there.

        Within it, those that come later are compared, too.
        """
        _ = files, cancellation  # all are of this computer
        return contextlib.nullcontext()

    def warm_up(self) -> None:
        """Start the processes in the background, so that they are ready when the first job starts."""
        with contextlib.suppress(RunError):  # the first job will report it
            for _ in range(self.count):
                self.submit(tasks.warm_up, ())

    def submit(
        self, function: Callable[..., Any], arguments: Sequence[Any], timeout_s: float | None = None
    ) -> Future[Any]:
        """Run ``function(*arguments)`` in a worker.

        The future raises ``concurrent.futures.TimeoutError`` if the call took longer than `timeout_s`,
        `pebble.ProcessExpired` if its worker died, and ``BrokenProcessPool`` if the whole pool did.

        Raises
        ------
        RunError
            When no worker can be started.
        """
        with self._lock:
            try:
                return self._schedule(function, arguments, timeout_s)
            except BrokenProcessPool as error:
                self._drop()
                raise RunError(
                    say(
                        "The worker processes that read pictures could not be started ({reason}). Close "
                        "other programs, or use fewer workers.",
                        reason=_reason(error),
                    ),
                    ways=(Way.FEWER_WORKERS,),
                ) from error
            except RuntimeError:  # the pool died after the check in `_schedule`
                self._drop()
                return self._schedule(function, arguments, timeout_s)

    def _schedule(
        self, function: Callable[..., Any], arguments: Sequence[Any], timeout_s: float | None
    ) -> Future[Any]:
        if self._pool is not None and not self._pool.active:
            # All workers died at once, for example for want of memory: start a new pool.
            self._drop()
        if self._pool is None:
            self.pools_begun += 1
            self._pool = pebble.ProcessPool(
                max_workers=self.count,
                context=WorkerContext(),
                initializer=worker_process.begin,
                initargs=(self.limits, self._gives_way),
            )
        future: Future[Any] = self._pool.schedule(function, args=arguments, timeout=timeout_s)
        self._under_way.add(future)
        future.add_done_callback(self._end_task)
        return future

    def _drop(self) -> None:
        if self._pool is not None:
            _end(self._pool)
            self._pool = None
            self._under_way.clear()

    def give_up(self, pool: int) -> None:
        """End pool number `pool`, unless it has been replaced; the next task starts a new one."""
        with self._lock:
            if self.pools_begun == pool:
                self._drop()

    def close(self) -> None:
        """End all processes; running tasks are lost."""
        with self._lock:
            self._drop()


def default_count() -> int:
    """Return the number of processors that this process may use, at most `MAX_DEFAULT_WORKERS`."""
    affinity = getattr(os, "sched_getaffinity", None)
    usable = len(affinity(0)) if affinity else os.cpu_count() or 1
    return min(usable, MAX_DEFAULT_WORKERS)


def _reason(error: BrokenProcessPool) -> str:
    cause = error.__cause__
    return system_reason(cause) if isinstance(cause, OSError) else str(error)


def _end(pool: Any) -> None:  # noqa: ANN401 - pebble publishes no types
    pool.stop()
    with contextlib.suppress(TimeoutError):
        pool.join(timeout=5)

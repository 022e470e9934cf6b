"""The pool of processes in which untrusted bytes are touched."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import Any

import pebble
import psutil

from stackgui.core.base.errors import RunError
from stackgui.core.base.ways import Way
from stackgui.core.run.run import Limits
from stackgui.engine.workers import tasks, worker_process
from stackgui.engine.workers.worker_process import WorkerContext

MAX_DEFAULT_WORKERS = 16
"""Beyond this many decoders one writer is the limit; a person may still ask for more."""


class Workers:
    """Processes that run `stackgui.engine.workers.tasks`; started when first needed, replaced when they die.

    Parameters
    ----------
    count
        How many; by default one for every processor that this process may use.
    limits : Limits

    Attributes
    ----------
    limits : Limits
        With the memory in figures.
    pools_begun : int
        How many times processes were started anew because all had died, and the first time.
    """

    def __init__(self, count: int | None = None, limits: Limits | None = None) -> None:
        self.count = count or default_count()
        asked = limits or Limits()
        half = int(psutil.virtual_memory().total) // 2
        self.limits = replace(asked, sample_bytes=asked.sample_bytes or half)
        self._lock = threading.Lock()
        self._pool: Any = None
        self.pools_begun = 0

    def warm_up(self) -> None:
        """Start the processes in the background, so that they are ready when work comes."""
        with contextlib.suppress(RunError):  # told when there is work
            for _ in range(self.count):
                self.submit(tasks.warm_up, ())

    def submit(
        self, function: Callable[..., Any], arguments: Sequence[Any], timeout_s: float | None = None
    ) -> Future[Any]:
        """Run ``function(*arguments)`` in a worker.

        The future raises ``concurrent.futures.TimeoutError`` when it took longer than `timeout_s`,
        `pebble.ProcessExpired` when its worker died, and ``BrokenProcessPool`` when all did.

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
                    f"The helper programs that read pictures could not be started ({_reason(error)}). "
                    "Close other programs, or use fewer workers.",
                    ways=(Way.FEWER_WORKERS,),
                ) from error
            except RuntimeError:  # all died since it was looked at
                self._drop()
                return self._schedule(function, arguments, timeout_s)

    def _schedule(
        self, function: Callable[..., Any], arguments: Sequence[Any], timeout_s: float | None
    ) -> Future[Any]:
        if self._pool is not None and not self._pool.active:
            # Every worker died at once, for example for want of memory: begin with new ones.
            self._drop()
        if self._pool is None:
            self.pools_begun += 1
            self._pool = pebble.ProcessPool(
                max_workers=self.count,
                context=WorkerContext(),
                initializer=worker_process.begin,
                initargs=(self.limits,),
            )
        future: Future[Any] = self._pool.schedule(function, args=arguments, timeout=timeout_s)
        return future

    def _drop(self) -> None:
        if self._pool is not None:
            _end(self._pool)
            self._pool = None

    def give_up(self, pool: int) -> None:
        """End the processes of the `pool`-th pool, unless there are newer ones; a task starts new ones."""
        with self._lock:
            if self.pools_begun == pool:
                self._drop()

    def close(self) -> None:
        """End all processes; work under way is lost."""
        with self._lock:
            self._drop()


def default_count() -> int:
    """One worker for each processor this process may use, within reason."""
    affinity = getattr(os, "sched_getaffinity", None)
    usable = len(affinity(0)) if affinity else os.cpu_count() or 1
    return min(usable, MAX_DEFAULT_WORKERS)


def _reason(error: BrokenProcessPool) -> str:
    cause = error.__cause__
    return (cause.strerror or str(cause)) if isinstance(cause, OSError) else str(error)


def _end(pool: Any) -> None:  # noqa: ANN401 - pebble publishes no types
    pool.stop()
    with contextlib.suppress(TimeoutError):
        pool.join(timeout=5)

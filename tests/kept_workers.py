"""Workers that go from one engine of this process to the next: starting them takes longer than most jobs."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pebble
import pytest

from stackgui.engine.workers import tasks, worker_process, workers
from stackgui.engine.workers.worker_process import WorkerContext
from stackgui.engine.workers.workers import Workers

OF_A_TEST = ("PYTEST_", "HOME", "USERPROFILE", "XDG_", "APPDATA", "LOCALAPPDATA")
"""How the names of variables begin that differ between tests and that workers have no use for."""

_end = workers._end


def _surroundings() -> tuple[str, dict[str, str]]:
    """What a worker takes over from the process that starts it."""
    return os.getcwd(), {name: value for name, value in os.environ.items() if not name.startswith(OF_A_TEST)}


class Kept:
    """One pool, lent to one engine at a time that wants one like it.

    Parameters
    ----------
    count
        Number of workers; by default as many as an engine has that was told nothing.
    """

    def __init__(self, count: int | None = None) -> None:
        usual = Workers(count)
        self._usual = (usual.count, (usual.limits, False))
        self._around = _surroundings()
        self._free: Any = self._made(
            usual.count, WorkerContext(), worker_process.begin, (usual.limits, False)
        )
        for ready in [self._free.schedule(tasks.warm_up) for _ in range(usual.count)]:
            ready.result()
        self._lent: Any = None

    @staticmethod
    def _made(count: int, context: WorkerContext, initializer: object, initargs: tuple) -> Any:
        return pebble.ProcessPool(
            max_workers=count, context=context, initializer=initializer, initargs=initargs
        )

    def take(self, max_workers: int, context: WorkerContext, initializer: object, initargs: tuple) -> Any:
        """Lend the pool if it is such a one as is asked for and nobody has it; else begin another.

        One that began elsewhere, or with other variables of the environment, is begun anew.
        """
        if (max_workers, initargs) != self._usual or self._lent is not None:
            return self._made(max_workers, context, initializer, initargs)
        if self._free is not None and self._around != _surroundings():
            _end(self._free)
            self._free = None
        if self._free is None:
            self._around = _surroundings()
            self._free = self._made(max_workers, context, initializer, initargs)
        self._lent, self._free = self._free, None
        return self._lent

    def end(self, pool: Any) -> None:
        """Take the pool back if it is as good as new; end it, or another, in earnest else."""
        if pool is not self._lent:
            _end(pool)
            return
        self._lent = None
        is_idle = pool._context.task_queue.empty() and not pool._pool_manager.task_manager.tasks
        if pool.active and is_idle:
            self._free = pool
        else:
            _end(pool)

    def close(self) -> None:
        """End its workers."""
        if self._free is not None:
            _end(self._free)


@contextmanager
def kept_workers(count: int | None = None) -> Iterator[Kept]:
    """Workers that tests can lend to their engines; for fixtures of a wider scope."""
    made = Kept(count)
    yield made
    made.close()


@contextmanager
def lent(kept: Kept) -> Iterator[None]:
    """Let the engines of a test have the workers that are kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "pebble", _Pebble(kept))
        patch.setattr(workers, "_end", kept.end)
        yield


class _Pebble:
    """The library as the module of workers sees it."""

    def __init__(self, kept: Kept) -> None:
        self.ProcessPool = kept.take

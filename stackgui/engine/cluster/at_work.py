"""How many tasks of a job are at work in a Dask worker, which may have forgotten the job already."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator

_COUNT: Counter[str] = Counter()
_COUNTING = threading.Lock()


@contextlib.contextmanager
def counted(name: str) -> Iterator[None]:
    """Count a task of the plugin of that name."""
    with _COUNTING:
        _COUNT[name] += 1
    try:
        yield
    finally:
        with _COUNTING:
            _COUNT[name] -= 1


def tasks_at_work(name: str) -> int:
    """Return how many tasks of the plugin of that name are at work; runs on a worker."""
    return _COUNT[name]

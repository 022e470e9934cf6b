"""Reads files before their turn where reading takes long: from a network, or from a disk that has to seek."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Generic, TypeVar

ItemT = TypeVar("ItemT")
DataT = TypeVar("DataT")

SLOW_S = 1e-3
"""From here on it is worth a thread: a file in memory takes 10 µs, one on a solid-state disk 200 µs."""

READERS = 8
"""Files that one worker asks for at once: what takes long is the way there and back, not the file."""

LOOK_EVERY = 32
"""Of so many files one is read in its turn, to see whether it still takes long. The others cannot tell: they
also wait for the decoder to let them run."""

_WEIGHT = 1 / 16
"""Of one file in what is usual: to wait for a processor once must not look like a slow disk."""


class Prefetch(Generic[ItemT, DataT]):
    """Gets things one after another; several at once, and before their turn, while that takes long.

    Parameters
    ----------
    read
        Gets one. May run in several threads, for those that may be had ahead.
    may_be_ahead
        Says which ones may.
    clock
        Seconds, for tests.
    """

    def __init__(
        self,
        read: Callable[[ItemT], DataT],
        may_be_ahead: Callable[[ItemT], bool],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._read = read
        self._may_be_ahead = may_be_ahead
        self._clock = clock
        self._usual_s = 0.0
        self._ahead = 0
        self._threads: ThreadPoolExecutor | None = None

    def each(self, items: Iterable[ItemT]) -> Iterator[tuple[ItemT, Callable[[], DataT]]]:
        """Give each of `items`, in order, and what returns its data or raises what reading it raised."""
        waiting: deque[tuple[ItemT, Callable[[], DataT]]] = deque()
        for item in items:
            waiting.append((item, self._begun(item)))
            if len(waiting) > (READERS if self._usual_s > SLOW_S else 0):
                yield waiting.popleft()
        yield from waiting

    def _begun(self, item: ItemT) -> Callable[[], DataT]:
        if self._usual_s <= SLOW_S or not self._may_be_ahead(item):
            return partial(self._timed, item)
        self._ahead = (self._ahead + 1) % LOOK_EVERY
        if not self._ahead:
            return partial(self._timed, item)
        if self._threads is None:
            self._threads = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        return self._threads.submit(self._read, item).result

    def _timed(self, item: ItemT) -> DataT:
        start = self._clock()
        try:
            return self._read(item)
        finally:
            self._usual_s += (self._clock() - start - self._usual_s) * _WEIGHT

    def close(self) -> None:
        """End the threads."""
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)

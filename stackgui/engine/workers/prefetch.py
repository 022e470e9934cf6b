"""Prefetches files from slow storage: a network share, or a disk that has to seek."""

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
"""Reading time from which prefetching pays: a file in memory takes 10 µs, one on an SSD 200 µs."""

READERS = 8
"""Files that one worker requests at once: the round trip takes the time, not the transfer."""

LOOK_EVERY = 32
"""One file in this many is read in turn, to time it again. The threads cannot be timed, because they also
wait for the decoder to release the interpreter lock."""

_WEIGHT = 1 / 16
"""Weight of one file in the moving average."""

_MOST_S = 2 * SLOW_S
"""What one file counts at most: waits for a processor now and then must not look like a slow disk."""


class Prefetch(Generic[ItemT, DataT]):
    """Reads items in order, and in several threads ahead of their turn while reading is slow.

    Parameters
    ----------
    read
        Reads one item; called from several threads for the items that may be prefetched.
    may_be_ahead
        Returns whether an item may be prefetched.
    clock
        Returns seconds; replaced in tests.
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
        """Yield each item in order and a function that returns its data or raises what reading it raised."""
        waiting: deque[tuple[ItemT, Callable[[], DataT]]] = deque()
        for item in items:
            if not waiting and self._usual_s <= SLOW_S:
                yield item, partial(self._timed, item)
                continue
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
            self.took(self._clock() - start)

    def took(self, seconds: float) -> bool:
        """Note how long an item took that was read in turn; return whether reading is slow by now."""
        self._usual_s += (min(seconds, _MOST_S) - self._usual_s) * _WEIGHT
        return self._usual_s > SLOW_S

    def close(self) -> None:
        """End the threads."""
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)

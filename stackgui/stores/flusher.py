"""Sends what was written to the disk while more is still being made."""

from __future__ import annotations

import os
import sys
from concurrent.futures import Future, ThreadPoolExecutor

FLUSH_BYTES = 64 * 2**20
"""Written before the next flush: a tenth of a second of work, and what a final sync has left to wait for."""


class Flusher:
    """Flushes one file in the background, so that its last sync finds little left to do.

    One thread uses it.

    Parameters
    ----------
    descriptor : int
        Of a file that stays open until `close` has returned.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="flush")
        self._flush: Future[None] | None = None
        self._unflushed_bytes = 0

    def wrote(self, count_bytes: int) -> None:
        """Note that so many bytes more were written; raises the OSError of an earlier flush."""
        self._unflushed_bytes += count_bytes
        if self._unflushed_bytes >= FLUSH_BYTES and (self._flush is None or self._flush.done()):
            self.wait()
            self._unflushed_bytes = 0
            self._flush = self._thread.submit(_flush, self._descriptor)

    def wait(self) -> None:
        """Return when no flush is under way.

        Raises
        ------
        OSError
            Of a flush: the system reports a fault once only, so a later sync would know nothing of it.
        """
        flush, self._flush = self._flush, None
        if flush is not None:
            flush.result()

    def close(self) -> None:
        """End the thread; never raises."""
        self._thread.shutdown()


if sys.platform == "linux":

    def _flush(descriptor: int) -> None:
        os.fdatasync(descriptor)

else:

    def _flush(descriptor: int) -> None:
        os.fsync(descriptor)

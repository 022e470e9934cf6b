"""Files that are written one after the other and synced together, which takes the disk no longer than one."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import contextmanager
from types import TracebackType
from typing import BinaryIO, Self

from stackgui.stores.files.durable import sync_file
from stackgui.stores.files.failures import explained
from stackgui.stores.files.opening import open_to_write

AT_ONCE = 8
"""Files that are synced at the same time."""


class Together:
    """New files, each of which is synced in the background once it is written; leaving waits for all of them.

    Leaving without an error raises StoreError if one of them could not be synced.
    """

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sync")
        self._syncs: list[Future[None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        wait_for(self._syncs)
        self._threads.shutdown()
        if error is None:
            for sync in self._syncs:
                sync.result()

    @contextmanager
    def new_file(self, path: str) -> Iterator[BinaryIO]:
        """Open a file for writing; raises StoreError, but errors of its sync later."""
        with explained(path):
            file = open_to_write(path)
            try:
                yield file
                file.flush()
            except BaseException:
                file.close()
                raise
        self._syncs.append(self._threads.submit(_sync_and_close, path, file))


def _sync_and_close(path: str, file: BinaryIO) -> None:
    with explained(path), file:
        sync_file(file.fileno())

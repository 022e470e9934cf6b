"""The store for arrays that fit in memory, which buffers rows so that no worker waits for the disk."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.errors import StoreError
from stackgui.core.base.units import format_bytes
from stackgui.core.base.wording import say
from stackgui.stores.arrays.protocol import ArrayStore, Bytes

CHECK_S = 0.1
"""Interval of checks for cancellation while a slow disk writes."""


@dataclass(eq=False, slots=True)
class _Piece:
    """Consecutive rows as passed to `ArrayStore.write`, and the future of their writing, once submitted."""

    start: int
    pixels: Bytes
    placement: NDArray[np.int32]
    valid: NDArray[np.bool_]
    writing: Future[None] | None = None


class MemoryStore:
    """Keeps the pixels of rows, without padding, until another store has synced them.

    A background thread writes them there. While the disk keeps up, this takes little memory; otherwise, at
    most that of all pixels.

    Parameters
    ----------
    file : ArrayStore
        The store to write to. Its space is reserved already, so that a full disk fails before the work.
    """

    def __init__(self, file: ArrayStore) -> None:
        self._file = file
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="memory store")
        # One thread appends while another deletes from the front; each is atomic, so no lock is needed.
        self._pending: list[_Piece] = []

    def write(
        self, start: int, pixels: Bytes, placement: NDArray[np.int32], valid: NDArray[np.bool_]
    ) -> None:
        """Keep rows as `ArrayStore.write` says."""
        try:
            piece = _Piece(start, pixels.copy(), placement, valid)
        except MemoryError as error:
            raise StoreError(
                say(
                    "There is not enough memory for {n} more. Choose the storage “file”.",
                    n=format_bytes(pixels.nbytes),
                )
            ) from error
        self._submit(piece)
        self._pending.append(piece)

    def sync(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Wait until the rows written so far are in the file, and sync it."""
        pieces, saved_bytes = self._pending[:], 0
        try:
            for piece in pieces:
                writing = piece.writing or self._submit(piece)
                while not wait_for([writing], CHECK_S).done:
                    cancellation.check()
                writing.result()
                saved_bytes += piece.pixels.nbytes
                cancellation.check()
            self._file.sync(cancellation)
        except BaseException:
            # A disk error may have lost any of them, so write all of them again the next time.
            for piece in pieces:
                piece.writing = None
            raise
        del self._pending[: len(pieces)]

    def close(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Write the remaining rows, and close the file."""
        self.sync(cancellation)
        self._thread.shutdown()
        self._file.close(cancellation)

    def abort(self) -> None:
        """Release the memory, and close the file without a sync."""
        self._thread.shutdown(cancel_futures=True)
        self._pending.clear()
        self._file.abort()

    def _submit(self, piece: _Piece) -> Future[None]:
        piece.writing = self._thread.submit(
            self._file.write, piece.start, piece.pixels, piece.placement, piece.valid
        )
        return piece.writing

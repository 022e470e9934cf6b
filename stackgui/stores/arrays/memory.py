"""The store for arrays that fit in memory: rows wait there, so that no worker has to wait for the disk."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.errors import StoreError
from stackgui.core.base.units import format_bytes
from stackgui.stores.arrays.protocol import ArrayStore, Bytes

TOLD_S = 0.1
"""How often cancellation is checked while a slow disk takes what it is given."""


@dataclass(eq=False, slots=True)
class _Piece:
    """Consecutive rows as they were handed to `ArrayStore.write`, and their writing, once it is ordered."""

    start: int
    pixels: Bytes
    placement: NDArray[np.int32]
    valid: NDArray[np.bool_]
    writing: Future[None] | None = None


class MemoryStore:
    """Keeps the pixels of rows, without padding, until they are durable in another store.

    A thread of its own writes them there. As long as the disk keeps up, that takes little memory; if it does
    not, at most that of all pixels.

    Parameters
    ----------
    file : ArrayStore
        Its space is reserved already, so that a full disk shows before the work, not after it.
    """

    def __init__(self, file: ArrayStore) -> None:
        self._file = file
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="memory store")
        # One thread appends while another takes from the front: single steps of a list, which need no lock.
        self._kept: list[_Piece] = []

    def write(
        self, start: int, pixels: Bytes, placement: NDArray[np.int32], valid: NDArray[np.bool_]
    ) -> None:
        """Keep rows as `ArrayStore.write` says."""
        try:
            piece = _Piece(start, pixels.copy(), placement, valid)
        except MemoryError as error:
            raise StoreError(
                f"There is not enough memory for {format_bytes(pixels.nbytes)} more. "
                "Choose the storage “file”."
            ) from error
        self._order(piece)
        self._kept.append(piece)

    def sync(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Return once the rows written so far are durable."""
        pieces, saved_bytes = self._kept[:], 0
        try:
            for piece in pieces:
                writing = piece.writing or self._order(piece)
                while not wait_for([writing], TOLD_S).done:
                    cancellation.check()
                writing.result()
                saved_bytes += piece.pixels.nbytes
                cancellation.check()
            self._file.sync(cancellation)
        except BaseException:
            # A fault of the disk may have cost any of them: all are written again the next time.
            for piece in pieces:
                piece.writing = None
            raise
        del self._kept[: len(pieces)]

    def close(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Save what is left, and complete the file."""
        self.sync(cancellation)
        self._thread.shutdown()
        self._file.close(cancellation)

    def abort(self) -> None:
        """Release the memory and the file."""
        self._thread.shutdown(cancel_futures=True)
        self._kept.clear()
        self._file.abort()

    def _order(self, piece: _Piece) -> Future[None]:
        piece.writing = self._thread.submit(
            self._file.write, piece.start, piece.pixels, piece.placement, piece.valid
        )
        return piece.writing

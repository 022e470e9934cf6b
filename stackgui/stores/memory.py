"""The store for arrays that fit in memory: filled row by row there, and saved from there."""

from __future__ import annotations

import mmap
import sys

import numpy as np
from numpy.typing import NDArray

from stackgui.core.choices import Layout
from stackgui.core.errors import StoreError
from stackgui.core.outcomes import runs
from stackgui.core.plan import ArraySpec
from stackgui.core.units import format_bytes
from stackgui.stores.failures import explained
from stackgui.stores.npy_file import NpyFile
from stackgui.stores.protocol import Bytes, Proceed, go_on
from stackgui.stores.rows import Blank, RowShape

SAVE_BYTES = 64 * 2**20
"""Saved at a time, so that cancelling does not have to wait for all of it."""

SYNC_BYTES = 256 * 2**20
"""Made durable at a time: less costs a wait for the disk's journal each, more makes cancelling wait."""

BLOCK_BYTES = 64 * 2**10
"""Written in one call; blocks of zeros stay holes in a file that may have holes."""


class MemoryStore:
    """Rows in an array that is allocated at once; parameters as for `NpyStore`.

    The file is made and its space reserved first, so that a full disk shows before the work, not after it.
    `sync` and `close` save the rows that were written since the last time. Rows that an earlier run had saved
    are not read: the file has them already.

    Raises
    ------
    StoreError
        When memory or disk cannot give the space.
    """

    def __init__(
        self,
        path: str,
        array: ArraySpec,
        layout: Layout,
        fill: float,
        *,
        sparse: bool,
        existing: bool = False,
    ) -> None:
        shape = self._shape = RowShape.of(array, layout)
        self._blank = Blank.of(fill, array.dtype)
        self._sparse = sparse
        self._unsaved = np.zeros(array.rows, np.bool_)
        self._file = NpyFile(path, array, sparse=sparse, existing=existing)
        try:
            self._rows = _zeros(array.data_bytes).reshape(-1, shape.planes, shape.lines, shape.line_bytes)
        except (OSError, OverflowError) as error:
            self._file.abort()
            message = (
                f"There is not enough memory for an array of {format_bytes(array.data_bytes)}. "
                "Choose the storage “file”."
            )
            raise StoreError(message) from error

    def write(
        self, start: int, pixels: Bytes, placement: NDArray[np.int32], valid: NDArray[np.bool_]
    ) -> None:
        """Put rows in place as `ArrayStore.write` says."""
        rows = self._rows[start : start + len(valid)]
        if not self._blank.is_zero:
            self._blank.put(rows)
        self._shape.land(rows, pixels, placement, valid)
        # Last, because another thread may be saving, and takes a row that is marked as whole.
        self._unsaved[start : start + len(valid)] = True

    def sync(self, proceed: Proceed = go_on) -> None:
        """Save the rows written so far, and return once they are durable."""
        with explained(self._file.path):
            self._save_rows(proceed)
            self._file.sync()

    def close(self, proceed: Proceed = go_on) -> None:
        """Save what is left of the array, make its file durable, and release the memory."""
        with explained(self._file.path):
            self._save_rows(proceed)
            self._file.close()
        self._release()

    def abort(self) -> None:
        """Release the memory and the file."""
        self._file.abort()
        self._release()

    def _save_rows(self, proceed: Proceed) -> None:
        """Save the rows that were written and not saved; what could not be saved is tried again."""
        rows, data = self._unsaved.copy(), self._rows.reshape(-1)
        self._unsaved[rows] = False
        saved_bytes = unsynced_bytes = 0
        try:
            for first, last in runs(rows):
                end = last * self._shape.row_bytes
                for begin in range(first * self._shape.row_bytes, end, SAVE_BYTES):
                    part = data[begin : min(begin + SAVE_BYTES, end)]
                    unsynced_bytes += self._save(begin, part)
                    saved_bytes += len(part)
                    if unsynced_bytes >= SYNC_BYTES:
                        self._file.sync()
                        unsynced_bytes = 0
                    proceed(saved_bytes)
        except BaseException:
            self._unsaved[rows] = True
            raise

    def _save(self, offset: int, data: Bytes) -> int:
        """Write a part of the array; return how many bytes of it were no hole."""
        written_bytes = 0
        for begin in range(0, len(data), BLOCK_BYTES):
            block = data[begin : begin + BLOCK_BYTES]
            if not self._sparse or block.any():
                self._file.write_at(offset + begin, block.data)
                written_bytes += len(block)
        return written_bytes

    def _release(self) -> None:
        self._rows = np.empty((0, 1, 1, 1), np.uint8)


def _zeros(size_bytes: int) -> Bytes:
    """Zeros from the system, which take memory only where they are written.

    Not ``np.zeros``, which asks for pages of 2 MiB: padding then takes memory too, and finding such pages was
    measured to take up to four times as long as filling the array.
    """
    if sys.platform == "win32":
        memory = mmap.mmap(-1, size_bytes)
    else:
        # Private, because shared memory takes space also where it is only read.
        memory = mmap.mmap(-1, size_bytes, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    return np.frombuffer(memory, np.uint8)

"""The store for arrays that fit in memory: filled row by row there, saved at the end."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stackgui.core.errors import StoreError
from stackgui.core.options import Layout
from stackgui.core.plan import ArraySpec
from stackgui.core.units import format_bytes
from stackgui.stores.failures import explained
from stackgui.stores.npy_file import NpyFile
from stackgui.stores.protocol import Bytes, Proceed, go_on
from stackgui.stores.rows import Blank, RowShape

SAVE_BYTES = 64 * 2**20
"""Saved at a time, so that cancelling does not have to wait for all of it."""

BLOCK_BYTES = 64 * 2**10
"""Written in one call; blocks of zeros stay holes in a file that may have holes."""


class MemoryStore:
    """Rows in an array that is allocated at once and saved when closed; parameters as for `NpyStore`.

    The file is made and its space reserved first, so that a full disk shows before the work, not after it.

    Raises
    ------
    StoreError
        When memory or disk cannot give the space.
    """

    def __init__(self, path: str, array: ArraySpec, layout: Layout, fill: float, *, sparse: bool) -> None:
        shape = self._shape = RowShape.of(array, layout)
        self._blank = Blank.of(fill, array.dtype)
        self._sparse = sparse
        self._file = NpyFile(path, array, sparse=sparse)
        try:
            # Memory that was never written costs nothing, and reads as zeros.
            self._rows = np.zeros((array.rows, shape.planes, shape.lines, shape.line_bytes), np.uint8)
        except MemoryError as error:
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

    def sync(self) -> None:
        """Nothing is durable before `close`."""

    def close(self, proceed: Proceed = go_on) -> None:
        """Save the array, make its file durable, and release the memory."""
        data = self._rows.reshape(-1)
        with explained(self._file.path):
            for begin in range(0, len(data), SAVE_BYTES):
                self._save(begin, data[begin : begin + SAVE_BYTES])
                # Step by step, so that neither the last sync nor a cancelled save waits for gigabytes.
                self._file.sync()
                proceed(min(begin + SAVE_BYTES, len(data)))
            self._file.close()
        self._release()

    def abort(self) -> None:
        """Release the memory and the file."""
        self._file.abort()
        self._release()

    def _save(self, offset: int, data: Bytes) -> None:
        for begin in range(0, len(data), BLOCK_BYTES):
            block = data[begin : begin + BLOCK_BYTES]
            if not self._sparse or block.any():
                self._file.write_at(offset + begin, block.data)

    def _release(self) -> None:
        self._rows = np.empty((0, 1, 1, 1), np.uint8)

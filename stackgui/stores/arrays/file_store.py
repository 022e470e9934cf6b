"""The store for arrays larger than memory, which writes rows straight to their place in the file."""

from __future__ import annotations

import os

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.choices import Layout
from stackgui.core.plan.plan import ArraySpec
from stackgui.stores.arrays.array_file import OTHERS_CAN_WRITE, ArrayFile
from stackgui.stores.arrays.place import Place
from stackgui.stores.arrays.protocol import Bytes
from stackgui.stores.arrays.rows import Blank, RowShape
from stackgui.stores.files.failures import explained

SMALL_ROW_BYTES = 128 * 2**10
"""Rows up to this size are assembled whole, padding included.

Measured on Linux (ext4, page cache) against writing only the lines with pixels: 15 µs against 21 µs per row
at 48 KiB, equal at 117 KiB, 140 µs against 110 µs at 468 KiB.
"""

SCRATCH_BYTES = 2**20
"""Bytes assembled per call: 256 KiB is a fifth slower for small rows, 4 MiB a tenth slower for large ones."""

GAP_BYTES = 8192
"""Lines with at least this much padding are written one by one: of two pages, at least one stays a hole.

Measured: 3 µs per line, as much as writing 12 kB of padding, which would also take space.
"""


_NOTHING: Bytes = np.empty(0, np.uint8)


class FileStore:
    """Writes rows to their places; if the fill value is zero, most padding of large rows is left out.

    Parameters
    ----------
    path : str
    array : ArraySpec
    layout : Layout
    fill : float
        Value of padding and blank rows, in the array's dtype.
    sparse, existing, cancellation
        As for `ArrayFile`.
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
        cancellation: Cancellation = UNWATCHED,
    ) -> None:
        self._shape = RowShape.of(array, layout)
        self._is_new = not existing
        self._blank = Blank.of(fill, array.dtype)
        self._file = ArrayFile(path, array, sparse=sparse, existing=existing, cancellation=cancellation)
        least = self._shape.row_bytes if self._assembles_rows else self._shape.line_bytes
        self._scratch = np.empty(max(SCRATCH_BYTES, least), np.uint8)

    @property
    def _assembles_rows(self) -> bool:
        return self._shape.row_bytes <= SMALL_ROW_BYTES

    def write(
        self, start: int, pixels: Bytes, placement: NDArray[np.int32], valid: NDArray[np.bool_]
    ) -> None:
        """Write rows as `ArrayStore.write` says."""
        with explained(self._file.path):
            if (self._shape.whole(placement) & valid).all():
                row_bytes = self._shape.row_bytes
                self._file.write_at(start * row_bytes, pixels[: len(valid) * row_bytes].data)
            elif self._assembles_rows:
                self._write_assembled(start, pixels, placement, valid)
            else:
                self._write_apart(start, pixels, placement, valid)

    def place(self, start: int, placement: NDArray[np.int32]) -> Place | None:
        """Return where other processes may write rows from `start` on, whose pixels lie at `placement`.

        Rows that stay blank are left to `write`. So are all of them if this returns None: they are not whole,
        or so large that it does not matter who writes them, or the file was there before.
        """
        fits = OTHERS_CAN_WRITE and self._is_new and self._assembles_rows
        if not fits or not self._shape.whole(placement).all():
            return None
        row_bytes = self._shape.row_bytes
        with explained(self._file.path):
            identity = self._file.identity
        offset = self._file.data_offset + start * row_bytes
        return Place(os.path.abspath(self._file.path), *identity, offset, row_bytes)

    def complete(self, start: int, placement: NDArray[np.int32], valid: NDArray[np.bool_]) -> None:
        """Write what is left to write of rows of a `place`: those that are not `valid`. Raises StoreError."""
        self._file.note_written()
        for row in np.flatnonzero(~valid).tolist():
            alone = slice(row, row + 1)
            self.write(start + row, _NOTHING, placement[alone], valid[alone])

    def sync(self, cancellation: Cancellation = UNWATCHED) -> None:  # noqa: ARG002 - a sync cannot be interrupted
        """Sync everything written so far."""
        with explained(self._file.path):
            self._file.sync()

    def close(self, cancellation: Cancellation = UNWATCHED) -> None:  # noqa: ARG002 - no rows are left to write
        """Sync and close the file."""
        with explained(self._file.path):
            self._file.close()

    def abort(self) -> None:
        """Close the file without a sync."""
        self._file.abort()

    def _write_assembled(
        self, start: int, pixels: Bytes, placement: NDArray[np.int32], valid: NDArray[np.bool_]
    ) -> None:
        """Assemble as many rows as the scratch buffer holds, and write them in one call."""
        shape, ends = self._shape, self._shape.ends(placement)
        step = len(self._scratch) // shape.row_bytes
        for begin in range(0, len(valid), step):
            part = slice(begin, begin + step)
            count = len(valid[part])
            data = self._scratch[: count * shape.row_bytes]
            self._blank.put(data)
            rows = data.reshape(count, shape.planes, shape.lines, shape.line_bytes)
            shape.land(rows, pixels[ends[begin - 1] if begin else 0 :], placement[part], valid[part])
            self._file.write_at((start + begin) * shape.row_bytes, data.data)

    def _write_apart(
        self, start: int, pixels: Bytes, placement: NDArray[np.int32], valid: NDArray[np.bool_]
    ) -> None:
        """Write large rows one by one, each with only the lines that it needs."""
        ends = [0, *self._shape.ends(placement).tolist()]
        for index, (place, is_valid) in enumerate(zip(placement.tolist(), valid.tolist(), strict=True)):
            top, left, height, width = place if is_valid else (0, 0, 0, 0)
            source = pixels[ends[index] : ends[index + 1] if is_valid else ends[index]]
            offset = (start + index) * self._shape.row_bytes
            if not (is_valid or self._is_new) and self._blank.is_zero:
                # Another run, or another host, may have begun to write the row.
                self._file.make_zero(offset, offset + self._shape.row_bytes)
            for plane in self._shape.block(source, height, width)[0]:
                self._write_plane(offset, plane, top, left)
                offset += self._shape.lines * self._shape.line_bytes

    def _write_plane(self, offset: int, block: Bytes, top: int, left: int) -> None:
        """Write `block`, shape (h, bytes), at `top` and `left` of the plane that begins at `offset`."""
        line_bytes = self._shape.line_bytes
        first = offset + top * line_bytes + left * self._shape.pixel_bytes
        if block.shape[1] == line_bytes and (self._blank.is_zero or len(block) == self._shape.lines):
            self._file.fill_hole(first, first + block.size)
            self._file.write_at(first, block.reshape(-1).data)
        elif not self._blank.is_zero:
            self._write_bands(offset, block, top, left, (0, self._shape.lines))
        elif line_bytes - block.shape[1] >= GAP_BYTES:
            for line in range(len(block)):
                self._file.write_at(first + line * line_bytes, block[line].data)
        else:
            self._write_bands(offset, block, top, left, (top, top + len(block)))

    def _write_bands(self, offset: int, block: Bytes, top: int, left: int, lines: tuple[int, int]) -> None:
        """Assemble and write the plane's lines from ``lines[0]`` up to ``lines[1]``."""
        line_bytes, first = self._shape.line_bytes, left * self._shape.pixel_bytes
        self._file.fill_hole(offset + lines[0] * line_bytes, offset + lines[1] * line_bytes)
        step = len(self._scratch) // line_bytes
        for begin in range(*lines, step):
            end = min(begin + step, lines[1])
            data = self._scratch[: (end - begin) * line_bytes]
            self._blank.put(data)
            low, high = max(begin, top), min(end, top + len(block))
            if low < high:
                band = data.reshape(end - begin, line_bytes)
                band[low - begin : high - begin, first : first + block.shape[1]] = block[
                    low - top : high - top
                ]
            self._file.write_at(offset + begin * line_bytes, data.data)

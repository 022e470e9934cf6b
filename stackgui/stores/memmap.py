"""The store for platforms without ``pwrite``: rows are assigned to a map of the file."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stackgui.core.choices import Layout
from stackgui.core.plan import ArraySpec
from stackgui.stores.failures import explained
from stackgui.stores.npy_file import NpyFile
from stackgui.stores.protocol import Bytes, Proceed, go_on
from stackgui.stores.rows import Blank, RowShape


class MemmapStore:
    """Rows in a memory-mapped `.npy` file; parameters as for `NpyStore`."""

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
        self._file = NpyFile(path, array, sparse=sparse, existing=existing)
        size = (array.rows, shape.planes, shape.lines, shape.line_bytes)
        with explained(path):
            self._rows: np.memmap[tuple[int, ...], np.dtype[np.uint8]] | None = np.memmap(
                path, np.uint8, "r+", self._file.data_offset, size
            )

    def write(
        self, start: int, pixels: Bytes, placement: NDArray[np.int32], valid: NDArray[np.bool_]
    ) -> None:
        """Put rows in place as `ArrayStore.write` says."""
        assert self._rows is not None, "the store is closed"
        rows = np.asarray(self._rows[start : start + len(valid)])
        if not self._blank.is_zero:
            self._blank.put(rows)
        self._shape.land(rows, pixels, placement, valid)

    def sync(self, proceed: Proceed = go_on) -> None:  # noqa: ARG002 - there is nothing to do in steps
        """Return once everything written is durable."""
        assert self._rows is not None, "the store is closed"
        with explained(self._file.path):
            self._rows.flush()
            self._file.sync()

    def close(self, proceed: Proceed = go_on) -> None:  # noqa: ARG002 - all rows are in the map already
        """Make the file durable and release map and file."""
        if self._rows is not None:
            self.sync()
            self._rows = None
        with explained(self._file.path):
            self._file.close()

    def abort(self) -> None:
        """Release map and file."""
        self._rows = None
        self._file.abort()

"""The interfaces of stores and of writers of a stack."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.spread import Spread
from stackgui.core.run.row_results import RowResults, RowsDone

Bytes: TypeAlias = NDArray[np.uint8]


class ArrayStore(Protocol):
    """Stores the rows of one array.

    Only one thread may use a store, but another may call `sync` while it writes further rows.
    """

    def write(
        self, start: int, pixels: Bytes, placement: NDArray[np.int32], valid: NDArray[np.bool_]
    ) -> None:
        """Write the rows from `start` on. Write each row once; after an error, it may be written again.

        Parameters
        ----------
        start : int
            First row.
        pixels : uint8, shape (bytes,)
            Concatenated blocks of the rows. A block has the size of its placement even if the row is not
            valid, and the shape (h, w, C) for ``NHWC`` or (C, h, w) for ``NCHW``.
        placement : int32, shape (n, 4)
            Top, left, height and width of each block in pixels, inside its row.
        valid : bool, shape (n,)
            False for rows that stay blank; the bytes of their blocks are ignored.

        Raises
        ------
        StoreError
            When the rows cannot be written.
        """

    def sync(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Sync all rows written before the call.

        Parameters
        ----------
        cancellation
            As for `close`.

        Raises
        ------
        StoreError
        """

    def close(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Complete, sync and close the array's file; does nothing the second time.

        Parameters
        ----------
        cancellation
            Checked from time to time while rows are left to write; if it raises, `abort` must still be
            called.

        Raises
        ------
        StoreError
        """

    def abort(self) -> None:
        """Release everything without a sync; never raises, and does nothing after `close`."""


class Writer(Protocol):
    """Writes rows of a stack. Only one thread may use it, except for `make_durable`.

    Attributes
    ----------
    stores : list of ArrayStore
        One per bucket of the plan.
    outcomes : RowResults
        Results of the rows. Rows that are done need not be written; record the others after writing them.
    """

    stores: list[ArrayStore]
    outcomes: RowResults

    def make_durable(self, rows: Sequence[RowsDone], cancellation: Cancellation = UNWATCHED) -> None:
        """Sync `rows`, which were written before; another thread may write meanwhile.

        Raises
        ------
        StoreError
            Then it may be called again.
        """

    def write_tables(self, cancellation: Cancellation = UNWATCHED, spread: Spread = map) -> None:
        """Write the files beside the arrays; raises StoreError, and may then be called again.

        What falls into parts is done by `spread`, which may raise what it likes.
        """

    def publish(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Sync everything and make it count; raises StoreError, and may then be called again."""

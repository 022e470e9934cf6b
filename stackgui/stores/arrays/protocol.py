"""What every store, and everything that writes a stack, can do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.run.row_results import RowResults, RowsDone

Bytes: TypeAlias = NDArray[np.uint8]


class ArrayStore(Protocol):
    """Holds the rows of one array while they are written.

    One thread uses a store; but another may call `sync` while it writes further rows.
    """

    def write(
        self, start: int, pixels: Bytes, placement: NDArray[np.int32], valid: NDArray[np.bool_]
    ) -> None:
        """Write the rows from `start` on. Each row is written once; one that failed may be tried again.

        Parameters
        ----------
        start : int
            First row.
        pixels : uint8, shape (bytes,)
            The rows' blocks one after another. A block has as many bytes as its placement's pixels, also
            when the row is not valid, and is laid out (h, w, C) for ``NHWC``, (C, h, w) for ``NCHW``.
        placement : int32, shape (n, 4)
            Top, left, height, width in pixels; inside the row.
        valid : bool, shape (n,)
            Where false, the block's bytes mean nothing and the row stays blank.

        Raises
        ------
        StoreError
            When the rows cannot be written.
        """

    def sync(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Return once all rows written before the call are durable.

        Parameters
        ----------
        cancellation
            As for `close`.

        Raises
        ------
        StoreError
        """

    def close(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Complete the array's file, make it durable, and release everything; the second time do nothing.

        Parameters
        ----------
        cancellation
            Checked now and then while there is much left to write; when it raises, `abort` is still to be
            called.

        Raises
        ------
        StoreError
        """

    def abort(self) -> None:
        """Release everything without finishing; never raises, and does nothing after `close`."""


class Writer(Protocol):
    """Makes rows of a stack part of it. One thread uses it, but for `make_durable`.

    Attributes
    ----------
    stores : list of ArrayStore
        One for each of the plan's buckets.
    outcomes : RowResults
        Rows that are done need not be written; whoever writes others enters them.
    """

    stores: list[ArrayStore]
    outcomes: RowResults

    def make_durable(self, rows: Sequence[RowsDone], cancellation: Cancellation = UNWATCHED) -> None:
        """Let `rows`, which were written before, survive a power cut; another thread may write meanwhile.

        Raises
        ------
        StoreError
            Then it may be tried again.
        """

    def write_tables(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Write all that stands beside the arrays; raises StoreError, and may be tried again."""

    def publish(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Make everything durable and let it count; raises StoreError, and may be tried again."""

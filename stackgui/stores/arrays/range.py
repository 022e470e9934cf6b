"""Writes some consecutive rows of arrays whose other rows are written by others, perhaps on other hosts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.choices import Storage
from stackgui.core.base.spread import Spread
from stackgui.core.plan.part import Part
from stackgui.core.run.row_results import RowResults, RowsDone
from stackgui.stores.arrays.open_store import open_stores
from stackgui.stores.arrays.protocol import ArrayStore, Bytes


class RangeWriter:
    """Writes rows of `part`; it is a `Writer` without tables.

    Finish with exactly one of `publish` and `abandon`.

    Parameters
    ----------
    part
    stores
        For the whole bucket of which the rows are a part.
    wanted : bool, shape (rows,)
        Which rows of the part are to be written.
    before_write
        Called before each write; raises if this must not write any more.
    """

    def __init__(
        self,
        part: Part,
        stores: Iterable[ArrayStore],
        wanted: NDArray[np.bool_],
        before_write: Callable[[], None] = lambda: None,
    ) -> None:
        self.stores: list[ArrayStore] = [_Shifted(store, part.begin, before_write) for store in stores]
        self.outcomes = RowResults.none_of(part.plan.rows)
        self.outcomes.done[~wanted] = True

    @classmethod
    def into_files(
        cls,
        part: Part,
        path_of: Callable[[str], str],
        wanted: NDArray[np.bool_],
        before_write: Callable[[], None] = lambda: None,
    ) -> RangeWriter:
        """Return one that writes into files that exist at their full size.

        Parameters
        ----------
        part, wanted, before_write
        path_of
            Returns the path of a file of the stack.

        Raises
        ------
        StoreError
            When the files cannot be opened, or are not those of the plan.
        """
        whole = replace(part.plan, buckets=(part.whole_bucket,))
        return cls(part, open_stores(Storage.FILE, whole, path_of, existing=True), wanted, before_write)

    def make_durable(self, rows: Sequence[RowsDone], cancellation: Cancellation = UNWATCHED) -> None:
        """Sync `rows`; raises StoreError."""
        if rows:
            for store in self.stores:
                store.sync(cancellation)

    def write_tables(self, cancellation: Cancellation = UNWATCHED, spread: Spread = map) -> None:
        """Write nothing: whoever has all rows writes the tables."""

    def publish(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Sync everything; raises StoreError."""
        for store in self.stores:
            store.close(cancellation)

    def abandon(self) -> None:
        """Close the files without a sync; never raises."""
        for store in self.stores:
            store.abort()


class _Shifted:
    """A store whose first row is a later row of another."""

    def __init__(self, store: ArrayStore, begin: int, before_write: Callable[[], None]) -> None:
        self._store = store
        self._begin = begin
        self._before_write = before_write
        self.sync, self.close, self.abort = store.sync, store.close, store.abort

    def write(
        self, start: int, pixels: Bytes, placement: NDArray[np.int32], valid: NDArray[np.bool_]
    ) -> None:
        """Write rows as `ArrayStore.write` says."""
        self._before_write()
        self._store.write(self._begin + start, pixels, placement, valid)

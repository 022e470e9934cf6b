"""Open the store for a kind of storage."""

from __future__ import annotations

from functools import partial
from typing import assert_never

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.choices import Layout, Storage
from stackgui.core.plan.plan import ArraySpec
from stackgui.stores.arrays.file_store import FileStore
from stackgui.stores.arrays.memory import MemoryStore
from stackgui.stores.arrays.protocol import ArrayStore
from stackgui.stores.arrays.rows import Blank

SPARSE_WASTE = 0.5
"""Share of padding above which saving space with holes outweighs reserving all of it."""


def open_store(
    storage: Storage,
    path: str,
    array: ArraySpec,
    layout: Layout,
    *,
    fill: float,
    waste: float,
    existing: bool = False,
    cancellation: Cancellation = UNWATCHED,
) -> ArrayStore:
    """Create the file of `array` at `path`, or reopen an existing one, to be filled row by row.

    Parameters
    ----------
    storage : Storage
        ``MEMORY`` or ``FILE``.
    fill : float
        Value of padding and blank rows, in the array's dtype.
    waste : float
        Share of the array's pixels that is padding.
    existing : bool
        Whether the file exists and already holds everything that will not be written.
    cancellation
        Checked while space is reserved; if it raises, a new file is deleted.

    Raises
    ------
    StoreError
        When there is not enough space on the disk or in memory.
    """
    sparse = waste > SPARSE_WASTE and Blank.of(fill, array.dtype).is_zero
    open_file = partial(
        FileStore, path, array, layout, fill, sparse=sparse, existing=existing, cancellation=cancellation
    )
    match storage:
        case Storage.FILE:
            return open_file()
        case Storage.MEMORY:
            return MemoryStore(open_file())
        case Storage.AUTO:
            raise ValueError("choose a storage before opening a store")
        case _:
            assert_never(storage)

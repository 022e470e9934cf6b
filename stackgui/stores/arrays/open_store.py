"""Open the store for a kind of storage."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import assert_never

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.choices import Layout, Storage
from stackgui.core.plan.plan import ArraySpec, Plan
from stackgui.stores.arrays.file_store import FileStore
from stackgui.stores.arrays.memory import MemoryStore
from stackgui.stores.arrays.pair import PairStore
from stackgui.stores.arrays.protocol import ArrayStore
from stackgui.stores.arrays.rows import Blank

SPARSE_WASTE = 0.5
"""Share of padding above which saving space with holes outweighs reserving all of it."""


def open_stores(
    storage: Storage,
    plan: Plan,
    path_of: Callable[[str], str],
    *,
    existing: bool = False,
    cancellation: Cancellation = UNWATCHED,
) -> Iterator[ArrayStore]:
    """Open a store for each bucket of `plan`, one after another; abort those that you have, after an error.

    Parameters
    ----------
    storage, existing, cancellation
        As for `open_store`.
    path_of
        Returns the path of a file of the stack.

    Raises
    ------
    StoreError
        As `open_store` does.
    """
    for bucket in plan.buckets:
        stores: list[ArrayStore] = []
        try:
            for array, fill in zip(bucket.arrays, plan.fills, strict=True):
                store = open_store(
                    storage,
                    path_of(array.file),
                    array,
                    plan.options.layout,
                    fill=fill,
                    waste=plan.waste,
                    existing=existing,
                    cancellation=cancellation,
                )
                stores.append(store)
        except BaseException:
            for store in stores:
                store.abort()
            raise
        if plan.masks is None:
            yield stores[0]
        else:
            mask_bytes = plan.masks.item_bytes
            yield PairStore(*stores, picture_bytes=plan.picture_pixel_bytes, mask_bytes=mask_bytes)


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

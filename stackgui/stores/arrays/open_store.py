"""The store for a storage."""

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
"""From this share of padding on, the space that holes save outweighs the certainty of having it reserved."""


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
    """Make the file of `array` at `path`, or go on with the one there, to be filled row by row.

    Parameters
    ----------
    storage : Storage
        ``MEMORY`` or ``FILE``.
    fill : float
        Value of padding and blank rows, in the array's own numbers.
    waste : float
        Share of the array's pixels that is padding.
    existing : bool
        Whether the file is there, and all of it that will not be written is as it should be.
    cancellation
        Called with the bytes reserved so far; whatever it raises ends the work, and nothing is left of the
        file.

    Raises
    ------
    StoreError
        When disk or memory cannot give the space.
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
            raise ValueError("a storage has to be chosen before a store is opened")
        case _:
            assert_never(storage)

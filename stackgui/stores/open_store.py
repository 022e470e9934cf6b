"""The store for a storage, on this platform."""

from __future__ import annotations

from stackgui.core.choices import Layout, Storage
from stackgui.core.plan import ArraySpec
from stackgui.stores import npy_file
from stackgui.stores.memmap import MemmapStore
from stackgui.stores.memory import MemoryStore
from stackgui.stores.npy import NpyStore
from stackgui.stores.protocol import ArrayStore
from stackgui.stores.rows import Blank

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
) -> ArrayStore:
    """Make the `.npy` file of `array` at `path`, or go on with the one there, to be filled row by row.

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

    Raises
    ------
    StoreError
        When disk or memory cannot give the space.
    """
    sparse = waste > SPARSE_WASTE and Blank.of(fill, array.dtype).is_zero
    in_file = NpyStore if npy_file.HAS_PWRITE else MemmapStore
    file = in_file(path, array, layout, fill, sparse=sparse, existing=existing)
    return MemoryStore(file) if storage is Storage.MEMORY else file

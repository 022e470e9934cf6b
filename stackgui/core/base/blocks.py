"""Work on columns some rows at a time, because the steps between take many times the memory of the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

IntegerT = TypeVar("IntegerT", bound=np.integer[Any])

BLOCK_ROWS = 2**18
"""Rows at a time: few enough to take little memory, and so many that most catalogs are a single block."""


def blocks(rows: int, block_rows: int | None = None) -> Iterator[slice]:
    """Yield all of so many rows, `block_rows` at a time, by default `BLOCK_ROWS`."""
    block_rows = BLOCK_ROWS if block_rows is None else block_rows
    for begin in range(0, rows, block_rows):
        yield slice(begin, min(begin + block_rows, rows))


def values_in(column: NDArray[IntegerT]) -> NDArray[IntegerT]:
    """Return the distinct values in increasing order; asked for them alone, NumPy hashes, which is slow."""
    values: NDArray[IntegerT] = np.unique(column, return_counts=True)[0]
    return values


def distinct(
    rows: int, key: Callable[[slice], NDArray[np.integer[Any]]]
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return the distinct values of a column in increasing order, shape (M,), and the index of each row's.

    Parameters
    ----------
    rows : int
        Length of the column.
    key : callable
        Returns the column at some rows, which is never made as a whole.
    """
    found: list[NDArray[np.int64]] = [np.empty(0, np.int64)]
    which = np.empty(rows, np.int32)
    for block in blocks(rows):
        values, which[block] = np.unique(key(block), return_inverse=True)
        found.append(values.astype(np.int64, copy=False))
    if len(found) <= 2:  # noqa: PLR2004 - the empty one and a block of all
        return found[-1], which
    together = values_in(np.concatenate(found))
    for block, values in zip(blocks(rows), found[1:], strict=True):
        which[block] = np.searchsorted(together, values).astype(np.int32)[which[block]]
    return together, which


def counted(codes: NDArray[np.integer[Any]], minlength: int = 0) -> NDArray[np.int64]:
    """Count each whole number from 0 as `numpy.bincount` does, which would copy all of them."""
    found = np.zeros(minlength, np.int64)
    for block in blocks(len(codes)):
        more = np.bincount(codes[block], minlength=len(found))
        more[: len(found)] += found
        found = more
    return found

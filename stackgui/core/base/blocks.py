"""Work on columns some rows at a time, because the steps between take many times the memory of the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.aside import is_aside, new_column

NumberT = TypeVar("NumberT", bound=np.generic)
IntegerT = TypeVar("IntegerT", bound=np.integer[Any])

BLOCK_ROWS = 2**18
"""Rows at a time: few enough to take little memory, and so many that most catalogs are a single block."""


def blocks(rows: int, block_rows: int | None = None) -> Iterator[slice]:
    """Yield all of so many rows, `block_rows` at a time, by default `BLOCK_ROWS`."""
    block_rows = BLOCK_ROWS if block_rows is None else block_rows
    for begin in range(0, rows, block_rows):
        yield slice(begin, min(begin + block_rows, rows))


def filled(
    rows: int, dtype: type[NumberT] | np.dtype[NumberT], values: Callable[[slice], NDArray[Any]]
) -> NDArray[NumberT]:
    """Return a column, shape (rows,), of which `values` returns some rows after the other."""
    made = new_column(rows, dtype)
    for block in blocks(rows):
        made[block] = values(block)
    return made


def at(column: NDArray[NumberT], rows: NDArray[Any] | slice) -> NDArray[NumberT]:
    """Return the values of a column at `rows`: a slice, a mask, or numbers."""
    if isinstance(rows, slice) or rows.dtype == np.bool_ or not is_aside(len(rows)):
        return column[rows]
    return filled(len(rows), column.dtype, lambda block: column[rows[block]])


def places_of(mask: Callable[[slice], NDArray[np.bool_]], rows: int) -> NDArray[np.int64]:
    """Return the numbers of those of `rows` rows of which `mask` is true, as `numpy.flatnonzero` does."""
    made = new_column(sum(int(np.count_nonzero(mask(block))) for block in blocks(rows)), np.int64)
    end = 0
    for block in blocks(rows):
        found = np.flatnonzero(mask(block))
        made[end : end + len(found)] = found + block.start
        end += len(found)
    return made


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
    which = new_column(rows, np.int32)
    if rows <= BLOCK_ROWS:
        values, which[:] = np.unique(key(slice(0, rows)), return_inverse=True)
        return values.astype(np.int64, copy=False), which
    together, found = np.empty(0, np.int64), list[NDArray[np.int64]]()
    for block in blocks(rows):
        found.append(values_in(key(block)).astype(np.int64, copy=False))
        # So few are kept apart that they never take much more than what is returned.
        if sum(map(len, found)) > max(len(together), BLOCK_ROWS) or block.stop == rows:
            together, found = values_in(np.concatenate([together, *found])), []
    for block in blocks(rows):
        which[block] = np.searchsorted(together, key(block))
    return together, which


def counted(
    codes: NDArray[np.integer[Any]], minlength: int = 0, of: NDArray[Any] | None = None
) -> NDArray[np.int64]:
    """Count each whole number from 0 as `numpy.bincount` does, which would copy all of them.

    If `of` is given, which are numbers of rows or a mask of all, only the codes of these rows count.
    """
    found = np.zeros(minlength, np.int64)
    for block in blocks(len(codes) if of is None else len(of)):
        if of is None:
            own = codes[block]
        else:
            own = codes[block][of[block]] if of.dtype == np.bool_ else codes[of[block]]
        more = np.bincount(own, minlength=len(found))
        more[: len(found)] += found
        found = more
    return found

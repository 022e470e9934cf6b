"""Columns of many rows that are worked out; they may be put aside, so that they take no memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

NumberT = TypeVar("NumberT", bound=np.generic)

ASIDE_ROWS = 200_000
"""Rows from which on a column is put aside; shorter ones are faster in memory, where they take little."""

Room: TypeAlias = Callable[[int], memoryview | None]
"""Returns so many bytes, all 0, that need not stay in memory; None if there is no room."""

_room: ContextVar[Room | None] = ContextVar("room", default=None)


@contextmanager
def columns_aside(room: Room) -> Iterator[None]:
    """Put columns of many rows that are worked out in this block into `room`."""
    token = _room.set(room)
    try:
        yield
    finally:
        _room.reset(token)


def is_aside(rows: int) -> bool:
    """Whether a column of so many rows is put aside here."""
    return _room.get() is not None and rows >= ASIDE_ROWS


def new_column(rows: int, dtype: type[NumberT] | np.dtype[NumberT], *more: int) -> NDArray[NumberT]:
    """Return a column, shape (rows, *more), to be filled by the caller; it may hold anything."""
    room = _room.get()
    if room is not None and rows >= ASIDE_ROWS:
        shape = (rows, *more)
        found = room(int(np.prod(shape, dtype=np.int64)) * np.dtype(dtype).itemsize)
        if found is not None:
            return np.frombuffer(found, dtype).reshape(shape)
    return np.empty((rows, *more), dtype)


def copied(column: NDArray[NumberT]) -> NDArray[NumberT]:
    """Return a copy, which can be written to."""
    made = new_column(len(column), column.dtype, *column.shape[1:])
    made[...] = column
    return made


def joined(columns: list[NDArray[Any]]) -> NDArray[Any]:
    """Return columns of one dtype, at least one, end to end."""
    rows = sum(map(len, columns))
    if not is_aside(rows):
        return np.concatenate(columns)
    made, begin = new_column(rows, columns[0].dtype, *columns[0].shape[1:]), 0
    for each in columns:
        made[begin : begin + len(each)] = each
        begin += len(each)
    return made

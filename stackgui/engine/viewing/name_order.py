"""Sort any number of rows by name in natural order, without an object for each name.

A name becomes a key of bytes that sorts as `stackgui.core.base.natural.natural_key` does: a number becomes
how many digits it has, and then these. Keys are compared eight bytes at a time. Rows that these bytes do not
tell apart are looked at again, with the next eight.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Cancellation
from stackgui.engine.viewing.rows import ViewedRows
from stackgui.stores.format.names import Names, recased

_WINDOW = 8
"""Bytes of a key that are compared at a time; they make one number."""

# Of two names that are alike up to some place, the one that ends there comes first, then one in which a
# folder ends, then one in which there is a number.
_FOLDER_ENDS, _NUMBER, _LEAST = 1, 2, 3
_MOST_DIGITS = 250

_READING = 0.8
"""The share of a pass that reading names takes."""

_PART = 2**20
"""Rows sorted at a time, but for groups that are larger."""


def name_order(
    rows: ViewedRows,
    wanted: NDArray[np.uint32] | None,
    reached: Callable[[float], object],
    watch: Cancellation,
    *,
    by_path: bool,
    descending: bool,
) -> NDArray[np.uint32]:
    """Return the rows that are `wanted`, or all for None, in the order of their names.

    Parameters
    ----------
    rows
    wanted
        In ascending order.
    reached
        Called with how far it is, from 0 to 1, as far as can be told.
    watch
    by_path
        Whether folders are compared first, from the top down; otherwise they do not matter.
    descending
        Rows of equal names stay in their own order.

    Raises
    ------
    Cancelled
    StackguiError
        When the names cannot be read.
    """
    order = np.arange(rows.opened.rows, dtype=np.uint32) if wanted is None else wanted.copy()
    # Whether an entry of `order` belongs to the same group as the one before: they are not told apart yet.
    same = np.ones(len(order), np.bool_)
    same[:1] = False
    passes = _Passes(reached)
    while same.any() and passes.begin < passes.longest:
        window = _windows(rows, passes, watch, by_path=by_path)
        if descending:
            np.invert(window, out=window)
        _tell_apart(order, same, window, passes, watch)
        passes.begin += _WINDOW
    return order


class _Passes:
    """Where in the keys the sorting is, and how far that is; all passes count alike.

    Attributes
    ----------
    begin : int
        The first byte that is compared.
    longest : int
        Length of the longest key, as far as they have been looked at.
    """

    def __init__(self, reached: Callable[[float], object]) -> None:
        self._reached = reached
        self.begin, self.longest = 0, _WINDOW

    def tell(self, share: float) -> None:
        """Tell that a share of this pass is done."""
        self._reached((self.begin + share * _WINDOW) / max(self.longest, self.begin + _WINDOW))


def _windows(rows: ViewedRows, passes: _Passes, watch: Cancellation, *, by_path: bool) -> NDArray[np.uint64]:
    """Return the bytes of each row's key that are compared now, as a number."""
    window = np.zeros(rows.opened.rows, np.uint64)
    for first, names in rows.names(watch):
        data, starts, ends = keys(names, by_path=by_path)
        passes.longest = max(passes.longest, int((ends - starts).max(initial=0)))
        number = np.zeros(len(starts), np.uint64)
        for place in range(passes.begin, passes.begin + _WINDOW):
            at = starts + place
            digit = data[np.minimum(at, len(data) - 1)]
            number = (number << np.uint64(8)) | np.where(at < ends, digit, 0).astype(np.uint64)
        window[first : first + len(number)] = number
        passes.tell(_READING * (first + len(number)) / len(window))
    return window


def _tell_apart(
    order: NDArray[np.uint32],
    same: NDArray[np.bool_],
    window: NDArray[np.uint64],
    passes: _Passes,
    watch: Cancellation,
) -> None:
    """Sort the groups of `order` by the numbers in `window`, and divide them where these differ."""
    begin = 0
    while begin < len(order):
        watch.check()
        end = _end_of_group(same, begin + _PART)
        part, goes_on = order[begin:end], same[begin:end]
        if goes_on.any():
            numbers = window[part]
            if numbers.min() == numbers.max():
                pass
            elif goes_on[1:].all():
                _divide(part, goes_on, numbers, np.argsort(numbers, kind="stable"))
            else:
                # In order of the groups, which are in order already, and of the numbers in each.
                group = np.cumsum(~goes_on, dtype=np.uint32)
                _divide(part, goes_on, numbers, np.lexsort((numbers, group)))
        begin = end
        passes.tell(_READING + (1 - _READING) * end / len(order))


def _divide(
    part: NDArray[np.uint32], same: NDArray[np.bool_], numbers: NDArray[np.uint64], places: NDArray[np.intp]
) -> None:
    """Put a part of the order into that of `places`, and begin a group at each new number."""
    part[:] = part[places]
    for begin in range(0, len(places), _PART):
        # With the one before, for the first to be compared with.
        sorted_numbers = numbers[places[max(begin - 1, 0) : begin + _PART]]
        here = slice(max(begin, 1), begin + _PART)
        same[here] &= sorted_numbers[1:] == sorted_numbers[:-1]


def _end_of_group(same: NDArray[np.bool_], place: int) -> int:
    """Return the first place from `place` on where a group begins, or the end."""
    while place < len(same):
        begins = np.flatnonzero(~same[place : place + _PART])
        if len(begins):
            return place + int(begins[0])
        place += _PART
    return len(same)


def keys(names: Names, *, by_path: bool) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Return the keys of names.

    Returns
    -------
    data : uint8, shape (n,)
    begins, ends : int64, shape (rows,)
        Where each row's key begins and ends in `data`.
    """
    data = recased(names, _decomposed)
    ends = np.flatnonzero(data == 0)
    begins = np.concatenate([[0], ends[:-1] + 1])
    if not by_path:
        begins = _without_folders(data, begins, ends)
    digit = (data - np.uint8(ord("0"))) < 10  # noqa: PLR2004
    before = np.concatenate([[False], digit[:-1]])
    # Where numbers begin, and where they are over: every name ends with another byte.
    runs, over = np.flatnonzero(digit & ~before), np.flatnonzero(before & ~digit)
    values = _after_zeros(data, runs)
    zeros = values - runs
    # What each byte becomes: nothing or itself, after two bytes at the beginning of a number.
    size = np.ones(len(data), np.int8)
    size[np.repeat(values - np.cumsum(zeros), zeros) + np.arange(zeros.sum())] = 0
    size[runs] += 2
    table = _BY_PATH if by_path else _BY_NAME
    made = np.repeat(np.frombuffer(data.tobytes().translate(table), np.uint8), size)
    place = _Places(runs, zeros)
    starts = place.after(runs)
    made[starts] = _NUMBER
    made[starts + 1] = _LEAST + np.minimum(over - values, _MOST_DIGITS)
    return made, place.after(begins), place.after(ends)


class _Places:
    """Where bytes are after numbers have become longer by two bytes and lost their first zeros."""

    def __init__(self, runs: NDArray[np.int64], zeros: NDArray[np.int64]) -> None:
        self._runs = runs
        self._grown = np.concatenate([[0], np.cumsum(2 - zeros)])

    def after(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where the bytes at `places` are; none of them is within the zeros of a number."""
        found: NDArray[np.int64] = places + self._grown[np.searchsorted(self._runs, places)]
        return found


def _after_zeros(data: NDArray[np.uint8], runs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first place from each of `runs` on where there is no zero."""
    values = runs.copy()
    left = np.arange(len(runs))
    while len(left):
        left = left[data[values[left]] == ord("0")]
        values[left] += 1
    return values


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text.casefold())


def _without_folders(
    data: NDArray[np.uint8], begins: NDArray[np.int64], ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return where the last part of each path begins."""
    after = np.concatenate([[0], np.flatnonzero(data == ord("/")) + 1])
    found: NDArray[np.int64] = np.maximum(begins, after[np.searchsorted(after, ends, side="right") - 1])
    return found


def _table(folder_ends: int) -> bytes:
    table = bytearray(range(256))
    table[1:_LEAST] = bytes([_LEAST] * (_LEAST - 1))
    table[ord("/")] = folder_ends
    return bytes(table)


_BY_NAME, _BY_PATH = _table(ord("/")), _table(_FOLDER_ENDS)

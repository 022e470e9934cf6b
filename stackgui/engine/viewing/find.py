"""Searching and sorting the rows of a stack, however many, in a thread that can be cancelled."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.plan.listing import Order, Standing, Wanted
from stackgui.core.viewing.found import FoundRows, Sorting
from stackgui.core.viewing.opened import HAS_LABEL, Opened
from stackgui.engine.viewing.name_order import name_order
from stackgui.engine.viewing.rows import ViewedRows
from stackgui.engine.workers.control import Control
from stackgui.stores.format import names as names_of

_TOLD_EVERY_S = 0.15
_LARGEST = np.int64(2**31 - 1)


def find(
    rows: ViewedRows, wanted: Wanted, control: Control[FoundRows | Sorting], kept: Sequence[int] = ()
) -> FoundRows:
    """Return the rows that are `wanted`, in order; publish how far it is while it takes time.

    Parameters
    ----------
    rows, wanted, control
    kept
        Rows that are listed in any case.

    Raises
    ------
    Cancelled
    StackguiError
        When the stack cannot be read.
    """
    count = rows.opened.rows
    is_by_row = wanted.order is Order.ROW
    if not wanted.filters and is_by_row:
        return _turned(FoundRows(count), wanted)
    stay = np.unique(np.array(kept, np.uint32))
    stay = stay[stay < count]
    found = _filtered(rows, wanted, control, stay) if wanted.filters else FoundRows(count)
    return _turned(found if is_by_row else _in_order(rows, wanted, found, control), wanted)


class _Telling:
    """Publishes how far the sorting of rows is, at a pace that people can read."""

    def __init__(self, control: Control[FoundRows | Sorting], rows: int) -> None:
        self._control, self._rows = control, rows
        self._share, self._told_s = 0.0, time.monotonic()

    def check(self) -> None:
        """Raise Cancelled when the person wants something else."""
        self._control.check()

    def reached(self, share: float) -> None:
        """Tell how far it is, never less than before."""
        self._control.check()
        self._share = max(self._share, min(share, 1.0))
        if time.monotonic() - self._told_s > _TOLD_EVERY_S:
            self._told_s = time.monotonic()
            self._control.publish(Sorting(self._rows, self._share))


def _turned(found: FoundRows, wanted: Wanted) -> FoundRows:
    if not wanted.descending or wanted.order is not Order.ROW:
        return found
    if found.rows is None:
        return FoundRows(found.count, np.arange(found.count, dtype=np.uint32)[::-1], is_sorted=False)
    return FoundRows(found.count, found.rows[::-1], is_sorted=False)


def _filtered(
    rows: ViewedRows, wanted: Wanted, control: Control[FoundRows | Sorting], stay: NDArray[np.uint32]
) -> FoundRows:
    """Return the rows that match, and those that `stay`, in their own order."""
    # Room for all, of which the system gives what is written to; what was published is not moved.
    kept = np.empty(rows.opened.rows, np.uint32)
    number, told_s = 0, time.monotonic()
    for begin, matching in _pieces(rows, wanted, control):
        control.check()
        new = np.flatnonzero(matching)
        kept[number : number + len(new)] = new + begin
        number += len(new)
        if time.monotonic() - told_s > _TOLD_EVERY_S:
            told_s = time.monotonic()
            if wanted.order is Order.ROW and not wanted.descending:
                looked = begin + len(matching)
                sofar = FoundRows(number, kept[:number], searching=True, searched=looked)
                control.publish(sofar.with_rows(stay))
    return FoundRows(number, kept[:number].copy(), searched=rows.opened.rows).with_rows(stay)


def _pieces(rows: ViewedRows, wanted: Wanted, watch: Cancellation) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    """Yield which rows match, some rows after the other, after the number of the first."""
    words = wanted.text.split()
    by_table = _has_more(wanted)
    if not words:
        yield from _by_tables(rows, wanted, watch)
    elif not by_table:
        yield from _named(rows, words, watch)
    else:
        # A bit for each row: tables are quick to read, and their pieces are others than those of names.
        keep = np.zeros(rows.opened.rows, np.bool_)
        for begin, matching in _by_tables(rows, wanted, watch):
            keep[begin : begin + len(matching)] = matching
        for begin, matching in _named(rows, words, watch):
            yield begin, matching & keep[begin : begin + len(matching)]


def _named(
    rows: ViewedRows, words: Sequence[str], watch: Cancellation
) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    for first, names in rows.names(watch):
        yield first, names_of.matching(names, words)


def _has_more(wanted: Wanted) -> bool:
    """Return whether anything but names is searched for."""
    chosen = wanted.label is not None, wanted.part is not None, wanted.sizes is not None
    return any(chosen) or wanted.standing is not Standing.ANY


def _by_tables(
    rows: ViewedRows, wanted: Wanted, watch: Cancellation
) -> Iterator[tuple[int, NDArray[np.bool_]]]:
    names = [
        *([_label_column(rows.opened, wanted.label)] if wanted.label is not None else []),
        *(["part"] if wanted.part is not None else []),
        *(["height", "width"] if wanted.sizes is not None else []),
        *(["gone"] if wanted.standing is Standing.GONE else []),
        *(["filled", "excluded"] if wanted.standing is not Standing.ANY or not _has_more(wanted) else []),
    ]
    for begin, columns in rows.columns(names, watch):
        yield begin, _matching(rows.opened, wanted, columns)


def _matching(opened: Opened, wanted: Wanted, columns: dict[str, NDArray[Any]]) -> NDArray[np.bool_]:
    keep = np.ones(len(next(iter(columns.values()))), np.bool_)
    if wanted.label is not None:
        keep &= columns[_label_column(opened, wanted.label)]
    if wanted.part is not None:
        keep &= columns["part"] == _number(opened.parts, wanted.part)
    if (sizes := wanted.sizes) is not None:
        height, width = columns["height"], columns["width"]
        keep &= (height >= sizes.least_height) & (height <= sizes.most_height)
        keep &= (width >= sizes.least_width) & (width <= sizes.most_width)
    match wanted.standing:
        case Standing.SOUND:
            keep &= columns["filled"] & ~columns["excluded"]
        case Standing.BLANK:
            keep &= ~columns["filled"]
        case Standing.LEFT_OUT:
            keep &= columns["excluded"]
        case Standing.GONE:
            keep &= columns["gone"]
        case Standing.ANY:
            pass
    return keep


def _label_column(opened: Opened, label: str) -> str:
    return f"{HAS_LABEL}{_number(opened.classes, label)}"


def _number(names: tuple[str, ...], name: str) -> int:
    """Return the number of a class or part; -1 for none, and one that no row has for an unknown name."""
    if not name:
        return -1
    return names.index(name) if name in names else -2


def _in_order(
    rows: ViewedRows, wanted: Wanted, found: FoundRows, control: Control[FoundRows | Sorting]
) -> FoundRows:
    telling = _Telling(control, found.count)
    if wanted.order in {Order.NAME, Order.PATH}:
        listed = None if found.rows is None else found.rows[: found.count].astype(np.uint32)
        by_path = wanted.order is Order.PATH
        order = name_order(
            rows, listed, telling.reached, telling, by_path=by_path, descending=wanted.descending
        )
        return FoundRows(len(order), order, is_sorted=False)
    # Key and row in one number, sorted in place: an order beside its keys would take twice the memory.
    packed = np.empty(rows.opened.rows, np.int64)
    for begin, columns in rows.columns(_KEYS[wanted.order], telling):
        key = _key(wanted.order, columns)
        end = begin + len(key)
        packed[begin:end] = ((-key if wanted.descending else key) << 32) | np.arange(begin, end)
        telling.reached(end / len(packed))
    if found.rows is not None:
        packed = packed[found.rows[: found.count]]
    packed.sort()
    control.check()
    return FoundRows(len(packed), (packed & 0xFFFFFFFF).astype(np.uint32), is_sorted=False)


_KEYS = {
    Order.LABEL: ("label",),
    Order.PART: ("part",),
    Order.PROBLEM: ("filled",),
    Order.WIDTH: ("width",),
    Order.HEIGHT: ("height",),
    Order.AREA: ("height", "width"),
}
"""The columns that each order needs; the other orders are by row or by name."""


def _key(order: Order, columns: dict[str, NDArray[Any]]) -> NDArray[np.int64]:
    """Return what rows are sorted by, below 2³¹; no label comes last, and blank rows first."""
    if order is Order.AREA:
        area = columns["height"].astype(np.int64) * columns["width"]
        return np.asarray(np.minimum(area, _LARGEST))
    (column,) = columns.values()
    key = column.astype(np.int64)
    return np.where(key < 0, _LARGEST, key)

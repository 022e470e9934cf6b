"""Which entries of a long list are marked, by the rules of every file manager. No Qt."""

from __future__ import annotations

from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Marking(Enum):
    """What a click or a key does to the marks.

    ``ONLY``: mark this entry alone. ``TOGGLE``: change its mark and keep the others. ``SPAN``: mark all from
    the anchor to it, and nothing else. ``ADD_SPAN``: the same, and keep the others. ``MOVE``: mark nothing.
    """

    ONLY = "only"
    TOGGLE = "toggle"
    SPAN = "span"
    ADD_SPAN = "add span"
    MOVE = "move"

    @classmethod
    def of(cls, *, span: bool, keep: bool, moves: bool = False) -> Marking:
        """Return what Shift (`span`) and Ctrl (`keep`) mean with a click, or with a key that `moves`."""
        if span:
            return cls.ADD_SPAN if keep else cls.SPAN
        return (cls.MOVE if moves else cls.TOGGLE) if keep else cls.ONLY


_Edges = NDArray[np.int64]
"""Where runs of marked entries begin and end, in turn."""

_NONE: _Edges = np.empty(0, np.int64)


class Marks:
    """The marks on `count` entries, of which one is the current one; cost nothing for what is not marked.

    Attributes
    ----------
    count : int
    current : int
        Entry that the keys act on; -1 for none.
    """

    def __init__(self, count: int = 0) -> None:
        self.count = count
        self.current = -1
        self._anchor = -1
        self._edges = _NONE
        self._before_band: _Edges | None = None

    def __len__(self) -> int:
        return int(self._edges[1::2].sum() - self._edges[::2].sum())

    def __contains__(self, position: int) -> bool:
        return bool(_are_in(self._edges, np.array([position]))[0])

    @property
    def positions(self) -> NDArray[np.int64]:
        """Return the marked entries, in order."""
        return self.first(len(self))

    def first(self, most: int) -> NDArray[np.int64]:
        """Return the first marked entries, in order, `most` of them at most."""
        begins, ends = self._edges[::2], self._edges[1::2]
        before = np.concatenate([[0], np.cumsum(ends - begins)])
        wanted = np.arange(min(most, len(self)))
        run = np.searchsorted(before, wanted, side="right") - 1
        return np.asarray(wanted - before[run] + begins[run], np.int64)

    def go(self, position: int, how: Marking) -> None:
        """Make `position` the current entry, and mark it as `how` says."""
        anchor = self._anchor if self._anchor >= 0 else position
        span = _run(min(anchor, position), max(anchor, position) + 1)
        match how:
            case Marking.ONLY:
                self._edges = _run(position, position + 1)
            case Marking.TOGGLE:
                self._edges = _combined(self._edges, _run(position, position + 1), np.logical_xor)
            case Marking.SPAN:
                self._edges = span
            case Marking.ADD_SPAN:
                self._edges = _combined(self._edges, span, np.logical_or)
            case Marking.MOVE:
                pass
        self.current = position
        self._anchor = anchor if how in {Marking.SPAN, Marking.ADD_SPAN} else position

    def mark_all(self) -> None:
        """Mark every entry."""
        self._edges = _run(0, self.count) if self.count else _NONE

    def clear(self) -> None:
        """Mark nothing; the current entry stays."""
        self._edges = _NONE

    def set(self, count: int, positions: NDArray[np.int64], current: int) -> None:
        """Begin anew with other entries, of which those at `positions` are marked."""
        self.count = count
        self._edges = _edges_of(positions)
        self.current = self._anchor = current
        self._before_band = None

    def band(self, inside: NDArray[np.int64], *, keep: bool) -> None:
        """Mark what is `inside` a rubber band, and with `keep` also what was marked before it was begun."""
        if self._before_band is None:
            self._before_band = self._edges if keep else _NONE
        self._edges = _combined(self._before_band, _edges_of(inside), np.logical_or)

    def end_band(self) -> None:
        """Keep what the rubber band marked."""
        self._before_band = None


def _run(begin: int, end: int) -> _Edges:
    return np.array([begin, end], np.int64)


def _edges_of(positions: NDArray[np.int64]) -> _Edges:
    """Return the runs that `positions` form, in any order."""
    entries = np.unique(positions).astype(np.int64)
    return _combined(entries, entries + 1, np.logical_xor) if len(entries) else _NONE


def _are_in(edges: _Edges, positions: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which of `positions` lie after an odd number of `edges`, hence in a run."""
    return np.asarray(np.searchsorted(edges, positions, side="right") % 2 == 1)


def _combined(some: _Edges, others: _Edges, operation: Any) -> _Edges:  # noqa: ANN401 - a ufunc
    """Return the runs in which `operation` holds of both."""
    edges = np.union1d(some, others)
    now = operation(_are_in(some, edges), _are_in(others, edges))
    return np.asarray(edges[now != np.concatenate([[False], now[:-1]])], np.int64)

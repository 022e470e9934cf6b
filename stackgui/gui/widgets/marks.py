"""Which entries of a long list are marked, by the rules of every file manager. No Qt."""

from __future__ import annotations

from enum import Enum

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


class Marks:
    """The marks on `count` entries, of which one is the current one.

    Attributes
    ----------
    current : int
        Entry that the keys act on; -1 for none.
    mask : bool, shape (count,)
        Read it, but do not write to it.
    """

    def __init__(self, count: int = 0) -> None:
        self.mask: NDArray[np.bool_] = np.zeros(count, np.bool_)
        self.current = -1
        self._anchor = -1
        self._before_band: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return int(np.count_nonzero(self.mask))

    @property
    def positions(self) -> NDArray[np.int64]:
        """Return the marked entries, in order."""
        return np.flatnonzero(self.mask)

    def go(self, position: int, how: Marking) -> None:
        """Make `position` the current entry, and mark it as `how` says."""
        anchor = self._anchor if self._anchor >= 0 else position
        if how in {Marking.ONLY, Marking.SPAN}:
            self.mask[:] = False
        match how:
            case Marking.ONLY:
                self.mask[position] = True
            case Marking.TOGGLE:
                self.mask[position] ^= True
            case Marking.SPAN | Marking.ADD_SPAN:
                self.mask[min(anchor, position) : max(anchor, position) + 1] = True
            case Marking.MOVE:
                pass
        self.current = position
        self._anchor = anchor if how in {Marking.SPAN, Marking.ADD_SPAN} else position

    def mark_all(self) -> None:
        """Mark every entry."""
        self.mask[:] = True

    def clear(self) -> None:
        """Mark nothing; the current entry stays."""
        self.mask[:] = False

    def set(self, mask: NDArray[np.bool_], current: int) -> None:
        """Begin anew with other entries, some of which are marked."""
        self.mask = mask.copy()
        self.current = self._anchor = current
        self._before_band = None

    def band(self, inside: NDArray[np.int64], *, keep: bool) -> None:
        """Mark what is `inside` a rubber band, and with `keep` also what was marked before it was begun."""
        if self._before_band is None:
            self._before_band = self.mask.copy() if keep else np.zeros_like(self.mask)
        np.copyto(self.mask, self._before_band)
        self.mask[inside] = True

    def end_band(self) -> None:
        """Keep what the rubber band marked."""
        self._before_band = None

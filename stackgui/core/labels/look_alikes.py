"""Finds samples that look almost alike, by their sketches; a million of them within seconds.

A sketch has 128 bits, most of which pictures that look alike share; see `stackgui.imaging.pixels.sketch`.
Comparing all pairs would take hours, so the first 64 bits are divided into bands: two halves that differ in
at most `MAX_COARSE` bits differ in few bits of at least one band, and sketches with nearly the same band are
found in a table. The result is exactly that of comparing all pairs.

Of many thousands that are all alike, such as frames of a camera that does not move, nearly all pairs would
still have to be compared. So a few are compared with all others first: what that joins is not compared again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.columns import Coded
from stackgui.core.base.kept import kept
from stackgui.core.catalog.catalog import ONLY_MEMBER, Catalog
from stackgui.core.labels.grouping import NO_KEY, connected

MAX_COARSE, MAX_DIFFERENCE = 8, 24
"""Bits in which the first halves of two sketches, and both halves together, may differ.

Chosen by measuring; see `docs/performance.md`.
"""

BANDS = ((0, 22), (22, 21), (43, 21))
"""First bit and number of bits of each band."""

MAX_FLIPPED = MAX_COARSE // len(BANDS)
"""Bits in which at least one band differs at most."""

FEW = 2048
"""Sketches up to which all pairs are compared, which is faster then."""

LARGE = 256
"""Sketches with the same band from which on they are joined by a few of them first."""

PIVOTS = 16
"""So many of them are compared with all others at a time."""

_PAIRS_AT_ONCE = 2**19
_JOINED_AT_ONCE = 2**18
_MANY_PAIRS = 2**20


_Ranges: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""Places to compare with others, and where the others begin and how many they are."""


@dataclass(frozen=True, eq=False, slots=True)
class Sketches:
    """The sketches of some samples; one of zeros was not made, and is like no other.

    Attributes
    ----------
    coarse, fine : uint64, shape (n,)
        The first and the second half.
    """

    coarse: NDArray[np.uint64]
    fine: NDArray[np.uint64]

    def take(self, places: NDArray[np.int64]) -> Sketches:
        """Return only some of them."""
        return Sketches(self.coarse[places], self.fine[places])

    def alike(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which pairs of places look almost alike."""
        differ = np.bitwise_count(self.coarse[one] ^ self.coarse[other])
        found: NDArray[np.bool_] = differ <= MAX_COARSE
        near = np.flatnonzero(found)
        fine = np.bitwise_count(self.fine[one[near]] ^ self.fine[other[near]])
        found[near] = differ[near] + fine <= MAX_DIFFERENCE
        return found


def first_alike(sketches: Sketches, cancellation: Cancellation = UNWATCHED) -> NDArray[np.int64]:
    """Group sketches that are almost alike, directly or by way of others.

    Parameters
    ----------
    sketches
    cancellation
        Checked often.

    Returns
    -------
    int64, shape (n,)
        The first place of each sketch's group, or `NO_KEY` for a sketch that is like no other.
    """
    made = np.flatnonzero((sketches.coarse | sketches.fine) != 0)
    own = sketches.take(made)
    order = np.lexsort((own.fine, own.coarse))
    own = own.take(order)
    is_new = np.ones(len(order), np.bool_)
    is_new[1:] = (own.coarse[1:] != own.coarse[:-1]) | (own.fine[1:] != own.fine[:-1])
    # Equal sketches may be many thousands, so only one of each is compared.
    root = _Joining(own.take(np.flatnonzero(is_new)), cancellation).roots()
    group = root[np.cumsum(is_new) - 1]
    first = np.full(len(root), len(sketches.coarse))
    np.minimum.at(first, group, made[order])
    found = np.full(len(sketches.coarse), NO_KEY, np.int64)
    found[made[order]] = np.where(np.bincount(group, minlength=len(root))[group] > 1, first[group], NO_KEY)
    return found


class _Joining:
    """Sketches that are being joined."""

    def __init__(self, sketches: Sketches, cancellation: Cancellation) -> None:
        self._sketches = sketches
        self._cancellation = cancellation
        self._root = np.arange(len(sketches.coarse))
        self._pending: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
        self._waiting = 0
        self._table: _Table | None = None

    def roots(self) -> NDArray[np.int64]:
        """Return for each sketch a place that is the same for all of its group."""
        if len(self._root) <= FEW:
            places = np.arange(len(self._root))
            self._compare(places, places, places + 1, len(places) - places - 1)
        else:
            for first, width in BANDS:
                self._compare_by(first, width)
        self._join()
        return self._root

    def _compare_by(self, first: int, width: int) -> None:
        """Compare the sketches whose bands differ in at most `MAX_FLIPPED` bits."""
        coarse = self._sketches.coarse
        band = ((coarse >> np.uint64(first)) & np.uint64((1 << width) - 1)).astype(np.int64)
        begins = np.concatenate(([0], np.cumsum(np.bincount(band, minlength=1 << width))))
        self._thin_out(band, begins)
        self._compare_with(band, begins, _Table.of_own_bands)
        for flipped in _flips(width):
            self._compare_with(band, begins, partial(_Table.of_other_bands, flipped=flipped))

    def _compare_with(
        self, band: NDArray[np.int64], begins: NDArray[np.int64], others: Callable[[_Table], _Ranges]
    ) -> None:
        """Compare the sketches with `others`; if these are very many, with a few of them first."""
        one, begin, count = others(self._table_of(band, begins))
        if int(count.sum()) > _MANY_PAIRS:
            self._compare(self._table_of(band, begins).order, one, begin, np.minimum(count, PIVOTS))
            self._join()
            one, begin, count = others(self._table_of(band, begins))
        self._compare(self._table_of(band, begins).order, one, begin, count)

    def _table_of(self, band: NDArray[np.int64], begins: NDArray[np.int64]) -> _Table:
        """Return the table of these bands as the sketches are joined now."""
        known = self._table
        if known is None or known.root is not self._root or known.begins is not begins:
            known = self._table = _Table.of(band, begins, self._root)
        return known

    def _thin_out(self, band: NDArray[np.int64], begins: NDArray[np.int64]) -> None:
        """Join what is alike in large bands by a few of each, as long as that saves more than it costs."""
        large, left = np.flatnonzero(np.diff(begins) > LARGE).tolist(), None
        while large:
            table = self._table_of(band, begins)
            pivots, pairs = [], 0
            for number in large:
                chosen, apart = table.pivots(number)
                pivots.append(chosen)
                pairs += apart
            one = np.concatenate(pivots)
            bands = table.band[one]
            count = begins[bands + 1] - begins[bands]
            if int(count.sum()) >= (pairs if left is None else min(pairs, left - pairs)):
                return
            left = pairs
            self._compare(table.order, one, begins[bands], count)
            self._join()

    def _compare(
        self,
        order: NDArray[np.int64],
        one: NDArray[np.int64],
        begin: NDArray[np.int64],
        count: NDArray[np.int64],
    ) -> None:
        """Compare each of `one` with the `count` places from `begin` on, all of them counted in `order`."""
        self._cancellation.check()
        some = np.flatnonzero(count)
        one, begin, count = one[some], begin[some], count[some]
        ends = np.cumsum(count)
        at = 0
        while at < len(one):
            self._cancellation.check()
            done = int(ends[at - 1]) if at else 0
            until = max(at + 1, int(np.searchsorted(ends, done + _PAIRS_AT_ONCE, "right")))
            part = slice(at, until)
            at = until
            repeated = count[part]
            left = np.repeat(one[part], repeated)
            right = np.arange(int(repeated.sum())) + np.repeat(
                begin[part] - (ends[part] - repeated - done), repeated
            )
            self._take(order[left], order[right])

    def _take(self, one: NDArray[np.int64], other: NDArray[np.int64]) -> None:
        """Note the pairs that are alike, but not joined yet."""
        apart = np.flatnonzero(self._sketches.alike(one, other))
        one, other = one[apart], other[apart]
        apart = np.flatnonzero(self._root[one] != self._root[other])
        if len(apart):
            self._pending.append((one[apart], other[apart]))
            self._waiting += len(apart)
        if self._waiting > _JOINED_AT_ONCE:
            self._join()

    def _join(self) -> None:
        if not self._pending:
            return
        one, other = (np.concatenate(ends) for ends in zip(*self._pending, strict=True))
        self._pending, self._waiting = [], 0
        count = len(self._root)
        self._root = connected(
            count, np.concatenate((np.arange(count), one)), np.concatenate((self._root, other))
        )


@dataclass(frozen=True, eq=False, slots=True)
class _Table:
    """Sketches in an order in which equal bands lie side by side, and among these what is joined.

    What is compared next lies close by in memory then, too.

    Attributes
    ----------
    order : int64, shape (n,)
        The place of each sketch.
    band : int64, shape (n,)
        Bands, in this order.
    key : int64, shape (n,)
        Bands together with what the sketches are joined to; it ascends.
    end : int64, shape (n,)
        Where the sketches end that have the same key.
    begins : int64, shape (bands + 1,)
        Where those of each band begin.
    root : int64, shape (n,)
        What each sketch is joined to, by place.
    """

    order: NDArray[np.int64]
    band: NDArray[np.int64]
    key: NDArray[np.int64]
    end: NDArray[np.int64]
    begins: NDArray[np.int64]
    root: NDArray[np.int64]

    @classmethod
    def of(cls, band: NDArray[np.int64], begins: NDArray[np.int64], root: NDArray[np.int64]) -> _Table:
        """Sort sketches by band and by what they are joined to."""
        key = band * len(root) + root
        order = np.argsort(key, kind="stable")
        key = key[order]
        ends = np.flatnonzero(np.diff(key, append=-1)) + 1
        end = np.repeat(ends, np.diff(ends, prepend=0))
        return cls(order, band[order], key, end, begins, root)

    def pivots(self, band: int) -> tuple[NDArray[np.int64], int]:
        """Return some sketches of a band that are not joined, and how many pairs of the band are not."""
        begin, end = int(self.begins[band]), int(self.begins[band + 1])
        ends = np.unique(self.end[begin:end])
        sizes = np.diff(ends, prepend=begin)
        apart = ((end - begin) ** 2 - int((sizes**2).sum())) // 2
        chosen = np.unique(np.linspace(0, len(ends) - 1, PIVOTS if apart else 0).astype(np.int64))
        return (ends - sizes)[chosen], apart

    def of_own_bands(self) -> _Ranges:
        """Return for each sketch those of the same band after it to which it is not joined."""
        return np.arange(len(self.order)), self.end, self.begins[self.band + 1] - self.end

    def of_other_bands(self, flipped: int) -> _Ranges:
        """Return for each sketch those of another band, of large ones only those that are apart."""
        # Each pair once: from the one that lacks the highest flipped bit to the other.
        one = np.flatnonzero(self.band & (1 << (flipped.bit_length() - 1)) == 0)
        wanted = self.band[one] ^ flipped
        one = one[self.begins[wanted + 1] > self.begins[wanted]]
        wanted = self.band[one] ^ flipped
        begin, end = self.begins[wanted], self.begins[wanted + 1]
        key = wanted * len(self.root) + self.root[self.order[one]]
        # Of many that are alike, most often all of the band is joined to the one that asks.
        apart = (self.key[begin] != key) | (self.end[begin] < end)
        one, key, begin, end = (each[apart] for each in (one, key, begin, end))
        is_large = end - begin > LARGE
        small = ~is_large
        key = key[is_large]
        from_, to = (np.searchsorted(self.key, key, side) for side in ("left", "right"))
        large_begin, large_end = begin[is_large], end[is_large]
        return (
            np.concatenate((one[small], one[is_large], one[is_large])),
            np.concatenate((begin[small], large_begin, to)),
            np.concatenate(((end - begin)[small], from_ - large_begin, large_end - to)),
        )


def _flips(width: int) -> Iterator[int]:
    """Yield all numbers of `width` bits with at least one and at most `MAX_FLIPPED` bits set."""
    for count in range(1, MAX_FLIPPED + 1):
        for bits in combinations(range(width), count):
            yield sum(1 << bit for bit in bits)


def sketches_of(catalog: Catalog) -> Sketches:
    """Return the sketches of all samples."""
    return Sketches(
        *(half.astype(np.int64).view(np.uint64) for half in (catalog.sketch, catalog.fine_sketch))
    )


@dataclass(frozen=True, slots=True)
class _Watch:
    """What may cancel the search, which makes no difference to what is found."""

    cancellation: Cancellation = field(compare=False)


def look_alikes(catalog: Catalog, cancellation: Cancellation = UNWATCHED) -> NDArray[np.int64]:
    """Return for each sample the first of those that look almost alike, or `NO_KEY`; see `first_alike`."""
    return _look_alikes(catalog, _Watch(cancellation))


@kept()
def _look_alikes(catalog: Catalog, watch: _Watch) -> NDArray[np.int64]:
    found = first_alike(sketches_of(catalog), watch.cancellation)
    found.setflags(write=False)
    return found


@kept()
def look_alike_groups(catalog: Catalog) -> Coded | None:
    """Return the group of look-alikes of each sample, ``""`` for none; None if they were not looked for.

    A group is called by the path of its first sample.
    """
    if not catalog.scan_options.near_duplicates:
        return None
    first = look_alikes(catalog)
    alike = np.flatnonzero(first != NO_KEY)
    firsts, code = np.unique(first[alike], return_inverse=True)
    codes = np.zeros(len(catalog), np.int32)
    codes[alike] = code + 1
    return Coded(codes, ("", *(_name(catalog, sample) for sample in firsts.tolist())))


def _name(catalog: Catalog, sample: int) -> str:
    """Return a name that no other sample has, which is its path unless it shares that with others."""
    name, member, source = catalog.path[sample], int(catalog.member[sample]), int(catalog.source[sample])
    name = f"{name}#{member}" if member != ONLY_MEMBER else name
    return f"{source + 1}:{name}" if source else name

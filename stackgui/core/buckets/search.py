"""The search for a few bucket sizes that hold many samples at the least cost."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.buckets.partition import Floats, Places, divide_chain

LINES = 64
"""Heights, and widths, among which buckets are looked for thoroughly, before single pixels count."""

SWEEPS = 6
"""Times that all buckets of a division are tried elsewhere, at most; most rest after two or three."""

KEPT = 12
"""Divisions that are gone on with: the best one of k buckets is not always near the best one of k + 1."""

TOGETHER = 6_000_000
"""Offers that are compared to place several buckets at once. For a handful of sizes that is exact; of many,
no two can be placed at once."""


@dataclass(frozen=True, eq=False, slots=True)
class Sizes:
    """The distinct sizes that buckets have to hold; a bucket has the height and the width of some of them.

    Attributes
    ----------
    heights, widths : float64
        The distinct ones, ascending, in pixels.
    row, column : int64, shape (M,)
        Place of each size's height in `heights`, and of its width in `widths`.
    count : float64, shape (M,)
        Samples of each size. Floats hold these and all costs exactly, up to 2**53.
    """

    heights: Floats
    widths: Floats
    row: Places
    column: Places
    count: Floats

    @classmethod
    def of(cls, height: NDArray[np.int64], width: NDArray[np.int64], count: NDArray[np.int64]) -> Sizes:
        """Of distinct sizes in pixels, and how many samples have each."""
        heights, row = np.unique(height, return_inverse=True)
        widths, column = np.unique(width, return_inverse=True)
        return cls(
            heights.astype(np.float64), widths.astype(np.float64), row, column, count.astype(np.float64)
        )

    @property
    def area(self) -> Floats:
        """Pixels of each size, shape (M,)."""
        return self.heights[self.row] * self.widths[self.column]

    def transposed(self) -> Sizes:
        """Heights as widths and widths as heights."""
        return Sizes(self.widths, self.heights, self.column, self.row, self.count)

    def coarse(self) -> tuple[Sizes, Places, Places]:
        """The same rounded up to at most `LINES` heights and widths, and the places of these here."""
        rows, columns = _lines(self.row, self.count), _lines(self.column, self.count)
        cell = np.searchsorted(rows, self.row) * len(columns) + np.searchsorted(columns, self.column)
        cells, inverse = np.unique(cell, return_inverse=True)
        count = np.bincount(inverse, weights=self.count).astype(np.float64)
        row, column = np.divmod(cells, len(columns))
        return Sizes(self.heights[rows], self.widths[columns], row, column, count), rows, columns


def _lines(place: Places, count: Floats) -> Places:
    """At most `LINES` of the places: evenly spread, and evenly by samples."""
    last = int(place.max())
    if last < LINES:
        return np.arange(last + 1)
    samples = np.cumsum(np.bincount(place, weights=count))
    shares = np.linspace(0, 1, LINES // 2)
    even = np.rint(shares * last).astype(np.int64)
    return np.union1d(even, np.searchsorted(samples, shares * samples[-1]))


class Division:
    """Buckets that hold all of some sizes, and what they cost; changes while it is improved.

    A bucket is a pair of places in `Sizes.heights` and `Sizes.widths`. It offers each size that it holds a
    row of its own area, and each size takes the best offer.
    """

    def __init__(self, sizes: Sizes, boxes: Places) -> None:
        self.sizes = sizes
        self.boxes = boxes.copy()
        self._offers = np.stack([self._offer(box) for box in boxes])
        self.cost = self._cost()

    def _offer(self, box: Places) -> Floats:
        sizes = self.sizes
        holds = (sizes.row <= box[0]) & (sizes.column <= box[1])
        return np.where(holds, sizes.heights[box[0]] * sizes.widths[box[1]], np.inf)

    def _cost(self) -> float:
        return float(self._offers.min(axis=0) @ self.sizes.count)

    def _put(self, index: int, box: Places) -> None:
        self.boxes[index] = box
        self._offers[index] = self._offer(box)

    def _others(self, index: int) -> Offers:
        """The best offers of all buckets but one."""
        return Offers.of(np.delete(self._offers, index, axis=0))

    def settle(self, cancellation: Cancellation) -> None:
        """Move single sides of buckets, each to its best place, until nothing gets better."""
        before = np.inf
        while self.cost < before:
            before = self.cost
            for index in range(len(self.boxes)):
                cancellation.check()
                self._fit(index)
            self.cost = self._cost()

    def _fit(self, index: int) -> None:
        others = self._others(index)
        row, column = self.boxes[index].tolist()
        row = _best_side(self.sizes, others, column)
        column = _best_side(self.sizes.transposed(), others, row)
        self._put(index, np.array([row, column]))

    def improve(self, cancellation: Cancellation) -> None:
        """Take buckets away, one after another, and put each where it is of most use then."""
        self.settle(cancellation)
        for _ in range(SWEEPS):
            before = self.cost
            for index in range(len(self.boxes)):
                self._move(index, cancellation)
            if self.cost >= before:
                return

    def improve_together(self, cancellation: Cancellation) -> None:
        """Put several buckets at once where they are of most use, as many as `TOGETHER` allows."""
        sizes = self.sizes
        places = np.indices((len(sizes.heights), len(sizes.widths))).reshape(2, -1).T
        count, work = len(self.boxes), len(sizes.count)
        possible = (
            n for n in range(count, 1, -1) if math.comb(count, n) * len(places) ** n * work <= TOGETHER
        )
        at_once = next(possible, None)
        if at_once is None:
            return
        offers = np.stack([self._offer(box) for box in places])
        for chosen in combinations(range(count), at_once):
            cancellation.check()
            best = np.delete(self._offers, chosen, axis=0).min(axis=0, initial=np.inf)
            for _ in chosen:
                best = np.minimum(best[..., None, :], offers)
            cost = best @ sizes.count
            for index, place in zip(chosen, np.unravel_index(int(np.argmin(cost)), cost.shape), strict=True):
                self._put(index, places[place])
        self.cost = self._cost()

    def refined(self, sizes: Sizes, rows: Places, columns: Places, cancellation: Cancellation) -> Division:
        """The same among finer sizes, in which places have the numbers `rows` and `columns`."""
        boxes = np.stack([rows[self.boxes[:, 0]], columns[self.boxes[:, 1]]], axis=1)
        division = Division(sizes, boxes)
        division.settle(cancellation)
        return division

    def _move(self, index: int, cancellation: Cancellation) -> None:
        old, cost = self.boxes[index].copy(), self.cost
        self._put(index, _best_box(self.sizes, self._others(index)))
        self.cost = self._cost()
        if self.cost < cost:
            self.settle(cancellation)
        else:
            self._put(index, old)
            self.cost = cost

    def extended(self) -> Division:
        """The same with one bucket more."""
        box = _best_box(self.sizes, Offers.of(self._offers))
        return Division(self.sizes, np.concatenate([self.boxes, box[None]]))


@dataclass(frozen=True, eq=False, slots=True)
class Offers:
    """The best that some buckets offer each size.

    Attributes
    ----------
    costs : float64, shape (n,)
        Areas of the buckets, and infinity for the sizes that none of them holds.
    level : int64, shape (M,)
        Which of them each size costs.
    """

    costs: Floats
    level: Places

    @classmethod
    def of(cls, offers: Floats) -> Offers:
        """Of what each bucket offers each size, shape (buckets, M)."""
        if not len(offers):
            return cls(np.array([np.inf]), np.zeros(offers.shape[1], np.int64))
        level, best = offers.argmin(axis=0), offers.min(axis=0)
        costs = np.min(offers, axis=1, initial=np.inf)
        return cls(np.append(costs, np.inf), np.where(np.isinf(best), len(costs), level))

    @property
    def alone(self) -> NDArray[np.bool_]:
        """Mask of the sizes that no bucket holds, shape (M,)."""
        return np.asarray(self.level == len(self.costs) - 1)

    def savings(self, inside: Floats, area: Floats) -> Floats:
        """What a further bucket of each area saves.

        Parameters
        ----------
        inside : float64, shape (n, ...)
            How many samples of each level it would hold.
        area : float64, shape (...)
        """
        saving: Floats = -area * inside[-1]
        for cost, count in zip(self.costs[:-1], inside[:-1], strict=True):
            if np.isfinite(cost):
                saving += count * np.maximum(cost - area, 0.0)
        return saving


def _best_side(sizes: Sizes, others: Offers, column: int) -> int:
    """The best height for a bucket of the width at `column`, beside what other buckets offer.

    Worked out for all heights at once: sizes are counted by height and by what they cost otherwise.
    """
    rows = len(sizes.heights)
    cell = others.level * rows + sizes.row
    count = np.where(sizes.column <= column, sizes.count, 0.0)
    inside = np.bincount(cell, weights=count, minlength=len(others.costs) * rows)
    saving = others.savings(inside.reshape(-1, rows).cumsum(axis=1), sizes.heights * sizes.widths[column])
    least = int(sizes.row[others.alone].max(initial=0))
    return least + int(np.argmax(saving[least:]))


def _best_box(sizes: Sizes, others: Offers) -> Places:
    """The best further bucket, beside what other buckets offer; what none of them holds, it has to hold."""
    shape = (len(others.costs), len(sizes.heights), len(sizes.widths))
    cell = (others.level * shape[1] + sizes.row) * shape[2] + sizes.column
    inside = np.bincount(cell, weights=sizes.count, minlength=shape[0] * shape[1] * shape[2])
    area = np.outer(sizes.heights, sizes.widths)
    saving = others.savings(inside.reshape(shape).cumsum(axis=1).cumsum(axis=2), area)
    row, column = (int(side[others.alone].max(initial=0)) for side in (sizes.row, sizes.column))
    places = np.unravel_index(int(np.argmax(saving[row:, column:])), saving[row:, column:].shape)
    return np.array([row + places[0], column + places[1]], np.int64)


def search(exact: Sizes, most: int, cancellation: Cancellation = UNWATCHED) -> list[Places]:
    """The best divisions found of `exact` into 1 … `most` buckets, as places in its heights and widths.

    Sizes are rounded up to `LINES` heights and widths at first. Divisions of k buckets come from those of
    k - 1 by one bucket more, and from chains of nested sizes; the best ones are improved, and the best of all
    is settled among the sizes themselves. With M distinct sizes that takes O(M) for each of the steps of
    settling, and O(k · `LINES`²) for each try to place a bucket.
    """
    sizes, rows, columns = exact.coarse()
    last = np.array([len(sizes.heights), len(sizes.widths)]) - 1
    chains = list(_chains(sizes, most))
    # Whatever holds the highest sizes and is less wide than the widest; a further bucket makes it complete.
    kept = [Division(sizes, np.array([[last[0], column]])) for column in range(last[1] + 1)]
    found = [kept[-1].refined(exact, rows, columns, cancellation).boxes]
    for k in range(2, most + 1):
        if kept[0].cost == sizes.area @ sizes.count:
            found.append(found[-1])  # every size has its own
            continue
        starts = [division.extended() for division in kept]
        starts += [Division(sizes, chain[k - 1]) for chain in chains]
        kept = _improved(sorted(starts, key=_cost)[: KEPT + len(chains)], cancellation)
        found.append(kept[0].refined(exact, rows, columns, cancellation).boxes)
    return found


def _improved(divisions: list[Division], cancellation: Cancellation) -> list[Division]:
    """The best of what `divisions` become, each once."""
    different: dict[bytes, Division] = {}
    for division in divisions:
        division.improve(cancellation)
        different.setdefault(np.unique(division.boxes, axis=0).tobytes(), division)
    kept = sorted(different.values(), key=_cost)[:KEPT]
    for division in kept:
        division.improve_together(cancellation)
    return sorted(kept, key=_cost)


def _cost(division: Division) -> float:
    return division.cost


def _chains(sizes: Sizes, most: int) -> Iterator[list[Places]]:
    """Divisions along chains of nested sizes, exact for each chain: for 1 … `most` buckets the boxes."""
    for key in _keys(sizes):
        order = np.argsort(key, kind="stable")
        rows, columns = (np.maximum.accumulate(side[order]) for side in (sizes.row, sizes.column))
        grows = np.flatnonzero(np.append((np.diff(rows) > 0) | (np.diff(columns) > 0), True))
        rows, columns = rows[grows], columns[grows]
        held = np.cumsum(sizes.count[order])[grows]
        _cost, links = divide_chain(sizes.heights[rows] * sizes.widths[columns], held, most)
        yield [np.stack([rows[link], columns[link]], axis=1) for link in links]


def _keys(sizes: Sizes) -> Iterator[Floats]:
    """What sizes can be put in a chain by."""
    height, width = sizes.heights[sizes.row], sizes.widths[sizes.column]
    yield np.maximum(height / height.max(), width / width.max())
    yield np.maximum(_rank(sizes.row, sizes.count), _rank(sizes.column, sizes.count))
    yield height * width
    yield height
    yield width


def _rank(place: Places, count: Floats) -> Floats:
    """Share of the samples whose side is not larger."""
    samples = np.cumsum(np.bincount(place, weights=count))
    share: Floats = samples[place] / samples[-1]
    return share

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

MAX_LINES = 64
"""Heights, and widths, of the coarse grid that is searched thoroughly before sizes are refined to pixels."""

MAX_SWEEPS = 6
"""Times that every bucket of a division is moved on trial, at most; most settle after two or three."""

BEAM_WIDTH = 12
"""Divisions to carry on from k buckets to k + 1: the best of k does not always lead to the best of k + 1."""

MAX_COMPARISONS = 6_000_000
"""Offers to compare when placing several buckets at once. For a handful of sizes this finds the optimum; for
many sizes it does not even allow two at once."""


@dataclass(frozen=True, eq=False, slots=True)
class Sizes:
    """The distinct sizes that buckets have to hold; a bucket has the height and the width of some of them.

    Attributes
    ----------
    heights, widths : float64
        Distinct heights and widths in pixels, ascending.
    row, column : int64, shape (M,)
        Index of each size's height in `heights`, and of its width in `widths`.
    count : float64, shape (M,)
        Samples of each size. Floats represent counts and costs exactly up to 2**53.
    """

    heights: Floats
    widths: Floats
    row: Places
    column: Places
    count: Floats

    @classmethod
    def of(cls, height: NDArray[np.int64], width: NDArray[np.int64], count: NDArray[np.int64]) -> Sizes:
        """Build the table from distinct sizes in pixels and the number of samples of each."""
        heights, row = np.unique(height, return_inverse=True)
        widths, column = np.unique(width, return_inverse=True)
        return cls(
            heights.astype(np.float64), widths.astype(np.float64), row, column, count.astype(np.float64)
        )

    @property
    def area(self) -> Floats:
        """Area of each size in pixels, shape (M,)."""
        return self.heights[self.row] * self.widths[self.column]

    def transposed(self) -> Sizes:
        """Return the sizes with heights and widths swapped."""
        return Sizes(self.widths, self.heights, self.column, self.row, self.count)

    def coarse(self) -> tuple[Sizes, Places, Places]:
        """Return the sizes rounded up to at most `MAX_LINES` heights and widths, and where these lie here."""
        rows, columns = _lines(self.row, self.count), _lines(self.column, self.count)
        cell = np.searchsorted(rows, self.row) * len(columns) + np.searchsorted(columns, self.column)
        cells, inverse = np.unique(cell, return_inverse=True)
        count = np.bincount(inverse, weights=self.count).astype(np.float64)
        row, column = np.divmod(cells, len(columns))
        return Sizes(self.heights[rows], self.widths[columns], row, column, count), rows, columns


def _lines(place: Places, count: Floats) -> Places:
    """Return at most `MAX_LINES` places, half of them evenly spread and half evenly by samples."""
    last = int(place.max())
    if last < MAX_LINES:
        return np.arange(last + 1)
    samples = np.cumsum(np.bincount(place, weights=count))
    shares = np.linspace(0, 1, MAX_LINES // 2)
    even = np.rint(shares * last).astype(np.int64)
    return np.union1d(even, np.searchsorted(samples, shares * samples[-1]))


class Division:
    """Buckets that together hold all sizes, and their cost; mutable, because the search improves it.

    A bucket is a pair of places in `Sizes.heights` and `Sizes.widths`. It offers its area to each size that
    it holds, and each size takes the smallest offer.
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

    def _place(self, index: int, box: Places) -> None:
        self.boxes[index] = box
        self._offers[index] = self._offer(box)

    def _others(self, index: int) -> Offers:
        """Return the best offers of all buckets but one."""
        return Offers.of(np.delete(self._offers, index, axis=0))

    def settle(self, cancellation: Cancellation) -> None:
        """Move the sides of buckets one by one to their best places until the cost stops falling."""
        before = np.inf
        while self.cost < before:
            before = self.cost
            for index in range(len(self.boxes)):
                cancellation.check()
                self._fit_sides(index)
            self.cost = self._cost()

    def _fit_sides(self, index: int) -> None:
        others = self._others(index)
        row, column = self.boxes[index].tolist()
        row = _best_side(self.sizes, others, column)
        column = _best_side(self.sizes.transposed(), others, row)
        self._place(index, np.array([row, column]))

    def improve(self, cancellation: Cancellation) -> None:
        """Take out one bucket after another, and put each back where it saves most."""
        self.settle(cancellation)
        for _ in range(MAX_SWEEPS):
            before = self.cost
            for index in range(len(self.boxes)):
                self._move(index, cancellation)
            if self.cost >= before:
                return

    def improve_together(self, cancellation: Cancellation) -> None:
        """Place several buckets at once where they save most, as many as `MAX_COMPARISONS` allows."""
        sizes = self.sizes
        places = np.indices((len(sizes.heights), len(sizes.widths))).reshape(2, -1).T
        count, work = len(self.boxes), len(sizes.count)
        possible = (
            n for n in range(count, 1, -1) if math.comb(count, n) * len(places) ** n * work <= MAX_COMPARISONS
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
                self._place(index, places[place])
        self.cost = self._cost()

    def refined(self, sizes: Sizes, rows: Places, columns: Places, cancellation: Cancellation) -> Division:
        """Return the division settled among finer sizes, where its places are `rows` and `columns`."""
        boxes = np.stack([rows[self.boxes[:, 0]], columns[self.boxes[:, 1]]], axis=1)
        division = Division(sizes, boxes)
        division.settle(cancellation)
        return division

    def _move(self, index: int, cancellation: Cancellation) -> None:
        old, cost = self.boxes[index].copy(), self.cost
        self._place(index, _best_box(self.sizes, self._others(index)))
        self.cost = self._cost()
        if self.cost < cost:
            self.settle(cancellation)
        else:
            self._place(index, old)
            self.cost = cost

    def extended(self) -> Division:
        """Return the division with one more bucket."""
        box = _best_box(self.sizes, Offers.of(self._offers))
        return Division(self.sizes, np.concatenate([self.boxes, box[None]]))


@dataclass(frozen=True, eq=False, slots=True)
class Offers:
    """The best offer of some buckets to each size.

    Attributes
    ----------
    costs : float64, shape (n,)
        Areas of the buckets, then infinity, the cost of a size that no bucket holds.
    level : int64, shape (M,)
        Index into `costs` for each size.
    """

    costs: Floats
    level: Places

    @classmethod
    def of(cls, offers: Floats) -> Offers:
        """Choose the best from the offers of each bucket to each size, shape (buckets, M)."""
        if not len(offers):
            return cls(np.array([np.inf]), np.zeros(offers.shape[1], np.int64))
        level, best = offers.argmin(axis=0), offers.min(axis=0)
        costs = np.min(offers, axis=1, initial=np.inf)
        return cls(np.append(costs, np.inf), np.where(np.isinf(best), len(costs), level))

    @property
    def alone(self) -> NDArray[np.bool_]:
        """Mask, shape (M,), of the sizes that no bucket holds."""
        return np.asarray(self.level == len(self.costs) - 1)

    def savings(self, inside: Floats, area: Floats) -> Floats:
        """Return how much a further bucket of each area would save.

        Parameters
        ----------
        inside : float64, shape (n, ...)
            Number of samples of each level that the bucket would hold.
        area : float64, shape (...)
            Area of the bucket.
        """
        saving: Floats = -area * inside[-1]
        for cost, count in zip(self.costs[:-1], inside[:-1], strict=True):
            if np.isfinite(cost):
                saving += count * np.maximum(cost - area, 0.0)
        return saving


def _best_side(sizes: Sizes, others: Offers, column: int) -> int:
    """Return the place of the best height for a bucket whose width is at `column`, given the other buckets.

    All heights are evaluated at once, by counting sizes by height and by their cost without this bucket.
    """
    rows = len(sizes.heights)
    cell = others.level * rows + sizes.row
    count = np.where(sizes.column <= column, sizes.count, 0.0)
    inside = np.bincount(cell, weights=count, minlength=len(others.costs) * rows)
    saving = others.savings(inside.reshape(-1, rows).cumsum(axis=1), sizes.heights * sizes.widths[column])
    least = int(sizes.row[others.alone].max(initial=0))
    return least + int(np.argmax(saving[least:]))


def _best_box(sizes: Sizes, others: Offers) -> Places:
    """Return the best further bucket; it must hold every size that the other buckets do not."""
    shape = (len(others.costs), len(sizes.heights), len(sizes.widths))
    cell = (others.level * shape[1] + sizes.row) * shape[2] + sizes.column
    inside = np.bincount(cell, weights=sizes.count, minlength=shape[0] * shape[1] * shape[2])
    area = np.outer(sizes.heights, sizes.widths)
    saving = others.savings(inside.reshape(shape).cumsum(axis=1).cumsum(axis=2), area)
    row, column = (int(side[others.alone].max(initial=0)) for side in (sizes.row, sizes.column))
    places = np.unravel_index(int(np.argmax(saving[row:, column:])), saving[row:, column:].shape)
    return np.array([row + places[0], column + places[1]], np.int64)


def search(exact: Sizes, most: int, cancellation: Cancellation = UNWATCHED) -> list[Places]:
    """Return the best divisions found of `exact` into 1 … `most` buckets; boxes are places in its sides.

    The search first rounds sizes up to `MAX_LINES` heights and widths. It builds divisions of k buckets by
    adding a bucket to those of k - 1, and from chains of nested sizes; it improves the best ones and settles
    the best of all among the exact sizes. With M distinct sizes each step of settling takes O(M), and each
    attempt to place a bucket O(k · `MAX_LINES`²).
    """
    sizes, rows, columns = exact.coarse()
    last = np.array([len(sizes.heights), len(sizes.widths)]) - 1
    chains = list(_chains(sizes, most))
    # Incomplete starts of full height but less than full width; the second bucket completes them.
    beam = [Division(sizes, np.array([[last[0], column]])) for column in range(last[1] + 1)]
    found = [beam[-1].refined(exact, rows, columns, cancellation).boxes]
    for k in range(2, most + 1):
        if beam[0].cost == sizes.area @ sizes.count:
            found.append(found[-1])  # every size already has its own bucket
            continue
        starts = [division.extended() for division in beam]
        starts += [Division(sizes, chain[k - 1]) for chain in chains]
        beam = _improved(sorted(starts, key=_cost)[: BEAM_WIDTH + len(chains)], cancellation)
        found.append(beam[0].refined(exact, rows, columns, cancellation).boxes)
    return found


def _improved(divisions: list[Division], cancellation: Cancellation) -> list[Division]:
    """Improve `divisions`, and return the best without duplicates."""
    different: dict[bytes, Division] = {}
    for division in divisions:
        division.improve(cancellation)
        different.setdefault(np.unique(division.boxes, axis=0).tobytes(), division)
    beam = sorted(different.values(), key=_cost)[:BEAM_WIDTH]
    for division in beam:
        division.improve_together(cancellation)
    return sorted(beam, key=_cost)


def _cost(division: Division) -> float:
    return division.cost


def _chains(sizes: Sizes, most: int) -> Iterator[list[Places]]:
    """Yield, for each chain of nested sizes, its exact best divisions into 1 … `most` buckets."""
    for key in _keys(sizes):
        order = np.argsort(key, kind="stable")
        rows, columns = (np.maximum.accumulate(side[order]) for side in (sizes.row, sizes.column))
        grows = np.flatnonzero(np.append((np.diff(rows) > 0) | (np.diff(columns) > 0), True))
        rows, columns = rows[grows], columns[grows]
        held = np.cumsum(sizes.count[order])[grows]
        _cost, links = divide_chain(sizes.heights[rows] * sizes.widths[columns], held, most)
        yield [np.stack([rows[link], columns[link]], axis=1) for link in links]


def _keys(sizes: Sizes) -> Iterator[Floats]:
    """Yield sort keys that put the sizes into chains."""
    height, width = sizes.heights[sizes.row], sizes.widths[sizes.column]
    yield np.maximum(height / height.max(), width / width.max())
    yield np.maximum(_rank(sizes.row, sizes.count), _rank(sizes.column, sizes.count))
    yield height * width
    yield height
    yield width


def _rank(place: Places, count: Floats) -> Floats:
    """Return, for each size, the share of samples whose side is not larger."""
    samples = np.cumsum(np.bincount(place, weights=count))
    share: Floats = samples[place] / samples[-1]
    return share

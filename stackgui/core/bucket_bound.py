"""What a few buckets take at least: a lower bound on the cost of every division, found or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.bucket_search import Sizes
from stackgui.core.chains import Floats, Places
from stackgui.core.check import Check, go_on

LINES = 8
"""Heights, and widths, that are told apart at first: so many evenly spread, and so many evenly by samples."""

FINER = 6
"""Heights, and widths, that are told apart beyond these in each round, at most."""

THOROUGH = 4
"""Up to so many buckets there are more rounds; with more buckets each is worth less, and takes longer."""

ROUNDS, FEWER_ROUNDS = 6, 2

STEPS = 25
"""Times in each round that prices are moved."""

STUCK = 4
"""Moves without a better bound after which they become shorter."""

CLOSE = 1e-3
"""Distance from the best division found, as a share of it, in which a bound is looked for no further."""

ROUNDING = 1e-9
"""Share by which sums of floats may make a bound too high."""

Boxes = Sequence[tuple[int, int]]
"""Height and width of buckets in pixels."""


def lower_bounds(sizes: Sizes, found: Sequence[tuple[Boxes, int]], check: Check = go_on) -> list[float]:
    """Pixels below which no division of `sizes` into at most 2, 3, … buckets goes.

    Parameters
    ----------
    sizes : Sizes
    found
        For 2, 3, … buckets the best ones known and their pixels. The better they are, the better the bound;
        it holds whatever they are.

    Notes
    -----
    The bound is Lagrange's. Each sample gets a price at which it is taken elsewhere; a bucket gains, for each
    sample that it holds, what its area is below the price. All prices, less the gains of the k buckets that
    gain most, are no more than any k buckets cost, whatever the prices are. Subgradient steps look for good
    ones. One of the buckets is as high as anything, and one as wide; only such buckets are chosen together.

    Sizes and buckets are rounded down to a grid, which makes no division dearer, and the grid is made finer
    where the buckets are that gain most. With g heights and widths told apart, and c sizes on them, a step
    takes O(g · c + g²). How many steps there are depends on nothing.
    """
    search = _Search(sizes, check)
    return [search.bound(boxes, float(pixels)) * (1.0 - ROUNDING) for boxes, pixels in found]


class _Search:
    """The bounds for 2, 3, … buckets, each of which begins with the prices of the one before."""

    def __init__(self, sizes: Sizes, check: Check) -> None:
        self._sizes = sizes
        self._check = check
        self._spread = (_spread(sizes.row, sizes.count), _spread(sizes.column, sizes.count))
        self._used = self._spread
        self._price: Floats | None = None

    def bound(self, boxes: Boxes, pixels: float) -> float:
        """The best one for as many buckets as `boxes` are, which take `pixels`."""
        sizes, best = self._sizes, 0.0
        sides = (sizes.heights, sizes.widths)
        places = [np.searchsorted(side, [box[axis] for box in boxes]) for axis, side in enumerate(sides)]
        rows, columns = (
            np.union1d(np.union1d(spread, used), place)
            for spread, used, place in zip(self._spread, self._used, places, strict=True)
        )
        for _ in range(ROUNDS if len(boxes) <= THOROUGH else FEWER_ROUNDS):
            grid = _Grid.of(sizes, rows, columns)
            prices = _Prices(grid, len(boxes), pixels, self._start(grid, boxes))
            prices.improve(self._check)
            best, self._price = max(best, prices.bound), prices.price[grid.cell]
            use = (prices.chosen.sum(axis=1), prices.chosen.sum(axis=0))
            self._used = (rows[use[0] > 0], columns[use[1] > 0])
            if pixels - best <= CLOSE * pixels:
                break
            rows, columns = _finer(rows, use[0], sides[0]), _finer(columns, use[1], sides[1])
        return best

    def _start(self, grid: _Grid, boxes: Boxes) -> Floats:
        """Prices to begin with: the last ones, or a little more than what the best bucket found takes."""
        sizes = self._sizes
        if self._price is not None:
            mean: Floats = np.bincount(grid.cell, weights=self._price * sizes.count) / grid.count
            return mean
        height, width = sizes.heights[sizes.row[grid.first]], sizes.widths[sizes.column[grid.first]]
        offers = np.sort([np.where((height <= h) & (width <= w), float(h * w), np.inf) for h, w in boxes], 0)
        return np.asarray(0.7 * offers[0] + 0.3 * np.minimum(offers[1], 2.0 * offers[0]))


def _spread(place: Places, count: Floats) -> Places:
    """Places evenly spread, and evenly by samples; with the first and the last."""
    last = int(place.max())
    samples = np.cumsum(np.bincount(place, weights=count))
    shares = np.linspace(0, 1, LINES)
    by_samples = np.searchsorted(samples, shares * samples[-1])
    return np.union1d(np.rint(shares * last).astype(np.int64), np.minimum(by_samples, last))


def _finer(lines: Places, use: Floats, sides: Floats) -> Places:
    """Further lines between those for which rounding down spares the chosen buckets most."""
    following = np.append(lines[1:], len(sides))
    spared = use * (sides[following - 1] / sides[lines] - 1.0)
    most = np.argsort(-spared, kind="stable")[:FINER]
    split = most[spared[most] > 0]
    return np.union1d(lines, (lines[split] + following[split]) // 2)


@dataclass(frozen=True, eq=False, slots=True)
class _Grid:
    """Sizes and buckets, rounded down to some of the heights and widths.

    Attributes
    ----------
    area : float64, shape (rows, columns)
        Of the buckets, in pixels.
    row, column, count : shape (c,)
        Of the cells in which there are samples, by rows.
    cell : int64, shape (M,)
        Of each size.
    first : int64, shape (c,)
        A size in each cell.
    """

    area: Floats
    row: Places
    column: Places
    count: Floats
    cell: Places
    first: Places

    @classmethod
    def of(cls, sizes: Sizes, rows: Places, columns: Places) -> _Grid:
        """Of places in the heights and widths of `sizes`, the first of which have to be among them."""
        row = np.searchsorted(rows, sizes.row, "right") - 1
        column = np.searchsorted(columns, sizes.column, "right") - 1
        cells, first, cell = np.unique(row * len(columns) + column, return_index=True, return_inverse=True)
        count = np.bincount(cell, weights=sizes.count).astype(np.float64)
        area = np.outer(sizes.heights[rows], sizes.widths[columns])
        return cls(area, *np.divmod(cells, len(columns)), count, cell, first)

    def gains(self, price: Floats) -> Floats:
        """What each bucket is below the prices of the samples that it holds, shape (rows, columns).

        In a row of buckets a sample counts from the one that is wide enough to the last that is below its
        price, so that its beginning and its end are entered, and summed up along the row.
        """
        width, worth = self.area.shape[1], self.count * price
        held = np.searchsorted(self.row, np.arange(len(self.area)), "right").tolist()
        gains = np.empty_like(self.area)
        for area, gain, cells in zip(self.area, gains, held, strict=True):
            end = np.searchsorted(area, price[:cells])
            counts = end > self.column[:cells]
            begin, end = self.column[:cells][counts], end[counts]
            samples, prices = (
                np.bincount(begin, each, width + 1) - np.bincount(end, each, width + 1)
                for each in (self.count[:cells][counts], worth[:cells][counts])
            )
            gain[:] = (np.cumsum(prices) - np.append(area, 0.0) * np.cumsum(samples))[:-1]
        return gains

    def taken(self, price: Floats, row: Places, column: Places) -> Floats:
        """How many of some buckets gain by each cell, shape (c,)."""
        holds = (self.row[:, None] <= row) & (self.column[:, None] <= column)
        taken: Floats = (holds & (price[:, None] > self.area[row, column])).sum(axis=1, dtype=np.float64)
        return taken


class _Prices:
    """Prices of the samples in each cell of a grid, and the bound that they prove.

    Attributes
    ----------
    price : float64, shape (c,)
        The best ones so far.
    bound : float
        What they prove, in pixels.
    chosen : float64, shape (rows, columns)
        How often each bucket was among those that gain most.
    """

    def __init__(self, grid: _Grid, buckets: int, pixels: float, price: Floats) -> None:
        self._grid = grid
        self._buckets = buckets
        self._pixels = pixels
        self.price = price
        self.bound = -np.inf
        self.chosen = np.zeros_like(grid.area)

    def improve(self, check: Check) -> None:
        """Move the prices; the distance to the best division found says how far (Polyak's step)."""
        grid, price, direction = self._grid, self.price, None
        length, stuck = 1.0, 0
        for _ in range(STEPS):
            check()
            gains = grid.gains(price)
            row, column = _most(gains, self._buckets)
            self.chosen[row, column] += 1.0
            bound = float(grid.count @ price - gains[row, column].sum())
            missing = 1.0 - grid.taken(price, row, column)
            if bound > self.bound:
                self.bound, self.price, stuck = bound, price, 0
            elif (stuck := stuck + 1) == STUCK:
                length, stuck, price = 0.6 * length, 0, self.price
            direction = missing if direction is None else 0.5 * (direction + missing)
            norm = float(grid.count @ direction**2)
            if norm == 0 or self._pixels - bound <= CLOSE * self._pixels:
                return
            price = np.maximum(price + length * (self._pixels - bound) / norm * direction, 0.0)


def _most(gains: Floats, buckets: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The `buckets` that gain most together, one of them of the full height and one of the full width."""
    rows, columns = gains.shape
    flat, corner = gains.ravel(), gains.size - 1
    by_gain = np.argsort(-flat, kind="stable")[: buckets + 1].tolist()
    musts = [[corner]]
    if rows > 1 and columns > 1:
        high = corner - columns + 1 + int(np.argmax(gains[-1, :-1]))
        wide = int(np.argmax(gains[:-1, -1])) * columns + columns - 1
        musts.append([high, wide])
    sets = [(must + [place for place in by_gain if place not in must])[:buckets] for must in musts]
    best = max(sets, key=lambda places: float(flat[places].sum()))
    row, column = np.unravel_index(best, gains.shape)
    return row, column

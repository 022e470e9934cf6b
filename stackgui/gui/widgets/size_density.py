"""The numbers behind the size plot: a binned density, and counts along each axis. Free of Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import NDArray

from stackgui.core.catalog.statistics import SizeCounts

MARGIN = 1.08


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear or decimal logarithmic mapping between a side in pixels and its place on an axis."""

    logarithmic: bool = False

    @overload
    def place(self, side_px: float) -> float: ...

    @overload
    def place(self, side_px: NDArray[np.int32]) -> NDArray[np.float64]: ...

    def place(self, side_px: float | NDArray[np.int32]) -> float | NDArray[np.float64]:
        """Return the place on the axis of a side longer than 0."""
        if isinstance(side_px, np.ndarray):
            return np.log10(side_px) if self.logarithmic else side_px.astype(np.float64)
        return math.log10(side_px) if self.logarithmic else float(side_px)

    def side_px(self, place: float) -> float:
        """Return the side at `place`, capped at a billion pixels on a logarithmic scale."""
        return 10.0 ** min(place, 9.0) if self.logarithmic else place


@dataclass(frozen=True, eq=False, slots=True)
class Places:
    """Places of the distinct sizes in the plane.

    Attributes
    ----------
    down, across : float64, shape (M,)
        Places of heights and widths, sorted by height.
    count : int64, shape (M,)
        Number of samples of each size.
    """

    down: NDArray[np.float64]
    across: NDArray[np.float64]
    count: NDArray[np.int64]

    @classmethod
    def of(cls, sizes: SizeCounts, scale: Scale) -> Places:
        """Return the places of `sizes` on axes of `scale`."""
        return cls(scale.place(sizes.height), scale.place(sizes.width), sizes.count)


@dataclass(frozen=True, slots=True)
class Window:
    """The visible part of the plane, in places on the axes; may extend below 0."""

    left: float
    right: float
    bottom: float
    top: float

    @classmethod
    def around(cls, sizes: SizeCounts, target: tuple[int, int] | None, scale: Scale) -> Window:
        """Return a window slightly larger than all sizes and the target; a linear one starts at 0."""
        height, width = target or (1, 1)
        bottom, top = _extent(sizes.height, height, scale)
        left, right = _extent(sizes.width, width, scale)
        return cls(left, right, bottom, top)

    def holds(self, down: float, across: float) -> bool:
        """Return whether a place is inside."""
        return self.bottom <= down <= self.top and self.left <= across <= self.right


def _extent(sides_px: NDArray[np.int32], target_px: int, scale: Scale) -> tuple[float, float]:
    most = max(int(sides_px.max(initial=1)), target_px)
    if not scale.logarithmic:
        return 0.0, most * MARGIN
    least = min(int(sides_px.min(initial=most)), most)
    return scale.place(least / MARGIN), scale.place(most * MARGIN)


def density(sizes: Places, window: Window, bins: tuple[int, int]) -> NDArray[np.float32]:
    """Count the samples in each bin of `window`.

    Parameters
    ----------
    sizes
        Distinct sizes; the time is linear in their number.
    bins
        Number of bins along the height and along the width.

    Returns
    -------
    float32, shape `bins`
        Counts; row 0 holds the smallest heights.
    """
    rows, columns = bins
    y, inside_y = _bin(sizes.down, window.bottom, window.top, rows)
    x, inside_x = _bin(sizes.across, window.left, window.right, columns)
    inside = inside_y & inside_x
    found = np.bincount(y[inside] * columns + x[inside], sizes.count[inside], minlength=rows * columns)
    return found.reshape(bins).astype(np.float32)


def along(
    places: NDArray[np.float64], count: NDArray[np.int64], low: float, high: float, bins: int
) -> NDArray[np.float64]:
    """Count the samples in each of `bins` bins of one side, shape (bins,)."""
    place, inside = _bin(places, low, high, bins)
    return np.bincount(place[inside], count[inside], minlength=bins).astype(np.float64)


def shades(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Map counts to 0 (none) to 1 (most), logarithmically so that single pictures are visible."""
    exact = counts.astype(np.float64)
    most = exact.max(initial=0.0)
    if most <= 0:
        return counts
    lightest = 0.25
    scaled = lightest + (1 - lightest) * np.log1p(exact) / np.log1p(most)
    return np.where(exact > 0, scaled, 0.0).astype(np.float32)


def bar_lengths(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return bar lengths from 0 to 1 in proportion to `counts`, but never too short to see."""
    shortest = 0.04
    return np.where(counts > 0, np.maximum(counts / max(counts.max(initial=0.0), 1.0), shortest), 0.0)


def nearest(sizes: Places, down: float, across: float, reach: tuple[float, float]) -> int | None:
    """Return the index of the size nearest to a point within `reach` (down, across), or None."""
    first = int(np.searchsorted(sizes.down, down - reach[0], side="left"))
    end = int(np.searchsorted(sizes.down, down + reach[0], side="right"))
    if first == end:
        return None
    near = slice(first, end)
    far_down, far_across = (sizes.down[near] - down) / reach[0], (sizes.across[near] - across) / reach[1]
    distance = far_down * far_down + far_across * far_across
    best = int(np.argmin(distance))
    return first + best if distance[best] <= 1 else None


def _bin(
    places: NDArray[np.float64], low: float, high: float, bins: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the bin of each place, and whether it is inside."""
    place = np.floor((places - low) * (bins / max(high - low, 1e-9))).astype(np.int64)
    # Compare the places, not the bins: rounding may put a place at the edge into either.
    return np.clip(place, 0, bins - 1), (places >= low) & (places < high)

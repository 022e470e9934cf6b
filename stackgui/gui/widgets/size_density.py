"""Sizes as figures for a plot: a density of bins, and counts along each axis. No Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.statistics import SizeCounts


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the plane that is shown, in pixels of pictures; may reach below 0."""

    left: float
    right: float
    bottom: float
    top: float

    @classmethod
    def around(cls, sizes: SizeCounts, target: tuple[int, int] | None) -> Window:
        """From 0 to a little beyond the largest size and the target (height, width)."""
        height, width = target or (1, 1)
        right = max(int(sizes.width.max(initial=1)), width) * 1.08
        top = max(int(sizes.height.max(initial=1)), height) * 1.08
        return cls(0.0, right, 0.0, top)


def density(sizes: SizeCounts, window: Window, bins: tuple[int, int]) -> NDArray[np.float32]:
    """Count the samples in each bin of `window`.

    Parameters
    ----------
    sizes
        Any number of distinct sizes; the work is linear in it.
    bins
        How many along the height and along the width.

    Returns
    -------
    float32, shape `bins`
        Row 0 holds the smallest heights.
    """
    rows, columns = bins
    y, inside_y = _bin(sizes.height, window.bottom, window.top, rows)
    x, inside_x = _bin(sizes.width, window.left, window.right, columns)
    inside = inside_y & inside_x
    found = np.bincount(y[inside] * columns + x[inside], sizes.count[inside], minlength=rows * columns)
    return found.reshape(bins).astype(np.float32)


def along(
    side_px: NDArray[np.int32], count: NDArray[np.int64], low: float, high: float, bins: int
) -> NDArray[np.float64]:
    """Count the samples in each of `bins` bins of one side, shape (bins,)."""
    place, inside = _bin(side_px, low, high, bins)
    return np.bincount(place[inside], count[inside], minlength=bins).astype(np.float64)


def shades(counts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Counts on a scale from 0 (none) to 1 (most), logarithmic so that single pictures can be seen."""
    exact = counts.astype(np.float64)
    most = exact.max(initial=0.0)
    if most <= 0:
        return counts
    lightest = 0.25
    scaled = lightest + (1 - lightest) * np.log1p(exact) / np.log1p(most)
    return np.where(exact > 0, scaled, 0.0).astype(np.float32)


def bar_lengths(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lengths from 0 to 1 for a histogram: in proportion, but so that a single picture can still be seen."""
    shortest = 0.04
    return np.where(counts > 0, np.maximum(counts / max(counts.max(initial=0.0), 1.0), shortest), 0.0)


def nearest(sizes: SizeCounts, height: float, width: float, reach: tuple[float, float]) -> int | None:
    """Index of the size nearest to a point, no further than `reach` (height, width); None without one."""
    if not len(sizes.count):
        return None
    down, across = (sizes.height - height) / reach[0], (sizes.width - width) / reach[1]
    distance = down * down + across * across
    best = int(np.argmin(distance))
    return best if distance[best] <= 1 else None


def _bin(
    side_px: NDArray[np.int32], low: float, high: float, bins: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Each value's bin, and whether it lies inside."""
    place = np.floor((side_px - low) * (bins / max(high - low, 1e-9))).astype(np.int64)
    # The sides decide what is inside, and not the bins: rounding may put the edge into either.
    return np.clip(place, 0, bins - 1), (side_px >= low) & (side_px < high)

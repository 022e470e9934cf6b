"""What a size does to all samples: worked out for each distinct size once, so that it can follow a drag."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import Anchor, Fit
from stackgui.core.base.kept import kept
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.geometry import place

WORKED_TOGETHER = 8_192
"""Distinct sizes at a time: what is made of them on the way stays in the processor's cache, and sums of
products stay in this thread; from 10,000 numbers on they wait for others, long where the machine is busy."""

EXACT = 2**53
"""Whole numbers below it are exact in float64, and so are their sums; floats divide faster."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class SizeHistogram:
    """How many samples there are of each size.

    Attributes
    ----------
    height, width : float64, shape (M,)
        The distinct sizes in pixels, those first that are narrowest for their height.
    count : float64, shape (M,)
        Samples of each, more than 0.
    samples : int
        All of them.
    longest_px, largest_px : int
        The longest side of any, and the most pixels.
    """

    height: Numbers
    width: Numbers
    count: Numbers
    samples: int
    longest_px: int
    largest_px: int

    @classmethod
    def of(cls, catalog: Catalog, samples: NDArray[np.int64]) -> SizeHistogram:
        """The sizes of some `samples` of `catalog`, but for those of unknown size."""
        heights, widths, size_of = _distinct_sizes(catalog)
        counts = np.bincount(size_of[samples], minlength=len(heights))
        there = (counts > 0) & (heights > 0) & (widths > 0)
        height, width, count = (column[there].astype(np.float64) for column in (heights, widths, counts))
        longest = max(height.max(initial=0), width.max(initial=0))
        return cls(height, width, count, len(samples), int(longest), int((height * width).max(initial=0)))

    def wider_than(self, wide: int, high: int) -> int:
        """How many sizes have at most the ratio `wide` / `high` of width to height; the others come after."""

        def is_wider(place: int) -> bool:
            # Whole numbers of Python: no ratio is rounded.
            return int(self.width[place]) * high > int(self.height[place]) * wide

        return bisect_left(range(len(self.count)), True, key=is_wider)  # noqa: FBT003 - what is looked for


@dataclass(frozen=True, slots=True)
class FitSummary:
    """What becomes of samples in rows of one size.

    Attributes
    ----------
    scaled_down, scaled_up, cropped : int
        Samples that are made smaller, larger, or lose their edges.
    placed_px : int
        Pixels of all rows that are no padding.
    largest_px : int
        The most that one row has of them.
    """

    scaled_down: int = 0
    scaled_up: int = 0
    cropped: int = 0
    placed_px: int = 0
    largest_px: int = 0

    def __add__(self, other: FitSummary) -> FitSummary:
        return FitSummary(
            self.scaled_down + other.scaled_down,
            self.scaled_up + other.scaled_up,
            self.cropped + other.cropped,
            self.placed_px + other.placed_px,
            max(self.largest_px, other.largest_px),
        )


def fit_summary(tally: SizeHistogram, target: tuple[int, int], fit: Fit) -> FitSummary:
    """What rows of the height and width `target` do to the samples of `tally`; exactly as `place` has it.

    In the order of a tally, the samples that reach the row's height before its width come first. For each of
    the two parts the side that limits is known, so that one comparison tells what becomes of a sample.
    """
    high, wide = target
    # What is divided, and what is summed up: all of it has to be exact.
    longest = max(tally.longest_px, *target)
    if (
        max((2 * longest + 1) * longest, tally.samples * max(2 * tally.largest_px + longest, longest))
        >= EXACT
    ):
        return _in_whole_numbers(tally, target, fit)
    found = FitSummary()
    middle = tally.wider_than(wide, high)
    for part in _parts(0, middle):
        found += _part(tally.height[part], tally.width[part], tally.count[part], (high, wide), fit)
    for part in _parts(middle, len(tally.count)):
        found += _part(tally.width[part], tally.height[part], tally.count[part], (wide, high), fit)
    return found


def _parts(begin: int, end: int) -> Iterator[slice]:
    for start in range(begin, end, WORKED_TOGETHER):
        yield slice(start, min(start + WORKED_TOGETHER, end))


def _part(side: Numbers, other: Numbers, count: Numbers, target: tuple[int, int], fit: Fit) -> FitSummary:
    """What becomes of samples whose `side` reaches the first of `target` before their `other` the second."""
    limit, beside = target
    row_px = limit * beside
    match fit:
        case Fit.PAD:
            larger = (side > limit).astype(np.float64)
            placed = _proportion(other, limit, side)
            # One or the other by arithmetic: choosing takes as long as all the rest.
            placed *= limit
            placed -= (own := side * other)
            placed *= larger
            placed += own
            return FitSummary(_sum(count, larger), 0, 0, int(count @ placed), int(placed.max()))
        case Fit.LETTERBOX:
            placed = _proportion(other, limit, side)
            down, up = _sum(count, side > limit), _sum(count, side < limit)
            return FitSummary(down, up, 0, limit * int(count @ placed), limit * int(placed.max()))
        case Fit.CROP:
            placed = np.minimum(side, limit) * np.minimum(other, beside)
            return FitSummary(0, 0, _sum(count, side > limit), int(count @ placed), int(placed.max()))
        case Fit.STRETCH:
            up = _sum(count, other < beside)
            return FitSummary(_sum(count, side > limit), up, 0, row_px * int(count.sum()), row_px)
        case Fit.COVER:
            # It fills the other side, and what is more than half a pixel beyond this one is cut off.
            cropped = _sum(count, side * (2 * beside) >= other * (2 * limit + 1))
            down, up = _sum(count, other > beside), _sum(count, other < beside)
            return FitSummary(down, up, cropped, row_px * int(count.sum()), row_px)
        case _:
            assert_never(fit)


def _proportion(side: Numbers, target: int, other: Numbers) -> Numbers:
    """As in `place`: ``side · target / other``, rounded half up, at least 1.

    The quotient of whole numbers below `EXACT` is never rounded up to the next whole number.
    """
    found = side * (2 * target)
    found += other
    found /= other + other
    np.floor(found, out=found)
    return np.maximum(found, 1, out=found)


def _sum(count: Numbers, where: NDArray[np.bool_] | Numbers) -> int:
    """The samples of the sizes `where` it is so."""
    return int(count @ where)


def _in_whole_numbers(tally: SizeHistogram, target: tuple[int, int], fit: Fit) -> FitSummary:
    """The same for sizes that no picture should have: slower, and in integers."""
    found = FitSummary()
    for part in _parts(0, len(tally.count)):
        own = np.stack([tally.height[part], tally.width[part]], axis=1).astype(np.int64)
        count = tally.count[part].astype(np.int64)
        geometry = place(own[:, 0], own[:, 1], target, fit, Anchor.TOP_LEFT)
        placed = geometry.placement[:, 2:].astype(np.int64)
        found += FitSummary(
            int(count[(geometry.scaled < own).any(axis=1)].sum()),
            int(count[(geometry.scaled > own).any(axis=1)].sum()),
            int(count[(placed < geometry.scaled).any(axis=1)].sum()),
            int(placed.prod(axis=1) @ count),
            int(placed.prod(axis=1).max()),
        )
    return found


@kept()
def _distinct_sizes(
    catalog: Catalog,
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """Distinct heights and widths in pixels, shape (M,), as in a tally, and each sample's, shape (N,)."""
    key = (catalog.height.astype(np.int64) << 32) | catalog.width
    sizes, size_of = np.unique(key, return_inverse=True)
    height, width = (sizes >> 32).astype(np.int32), (sizes & 0xFFFFFFFF).astype(np.int32)
    order = np.argsort(width / np.maximum(height, 1), kind="stable")
    position = np.empty(len(order), np.int32)
    position[order] = np.arange(len(order), dtype=np.int32)
    return height[order], width[order], position[size_of]

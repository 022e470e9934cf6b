"""What a row size does to all samples, worked out once for each distinct size: fast enough for dragging."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.blocks import blocks, counted, distinct
from stackgui.core.base.choices import Anchor, Fit
from stackgui.core.base.kept import kept
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.geometry import place

CHUNK_SIZES = 8_192
"""Distinct sizes handled at a time. Temporary arrays then stay in the processor's cache, and dot products in
this thread: from 10,000 numbers on they wait for other threads, which takes long on a busy machine."""

MAX_EXACT = 2**53
"""Integers below this, and their sums, are exact in float64, which divides faster than int64."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class SizeHistogram:
    """How many samples there are of each size.

    Attributes
    ----------
    height, width : float64, shape (M,)
        The distinct sizes in pixels, in increasing order of width / height.
    count : float64, shape (M,)
        Samples of each size, at least 1.
    samples : int
        All samples, those of unknown size included.
    longest_px, largest_px : int
        The longest side of any sample, and the most pixels.
    """

    height: Numbers
    width: Numbers
    count: Numbers
    samples: int
    longest_px: int
    largest_px: int

    @classmethod
    def of(cls, catalog: Catalog, samples: NDArray[np.int64] | NDArray[np.bool_]) -> SizeHistogram:
        """Count the sizes of some `samples` of `catalog`, numbers or a mask; unknown sizes are left out."""
        heights, widths, size_of = _distinct_sizes(catalog)
        counts = counted(size_of, len(heights), samples)
        there = (counts > 0) & (heights > 0) & (widths > 0)
        height, width, count = (column[there].astype(np.float64) for column in (heights, widths, counts))
        longest = max(height.max(initial=0), width.max(initial=0))
        return cls(
            height, width, count, int(counts.sum()), int(longest), int((height * width).max(initial=0))
        )

    def wider_than(self, wide: int, high: int) -> int:
        """Return the index of the first size whose width / height exceeds `wide` / `high`."""

        def is_wider(place: int) -> bool:
            # Python's integers, so that nothing is rounded.
            return int(self.width[place]) * high > int(self.height[place]) * wide

        return bisect_left(range(len(self.count)), True, key=is_wider)  # noqa: FBT003 - what is looked for


@dataclass(frozen=True, slots=True)
class FitSummary:
    """What happens to samples in rows of one size.

    Attributes
    ----------
    scaled_down, scaled_up, cropped : int
        Number of samples that are scaled down, scaled up, or cropped.
    placed_px : int
        Pixels of all rows that are not padding.
    largest_px : int
        The most of these in any row.
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


def fit_summary(histogram: SizeHistogram, target: tuple[int, int], fit: Fit) -> FitSummary:
    """Work out what rows of size `target` do to the samples of `histogram`, as `place` would.

    The sizes are in order of width / height, so the samples that reach the row's height before its width come
    first. In each of these two parts the limiting side is known, and one comparison decides each case.
    """
    high, wide = target
    # Everything that is divided or summed has to be exact.
    longest = max(histogram.longest_px, *target)
    if (
        max((2 * longest + 1) * longest, histogram.samples * max(2 * histogram.largest_px + longest, longest))
        >= MAX_EXACT
    ):
        return _in_whole_numbers(histogram, target, fit)
    found = FitSummary()
    height, width, count = histogram.height, histogram.width, histogram.count
    middle = histogram.wider_than(wide, high)
    for chunk in _chunks(0, middle):
        found += _summarize_chunk(height[chunk], width[chunk], count[chunk], (high, wide), fit)
    for chunk in _chunks(middle, len(count)):
        found += _summarize_chunk(width[chunk], height[chunk], count[chunk], (wide, high), fit)
    return found


def _chunks(begin: int, end: int) -> Iterator[slice]:
    for start in range(begin, end, CHUNK_SIZES):
        yield slice(start, min(start + CHUNK_SIZES, end))


def _summarize_chunk(
    side: Numbers, other: Numbers, count: Numbers, target: tuple[int, int], fit: Fit
) -> FitSummary:
    """Summarize samples whose `side` reaches `target[0]` before their `other` side reaches `target[1]`."""
    limit, beside = target
    row_px = limit * beside
    match fit:
        case Fit.PAD:
            # Scaled to its own side, a sample keeps its size: np.where would take as long as all the rest.
            kept = np.minimum(side, limit)
            placed = _proportion(other, kept, side)
            placed *= kept
            return FitSummary(_sum(count, side > limit), 0, 0, int(count @ placed), int(placed.max()))
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
            # It fills the other side, and cuts off what exceeds this one by half a pixel or more.
            cropped = _sum(count, side * (2 * beside) >= other * (2 * limit + 1))
            down, up = _sum(count, other > beside), _sum(count, other < beside)
            return FitSummary(down, up, cropped, row_px * int(count.sum()), row_px)
        case _:
            assert_never(fit)


def _proportion(side: Numbers, target: int | Numbers, other: Numbers) -> Numbers:
    """Return ``side · target / other``, rounded half up, but at least 1, as in `place`.

    Halves are exact quotients, and all others are half of ``1 / other`` away from them or more, which is
    more than what rounding adds, since ``2 · other · (side · target / other)`` is below `MAX_EXACT`.
    """
    found = side * target
    found /= other
    found += 0.5
    np.floor(found, out=found)
    # By the order of sizes the least quotient is the first or the last, and what is not scaled is no less.
    return found if found[0] >= 1 <= found[-1] else np.maximum(found, 1, out=found)


def _sum(count: Numbers, where: NDArray[np.bool_] | Numbers) -> int:
    """Count the samples of the sizes selected by `where`."""
    return int(count @ where)


def _in_whole_numbers(histogram: SizeHistogram, target: tuple[int, int], fit: Fit) -> FitSummary:
    """Summarize sizes too large to be exact in floats: slower, in integers, and of no ordinary picture."""
    found = FitSummary()
    for chunk in _chunks(0, len(histogram.count)):
        own = np.stack([histogram.height[chunk], histogram.width[chunk]], axis=1).astype(np.int64)
        count = histogram.count[chunk].astype(np.int64)
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
    """Return distinct heights and widths, shape (M,), ordered as in `SizeHistogram`, and each sample's index.

    Both sides are in pixels; the indices have the shape (N,).
    """

    def key(rows: slice) -> NDArray[np.int64]:
        return (catalog.height[rows].astype(np.int64) << 32) | catalog.width[rows]

    sizes, size_of = distinct(len(catalog), key)
    height, width = (sizes >> 32).astype(np.int32), (sizes & 0xFFFFFFFF).astype(np.int32)
    order = np.argsort(width / np.maximum(height, 1), kind="stable")
    position = np.empty(len(order), np.int32)
    position[order] = np.arange(len(order), dtype=np.int32)
    for rows in blocks(len(size_of)):
        size_of[rows] = position[size_of[rows]]
    return height[order], width[order], size_of

"""The few samples that make the array much larger than all others need it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.size import SizeKind
from stackgui.core.buckets.buckets import rounded_up
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.options.options import Options
from stackgui.core.plan.outputs import file_bytes
from stackgui.core.plan.plan import ArraySpec, Plan, array_shape

MAX_OUTLIERS = 64
"""How many of the tallest and of the widest samples are considered."""

MIN_SAMPLES_PER_OUTLIER = 10
"""At most one sample in this many, but always one, is an outlier; what is common is no exception."""

WORTH_ROWS = 4
"""Rows that an outlier costs at least; below that it is not worth a mention."""


@dataclass(frozen=True, slots=True)
class Outliers:
    """One step of the list of outliers: samples that cost much once all earlier ones are gone.

    Attributes
    ----------
    samples : tuple of int
        Indices into the catalog; the tallest and the widest of the remaining samples.
    array_bytes : int
        Size of the array's file without these and all earlier outliers.
    shrunk_bytes : int
        Size of the array's file if these and all earlier outliers are shrunk but keep their rows.
    """

    samples: tuple[int, ...]
    array_bytes: int
    shrunk_bytes: int


def outliers(plan: Plan) -> tuple[Outliers, ...]:
    """Find the samples that inflate the array of `plan`, the costliest first.

    Empty unless the largest sample alone decides the size of all rows. The figures assume that channels and
    dtype stay the same.
    """
    options, catalog = plan.options, plan.catalog
    if not sized_by_largest(options):
        return ()
    counted = np.flatnonzero(plan.usable & ~options.shrink.mask(catalog))
    ladder = _Ladder(plan, counted, catalog.height[counted], catalog.width[counted])
    return tuple(ladder.steps())


def sized_by_largest(options: Options) -> bool:
    """Tell whether the largest sample alone decides the size of all rows."""
    return options.size.kind is SizeKind.MAX and options.buckets == 1


class Fate(StrEnum):
    """What to do with an outlier."""

    SHRINK = "shrink"
    EXCLUDE = "exclude"
    KEEP = "keep"


def with_fate(options: Options, catalog: Catalog, samples: Iterable[int], fate: Fate) -> Options:
    """Return `options` changed so that the `samples` of `catalog` are shrunk, excluded or kept."""
    named = SampleSet.of(catalog, samples)
    return replace(
        options,
        exclude=options.exclude | named if fate is Fate.EXCLUDE else options.exclude - named,
        shrink=options.shrink | named if fate is Fate.SHRINK else options.shrink - named,
    )


def former_outliers(plan: Plan) -> tuple[int, ...]:
    """Return the samples that would enlarge the array of `plan` if they were not excluded or shrunk.

    The largest come first; there are none unless the largest sample decides the size of rows.
    """
    options, catalog = plan.options, plan.catalog
    if not sized_by_largest(options):
        return ()
    larger = (catalog.height > plan.largest.height) | (catalog.width > plan.largest.width)
    fated = options.exclude.mask(catalog) | options.shrink.mask(catalog)
    found = np.flatnonzero(larger & fated & catalog.usable)
    area = catalog.height[found].astype(np.int64) * catalog.width[found]
    return tuple(found[np.argsort(-area, kind="stable")].tolist())


class _Ladder:
    """Row sizes and counts after the tallest and the widest samples are removed, some of each at a time."""

    def __init__(
        self, plan: Plan, samples: NDArray[np.int64], height: NDArray[np.int32], width: NDArray[np.int32]
    ) -> None:
        self._plan = plan
        self._samples = samples
        few = max(1, len(samples) // MIN_SAMPLES_PER_OUTLIER)
        most = self._most = min(MAX_OUTLIERS, few, len(samples) - 1)
        self._tall, self._wide = (_largest(side, most) for side in (height, width))
        self._size = [
            _remaining(side, order, plan) for side, order in ((height, self._tall), (width, self._wide))
        ]
        both = np.zeros((most + 1, most + 1), np.int64)
        both[1:, 1:] = (self._tall[:most, None] == self._wide[None, :most]).cumsum(axis=0).cumsum(axis=1)
        counts = np.arange(most + 1)
        self._gone = counts[:, None] + counts[None, :] - both
        self._row_px = self._size[0][:, None] * self._size[1][None, :]

    def steps(self) -> list[Outliers]:
        """Remove samples step by step, each time those that save the most per sample."""
        found: list[Outliers] = []
        at, left_out = (0, 0), set[int]()
        while True:
            following = self._next(*at)
            if following is None:
                return found
            gone = {*self._tall[: following[0]].tolist(), *self._wide[: following[1]].tolist()}
            samples = tuple(sorted(int(self._samples[place]) for place in gone - left_out))
            at, left_out = following, gone
            found.append(Outliers(samples, self._bytes(at, len(gone)), self._bytes(at, 0)))

    def _next(self, tall: int, wide: int) -> tuple[int, int] | None:
        rows = self._plan.rows
        gone = self._gone[tall:, wide:]
        row_px = self._row_px[tall:, wide:]
        pixels = (rows - gone) * row_px
        more = gone - gone[0, 0]
        # Savings per removed sample, in rows of the remaining size; its own row counts in any case.
        worth = (pixels[0, 0] - pixels) / row_px / np.maximum(more, 1)
        worth[(more == 0) | (gone > self._most)] = 0
        best = int(np.argmax(worth))
        if worth.flat[best] < WORTH_ROWS:
            return None
        step = np.unravel_index(best, worth.shape)
        return tall + int(step[0]), wide + int(step[1])

    def _bytes(self, at: tuple[int, int], gone: int) -> int:
        plan = self._plan
        size = (int(self._size[0][at[0]]), int(self._size[1][at[1]]))
        shape = array_shape(plan.options, plan.rows - gone, size, plan.channels)
        return file_bytes(ArraySpec(plan.arrays[0].file, shape, plan.dtype))


def _largest(side: NDArray[np.int32], most: int) -> NDArray[np.int64]:
    """Return the positions of the `most` + 1 largest sides, the largest first."""
    return np.argsort(-side.astype(np.int64), kind="stable")[: most + 1]


def _remaining(side: NDArray[np.int32], order: NDArray[np.int64], plan: Plan) -> NDArray[np.int64]:
    """Return the largest side that remains after removing the first 0, 1, … samples of `order`."""
    return rounded_up(side[order], plan.options.multiple, plan.options.smallest_px)

"""The few samples that make the array much larger than all others need."""

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
"""Samples that are looked at: the tallest, and the widest."""

FEW = 10
"""At most one sample in so many is an outlier, but one in any case: what most are like is no exception."""

WORTH_ROWS = 4
"""An outlier costs as much as so many rows, at least, and is worth no mention below."""


@dataclass(frozen=True, slots=True)
class Outliers:
    """Samples that cost much together, beyond those listed before them.

    Attributes
    ----------
    samples : tuple of int
        Of the catalog; the highest and the widest of what is left.
    array_bytes : int
        Size of the array's file without them and all before them.
    shrunk_bytes : int
        Size of the array's file if they and all before them are made smaller, and keep their rows.
    """

    samples: tuple[int, ...]
    array_bytes: int
    shrunk_bytes: int


def outliers(plan: Plan) -> tuple[Outliers, ...]:
    """The samples that inflate the array of `plan`, those first of which each costs most.

    Empty where the size is not that of the largest sample, or rows have several sizes already. The figures
    are those of plans with the same channels and numbers.
    """
    options, catalog = plan.options, plan.catalog
    if not sized_by_largest(options):
        return ()
    counted = np.flatnonzero(plan.usable & ~options.shrink.mask(catalog))
    ladder = _Ladder(plan, counted, catalog.height[counted], catalog.width[counted])
    return tuple(ladder.steps())


def sized_by_largest(options: Options) -> bool:
    """Whether the largest sample alone decides the size of all rows."""
    return options.size.kind is SizeKind.MAX and options.buckets == 1


class Fate(StrEnum):
    """What becomes of an outlier."""

    SHRINK = "shrink"
    EXCLUDE = "exclude"
    KEEP = "keep"


def with_fate(options: Options, catalog: Catalog, samples: Iterable[int], fate: Fate) -> Options:
    """`options` under which `fate` befalls the `samples` of `catalog`."""
    named = SampleSet.of(catalog, samples)
    return replace(
        options,
        exclude=options.exclude | named if fate is Fate.EXCLUDE else options.exclude - named,
        shrink=options.shrink | named if fate is Fate.SHRINK else options.shrink - named,
    )


def tamed(plan: Plan) -> tuple[int, ...]:
    """Samples that would make the array of `plan` larger, had they not been excluded or made smaller.

    The largest first; none where the size is not that of the largest sample.
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
    """What is left when the tallest and the widest samples go, some of each at a time."""

    def __init__(
        self, plan: Plan, samples: NDArray[np.int64], height: NDArray[np.int32], width: NDArray[np.int32]
    ) -> None:
        self._plan = plan
        self._samples = samples
        most = self._most = min(MAX_OUTLIERS, max(1, len(samples) // FEW), len(samples) - 1)
        self._tall, self._wide = (_largest(side, most) for side in (height, width))
        self._size = [_left(side, order, plan) for side, order in ((height, self._tall), (width, self._wide))]
        both = np.zeros((most + 1, most + 1), np.int64)
        both[1:, 1:] = (self._tall[:most, None] == self._wide[None, :most]).cumsum(axis=0).cumsum(axis=1)
        counts = np.arange(most + 1)
        self._gone = counts[:, None] + counts[None, :] - both
        self._row_px = self._size[0][:, None] * self._size[1][None, :]

    def steps(self) -> list[Outliers]:
        """Go down, each time by what saves most for each sample that goes."""
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
        # In rows of the size that is left: what goes counts for its own row in any case.
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
    """Places of the `most` + 1 largest, the largest first."""
    return np.argsort(-side.astype(np.int64), kind="stable")[: most + 1]


def _left(side: NDArray[np.int32], order: NDArray[np.int64], plan: Plan) -> NDArray[np.int64]:
    """The largest side that is left when 0, 1, … samples of `order` are gone."""
    return rounded_up(side[order], plan.options.multiple, plan.options.smallest_px)

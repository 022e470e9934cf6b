"""How rows are divided into batches: by bytes, so that memory is bounded whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.plan.geometry import Geometry
from stackgui.core.plan.plan import Plan
from stackgui.core.run.row_results import runs

BATCH_BYTES = 4 * 2**20
"""Weight of a batch of more than one row: large enough that handing it over is cheap beside decoding."""

MAX_BATCH_ROWS = 512
"""Bounds what is lost when a batch has to be tried again, and how long one takes."""


@dataclass(frozen=True, eq=False, slots=True)
class Batch:
    """Consecutive rows of one bucket, decoded by one worker and written in one go.

    Attributes
    ----------
    bucket : int
        Index into the plan's buckets.
    start : int
        First row.
    samples : int64, shape (n,)
        The catalog's samples, one a row.
    geometry : Geometry
        Of the n rows.
    """

    bucket: int
    start: int
    samples: NDArray[np.int64]
    geometry: Geometry

    def __len__(self) -> int:
        return len(self.samples)

    def part(self, begin: int, end: int) -> Batch:
        """The rows from `begin` up to `end` (counted within the batch) as a batch of their own."""
        inside = slice(begin, end)
        return Batch(self.bucket, self.start + begin, self.samples[inside], self.geometry.take(inside))


def block_bytes(plan: Plan, geometry: Geometry) -> NDArray[np.int64]:
    """Bytes of each row's placed pixels, shape (n,)."""
    pixel_bytes = plan.channels * np.dtype(plan.dtype).itemsize
    height, width = geometry.placement[:, 2:].T.astype(np.int64)
    return np.asarray(height * width * pixel_bytes)


def batches(plan: Plan, wanted: NDArray[np.bool_]) -> Iterator[Batch]:
    """Divide those rows of `plan` that are `wanted`, in order.

    Parameters
    ----------
    wanted : bool, shape (rows,)
        Rows of all buckets, one after another.
    """
    first = 0
    for index, bucket in enumerate(plan.buckets):
        for left, right in runs(wanted[first : first + len(bucket.samples)]):
            for begin in range(left, right, MAX_BATCH_ROWS):
                samples = bucket.samples[begin : min(begin + MAX_BATCH_ROWS, right)]
                whole = Batch(index, begin, samples, plan.geometry(bucket, samples))
                yield from _divided(whole, _weights(plan, whole))
        first += len(bucket.samples)


def _weights(plan: Plan, whole: Batch) -> NDArray[np.int64]:
    """What each row costs in bytes: its block, its decoded sample or its file, whichever is largest.

    A row can be small and its sample huge; a batch of many of those would take too long to cancel.
    """
    catalog = plan.catalog
    own = catalog.height[whole.samples].astype(np.int64) * catalog.width[whole.samples] * plan.channels
    # A file of many samples is not read for each of them.
    read = np.where(catalog.member[whole.samples] < 0, catalog.file_bytes[whole.samples], 0)
    candidates = [block_bytes(plan, whole.geometry), own, read]
    heaviest: NDArray[np.int64] = np.max(candidates, axis=0)
    return heaviest


def _divided(whole: Batch, weights: NDArray[np.int64]) -> Iterator[Batch]:
    """Parts of `whole` that weigh at most `BATCH_BYTES`, or are a single row."""
    ends = np.cumsum(weights)
    begin = 0
    while begin < len(whole):
        used = int(ends[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, used + BATCH_BYTES, side="right")))
        yield whole.part(begin, end)
        begin = end


def slot_bytes(plan: Plan) -> int:
    """Bytes that the largest batch of `plan` can need."""
    return max(BATCH_BYTES, plan.largest_px * plan.channels * np.dtype(plan.dtype).itemsize)


def slot_count(workers: int) -> int:
    """Slots for a run: one in work and one ready for every worker, and one with the writer."""
    return 2 * workers + 1

"""Dividing rows into batches: by bytes, so that memory is bounded whatever the number of rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.blocks import places_of
from stackgui.core.catalog.archive_location import Packing
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.plan.geometry import Geometry, whole
from stackgui.core.plan.plan import Plan

BATCH_BYTES = 4 * 2**20
"""Limit for a batch of several rows: large enough that handing it over is cheap compared with decoding."""

DECODED_SHARE = 4
"""How many times less a decoded sample weighs than what is handed over: it takes time, but no place."""

LEAST_SHARE = 8
"""The last batches have at least so much less than `BATCH_BYTES`: handing over even smaller ones takes longer
than a worker would wait for the others at the end."""

MAX_BATCH_ROWS = 512
"""Limits how much is lost when a batch has to be tried again, and how long one takes."""


_GEOMETRY_ROWS = 8192
"""Rows whose geometry is worked out at a time: for a few of them, that takes as long as for many."""


@dataclass(frozen=True, eq=False, slots=True)
class Batch:
    """Rows of one bucket that one worker decodes, in the order in which their samples are best read.

    Attributes
    ----------
    bucket : int
        Index into the plan's buckets.
    rows : int64, shape (n,)
        Row numbers within the bucket.
    samples : int64, shape (n,)
        Index into the catalog for each row.
    geometry : Geometry
        Geometry of the n rows.
    """

    bucket: int
    rows: NDArray[np.int64]
    samples: NDArray[np.int64]
    geometry: Geometry

    def __len__(self) -> int:
        return len(self.samples)

    def part(self, begin: int, end: int) -> Batch:
        """Return the rows from `begin` up to `end`, counted within the batch, as a batch of their own."""
        inside = slice(begin, end)
        return Batch(self.bucket, self.rows[inside], self.samples[inside], self.geometry.take(inside))

    def consecutive(self) -> list[slice]:
        """Return the slices of the batch that hold consecutive rows."""
        ends = [*(np.flatnonzero(np.diff(self.rows) != 1) + 1).tolist(), len(self)]
        return [slice(begin, end) for begin, end in zip([0, *ends[:-1]], ends, strict=True)]


def block_bytes(plan: Plan, geometry: Geometry) -> NDArray[np.int64]:
    """Return the size in bytes of each row's placed pixels and those of its mask, shape (n,)."""
    height, width = geometry.placement[:, 2:].T.astype(np.int64)
    return np.asarray(height * width * plan.pixel_bytes)


def batches(
    plan: Plan,
    wanted: NDArray[np.bool_] | None = None,
    *,
    own_size: bool = False,
    max_rows: int = 0,
    workers: int = 0,
) -> Iterator[Batch]:
    """Divide rows of `plan` into batches, in row order except for samples within compressed streams.

    Parameters
    ----------
    wanted : bool, shape (rows,), optional
        Mask of the rows to include, bucket after bucket; all rows by default.
    own_size
        Whether to keep each sample whole and at its own size, whatever its size in the plan.
    max_rows
        Limit for the rows of a batch; `MAX_BATCH_ROWS` by default.
    workers
        Number of workers that share the batches. The last batches become smaller, so that all workers end at
        about the same time. By default they stay as large as they may be.
    """
    max_rows = max_rows or MAX_BATCH_ROWS
    first = 0
    for index, bucket in enumerate(plan.buckets):
        count = len(bucket.samples)
        is_wanted = np.broadcast_to(np.True_, count) if wanted is None else wanted[first : first + count]
        rows = places_of(is_wanted.__getitem__, count)
        if plan.catalog.archives:
            rows = rows[reading_order(plan.catalog, bucket.samples[rows])]
        for begin in range(0, len(rows), _GEOMETRY_ROWS):
            part = rows[begin : begin + _GEOMETRY_ROWS]
            samples = bucket.samples[part]
            geometry = whole(plan.catalog, samples) if own_size else plan.geometry(bucket, samples)
            batch = Batch(index, part, samples, geometry.slim())
            is_last = index == len(plan.buckets) - 1 and begin + _GEOMETRY_ROWS >= len(rows)
            yield from _divided(batch, _weights(plan, batch), max_rows, workers if is_last else 0)
        first += count


def reading_order(catalog: Catalog, samples: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return positions within `samples`, in the order in which the samples are best read.

    An archive that is compressed as a whole can only be unpacked from its beginning, so samples within such
    archives are read forward, one archive after another. All others keep their order.

    Returns
    -------
    int64, shape (n,)
    """
    order = np.arange(len(samples))
    if not catalog.archives:
        return order
    inside = catalog.inside.take(samples)
    in_stream = np.flatnonzero(inside.packing == Packing.STREAM)
    forward = np.lexsort((inside.offset[in_stream], inside.archive[in_stream]))
    if (np.diff(forward) > 0).all():
        return order
    return np.concatenate([np.delete(order, in_stream), in_stream[forward]])


def _weights(plan: Plan, batch: Batch) -> NDArray[np.int64]:
    """Return the cost of each row in bytes: the largest of block, file, and share of the decoded sample.

    Samples may be huge although their rows are small; many of them in a batch would delay cancellation.
    """
    catalog = plan.catalog
    own = catalog.height[batch.samples].astype(np.int64) * catalog.width[batch.samples] * plan.channels
    # A file of many samples is not read once for each of them.
    read = np.where(catalog.member[batch.samples] < 0, catalog.file_bytes[batch.samples], 0)
    candidates = [block_bytes(plan, batch.geometry), own // DECODED_SHARE, read]
    heaviest: NDArray[np.int64] = np.max(candidates, axis=0)
    return heaviest


def _divided(batch: Batch, weights: NDArray[np.int64], max_rows: int, workers: int) -> Iterator[Batch]:
    """Divide `batch` into parts of at most `max_rows` that cost at most `BATCH_BYTES` or are a single row.

    If these are the last rows that `workers` share, no part costs more than a worker's share of what is left.
    """
    ends = np.cumsum(weights)
    begin = 0
    while begin < len(batch):
        used = int(ends[begin - 1]) if begin else 0
        share = (int(ends[-1]) - used) // workers if workers else BATCH_BYTES
        most = used + min(BATCH_BYTES, max(share, BATCH_BYTES // LEAST_SHARE))
        end = max(begin + 1, int(np.searchsorted(ends, most, side="right")))
        end = min(end, begin + max_rows)
        yield batch.part(begin, end)
        begin = end


def slot_bytes(plan: Plan) -> int:
    """Return the bytes that the largest batch of `plan` may need."""
    return max(BATCH_BYTES, plan.largest_px * plan.pixel_bytes)


def slot_count(workers: int) -> int:
    """Return how many slots a run needs: one in use and one ready for each worker, and one for the writer."""
    return 2 * workers + 1

"""Dividing rows into ranges that are handed over as a whole, each a few seconds of work."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.plan.plan import Bucket, Plan

RANGE_S = 20.0
"""Work in a range: enough that handing it over counts for nothing, and little to lose with its worker."""

RANGE_BYTES = 2**31
"""Limit for the bytes of a range that are written, so that a slow disk does not make it last for minutes."""

FIRST_RANGE_S = 2.0
"""Work in the first ranges, as long as nobody knows how much faster or slower than expected it is done."""

MAX_RANGE_ROWS = 16384
"""Limit for the rows of a range: what is sent for it grows by some 110 bytes with each."""

SHARES = 2
"""A range is at most such a part of what is left for each worker: few are needed, and the last are short, so
that all workers end at about the same time even if a job is small."""

MOST_RANGES = 16
"""No range is a smaller part than this of what a worker does altogether."""

LEAST_RANGE_S = 0.1
"""Nor less work than this: handing a range over takes some milliseconds."""

ROW_S, READ_BYTES_PER_S, DECODED_PX_PER_S, WRITTEN_BYTES_PER_S = 0.0003, 2e8, 5e7, 5e8
"""What a row takes at least, and the speed of one worker. Rough, since `Pace` learns how it really is."""

LEARNT, MOST = 0.3, 1000.0
"""What the last range counts for in the pace, and how far from the expected one that may be."""


class Range(NamedTuple):
    """The rows of a bucket from `begin` up to `end`, which are expected to take `expected_s`."""

    bucket: int
    begin: int
    end: int
    expected_s: float = 0.0


class Pace:
    """How much longer work takes than expected, which is learnt while a job goes on.

    Disks, networks and decoders differ by far more than any constants could tell.
    """

    def __init__(self) -> None:
        self._log: float | None = None

    def learn(self, expected_s: float, taken_s: float) -> None:
        """Take into account that what was expected to take one time took another."""
        if expected_s <= 0:
            return
        found = math.log(min(max(taken_s / expected_s, 1 / MOST), MOST))
        self._log = found if self._log is None else self._log + LEARNT * (found - self._log)

    def expected(self, seconds: float) -> float:
        """Return for how much expected work a range takes about `seconds`."""
        return min(seconds, FIRST_RANGE_S) if self._log is None else seconds / math.exp(self._log)


def ranges(
    plan: Plan,
    wanted: NDArray[np.bool_],
    workers: int,
    *,
    aligned: Sequence[int] = (),
    pace: Pace | None = None,
) -> Iterator[Range]:
    """Divide the rows of `plan` that `wanted` selects.

    Every wanted row is in exactly one range; a range may also hold others, but begins and ends with a wanted
    one, unless it is aligned. Each is only cut once it is asked for, and follows what `pace` knows by then.

    Parameters
    ----------
    wanted : bool, shape (rows,)
        Bucket after bucket.
    workers
        Number of decoders that share the work.
    aligned
        For each bucket: its ranges begin and end at multiples of so many rows, or at its end, as shards do.
    pace
        By default that which is expected.
    """
    first, parts = 0, []
    for bucket in plan.buckets:
        rows = bucket.array.rows
        parts.append(np.where(wanted[first : first + rows], row_seconds(plan, bucket), 0.0))
        first += rows
    if pace is None:
        pace = Pace()
        pace.learn(1.0, 1.0)
    total_s = left_s = float(sum(part.sum() for part in parts))
    workers = max(workers, 1)

    def share_s(done_s: float) -> float:
        """Return how much a range takes of the current bucket, of which `done_s` is handed out."""
        least_s = max(total_s / (MOST_RANGES * workers), pace.expected(LEAST_RANGE_S))
        return min(pace.expected(RANGE_S), max((left_s - done_s) / (SHARES * workers), least_s))

    first = 0
    aligned = aligned or [1] * len(parts)
    for index, (bucket, cost, align) in enumerate(zip(plan.buckets, parts, aligned, strict=True)):
        mask = wanted[first : first + bucket.array.rows]
        row_bytes = sum(array.row_bytes for array in bucket.arrays)
        most = max(min(MAX_RANGE_ROWS, RANGE_BYTES // max(row_bytes, 1)), 1)
        ends_s = np.cumsum(cost)
        for begin, end in _divided(ends_s, mask, share_s, (most, align)):
            yield Range(index, begin, end, float(ends_s[end - 1] - (ends_s[begin - 1] if begin else 0.0)))
        first += bucket.array.rows
        left_s -= float(cost.sum())


def row_seconds(plan: Plan, bucket: Bucket) -> NDArray[np.float64]:
    """Return about how long one worker takes for each row of a bucket, shape (rows,)."""
    catalog, samples = plan.catalog, bucket.samples
    decoded = catalog.height[samples].astype(np.float64) * catalog.width[samples]
    # A file of many samples is not read once for each of them.
    read = np.where(catalog.member[samples] < 0, catalog.file_bytes[samples], 0)
    written = sum(array.row_bytes for array in bucket.arrays) / WRITTEN_BYTES_PER_S
    seconds: NDArray[np.float64] = ROW_S + decoded / DECODED_PX_PER_S + read / READ_BYTES_PER_S + written
    return seconds


def _divided(
    ends_s: NDArray[np.float64],
    mask: NDArray[np.bool_],
    share_s: Callable[[float], float],
    limits: tuple[int, int],
) -> Iterator[tuple[int, int]]:
    """Divide the rows of `mask`; `ends_s` is the work up to each, and `limits` the most rows and `align`."""
    rows, (most, align) = np.flatnonzero(mask), limits
    while len(rows):
        begin = int(rows[0]) // align * align
        before_s = float(ends_s[begin - 1]) if begin else 0.0
        end = int(np.searchsorted(ends_s, before_s + share_s(before_s), side="right"))
        end = max(min(end, begin + most), int(rows[0]) + 1)
        end = min(-(-end // align) * align, len(mask))
        inside = rows[rows < end]
        yield begin, end if align > 1 else int(inside[-1]) + 1
        rows = rows[len(inside) :]

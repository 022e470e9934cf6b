"""How arrays are cut into shards of Zarr, and how much of them is in memory on its way to a bucket."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from stackgui.core.plan.plan import ArraySpec, Bucket, Plan

SUFFIX = ".zarr"
"""What the name of a group of Zarr ends in, if nobody wants anything else."""

CHUNK_BYTES = 2**18
"""Small rows share a chunk of at most this size; each other row has its own."""

SHARD_BYTES = 32 * 2**20
"""Upper bound for a shard, unless one row is larger: a file, held in memory while it is written."""

AT_ONCE = 4
"""Shards of each array of a bucket that are packed and sent at a time."""

WAITING = 2
"""Shards of each that may wait for that; then whoever has rows waits, too."""

_FILLING = 2
"""Shards of each that are being filled: a batch may begin in one and end in the next."""

_PACKED = 3
"""How often a shard that is sent is there once more, packed: as chunks, as the library joins them, and as it
is sent. Measured with pictures of noise, which do not shrink."""

LIBRARY_BYTES = 20_000_000
"""Memory of the libraries that pack and send, measured."""


class Grid(NamedTuple):
    """The rows of a chunk and of a shard of an array."""

    chunk: int
    shard: int


def grids(arrays: Sequence[ArraySpec]) -> list[Grid]:
    """Return how the arrays of a bucket are cut, given as in `Bucket.arrays`.

    Their shards hold the same rows, so that a row is durable once one shard of each is: the array with the
    largest rows bounds them. The others have smaller rows and so more of them in a chunk.
    """
    rows, largest = arrays[0].rows, max(spec.row_bytes for spec in arrays)
    least = max(1, min(rows, CHUNK_BYTES // largest))
    most = min(-(-rows // least), SHARD_BYTES // (least * largest))
    chunks = [least * max(1, min(most, CHUNK_BYTES // (least * spec.row_bytes))) for spec in arrays]
    step = math.lcm(*chunks)
    shard = step * max(1, min(-(-rows // step), SHARD_BYTES // (step * largest)))
    return [Grid(chunk, shard) for chunk in chunks]


def shards_bytes(plan: Plan) -> int:
    """Return the most that shards of a plan take in memory on their way to a bucket, with what packs them.

    Its buckets are filled one after the other, and the last shards of one may still be sent when the next
    begins.
    """
    held = [_held_bytes(bucket) for bucket in plan.buckets]
    return LIBRARY_BYTES + max(map(sum, pairwise(held)), default=sum(held))


def _held_bytes(bucket: Bucket) -> int:
    """Return the most for a bucket; the shards of the same rows are packed and sent one after the other."""
    sizes, rows = [spec.row_bytes for spec in bucket.arrays], bucket.array.rows
    shard = grids(bucket.arrays)[0].shard
    most = min(rows, (AT_ONCE + WAITING + _FILLING) * shard)
    return most * sum(sizes) + _PACKED * min(rows, AT_ONCE * shard) * max(sizes)

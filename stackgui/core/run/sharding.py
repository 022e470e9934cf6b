"""How arrays are cut into shards of Zarr, and how much of them is in memory on its way to a bucket."""

from __future__ import annotations

from itertools import pairwise

from stackgui.core.plan.plan import ArraySpec, Plan

SUFFIX = ".zarr"
"""What the name of a group of Zarr ends in, if nobody wants anything else."""

CHUNK_BYTES = 2**18
"""Small rows share a chunk of at most this size; each other row has its own."""

SHARD_BYTES = 32 * 2**20
"""Upper bound for a shard, unless one row is larger: a file, held in memory while it is written."""

AT_ONCE = 4
"""Shards of an array that are packed and sent at a time."""

WAITING = 2
"""Shards of an array that may wait for that; then whoever has rows waits, too."""

_FILLING = 2
"""Shards of an array that are being filled: a batch may begin in one and end in the next."""

_PACKED = 3
"""How often a shard that is sent is there once more, packed: as chunks, as the library joins them, and as it
is sent. Measured with pictures of noise, which do not shrink."""

LIBRARY_BYTES = 20_000_000
"""Memory of the libraries that pack and send, measured."""


def grid(spec: ArraySpec) -> tuple[int, int]:
    """Return the rows of a chunk and of a shard."""
    chunk = max(1, min(spec.rows, CHUNK_BYTES // spec.row_bytes))
    chunks = max(1, min(-(-spec.rows // chunk), SHARD_BYTES // (chunk * spec.row_bytes)))
    return chunk, chunk * chunks


def shards_bytes(plan: Plan) -> int:
    """Return the most that shards of a plan take in memory on their way to a bucket, with what packs them.

    Its buckets are filled one after the other, and the last shards of one may still be sent when the next
    begins.
    """
    held = [_held_bytes(bucket.array) for bucket in plan.buckets]
    return LIBRARY_BYTES + max(map(sum, pairwise(held)), default=sum(held))


def _held_bytes(spec: ArraySpec) -> int:
    shard_rows = grid(spec)[1]
    most = min(spec.rows, (AT_ONCE + WAITING + _FILLING) * shard_rows)
    return (most + _PACKED * min(spec.rows, AT_ONCE * shard_rows)) * spec.row_bytes

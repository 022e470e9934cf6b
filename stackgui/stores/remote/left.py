"""What an earlier run left of shards: which of them hold what was written."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from stackgui.core.base.cancellation import Progress
from stackgui.core.plan.plan import Plan
from stackgui.core.run.row_results import RowResults
from stackgui.core.run.sharding import AT_ONCE
from stackgui.stores.arrays.checksums import HeldRows, Readable, stored_checksum
from stackgui.stores.arrays.rows import RowShape
from stackgui.stores.export.zarr_pieces import Cut, decoded_shard, shard_name
from stackgui.stores.files.objects import whole
from stackgui.stores.remote.shards import shard_rows


class _Rows(NamedTuple):
    """The rows of the shards of a bucket that have the same number; `begin` and `end` count through all."""

    bucket: int
    number: int
    begin: int
    end: int


def forget_broken(plan: Plan, outcomes: RowResults, place: str, there: set[str], progress: Progress) -> None:
    """Forget all rows of shards of which some rows are not done, or that are gone.

    A shard that consists of zeros is no object. So where one is missing, its rows are compared with their
    checksums, which is less work than to make them again: masks often are nothing but background.

    Parameters
    ----------
    plan, outcomes
    place : str
    there : set of str
        Names of all objects at the place.
    progress

    Raises
    ------
    AddressError, Cancelled
    """
    doubtful = []
    for rows in _all_rows(plan):
        inside = slice(rows.begin, rows.end)
        names = {shard_name(spec, rows.number) for spec in plan.buckets[rows.bucket].arrays}
        if not outcomes.done[inside].all():
            outcomes.forget(inside)
        elif outcomes.valid[inside].any() and not names <= there:
            doubtful.append(rows)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="shards") as threads:
        checked = threads.map(lambda rows: _are_as_written(plan, outcomes, place, there, rows), doubtful)
        try:
            for rows, is_sound in zip(doubtful, checked, strict=True):
                progress.check()
                if not is_sound:
                    outcomes.forget(slice(rows.begin, rows.end))
        finally:
            threads.shutdown(cancel_futures=True)


def _all_rows(plan: Plan) -> Iterator[_Rows]:
    for index, (first, size) in enumerate(zip(plan.first_rows, shard_rows(plan), strict=True)):
        count = plan.buckets[index].array.rows
        for number, begin in enumerate(range(0, count, size)):
            yield _Rows(index, number, first + begin, first + min(begin + size, count))


def _are_as_written(plan: Plan, outcomes: RowResults, place: str, there: set[str], rows: _Rows) -> bool:
    """Return whether all rows have their checksums; objects that are not there stand for zeros."""
    bucket, layout = plan.buckets[rows.bucket], plan.options.layout
    arrays: list[tuple[Readable, RowShape]] = []
    for cut in Cut.of(bucket.arrays, layout):
        name = shard_name(cut.spec, rows.number)
        data = whole(f"{place}/{name}")[1] if name in there else None
        try:
            found = decoded_shard(cut, rows.number, data)
        except Exception:  # noqa: BLE001 - of Zarr's library and of its codecs, for which bytes are damaged
            return False
        arrays.append((HeldRows(found.reshape(-1).view(np.uint8)), RowShape.of(cut.spec, layout)))
    valid = np.flatnonzero(outcomes.valid[rows.begin : rows.end])
    first = rows.begin - plan.first_rows[rows.bucket]
    placement = plan.geometry(bucket, bucket.samples[first + valid]).placement.tolist()
    wanted = outcomes.checksum[rows.begin + valid].tolist()
    return all(
        stored_checksum(arrays, index, (top, left, height, width)) == checksum
        for index, (top, left, height, width), checksum in zip(valid.tolist(), placement, wanted, strict=True)
    )

"""The store for an array in a bucket: it gathers rows until a shard is whole, and writes that.

A shard that is written twice has the same bytes, so whoever comes late does no harm.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.choices import Layout
from stackgui.core.base.errors import StoreError
from stackgui.core.plan.plan import ArraySpec, Plan
from stackgui.core.run.row_results import RowResults, RowsDone
from stackgui.core.run.sharding import AT_ONCE, WAITING, grid
from stackgui.stores.arrays.protocol import Bytes
from stackgui.stores.arrays.rows import Blank, RowShape
from stackgui.stores.export.contents import axes_of
from stackgui.stores.export.zarr_pieces import encoded_shard, shard_name
from stackgui.stores.files.failures import explained
from stackgui.stores.files.object_store import delete, put
from stackgui.stores.recovery.resume import ENTRY_ROWS

_TICK_S = 0.1


def shard_rows(plan: Plan) -> list[int]:
    """Return the rows of a shard for each bucket of a plan."""
    return [grid(bucket.array)[1] for bucket in plan.buckets]


def stores_for(plan: Plan, place: str, before_put: Callable[[], None]) -> list[ShardStore]:
    """Return a store for each bucket of a plan, all of which has no masks, at the address `place`."""
    return [
        ShardStore(place, bucket.array, plan.options.layout, plan.fills[0], before_put)
        for bucket in plan.buckets
    ]


@dataclass(eq=False, slots=True)
class _Shard:
    """The rows of a shard, shape (n, planes, lines, bytes), and which of them are there."""

    number: int
    rows: Bytes
    here: NDArray[np.bool_]
    sending: Future[None] | None = None


class ShardStore:
    """Writes the rows of one array; it is an `ArrayStore`.

    `sync` writes no shard of which rows are missing, so they are durable once all rows of their shard are.

    Parameters
    ----------
    place : str
        Address of the group.
    spec, layout
    fill : float
        Value of padding and blank rows.
    before_put
        Called before each shard is sent; raises StoreError if this must not write any more.
    """

    def __init__(
        self, place: str, spec: ArraySpec, layout: Layout, fill: float, before_put: Callable[[], None]
    ) -> None:
        self._place = place
        self._spec = spec
        self._axes = axes_of(spec, layout)
        self._shape = RowShape.of(spec, layout)
        self._blank = Blank.of(fill, spec.dtype)
        self._before_put = before_put
        self._size = grid(spec)[1]
        self._filling: dict[int, _Shard] = {}
        self._leaving: list[_Shard] = []
        self._changing = threading.Lock()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="shards")

    def write(
        self, start: int, pixels: Bytes, placement: NDArray[np.int32], valid: NDArray[np.bool_]
    ) -> None:
        """Take rows as `ArrayStore.write` says; waits, and perhaps fails, before it has taken any."""
        self._make_room()
        ends = np.concatenate(([0], self._shape.ends(placement)))
        for number in range(start // self._size, (start + len(valid) - 1) // self._size + 1):
            first = number * self._size
            begin, end = max(start, first) - start, min(start + len(valid), first + self._size) - start
            shard = self._filling.get(number) or self._begin(number)
            inside = slice(start + begin - first, start + end - first)
            block = pixels[ends[begin] : ends[end]]
            self._shape.land(shard.rows[inside], block, placement[begin:end], valid[begin:end])
            shard.here[inside] = True
            if shard.here.all():
                del self._filling[number]
                with self._changing:
                    self._leaving.append(shard)
                    self._send(shard)

    def sync(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Return once all shards are written whose last row came before the call."""
        errors = []
        for shard in list(self._leaving):
            try:
                self._settle(shard, cancellation)
            except StoreError as error:  # the others may do better
                errors.append(error)
        if errors:
            raise errors[0]

    def holds_back(self, row: int) -> bool:
        """Return whether the shard with that row is whole, but not written yet."""
        return any(shard.number == row // self._size for shard in self._leaving)

    def close(self, cancellation: Cancellation = UNWATCHED) -> None:
        """Write the last shards."""
        self.sync(cancellation)
        self._threads.shutdown()

    def abort(self) -> None:
        """Drop what is not on its way yet."""
        self._threads.shutdown(cancel_futures=True)
        self._filling.clear()
        self._leaving.clear()

    def _begin(self, number: int) -> _Shard:
        count = min(self._size, self._spec.rows - number * self._size)
        rows = np.zeros((count, self._shape.planes, self._shape.lines, self._shape.line_bytes), np.uint8)
        if not self._blank.is_zero:
            self._blank.put(rows)
        shard = self._filling[number] = _Shard(number, rows, np.zeros(count, np.bool_))
        return shard

    def _make_room(self) -> None:
        while len(self._leaving) >= AT_ONCE + WAITING:
            self._settle(self._leaving[0], UNWATCHED)

    def _settle(self, shard: _Shard, cancellation: Cancellation) -> None:
        """Wait until a shard is written; after an error it is sent again the next time."""
        with self._changing:
            sending = shard.sending or self._send(shard)
        while not wait_for([sending], _TICK_S).done:
            cancellation.check()
        try:
            sending.result()
        except BaseException:
            with self._changing:
                if shard.sending is sending:
                    shard.sending = None
            raise
        with self._changing:
            if shard in self._leaving:
                self._leaving.remove(shard)

    def _send(self, shard: _Shard) -> Future[None]:
        shard.sending = self._threads.submit(self._put, shard)
        return shard.sending

    def _put(self, shard: _Shard) -> None:
        rows = shard.rows.reshape(-1).view(self._spec.dtype).reshape(-1, *self._spec.shape[1:])
        data = encoded_shard(self._spec, self._axes, shard.number, rows)
        name = f"{self._place}/{shard_name(self._spec, shard.number)}"
        self._before_put()
        with explained(self._place):
            if data is None:  # all its numbers are those that Zarr gives where nothing is
                delete([name])
            else:
                put(name, data)


class Gathered:
    """Gathers the results of rows until those of a whole shard are there; rows count through all buckets."""

    def __init__(self, plan: Plan) -> None:
        self._sizes = shard_rows(plan)
        self._first = [*plan.first_rows, plan.rows]
        self._found: dict[tuple[int, int], RowResults] = {}

    def add(self, entry: RowsDone) -> None:
        """Add the results of consecutive rows, perhaps once more."""
        begin = 0
        while begin < len(entry):
            bucket = int(np.searchsorted(self._first, entry.first + begin, side="right")) - 1
            row, size = entry.first + begin - self._first[bucket], self._sizes[bucket]
            first = row // size * size
            count = min(size, self._first[bucket + 1] - self._first[bucket] - first)
            results = self._found.setdefault((bucket, first), RowResults.none_of(count))
            end = min(len(entry), begin + first + count - row)
            results.record(entry.part(row - first, slice(begin, end)))
            begin = end

    def take(self, stores: Sequence[ShardStore], record: Callable[[list[RowsDone]], None]) -> None:
        """Record the results of shards that are whole and written, and forget them once that is done."""
        done = [key for key, results in self._found.items() if results.done.all()]
        done = [(bucket, first) for bucket, first in done if not stores[bucket].holds_back(first)]
        if not done:
            return
        entries = []
        for bucket, first in done:
            begin = self._first[bucket] + first
            found = self._found[bucket, first].entries(ENTRY_ROWS)
            entries += [entry.part(begin + entry.first, slice(0, len(entry))) for entry in found]
        record(entries)
        for key in done:
            del self._found[key]


def forget_broken(plan: Plan, outcomes: RowResults, there: Sequence[str] | set[str]) -> None:
    """Forget all rows of shards of which some rows are not done, or that are not `there`, by their names."""
    for bucket, first, size in zip(plan.buckets, plan.first_rows, shard_rows(plan), strict=True):
        for number in range(math.ceil(bucket.array.rows / size)):
            rows = slice(first + number * size, first + min((number + 1) * size, bucket.array.rows))
            lost = outcomes.valid[rows].any() and shard_name(bucket.array, number) not in there
            if lost or not outcomes.done[rows].all():
                outcomes.forget(rows)

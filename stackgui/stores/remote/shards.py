"""The store for the rows of one size in a bucket: it gathers them until a shard is whole, and writes that.

The shards of pictures and of masks hold the same rows. One that is written twice has the same bytes, so
whoever comes late does no harm.
"""

from __future__ import annotations

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
from stackgui.core.plan.plan import Bucket, Plan
from stackgui.core.run.row_results import RowResults, RowsDone
from stackgui.core.run.sharding import AT_ONCE, WAITING, grids
from stackgui.stores.arrays.pair import divided
from stackgui.stores.arrays.protocol import Bytes
from stackgui.stores.arrays.rows import Blank, RowShape
from stackgui.stores.export.zarr_pieces import Cut, encoded_shard, shard_name
from stackgui.stores.files.failures import explained
from stackgui.stores.files.object_store import delete, put
from stackgui.stores.recovery.resume import ENTRY_ROWS

_TICK_S = 0.1


def shard_rows(plan: Plan) -> list[int]:
    """Return the rows of a shard for each bucket of a plan."""
    return [grids(bucket.arrays)[0].shard for bucket in plan.buckets]


def stores_for(plan: Plan, place: str, before_put: Callable[[], None]) -> list[ShardStore]:
    """Return a store for each bucket of a plan, at the address `place`."""
    return [ShardStore(place, bucket, plan.options.layout, plan.fills, before_put) for bucket in plan.buckets]


class _Array:
    """One of the arrays of a bucket: how it is cut, and what its rows look like."""

    def __init__(self, cut: Cut, layout: Layout, fill: float) -> None:
        self.cut = cut
        self.shape = RowShape.of(cut.spec, layout)
        self._blank = Blank.of(fill, cut.spec.dtype)

    def blank_rows(self, count: int) -> Bytes:
        """Return new rows that consist of padding, shape (count, planes, lines, line_bytes)."""
        shape = self.shape
        rows = np.zeros((count, shape.planes, shape.lines, shape.line_bytes), np.uint8)
        if not self._blank.is_zero:
            self._blank.put(rows)
        return rows

    def encoded(self, number: int, rows: Bytes) -> bytes | None:
        """Return a shard as `encoded_shard` does."""
        spec = self.cut.spec
        return encoded_shard(self.cut, number, rows.reshape(-1).view(spec.dtype).reshape(-1, *spec.shape[1:]))


@dataclass(eq=False, slots=True)
class _Shard:
    """The rows of the shards of that number in all arrays, and which of them are there.

    Each of `rows` has the shape (n, planes, lines, line_bytes).
    """

    number: int
    rows: list[Bytes]
    here: NDArray[np.bool_]
    sending: Future[None] | None = None


class ShardStore:
    """Writes the rows of a bucket, with their masks if it has any; it is an `ArrayStore`.

    `sync` writes no shard of which rows are missing, so they are durable once all rows of their shard are,
    and the shard of their masks is written, too.

    Parameters
    ----------
    place : str
        Address of the group.
    bucket, layout
    fills : sequence of float
        Values of padding and blank rows in its arrays.
    before_put
        Called before each shard is sent; raises StoreError if this must not write any more.
    """

    def __init__(
        self,
        place: str,
        bucket: Bucket,
        layout: Layout,
        fills: Sequence[float],
        before_put: Callable[[], None],
    ) -> None:
        cuts = Cut.of(bucket.arrays, layout)
        self._place = place
        self._rows = bucket.array.rows
        self._arrays = [_Array(cut, layout, fill) for cut, fill in zip(cuts, fills, strict=True)]
        self._pixel_bytes = [each.shape.planes * each.shape.pixel_bytes for each in self._arrays]
        self._before_put = before_put
        self._size = cuts[0].grid.shard
        self._filling: dict[int, _Shard] = {}
        self._leaving: list[_Shard] = []
        self._changing = threading.Lock()
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="shards")

    def write(
        self, start: int, pixels: Bytes, placement: NDArray[np.int32], valid: NDArray[np.bool_]
    ) -> None:
        """Take rows as `ArrayStore.write` says; waits, and perhaps fails, before it has taken any."""
        self._make_room()
        parts = divided(pixels, placement, self._pixel_bytes)
        ends = [np.concatenate(([0], each.shape.ends(placement))) for each in self._arrays]
        for number in range(start // self._size, (start + len(valid) - 1) // self._size + 1):
            first = number * self._size
            begin, end = max(start, first) - start, min(start + len(valid), first + self._size) - start
            shard = self._filling.get(number) or self._begin(number)
            inside = slice(start + begin - first, start + end - first)
            for each, rows, part, end_of in zip(self._arrays, shard.rows, parts, ends, strict=True):
                block = part[end_of[begin] : end_of[end]]
                each.shape.land(rows[inside], block, placement[begin:end], valid[begin:end])
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
        count = min(self._size, self._rows - number * self._size)
        rows = [each.blank_rows(count) for each in self._arrays]
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
        for each, rows in zip(self._arrays, shard.rows, strict=True):
            name = f"{self._place}/{shard_name(each.cut.spec, shard.number)}"
            self._put_one(name, each.encoded(shard.number, rows))

    def _put_one(self, name: str, data: bytes | None) -> None:
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

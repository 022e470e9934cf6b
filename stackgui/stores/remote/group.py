"""A group in a bucket, as its description has it, and its shards, which are fetched a few at a time."""

from __future__ import annotations

import errno
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import Layout
from stackgui.core.base.errors import StoreError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.run.loading_from import Holds
from stackgui.stores.arrays.protocol import Bytes
from stackgui.stores.export.contents import COLUMNS, FILES, array_name, holding
from stackgui.stores.export.zarr_group import CHECKSUMS, EVERY_CHUNK
from stackgui.stores.export.zarr_pieces import DESCRIPTION, chunk_name, opened_in_memory, shard_name
from stackgui.stores.files.failures import explained
from stackgui.stores.files.objects import AddressError, whole
from stackgui.stores.format.header import buckets_in, fills_in

_AHEAD = 4
"""Shards that are fetched at a time."""


@dataclass(frozen=True, eq=False, slots=True)
class Shard:
    """A shard that was fetched.

    Attributes
    ----------
    name : str
    first, count : int
        Its rows within its array.
    rows : uint8, shape (bytes,), or None
        None if it is damaged.
    """

    name: str
    first: int
    count: int
    rows: Bytes | None


def side_by_side(arrays: Sequence[Iterator[Shard]]) -> Iterator[tuple[range, tuple[Shard, ...]]]:
    """Yield runs of rows within a bucket, each with the shards of all arrays that hold them.

    Exports of older versions cut masks otherwise than pictures, so that shards begin at other rows.
    """
    current = [next(each) for each in arrays]
    begin = 0
    while True:
        end = min(shard.first + shard.count for shard in current)
        yield range(begin, end), tuple(current)
        following = [
            next(each, None) if shard.first + shard.count == end else shard
            for each, shard in zip(arrays, current, strict=True)
        ]
        if None in following:  # then all of them have ended
            return
        current = [shard for shard in following if shard is not None]
        begin = end


class Group:
    """A group as the object at its place describes it, which may come from anyone.

    Parameters
    ----------
    place
    data
        Content of that object.

    Raises
    ------
    Exception
        Of any kind, when it is damaged.

    Attributes
    ----------
    about, header : dict
        What is said of the group, and the header of the stack among it.
    names : frozenset of str
        Names of all arrays and tables.
    buckets : tuple of tuple of ArraySpec
        As in `stackgui.core.plan.plan.Bucket.arrays`.
    layout, fills
    """

    def __init__(self, place: str, data: bytes) -> None:
        group = opened_in_memory({DESCRIPTION: data})
        self.about: dict[str, Any] = dict(group.attrs)
        self.header: dict[str, Any] = self.about["stack"]
        self.names = frozenset(group.array_keys())
        plan = self.header["plan"]
        self.buckets: tuple[tuple[ArraySpec, ...], ...] = tuple(buckets_in(plan))
        self.layout, self.fills = Layout(plan["options"]["layout"]), fills_in(plan)
        self.fingerprint = str(plan["fingerprint"])
        self._place = place
        self._group = group
        for spec in chain.from_iterable(self.buckets):
            found = group[array_name(spec)]
            if found.shape != spec.shape or found.dtype != spec.dtype or not found.shards:
                raise ValueError("an array is not that of the stack")

    @property
    def specs(self) -> tuple[ArraySpec, ...]:
        """The arrays of pictures."""
        return tuple(arrays[0] for arrays in self.buckets)

    @property
    def masks(self) -> tuple[ArraySpec, ...]:
        """The arrays of masks."""
        return tuple(spec for arrays in self.buckets for spec in arrays[1:])

    @property
    def holds(self) -> Holds:
        """Names of all that it holds for those who open it, but not the checksums."""
        texts = self.names & {FILES, COLUMNS}
        arrays = (*self.specs, *self.masks)
        tables = self.names - texts - {CHECKSUMS, *map(array_name, arrays)}
        return holding(arrays, tables, self.about.keys() - {"layout", "stack"}, texts)

    @property
    def rows(self) -> int:
        """Number of rows in all arrays of pictures."""
        return sum(spec.rows for spec in self.specs)

    def describes(self, name: str, data: bytes) -> bool:
        """Return whether `data` describes an array as the group does; raises as the group's description."""
        described = opened_in_memory({f"{name}/{DESCRIPTION}": data}, name)
        return bool(described.metadata == self._group[name].metadata)

    def lacking(self, names: Collection[str]) -> Iterator[str]:
        """Yield the names of chunks of tables that were written, and are not among `names`."""
        for name in sorted(self.names):
            array = self._group[name]
            if EVERY_CHUNK in array.attrs and array.size:
                for number in range(-(-array.shape[0] // array.chunks[0])):
                    chunk = chunk_name(name, number, len(array.shape))
                    if chunk not in names:
                        yield chunk

    def is_shard(self, name: str) -> bool:
        """Return whether an object is a shard of pictures or of masks."""
        return any(name.startswith(f"{array_name(spec)}/c/") for spec in (*self.specs, *self.masks))

    def shards(self, spec: ArraySpec, about: bytes) -> Iterator[Shard]:
        """Yield the shards of an array, in order.

        Parameters
        ----------
        spec
        about
            Content of the object that describes the array.

        Raises
        ------
        AddressError
        """
        size = opened_in_memory({f"{array_name(spec)}/{DESCRIPTION}": about}, array_name(spec)).shards[0]
        waiting: deque[tuple[int, Future[bytes | None]]] = deque()
        left = iter(range(-(-spec.rows // size)))
        with ThreadPoolExecutor(_AHEAD, thread_name_prefix="shards") as threads:
            while True:
                while len(waiting) < _AHEAD and (number := next(left, None)) is not None:
                    waiting.append((number, threads.submit(self._content, shard_name(spec, number))))
                if not waiting:
                    return
                number, coming = waiting.popleft()
                data, first = coming.result(), number * size
                count = min(size, spec.rows - first)
                yield Shard(shard_name(spec, number), first, count, _rows(spec, about, number, data, count))

    def _content(self, name: str) -> bytes | None:
        try:
            return whole(f"{self._place}/{name}")[1]
        except AddressError as error:
            if error.errno == errno.ENOENT:
                return None
            raise


def open_group(place: str) -> Group:
    """Return the group of the stack at a place; raises StoreError when there is none, or it is damaged."""
    with explained(place):
        data = whole(f"{place}/{DESCRIPTION}")[1]
    try:
        return Group(place, data)
    except Exception as error:
        raise StoreError(say("{place} is damaged.", place=printable(place))) from error


def _rows(spec: ArraySpec, about: bytes, number: int, data: bytes | None, count: int) -> Bytes | None:
    objects = {f"{array_name(spec)}/{DESCRIPTION}": about}
    if data is not None:
        objects[shard_name(spec, number)] = data
    try:
        array = opened_in_memory(objects, array_name(spec))
        first = number * array.shards[0]
        rows: NDArray[Any] = np.ascontiguousarray(array[first : first + count])
    except Exception:  # noqa: BLE001 - of Zarr's library and of its codecs, for which bytes are damaged
        return None
    return rows.reshape(-1).view(np.uint8)

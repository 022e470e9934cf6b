"""A group in a bucket, as its description has it, and its shards, which are fetched a few at a time."""

from __future__ import annotations

import errno
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.choices import Layout
from stackgui.core.base.errors import StoreError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.plan import ArraySpec
from stackgui.stores.arrays.protocol import Bytes
from stackgui.stores.export.contents import array_name
from stackgui.stores.export.zarr_pieces import DESCRIPTION, opened_in_memory, shard_name
from stackgui.stores.files.failures import explained
from stackgui.stores.files.objects import AddressError, whole
from stackgui.stores.format.header import buckets_in, fills_in

_AHEAD = 4
"""Shards that are fetched at a time."""


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
    specs : tuple of ArraySpec
        The arrays of pictures.
    layout, fill
    """

    def __init__(self, place: str, data: bytes) -> None:
        group = opened_in_memory({DESCRIPTION: data})
        self.about: dict[str, Any] = dict(group.attrs)
        self.header: dict[str, Any] = self.about["stack"]
        self.names = frozenset(group.array_keys())
        plan = self.header["plan"]
        self.specs: tuple[ArraySpec, ...] = tuple(arrays[0] for arrays in buckets_in(plan))
        self.layout, self.fill = Layout(plan["options"]["layout"]), fills_in(plan)[0]
        self.fingerprint = str(plan["fingerprint"])
        self._place = place
        self._group = group
        for spec in self.specs:
            found = group[array_name(spec)]
            if found.shape != spec.shape or found.dtype != spec.dtype or not found.shards:
                raise ValueError("an array is not that of the stack")

    @property
    def rows(self) -> int:
        """Number of rows in all arrays."""
        return sum(spec.rows for spec in self.specs)

    def describes(self, name: str, data: bytes) -> bool:
        """Return whether `data` describes an array as the group does; raises as the group's description."""
        described = opened_in_memory({f"{name}/{DESCRIPTION}": data}, name)
        return bool(described.metadata == self._group[name].metadata)

    def is_shard(self, name: str) -> bool:
        """Return whether an object is a shard of an array of pictures."""
        return any(name.startswith(f"{array_name(spec)}/c/") for spec in self.specs)

    def shards(self, spec: ArraySpec, about: bytes) -> Iterator[tuple[int, str, Bytes | None]]:
        """Yield the first row of each shard of an array, its name, and its rows, or None if it is damaged.

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
                yield first, shard_name(spec, number), _rows(spec, about, number, data, count)

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

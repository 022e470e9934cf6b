"""The arrays of a group in a bucket, read chunk by chunk, of which those read last are kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import StackguiError, UnansweredError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.stores.export.zarr_group import EVERY_CHUNK
from stackgui.stores.export.zarr_pieces import chunk_name, opened_at
from stackgui.stores.files.failures import explained
from stackgui.stores.files.object_store import is_there
from stackgui.stores.files.objects import client_of, in_our_words, split_address

KEPT_BYTES = 2**27
"""Chunks of arrays that lie in several; a table is a single one, and stays whole."""

_TEXT_BYTES = 64
"""Of a text that is kept, about."""


class GroupArrays:
    """Reads the arrays of the group at an address; may be used from several threads.

    Zarr's library asks for parts of objects: the index of a shard, and the chunks in it that are wanted.

    Parameters
    ----------
    place : str

    Raises
    ------
    StackguiError
        Here and by all methods: when the group is damaged.
    UnansweredError
        Likewise: when the server does not give what is asked for.
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._lock = threading.Lock()
        self._tables: dict[str, NDArray[Any]] = {}
        self._kept: OrderedDict[tuple[str, int], NDArray[Any]] = OrderedDict()
        self._kept_bytes = 0
        with self._said():
            root, path = split_address(place)
            self._group = opened_at(client_of(root, path or None))

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Say what a server or damaged bytes did, in our own words."""
        with explained(self._place, UnansweredError), in_our_words():
            try:
                yield
            except (StackguiError, OSError):
                raise
            except Exception as error:
                if type(error).__module__.startswith("obstore"):
                    raise
                raise StackguiError(say("{place} is damaged.", place=printable(self._place))) from error

    def shape(self, name: str) -> tuple[int, ...]:
        """Return the shape of an array."""
        with self._said():
            return tuple(map(int, self._group[name].shape))

    def dtype(self, name: str) -> np.dtype[Any]:
        """Return the dtype of an array."""
        with self._said():
            found: np.dtype[Any] = self._group[name].dtype
        return found

    def shard_rows(self, name: str) -> int:
        """Return the rows of a shard of an array."""
        with self._said():
            return int(self._group[name].shards[0])

    def has(self, name: str) -> bool:
        """Return whether there is an object of that name in the group."""
        with self._said():
            return is_there(f"{self._place}/{name}")

    def entries(self, name: str, begin: int, end: int) -> NDArray[Any]:
        """Return entries of the first axis of an array, shape (end - begin, …)."""
        with self._said():
            length = int(self._group[name].chunks[0])
        parts = [
            self._chunk(name, number)[max(begin - number * length, 0) : end - number * length]
            for number in range(begin // length, -(-end // length))
        ]
        if len(parts) == 1:
            return parts[0]
        return np.concatenate(parts) if parts else self._chunk(name, 0)[:0]

    def _chunk(self, name: str, number: int) -> NDArray[Any]:
        with self._lock:
            if (table := self._tables.get(name)) is not None:
                return table
            if (found := self._kept.get((name, number))) is not None:
                self._kept.move_to_end((name, number))
                return found
        with self._said():
            array = self._group[name]
            length, is_whole = int(array.chunks[0]), array.chunks[0] >= array.shape[0]
            found = np.asarray(array[number * length : (number + 1) * length])
            is_empty = EVERY_CHUNK in array.attrs and found.size > 0 and not _is_any(found)
        if is_empty and not self.has(chunk := chunk_name(name, number, found.ndim)):
            raise StackguiError(
                say(
                    "{name} is missing in the bucket. Put it back, or make the stack again.",
                    name=f"{printable(self._place)}/{printable(chunk)}",
                )
            )
        with self._lock:
            if is_whole:
                self._tables[name] = found
            else:
                self._keep((name, number), found)
        return found

    def _keep(self, key: tuple[str, int], found: NDArray[Any]) -> None:
        self._kept_bytes += _bytes_of(found) - (_bytes_of(self._kept.pop(key)) if key in self._kept else 0)
        self._kept[key] = found
        while self._kept_bytes > KEPT_BYTES and len(self._kept) > 1:
            _key, dropped = self._kept.popitem(last=False)
            self._kept_bytes -= _bytes_of(dropped)


def _is_any(chunk: NDArray[Any]) -> bool:
    """Whether anything in it differs from what Zarr takes a chunk for that is not there."""
    return any(chunk.ravel().tolist()) if chunk.dtype.kind in "OT" else bool(chunk.any())


def _bytes_of(chunk: NDArray[Any]) -> int:
    return chunk.size * _TEXT_BYTES if chunk.dtype.kind in "OT" else chunk.nbytes

"""The store of Zarr's library to which an export writes."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Self

from zarr.abc.store import ByteRequest, Store
from zarr.core.buffer import Buffer, BufferPrototype, default_buffer_prototype
from zarr.core.sync import sync
from zarr.storage import LocalStore, MemoryStore, WrapperStore

from stackgui.core.base.addresses import is_address
from stackgui.stores.export.zarr_pieces import DESCRIPTION
from stackgui.stores.files.object_store import delete, put
from stackgui.stores.files.renaming import replace

_PART = ".part"
"""Suffix of the name of a file that is being written."""


class HeldBack(WrapperStore[Store]):
    """A store that gets the descriptions of its arrays last, so that nothing opens what is not complete.

    Until `release` they are held in memory.
    """

    def __init__(self, store: Store, held: MemoryStore | None = None) -> None:
        super().__init__(store)
        self._held = held or MemoryStore()

    def _with_store(self, store: Store) -> Self:
        return type(self)(store, self._held)

    def _place(self, key: str) -> Store:
        return self._held if key.rpartition("/")[2] == DESCRIPTION else self._store

    async def get(
        self, key: str, prototype: BufferPrototype, byte_range: ByteRequest | None = None
    ) -> Buffer | None:
        """Read a description that is held, or anything that was written."""
        return await self._place(key).get(key, prototype, byte_range)

    async def exists(self, key: str) -> bool:
        """Return whether there is something of this name."""
        return await self._place(key).exists(key)

    async def set(self, key: str, value: Buffer) -> None:
        """Hold a description; write anything else."""
        await self._place(key).set(key, value)

    async def set_if_not_exists(self, key: str, value: Buffer) -> None:
        """As `set`, unless there is something of this name."""
        await self._place(key).set_if_not_exists(key, value)

    def list_dir(self, prefix: str) -> AsyncIterator[str]:
        """List what is described."""
        return self._held.list_dir(prefix)

    def release(self) -> None:
        """Write the descriptions, and that of the whole group at the very end."""
        sync(self._release())

    async def _release(self) -> None:
        names = [name async for name in self._held.list()]
        for name in sorted(names, key=lambda name: (name == DESCRIPTION, name)):
            content = await self._held.get(name, default_buffer_prototype())
            assert content is not None
            await self._store.set(name, content)


class Kept(LocalStore):
    """A folder in which each file is written as a whole, under a name that the next attempt takes, too.

    A worker of a cluster may be killed while it writes, and then another writes the same. Nothing is read, as
    it may be what the first one left.
    """

    async def get(
        self, key: str, prototype: BufferPrototype | None = None, byte_range: ByteRequest | None = None
    ) -> Buffer | None:
        """Return None: files are written as a whole, so what is there does not matter."""

    async def set(self, key: str, value: Buffer) -> None:
        """Write a file; raises OSError."""
        await asyncio.to_thread(_write_file, os.path.join(self.root, key), value)


def _write_file(path: str, value: Buffer) -> None:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + _PART, "wb") as file:
        file.write(value.as_buffer_like())
    replace(path + _PART, path)


class Sent(MemoryStore):
    """What is written goes to an address, and counts once the server has confirmed it.

    Whatever is written there is written as a whole, so there is nothing to read.
    """

    def __init__(self, place: str) -> None:
        super().__init__()
        self._sent_to = place

    async def set(self, key: str, value: Buffer, byte_range: tuple[int, int] | None = None) -> None:
        """Write an object; raises AddressError."""
        assert byte_range is None, "objects are written as a whole"
        await asyncio.to_thread(put, f"{self._sent_to}/{key}", value.to_bytes())

    async def delete(self, key: str) -> None:
        """Delete what an earlier attempt may have written, where nothing is to be; raises AddressError."""
        await asyncio.to_thread(delete, [f"{self._sent_to}/{key}"])


def held_back(target: str) -> HeldBack:
    """Return the store at `target`, a folder that may not exist yet, or an address."""
    if is_address(target):
        return HeldBack(Sent(target))
    return HeldBack(Kept(target))

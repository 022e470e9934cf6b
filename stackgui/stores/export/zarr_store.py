"""The store of Zarr's library to which an export writes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Self

from zarr.abc.store import ByteRequest, Store
from zarr.core.buffer import Buffer, BufferPrototype, default_buffer_prototype
from zarr.core.sync import sync
from zarr.storage import LocalStore, MemoryStore, WrapperStore

_DESCRIPTION = "zarr.json"


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
        return self._held if key.rpartition("/")[2] == _DESCRIPTION else self._store

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
        for name in sorted(names, key=lambda name: (name == _DESCRIPTION, name)):
            content = await self._held.get(name, default_buffer_prototype())
            assert content is not None
            await self._store.set(name, content)


def held_back(target: str) -> HeldBack:
    """Return the store at `target`, a folder that may not exist yet."""
    return HeldBack(LocalStore(target))

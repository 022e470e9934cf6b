"""An adapter that lets the Zarr library read the files of one store and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any

import zarr
from zarr.abc.store import ByteRequest, OffsetByteRequest, RangeByteRequest, Store, SuffixByteRequest
from zarr.core.buffer import Buffer, BufferPrototype

from stackgui.imaging.tensors.zarr_store import Parts


def opened(parts: Parts, name: str, version: int) -> Any:  # noqa: ANN401 - the library's own
    """Open the array `name` of a store of the given Zarr version; data is read when it is indexed."""
    return zarr.open_array(_Reading(parts), path=name, mode="r", zarr_format=3 if version == 3 else 2)  # noqa: PLR2004


class _Reading(Store):
    """`Parts` as a read-only store of the Zarr library."""

    supports_writes = False
    supports_deletes = False
    supports_listing = True

    def __init__(self, parts: Parts) -> None:
        super().__init__(read_only=True)
        self._parts = parts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Reading) and self._parts is other._parts

    __hash__ = None  # type: ignore[assignment]

    async def get(
        self, key: str, prototype: BufferPrototype, byte_range: ByteRequest | None = None
    ) -> Buffer | None:
        """Read a file or part of it; return None if it does not exist."""
        if key not in self._parts.sizes:
            return None
        return prototype.buffer.from_bytes(_part(self._parts.read(key), byte_range))

    async def get_partial_values(
        self, prototype: BufferPrototype, key_ranges: Iterable[tuple[str, ByteRequest | None]]
    ) -> list[Buffer | None]:
        """Read several files or parts of files."""
        return [await self.get(key, prototype, byte_range) for key, byte_range in key_ranges]

    async def exists(self, key: str) -> bool:
        """Return whether the file exists."""
        return key in self._parts.sizes

    async def set(self, key: str, value: Buffer) -> None:
        """Never called."""
        raise NotImplementedError

    async def delete(self, key: str) -> None:
        """Never called."""
        raise NotImplementedError

    async def list(self) -> AsyncIterator[str]:
        """List all files."""
        for name in self._parts.sizes:
            yield name

    async def list_prefix(self, prefix: str) -> AsyncIterator[str]:
        """List the files whose names start with `prefix`."""
        for name in self._parts.sizes:
            if name.startswith(prefix):
                yield name

    async def list_dir(self, prefix: str) -> AsyncIterator[str]:
        """List the files and folders directly in the folder `prefix`."""
        inside = f"{prefix.rstrip('/')}/" if prefix else ""
        names = (name for name in self._parts.sizes if name.startswith(inside))
        for name in dict.fromkeys(name.removeprefix(inside).split("/")[0] for name in names):
            yield name


def _part(data: bytes, wanted: ByteRequest | None) -> bytes:
    if isinstance(wanted, RangeByteRequest):
        return data[wanted.start : wanted.end]
    if isinstance(wanted, OffsetByteRequest):
        return data[wanted.offset :]
    if isinstance(wanted, SuffixByteRequest):
        return data[-wanted.suffix :] if wanted.suffix else b""
    return data

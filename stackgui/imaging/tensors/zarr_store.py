"""Zarr stores of versions 2 and 3, as folders or ZIP files, read with the Zarr library if it is installed.

The metadata is validated here first, because the library trusts it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Protocol

import numpy as np

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.declaration import Format, Holds, Library
from stackgui.imaging.base.decoder import Start
from stackgui.imaging.base.folder import FOLDER_FORMAT, Folder
from stackgui.imaging.tensors import zipped
from stackgui.imaging.tensors.blocks import Block
from stackgui.imaging.tensors.chunked import Chunked
from stackgui.imaging.tensors.tensor import Tensors

_ZARR = Library("zarr", "zarr", "zarr", "zarr")
_V2, _V3 = ".zarray", "zarr.json"
_MAX_DESCRIPTION_BYTES = 2**24
_CODECS_V2 = frozenset({"blosc", "bz2", "delta", "gzip", "lz4", "lzma", "shuffle", "zlib", "zstd"})
_SHARDS = "sharding_indexed"
_CODECS_V3 = frozenset({"blosc", "bytes", "crc32c", "gzip", "transpose", "zstd", _SHARDS})
"""Codecs that are accepted. Others are lossy, create Python objects or are plugins."""

_DTYPES_V3 = frozenset({
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64",
    "float16", "float32", "float64",
})  # fmt: skip
_MAX_PACKED = 1032
_SMALL_BYTES = 2**28
_MAX_CHUNK_BYTES = 2**30


class Parts(Protocol):
    """The files of a store, in a folder or a ZIP file."""

    @property
    def sizes(self) -> Mapping[str, int]:
        """Return the size of each file in bytes, by name."""

    def read(self, name: str) -> bytes:
        """Read a file."""


class _Zipped:
    """A store in a ZIP file."""

    def __init__(self, data: Data) -> None:
        self._data = data
        self._archive = zipped.opened(data)
        self.sizes = {info.filename: info.file_size for info in self._archive.infolist()}

    def read(self, name: str) -> bytes:
        """Read an entry."""
        return bytes(zipped.whole(self._data, self._archive, name))


def blocks(start: Start[Data | Folder]) -> list[Block]:
    """List the arrays in a store, sorted by name."""
    parts = _parts(start.data)
    _library()  # fail now if the library is missing, not when the samples are decoded
    described = [name for name in sorted(parts.sizes) if name.rpartition("/")[2] in (_V2, _V3)]
    return [_block(parts, name) for name in described if _is_array(parts, name)]


def reader(data: Data | Folder) -> Callable[[Block], Chunked]:
    """Return a function that returns an array of the store, given its block."""
    parts = _parts(data)

    def read(block: Block) -> Chunked:
        described = _described(parts, block.entry)
        opened = _library().opened(parts, block.name, 2 if block.entry.endswith(_V2) else 3)
        return Chunked(opened, block, _chunk_shape(described)[0])

    return read


def _library() -> Any:  # noqa: ANN401 - a module that is not always there
    return _ZARR.load("Zarr stores", f"{__package__}._zarr_library")


def _parts(data: Data | Folder) -> Parts:
    return data if isinstance(data, Folder) else _Zipped(data)


def _described(parts: Parts, entry: str) -> dict[str, Any]:
    if parts.sizes[entry] > _MAX_DESCRIPTION_BYTES:
        raise SampleError(say("the array's description is too long"))
    try:
        described = json.loads(parts.read(entry))
    except (ValueError, RecursionError) as error:
        raise SampleError(say("the array's description is damaged")) from error
    if not isinstance(described, dict):
        raise SampleError(say("the array's description is damaged"))
    return described


def _is_array(parts: Parts, entry: str) -> bool:
    return entry.endswith(_V2) or _described(parts, entry).get("node_type") != "group"


def _block(parts: Parts, entry: str) -> Block:
    name = entry.rpartition("/")[0]
    described = _described(parts, entry)
    try:
        shape = _sizes(described["shape"])
        if problem := _problem(described):
            return Block.unreadable(name, shape, problem)
        dtype = np.dtype(described["dtype"] if "dtype" in described else described["data_type"])
        chunk = _stored_chunk(described)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise SampleError(say("the array's description is damaged")) from error
    if len(chunk) != len(shape) or 0 in chunk:
        raise SampleError(say("the array's description is damaged"))
    chunk_bytes = math.prod(chunk) * dtype.itemsize
    if chunk_bytes > _MAX_CHUNK_BYTES:
        return Block.unreadable(
            name, shape, say("each of its chunks claims {chunk_bytes:,} bytes", chunk_bytes=chunk_bytes)
        )
    inside = f"{name}/" if name else ""
    stored = sum(part.startswith(inside) and not part.endswith((_V2, _V3, ".zattrs")) for part in parts.sizes)
    # Chunks that hold only the fill value are not stored, but a large array must have some stored ones.
    most_bytes = max(_SMALL_BYTES, stored * chunk_bytes * _MAX_PACKED)
    return Block(name, shape, dtype, min(math.prod(shape) * dtype.itemsize, most_bytes), entry)


def _problem(described: Mapping[str, Any]) -> str:
    """Return the reason why an array cannot be read, as a sentence fragment, or ``""``."""
    if "dtype" in described:
        if not isinstance(described["dtype"], str):
            return say("tensors of records are not supported")
        used = [described.get("compressor"), *(described.get("filters") or ())]
        foreign = [str(codec["id"]) for codec in used if codec and codec["id"] not in _CODECS_V2]
    else:
        if described["data_type"] not in _DTYPES_V3:
            return say("tensors of {described} are not supported", described=str(described["data_type"])[:40])
        foreign = [name for name, _ in _codecs(described["codecs"]) if name not in _CODECS_V3]
        if described["chunk_grid"]["name"] != "regular" or described.get("storage_transformers"):
            return say("its chunks are laid out in a way that is not supported")
    return (
        say("it is packed by a codec that is not supported ({foreign})", foreign=foreign[0][:40])
        if foreign
        else ""
    )


def _codecs(listed: list[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield name and configuration of each codec, including those inside shards."""
    for codec in listed:
        configuration = codec.get("configuration") or {}
        yield str(codec["name"]), configuration
        for inner in ("codecs", "index_codecs"):
            yield from _codecs(configuration.get(inner) or [])


def _stored_chunk(described: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the shape of the chunk or shard that one file of the store holds."""
    if "chunks" in described:
        return _sizes(described["chunks"])
    return _sizes(described["chunk_grid"]["configuration"]["chunk_shape"])


def _chunk_shape(described: Mapping[str, Any]) -> tuple[int, ...]:
    """Return the shape of the smallest unit that can be decompressed."""
    codecs = _codecs(described.get("codecs") or [])
    inner = [configuration["chunk_shape"] for name, configuration in codecs if name == _SHARDS]
    return _sizes(inner[-1]) if inner else _stored_chunk(described)


def _sizes(values: Any) -> tuple[int, ...]:  # noqa: ANN401 - whatever stands in the file
    if not isinstance(values, list) or any(type(n) is not int or n < 0 for n in values):
        raise ValueError(values)
    return tuple(values)


_DECODER = Tensors(blocks, reader)
FORMATS = (
    Format(
        name=FOLDER_FORMAT,
        title="Zarr",
        decoder=_DECODER,
        libraries=(_ZARR,),
        holds=Holds.ARRAYS,
        needs_whole_file=True,
        is_folder=True,
    ),
    Format(
        name="zarr-zip",
        title="Zarr in a ZIP file",
        decoder=_DECODER,
        libraries=(_ZARR,),
        pattern=re.compile(
            rb"PK\x03\x04.{26}(?:zarr\.json|\.zarray|\.zgroup|\.zattrs|\.zmetadata)", re.DOTALL
        ),
        holds=Holds.ARRAYS,
        needs_whole_file=True,  # the directory is at the end
    ),
)

"""Export to a group of Zarr 3: arrays in shards that are written as a whole, and metadata in one file."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.wording import say
from stackgui.core.run.loading_from import ZARR_AT, ZARR_LOADS
from stackgui.core.run.sharding import SUFFIX
from stackgui.stores.export import contents
from stackgui.stores.export.exporter import Exporter, InPieces
from stackgui.stores.export.zarr_pieces import cuts, make_array, pieces, write_shards

if TYPE_CHECKING:
    from zarr import Group

    from stackgui.stores.stack.reader import Stack

CHECKSUMS, PLACEMENTS = "checksums", "placements"
"""Names of the table of checksums, which no other export has, and of that of placements."""

EVERY_CHUNK = "every_chunk_is_written"
"""Attribute of tables all of whose chunks are objects, so that one that is not there is lost.

By itself, Zarr writes no chunk of zeros, and takes one that is not there for zeros.
"""

_EVERY: Mapping[str, Any] = {
    "config": {"write_empty_chunks": True}, "attributes": {EVERY_CHUNK: True},
}  # fmt: skip

_NAMES = 4096
_ARRAY_BYTES = 8192
_INDEX_BYTES = 64
"""Upper bounds for what an array and what a chunk take beside their numbers."""


def _size_bytes(stack: Stack) -> int:
    arrays, tables = cuts(stack), _tables(stack)
    chunks = sum(cut.spec.rows // cut.grid.chunk + 1 for cut in arrays)
    shards = sum(cut.spec.rows // cut.grid.shard + 1 for cut in arrays)
    numbers = contents.compressed_bytes(stack) + sum(2 * table.nbytes for table in tables.values())
    texts = contents.texts(stack)
    names = 2 * contents.texts_bytes(stack) + 4 * contents.words_bytes(stack)
    names += sum(8 * each.count for each in texts.values())
    made = _ARRAY_BYTES * (len(arrays) + len(tables) + len(texts) + 1) * 2
    return numbers + names + _INDEX_BYTES * (chunks + shards) + made + 4 * len(repr(stack.header))


def _tables(stack: Stack) -> dict[str, NDArray[Any]]:
    """Return the tables of a stack, and what tells whether its rows are still what was written."""
    return {**contents.tables(stack), CHECKSUMS: stack.checksums}


def write_group(stack: Stack, target: str, progress: Cancellation) -> None:
    """Write what is left once the shards are there; the description of the group comes last.

    Parameters
    ----------
    stack
    target
        Path of the group, or its address.
    progress

    Raises
    ------
    OSError, Cancelled
    """
    import zarr  # noqa: PLC0415 - an extra that takes time to load

    from stackgui.stores.export.zarr_store import held_back  # noqa: PLC0415 - as above

    about = {"layout": stack.layout.value, **contents.words(stack), "stack": dict(stack.header)}
    store = held_back(target)
    group = zarr.create_group(store=store, zarr_format=3, attributes=about)
    for cut in cuts(stack):
        make_array(group, cut)
    for name, table in _tables(stack).items():
        chunks = tuple(max(1, length) for length in table.shape)
        made: Any = group.create_array(name, shape=table.shape, dtype=table.dtype, chunks=chunks, **_EVERY)
        made[...] = table
    for name, texts in contents.texts(stack).items():
        _write_texts(group, name, texts, progress)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that other libraries may not know consolidated metadata
        zarr.consolidate_metadata(store)
    progress.check()  # while nothing describes it, all of it can still be taken back
    store.release()


def _write_texts(group: Group, name: str, texts: contents.Texts, progress: Cancellation) -> None:
    chunks = (min(_NAMES, texts.shape[0]), *texts.shape[1:])
    made: Any = group.create_array(name, shape=texts.shape, dtype="str", chunks=chunks, **_EVERY)
    first = 0
    for lot in texts.lots(_NAMES):
        made[first : first + len(lot)] = lot
        first += len(lot)
        progress.check()


ZARR = Exporter(
    name="zarr",
    title=say("a Zarr folder"),
    audience=say(
        "For large stacks and for the cloud: xarray, Dask and napari read only the parts they need."
    ),
    write=write_group,
    in_pieces=InPieces(pieces, write_shards),
    size_bytes=_size_bytes,
    loading='import zarr\n\nstack = zarr.open_group({target}, mode="r")\n',
    loading_at=ZARR_AT,
    loads=ZARR_LOADS,
    suffix=SUFFIX,
    needs=("zarr",),
)

"""The pieces of an export to Zarr: some whole shards, which anybody may write who sees the stack."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from stackgui.core.plan.plan import ArraySpec
from stackgui.core.run.sharding import SHARD_BYTES, grid
from stackgui.stores.export import contents
from stackgui.stores.format.header import file_in
from stackgui.stores.format.table_file import TableFile

if TYPE_CHECKING:
    from zarr import Array, Group

    from stackgui.stores.stack.reader import Stack

DESCRIPTION = "zarr.json"
"""Describes a group or an array; that of the whole group is written last."""

_PIECE_BYTES = 8 * SHARD_BYTES
"""A piece takes some seconds."""


def make_array(group: Group, spec: ArraySpec, axes: tuple[str, ...]) -> Array[Any]:
    """Describe an array in a group, of which nothing is written yet."""
    chunk, shard = grid(spec)
    return group.create_array(
        contents.array_name(spec), shape=spec.shape, dtype=spec.dtype, chunks=(chunk, *spec.shape[1:]),
        shards=(shard, *spec.shape[1:]), dimension_names=axes,
    )  # fmt: skip


def shard_name(spec: ArraySpec, number: int) -> str:
    """Return the name of a shard in its group."""
    return "/".join([contents.array_name(spec), "c", str(number), *["0"] * (len(spec.shape) - 1)])


def encoded_shard(spec: ArraySpec, axes: tuple[str, ...], number: int, rows: NDArray[Any]) -> bytes | None:
    """Return the bytes of a shard that consists of `rows`; None for one that is not written, as all is 0."""
    import zarr  # noqa: PLC0415 - an extra that takes time to load
    from zarr.core.buffer import default_buffer_prototype  # noqa: PLC0415 - as above
    from zarr.core.sync import sync  # noqa: PLC0415 - as above
    from zarr.storage import MemoryStore  # noqa: PLC0415 - as above

    store = MemoryStore()
    made: Any = make_array(zarr.create_group(store=store, zarr_format=3), spec, axes)
    first = number * grid(spec)[1]
    made[first : first + len(rows)] = rows
    found = sync(store.get(shard_name(spec, number), default_buffer_prototype()))
    return None if found is None else found.to_bytes()


def opened_in_memory(objects: Mapping[str, bytes], array: str = "") -> Any:  # noqa: ANN401 - of Zarr's library
    """Open the group that consists of these objects, or one of its arrays, to read it."""
    import zarr  # noqa: PLC0415 - an extra that takes time to load
    from zarr.core.buffer import default_buffer_prototype  # noqa: PLC0415 - as above
    from zarr.storage import MemoryStore  # noqa: PLC0415 - as above

    make = default_buffer_prototype().buffer.from_bytes
    store = MemoryStore({name: make(data) for name, data in objects.items()}, read_only=True)
    return zarr.open_array(store, path=array, mode="r") if array else zarr.open_group(store, mode="r")


@dataclass(frozen=True, slots=True)
class Shards:
    """Consecutive shards of an array.

    Attributes
    ----------
    spec : ArraySpec
    axes : tuple of str
        Names of the array's axes.
    first, end : int
        The first shard, and the one after the last.
    """

    spec: ArraySpec
    axes: tuple[str, ...]
    first: int
    end: int

    def __len__(self) -> int:
        return self.end - self.first

    def part(self, begin: int, end: int) -> Shards:
        """Return some of them, counted from the first one here."""
        return replace(self, first=self.first + begin, end=self.first + end)


def pieces(stack: Stack) -> Iterator[Shards]:
    """Yield all arrays of a stack, in pieces."""
    for spec in contents.arrays(stack).values():
        shard = grid(spec)[1]
        count, step = -(-spec.rows // shard), max(1, _PIECE_BYTES // (shard * spec.row_bytes))
        for first in range(0, count, step):
            yield Shards(spec, contents.axes(stack, spec), first, min(first + step, count))


def write_shards(folder: str, target: str, piece: Shards, written: Callable[[int], object]) -> None:
    """Write shards of the stack in `folder` to `target`, without any description of the array.

    After each shard `written` is called with the size of its rows in bytes.
    """
    import zarr  # noqa: PLC0415 - an extra that takes time to load

    from stackgui.stores.export.zarr_store import held_back  # noqa: PLC0415 - as above

    group = zarr.create_group(store=held_back(target), zarr_format=3)
    made: Any = make_array(group, piece.spec, piece.axes)
    shard = grid(piece.spec)[1]
    with closing(TableFile(file_in(folder, piece.spec.file), array=piece.spec)) as file:
        for first in range(piece.first * shard, min(piece.end * shard, piece.spec.rows), shard):
            rows = file.read(first, min(first + shard, piece.spec.rows))
            made[first : first + len(rows)] = rows
            written(rows.nbytes)

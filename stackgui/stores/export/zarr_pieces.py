"""The pieces of an export to Zarr: some whole shards, which anybody may write who sees the stack."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from numpy.typing import NDArray

from stackgui.core.base.choices import Layout
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.run.sharding import SHARD_BYTES, Grid, grids
from stackgui.stores.export import contents
from stackgui.stores.format.header import buckets_in, file_in
from stackgui.stores.format.table_file import TableFile

if TYPE_CHECKING:
    from zarr import Array, Group

    from stackgui.stores.stack.reader import Stack

DESCRIPTION = "zarr.json"
"""Describes a group or an array; that of the whole group is written last."""

_PIECE_BYTES = 8 * SHARD_BYTES
"""A piece takes some seconds."""


@dataclass(frozen=True, slots=True)
class Cut:
    """An array of a stack, as a group of Zarr has it.

    Attributes
    ----------
    spec : ArraySpec
    axes : tuple of str
        Names of the array's axes.
    grid : Grid
    """

    spec: ArraySpec
    axes: tuple[str, ...]
    grid: Grid

    @classmethod
    def of(cls, arrays: Sequence[ArraySpec], layout: Layout) -> list[Self]:
        """Return the arrays of a bucket, given as in `Bucket.arrays`."""
        axes = (contents.axes_of(spec, layout) for spec in arrays)
        return [cls(*each) for each in zip(arrays, axes, grids(arrays), strict=True)]


def cuts(stack: Stack) -> list[Cut]:
    """Return all arrays of a stack, in the order of `contents.arrays`."""
    buckets = buckets_in(stack.header["plan"])
    found = {cut.spec: cut for arrays in buckets for cut in Cut.of(arrays, stack.layout)}
    return [found[spec] for spec in contents.arrays(stack).values()]


def make_array(group: Group, cut: Cut) -> Array[Any]:
    """Describe an array in a group, of which nothing is written yet."""
    spec, row = cut.spec, cut.spec.shape[1:]
    return group.create_array(
        contents.array_name(spec), shape=spec.shape, dtype=spec.dtype, chunks=(cut.grid.chunk, *row),
        shards=(cut.grid.shard, *row), dimension_names=cut.axes,
    )  # fmt: skip


def shard_name(spec: ArraySpec, number: int) -> str:
    """Return the name of a shard in its group."""
    return chunk_name(contents.array_name(spec), number, len(spec.shape))


def chunk_name(name: str, number: int, axes: int) -> str:
    """Return the name in its group of a piece of an array that is cut along the first of its axes."""
    return "/".join([name, "c", str(number), *["0"] * (axes - 1)])


def encoded_shard(cut: Cut, number: int, rows: NDArray[Any]) -> bytes | None:
    """Return the bytes of a shard that consists of `rows`; None for one that is not written, as all is 0."""
    import zarr  # noqa: PLC0415 - an extra that takes time to load
    from zarr.core.buffer import default_buffer_prototype  # noqa: PLC0415 - as above
    from zarr.core.sync import sync  # noqa: PLC0415 - as above
    from zarr.storage import MemoryStore  # noqa: PLC0415 - as above

    store = MemoryStore()
    made: Any = make_array(zarr.create_group(store=store, zarr_format=3), cut)
    first = number * cut.grid.shard
    made[first : first + len(rows)] = rows
    found = sync(store.get(shard_name(cut.spec, number), default_buffer_prototype()))
    return None if found is None else found.to_bytes()


def decoded_shard(cut: Cut, number: int, data: bytes | None) -> NDArray[Any]:
    """Return the rows of a shard, whose bytes may be damaged; None is one that was not written.

    Raises
    ------
    Exception
        Of any kind, when they are.
    """
    import zarr  # noqa: PLC0415 - an extra that takes time to load
    from zarr.core.buffer import default_buffer_prototype  # noqa: PLC0415 - as above
    from zarr.core.sync import sync  # noqa: PLC0415 - as above
    from zarr.storage import MemoryStore  # noqa: PLC0415 - as above

    store = MemoryStore()
    made: Any = make_array(zarr.create_group(store=store, zarr_format=3), cut)
    if data is not None:
        content = default_buffer_prototype().buffer.from_bytes(data)
        sync(store.set(shard_name(cut.spec, number), content))
    rows: NDArray[Any] = made[number * cut.grid.shard : (number + 1) * cut.grid.shard]
    return rows


def opened_in_memory(objects: Mapping[str, bytes], array: str = "") -> Any:  # noqa: ANN401 - of Zarr's library
    """Open the group that consists of these objects, or one of its arrays, to read it."""
    import zarr  # noqa: PLC0415 - an extra that takes time to load
    from zarr.core.buffer import default_buffer_prototype  # noqa: PLC0415 - as above
    from zarr.storage import MemoryStore  # noqa: PLC0415 - as above

    make = default_buffer_prototype().buffer.from_bytes
    store = MemoryStore({name: make(data) for name, data in objects.items()}, read_only=True)
    return zarr.open_array(store, path=array, mode="r") if array else zarr.open_group(store, mode="r")


def opened_at(client: Any) -> Any:  # noqa: ANN401 - of the libraries
    """Open the group at the place of a client of obstore, to read it."""
    import zarr  # noqa: PLC0415 - an extra that takes time to load
    from zarr.storage import ObjectStore  # noqa: PLC0415 - as above

    return zarr.open_group(ObjectStore(client, read_only=True), mode="r")


@dataclass(frozen=True, slots=True)
class Shards:
    """Consecutive shards of an array.

    Attributes
    ----------
    array : Cut
    first, end : int
        The first shard, and the one after the last.
    """

    array: Cut
    first: int
    end: int

    def __len__(self) -> int:
        return self.end - self.first

    def part(self, begin: int, end: int) -> Shards:
        """Return some of them, counted from the first one here."""
        return replace(self, first=self.first + begin, end=self.first + end)


def pieces(stack: Stack) -> Iterator[Shards]:
    """Yield all arrays of a stack, in pieces."""
    for cut in cuts(stack):
        spec, shard = cut.spec, cut.grid.shard
        count, step = -(-spec.rows // shard), max(1, _PIECE_BYTES // (shard * spec.row_bytes))
        for first in range(0, count, step):
            yield Shards(cut, first, min(first + step, count))


def write_shards(folder: str, target: str, piece: Shards, written: Callable[[int], object]) -> None:
    """Write shards of the stack in `folder` to `target`, without any description of the array.

    After each shard `written` is called with the size of its rows in bytes.
    """
    import zarr  # noqa: PLC0415 - an extra that takes time to load

    from stackgui.stores.export.zarr_store import held_back  # noqa: PLC0415 - as above

    group = zarr.create_group(store=held_back(target), zarr_format=3)
    made: Any = make_array(group, piece.array)
    spec, shard = piece.array.spec, piece.array.grid.shard
    with closing(TableFile(file_in(folder, spec.file), array=spec)) as file:
        for first in range(piece.first * shard, min(piece.end * shard, spec.rows), shard):
            rows = file.read(first, min(first + shard, spec.rows))
            made[first : first + len(rows)] = rows
            written(rows.nbytes)

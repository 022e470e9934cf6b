"""HDF5 files, read with h5py if it is installed. Each dataset is an array."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from stackgui.core.base.decoding import Access, Decoding
from stackgui.core.base.wording import say
from stackgui.imaging.base.data import Data, Reader
from stackgui.imaging.base.declaration import Format, Holds, Library
from stackgui.imaging.base.decoder import Start
from stackgui.imaging.tensors.blocks import Block
from stackgui.imaging.tensors.chunked import Chunked
from stackgui.imaging.tensors.tensor import Tensors

_H5PY = Library("h5py", "h5py", "h5py", "hdf5")
_DEFLATE, _SHUFFLE, _CHECKSUM, _SZIP, _N_BIT, _SCALE_OFFSET, _LZF = 1, 2, 3, 4, 5, 6, 32000
_OWN_FILTERS = frozenset({_DEFLATE, _SHUFFLE, _CHECKSUM, _SZIP, _N_BIT, _SCALE_OFFSET, _LZF})
"""Filters built into HDF5 and h5py. All others are plugins, loaded from wherever the system has them."""

_UNBOUNDED = frozenset({_SZIP, _N_BIT, _SCALE_OFFSET})
"""Filters whose compression ratio has no upper bound."""

_MAX_PACKED = 1032
"""Largest compression ratio of the other filters."""


def blocks(start: Start[Data]) -> list[Block]:
    """List the datasets in a file and its links to other files, sorted by name."""
    h5py = _h5py()
    found: list[Block] = []

    def link(name: str, kind: object) -> None:
        if isinstance(kind, h5py.ExternalLink):
            found.append(
                Block.unreadable(name, (0, 0), say("it is a link to another file, which is not followed"))
            )

    with h5py.File(Reader(start.data), "r") as file:
        file.visititems_links(link)
        file.visititems(
            lambda name, each: (
                found.append(_block(h5py, name, each)) if isinstance(each, h5py.Dataset) else None
            )
        )
    return sorted(found, key=lambda block: block.name)


def reader(data: Data) -> Callable[[Block], Chunked]:
    """Return a function that returns a dataset, given its block. The function keeps the file open."""
    file = _h5py().File(Reader(data), "r")

    def read(block: Block) -> Chunked:
        dataset = file[block.name]
        return Chunked(dataset, block, (dataset.chunks or (1,))[0])

    return read


def _h5py() -> Any:  # noqa: ANN401 - a module without types
    return _H5PY.load("HDF5 files")


def _block(h5py: Any, name: str, dataset: Any) -> Block:  # noqa: ANN401 - of a module without types
    shape = tuple(dataset.shape or ())
    try:
        dtype = np.dtype(dataset.dtype)
    except TypeError:
        return Block.unreadable(name, shape, say("its kind of numbers is not supported"))
    made = dataset.id.get_create_plist()
    filters = {made.get_filter(index)[0] for index in range(made.get_nfilters())}
    if problem := _problem(h5py, dataset, made, filters):
        return Block.unreadable(name, shape, problem)
    most_packed = math.inf if _UNBOUNDED & filters else _MAX_PACKED if filters else 1
    needed_bytes = math.prod(shape) * dtype.itemsize
    return Block(name, shape, dtype, int(min(needed_bytes, dataset.id.get_storage_size() * most_packed)))


def _problem(h5py: Any, dataset: Any, made: Any, filters: set[int]) -> str:  # noqa: ANN401 - modules without types
    """Return the reason why a dataset cannot or must not be read, or ``""``."""
    if dataset.is_virtual or made.get_external_count():
        return say("its numbers lie in other files, which are not opened")
    for code in filters:
        if code not in _OWN_FILTERS or not h5py.h5z.filter_avail(code):
            return say("it is packed by a filter that is not supported ({code})", code=code)
    if dataset.chunks is not None:
        sides = zip(dataset.shape, dataset.chunks, strict=True)
        if dataset.id.get_num_chunks() < math.prod(-(-side // chunk) for side, chunk in sides):
            return say("some of its numbers were never written")
    return ""


FORMATS = (
    Format(
        name="hdf5",
        title="HDF5",
        decoder=Tensors(blocks, reader),
        libraries=(_H5PY,),
        magic=(b"\x89HDF\r\n\x1a\n",),
        suffixes=(".h5", ".hdf5"),
        holds=Holds.ARRAYS,
        needs_whole_file=True,  # its tables can be anywhere
        decoding=Decoding(access=Access.MAPPED),
    ),
)

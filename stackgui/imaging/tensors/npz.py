"""NumPy's ``.npz`` files: a ZIP file of ``.npy`` files."""

from __future__ import annotations

import math
import re
import zipfile
import zlib
from collections.abc import Callable
from types import EllipsisType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.decoding import Access, Decoding
from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.declaration import NUMPY, Format, Holds
from stackgui.imaging.base.decoder import Start
from stackgui.imaging.tensors import npy, zipped
from stackgui.imaging.tensors.blocks import Block, view
from stackgui.imaging.tensors.tensor import Tensors

_SUFFIX = ".npy"


def blocks(start: Start[Data]) -> list[Block]:
    """List the arrays in a file, in file order."""
    with zipped.opened(start.data) as archive:
        names = [name for name in archive.namelist() if name.endswith(_SUFFIX)]
        if len(names) < len(archive.namelist()):
            raise SampleError(say("it holds more than arrays"))
        return [_block(archive, name) for name in names]


def reader(data: Data) -> Callable[[Block], NDArray[Any] | _Streamed]:
    """Return a function that returns an array of the file, given its block.

    A large compressed array is decompressed only as far as needed.
    """
    archive = zipped.opened(data)

    def read(block: Block) -> NDArray[Any] | _Streamed:
        is_large = block.room_bytes > zipped.LARGE_BYTES
        if is_large and block.strides is None and zipped.is_packed(archive, block.entry):
            zipped.compare_checksum(data, archive, block.entry)
            return _Streamed(zipped.streamed(archive, block.entry), block)
        return view(block, zipped.whole(data, archive, block.entry))

    return read


class _Streamed:
    """A compressed array, decompressed sample by sample. Seeking backwards starts over."""

    def __init__(self, file: zipfile.ZipExtFile, block: Block) -> None:
        self._file, self._block = file, block

    def __getitem__(self, index: int | EllipsisType) -> NDArray[Any]:
        block = self._block
        shape = block.shape if isinstance(index, EllipsisType) else block.shape[1:]
        count = math.prod(shape) * block.dtype.itemsize
        self._file.seek(block.start + (0 if isinstance(index, EllipsisType) else index * count))
        numbers = self._file.read(count)
        if len(numbers) < count:
            raise SampleError(say("the file ends in the middle of the picture"))
        return np.frombuffer(numbers, block.dtype).reshape(shape)


def _block(archive: zipfile.ZipFile, entry: str) -> Block:
    name = entry.removesuffix(_SUFFIX)
    try:
        start = zipped.start_of(archive, entry, npy.HEADER_BYTES)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        # Other arrays in the file may be intact.
        return Block.unreadable(name, (0, 0), zipped.WRONG_CHECKSUM)
    if not start.startswith(npy.MAGIC):
        raise SampleError(say("it holds more than arrays"))
    block = npy.read_header(start, len(start), name, entry)
    return block._replace(room_bytes=archive.getinfo(entry).file_size)


FORMATS = (
    Format(
        name="npz",
        title="`.npz`",
        decoder=Tensors(blocks, reader),
        libraries=(NUMPY,),
        # The name of the first entry distinguishes it from other ZIP files.
        pattern=re.compile(rb"PK\x03\x04.{26}[^\0/]{1,80}\.npy", re.DOTALL),
        suffixes=(".npz",),
        holds=Holds.ARRAYS,
        needs_whole_file=True,  # the directory is at the end
        decoding=Decoding(access=Access.MAPPED, is_sealed=True),
    ),
)

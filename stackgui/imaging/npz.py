"""NumPy's ``.npz`` files: a ZIP file of ``.npy`` files."""

from __future__ import annotations

from stackgui.core.errors import SampleError
from stackgui.imaging import npy, zipped
from stackgui.imaging.blocks import Block
from stackgui.imaging.data import Data
from stackgui.imaging.errors import MoreBytesNeeded

_SUFFIX = ".npy"


def blocks(data: Data, file_bytes: int) -> list[Block]:
    """The arrays in a file, in its own order."""
    if len(data) < file_bytes:
        raise MoreBytesNeeded  # the table of contents stands at the end
    with zipped.opened(data) as archive:
        names = [name for name in archive.namelist() if name.endswith(_SUFFIX)]
        if len(names) < len(archive.namelist()):
            raise SampleError("it holds more than arrays")
        return [_block(zipped.start_of(archive, name, npy.HEADER_BYTES), name) for name in names]


def buffer(data: Data, entry: str) -> bytes | memoryview:
    """What an array lies in, its header included."""
    with zipped.opened(data) as archive:
        return zipped.whole(data, archive, entry)


def entry_bytes(data: Data, entry: str) -> int:
    """Size of what an array lies in."""
    with zipped.opened(data) as archive:
        return archive.getinfo(entry).file_size


def _block(start: bytes, name: str) -> Block:
    if not start.startswith(b"\x93NUMPY"):
        raise SampleError("it holds more than arrays")
    return npy.read_header(start, len(start), name)

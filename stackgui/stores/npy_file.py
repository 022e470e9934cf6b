"""A `.npy` file whose space is reserved before rows are written to it."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress

from stackgui.core.errors import StoreError
from stackgui.core.npy import header_bytes
from stackgui.core.plan import ArraySpec
from stackgui.stores.durable import sync_file
from stackgui.stores.failures import explained, sentence

if sys.platform == "darwin":
    import fcntl
    import struct

    _F_PREALLOCATE = 42  # of <sys/fcntl.h>; Python has no name for it

_NEW_FILE = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
CALL_BYTES = 2**30
"""Handed over in one call; some systems refuse 2 GiB and more. A call may take fewer than it is given."""

HAS_PWRITE = sys.platform != "win32"

_CANNOT_RESERVE = {errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL}


class NpyFile:
    """A new `.npy` file of full size, with its header, and blank.

    Parameters
    ----------
    path : str
        Must not exist.
    array : ArraySpec
    sparse : bool
        Leave holes where nothing is written, which take no space, instead of reserving all of it.

    Raises
    ------
    StoreError
        When the file cannot be made or its space not be had; then nothing is left of it.
    """

    def __init__(self, path: str, array: ArraySpec, *, sparse: bool) -> None:
        self.path = path
        header = header_bytes(array)
        self.data_offset = len(header)
        with explained(path):
            self._descriptor = os.open(path, _NEW_FILE, 0o666)
        size_bytes = len(header) + array.data_bytes
        try:
            _reserve(self._descriptor, size_bytes, sparse=sparse)
            self.write_at(-len(header), memoryview(header))
        except OSError as error:
            self.abort()
            os.unlink(path)  # gives back what was had, before the free space is looked at
            raise StoreError(sentence(error, path, size_bytes)) from error

    def write_at(self, offset: int, data: memoryview) -> None:
        """Write `data` at `offset` bytes after the header; raises OSError."""
        position, done = self.data_offset + offset, 0
        while done < len(data):
            done += _write_at(self._descriptor, data[done : done + CALL_BYTES], position + done)

    def sync(self) -> None:
        """Return once everything written is durable; raises OSError."""
        sync_file(self._descriptor)

    def close(self) -> None:
        """Make everything durable and release the file; raises OSError."""
        self.sync()
        descriptor, self._descriptor = self._descriptor, -1
        os.close(descriptor)

    def abort(self) -> None:
        """Release the file; never raises, and does nothing once it is released."""
        descriptor, self._descriptor = self._descriptor, -1
        with suppress(OSError):
            os.close(descriptor)


def _reserve(descriptor: int, size_bytes: int, *, sparse: bool) -> None:
    """Give the file its size and, unless `sparse`, its space on the disk."""
    if not sparse:
        try:
            _allocate(descriptor, size_bytes)
        except OSError as error:
            if error.errno not in _CANNOT_RESERVE:
                raise
    os.ftruncate(descriptor, size_bytes)


if sys.platform == "win32":

    def _write_at(descriptor: int, data: memoryview, position: int) -> int:
        os.lseek(descriptor, position, os.SEEK_SET)
        return os.write(descriptor, data)

    def _allocate(descriptor: int, size_bytes: int) -> None:
        os.ftruncate(descriptor, size_bytes)  # allocates there

else:

    def _write_at(descriptor: int, data: memoryview, position: int) -> int:
        return os.pwrite(descriptor, data, position)

    if sys.platform == "darwin":

        def _allocate(descriptor: int, size_bytes: int) -> None:
            # struct fstore of <sys/fcntl.h>: F_ALLOCATEALL, F_PEOFPOSMODE, offset, length, bytes allocated.
            fcntl.fcntl(descriptor, _F_PREALLOCATE, struct.pack("=Iiqqq", 4, 3, 0, size_bytes, 0))

    else:

        def _allocate(descriptor: int, size_bytes: int) -> None:
            os.posix_fallocate(descriptor, 0, size_bytes)

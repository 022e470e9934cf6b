"""Shared memory through which workers hand pixels to the writer."""

from __future__ import annotations

import contextlib
import errno
import glob
import mmap
import os
import tempfile
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import RunError
from stackgui.core.base.units import format_bytes
from stackgui.core.base.ways import Way
from stackgui.stores.files.locks import lock

_PREFIX = "stackgui-slots-"

_ZEROS_BYTES = 2**20
"""Written in one go."""

MISALIGNED_BYTES = 16
"""Where the first slot starts.

Into lines at multiples of 32 bytes libjpeg-turbo writes past the processor's caches, which costs a
picture of 64 × 64 a fifth of its time, and the writer then has to fetch all from memory.
"""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a worker finds the block.

    Attributes
    ----------
    path : str
    inode : int
        Of the file that is meant: by the time a late worker looks, the path may lead to another file.
    """

    path: str
    inode: int


class Slots:
    """Equal pieces of one block of shared memory.

    On Linux the block has no name (``memfd_create``) and the workers open it through this process's table of
    open files: nothing can be left behind, however the program ends, and the small ``/dev/shm`` of containers
    is no limit. Elsewhere it is a temporary file that is removed by `close`, or by the next run if this one
    is killed.

    Attributes
    ----------
    address : Address
        What a worker opens with `attach`.
    """

    def __init__(self, count: int, slot_bytes: int) -> None:
        self.count = count
        self._slot_bytes = -(-slot_bytes // 64) * 64
        self._file, path, self._named = _create()
        self.address = Address(path, os.fstat(self._file).st_ino)
        try:
            _reserve(self._file, self.offset(count))
            self._map = mmap.mmap(self._file, self.offset(count))
        except OSError as error:
            self._release_file()
            size = format_bytes(self.offset(count))
            raise RunError(
                f"There is not enough memory for the work space of {size} ({error.strerror}). "
                "Close other programs, or use fewer workers.",
                ways=(Way.FEWER_WORKERS,),
            ) from error

    def offset(self, slot: int) -> int:
        """Where a slot starts in the block."""
        return MISALIGNED_BYTES + slot * self._slot_bytes

    def view(self, slot: int) -> NDArray[np.uint8]:
        """The bytes of a slot, at least as many as were asked for, not copied."""
        return np.frombuffer(self._map, np.uint8, self._slot_bytes, self.offset(slot))

    def close(self) -> None:
        """Give the memory back; views become invalid."""
        # A view that is still referenced keeps the map alive; the system frees it with the last one.
        with contextlib.suppress(BufferError):
            self._map.close()
        self._release_file()

    def _release_file(self) -> None:
        os.close(self._file)
        if self._named:
            with contextlib.suppress(OSError):
                os.unlink(self.address.path)


def attach(address: Address) -> mmap.mmap:
    """Open the block at `address` in a worker.

    Raises
    ------
    OSError
        When the block is gone.
    """
    file = os.open(address.path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        if os.fstat(file).st_ino != address.inode:
            raise FileNotFoundError(errno.ENOENT, "the block of shared memory is gone", address.path)
        return mmap.mmap(file, 0)
    finally:
        os.close(file)


def _create() -> tuple[int, str, bool]:
    """An open file for the block, the name under which workers find it, and whether it must be removed."""
    if hasattr(os, "memfd_create"):
        file = os.memfd_create("stackgui-slots")
        address = f"/proc/{os.getpid()}/fd/{file}"
        if os.access(address, os.R_OK | os.W_OK):
            return file, address, False
        os.close(file)
    _remove_abandoned()
    while True:
        file, address = tempfile.mkstemp(prefix=_PREFIX)
        with contextlib.suppress(OSError):
            lock(file)
            # Another run may have taken it for abandoned before it was locked.
            if os.path.exists(address):
                return file, address, True
        os.close(file)


def _remove_abandoned() -> None:
    """Remove the blocks of runs that were killed: those that nobody has locked."""
    for address in glob.glob(os.path.join(glob.escape(tempfile.gettempdir()), f"{_PREFIX}*")):
        with contextlib.suppress(OSError):
            file = os.open(address, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
            try:
                lock(file)
                if os.name != "nt":
                    os.unlink(address)
            finally:
                os.close(file)
            if os.name == "nt":  # there a file that anybody has open stays
                os.unlink(address)


def _reserve(file: int, size: int) -> None:
    """Make the block `size` bytes long, so that a lack of space is an error now and not a crash later."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
        return
    # Making a file longer reserves nothing on most systems; what is written has its space.
    zeros = bytes(min(size, _ZEROS_BYTES))
    done = 0
    while done < size:
        done += os.write(file, memoryview(zeros)[: size - done])

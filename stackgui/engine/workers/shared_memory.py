"""Shared memory in which workers pass pixels to the writer."""

from __future__ import annotations

import contextlib
import errno
import glob
import mmap
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import RunError
from stackgui.core.base.system_errors import system_reason
from stackgui.core.base.units import format_bytes
from stackgui.core.base.ways import Way
from stackgui.core.base.wording import say
from stackgui.engine.workers import named_memory
from stackgui.stores.files.locks import lock

_PREFIX = "stackgui-slots-"

_ZEROS_BYTES = 2**20
"""Bytes to write per call when the file is filled with zeros."""

MISALIGNED_BYTES = named_memory.MARK_BYTES
"""Offset of the first slot.

libjpeg-turbo bypasses the processor's caches when rows are aligned to 32 bytes. That costs a picture of
64 × 64 pixels a fifth of its time, and the writer then has to fetch everything from memory.
"""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a worker finds the block of shared memory.

    Attributes
    ----------
    path : str
        Of the file; the name of a block that has no file.
    inode : int
        Inode of the file: by the time a slow worker opens it, the path may lead to another file.
    size : int
        Bytes of a block that has no file; otherwise 0.
    """

    path: str
    inode: int = 0
    size: int = 0


class Slots:
    """A block of shared memory, divided into slots of equal size.

    On Linux the block has no name (``memfd_create``), and workers open it through this process's file
    descriptors in ``/proc``: nothing is left behind however the program ends, and the small ``/dev/shm`` of
    containers is no limit. On Windows it has a name and no file, and goes with the last process. Elsewhere it
    is a temporary file, which `close` removes, or the next run if this one is killed.

    Attributes
    ----------
    count, slot_bytes : int
    address : Address
        Address for workers to pass to `attach`.
    """

    def __init__(self, count: int, slot_bytes: int) -> None:
        self.count = count
        self.slot_bytes = -(-slot_bytes // 64) * 64
        size = self.offset(count)
        try:
            self._map, self.address, self._release = (_by_name if named_memory.IS_THERE else _in_file)(size)
        except OSError as error:
            raise RunError(
                say(
                    "There is not enough memory for the work space of {size} ({reason}). Close "
                    "other programs, or use fewer workers.",
                    size=format_bytes(size),
                    reason=system_reason(error),
                ),
                ways=(Way.FEWER_WORKERS,),
            ) from error

    def offset(self, slot: int) -> int:
        """Return the offset of a slot in the block, in bytes."""
        return MISALIGNED_BYTES + slot * self.slot_bytes

    def view(self, slot: int) -> NDArray[np.uint8]:
        """Return a view of a slot; it may be longer than requested."""
        return np.frombuffer(self._map, np.uint8, self.slot_bytes, self.offset(slot))

    def close(self) -> None:
        """Free the memory; views become invalid."""
        # A view that is still referenced keeps the map alive; the system frees it with the last one.
        with contextlib.suppress(BufferError):
            self._map.close()
        self._release()


class SlotShelf:
    """Keeps blocks for runs that follow each other within seconds, as those of a cluster do.

    The system clears the pages of a new block, for both who write and who read it: that takes as long as
    making some rows.
    """

    def __init__(self) -> None:
        self._kept: list[Slots] = []

    @contextlib.contextmanager
    def lend(self, count: int, slot_bytes: int) -> Iterator[Slots]:
        """Lend a block, and keep it afterwards; not after an error, when a worker may still write into it.

        May be called from any thread.
        """
        slots = self._taken(count, slot_bytes) or Slots(count, slot_bytes)
        try:
            yield slots
        except BaseException:
            slots.close()
            raise
        self._kept.append(slots)

    def _taken(self, count: int, slot_bytes: int) -> Slots | None:
        """Take a block that is large enough, and free those that are not."""
        while self._kept:
            try:
                slots = self._kept.pop()
            except IndexError:  # another thread was faster
                return None
            if slots.count >= count and slots.slot_bytes >= slot_bytes:
                return slots
            slots.close()
        return None

    def close(self) -> None:
        """Free what is kept."""
        while self._kept:
            self._kept.pop().close()


def lent(count: int, slot_bytes: int) -> contextlib.closing[Slots]:
    """Lend a new block, which is freed afterwards."""
    return contextlib.closing(Slots(count, slot_bytes))


def attach(address: Address) -> mmap.mmap:
    """Open the block at `address` in a worker.

    Raises
    ------
    OSError
        When the block no longer exists.
    """
    if address.size:
        return named_memory.attach(address.path, address.size)
    file = os.open(address.path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        if os.fstat(file).st_ino != address.inode:
            raise FileNotFoundError(errno.ENOENT, "the block of shared memory is gone", address.path)
        return mmap.mmap(file, 0)
    finally:
        os.close(file)


_Made = tuple[mmap.mmap, Address, Callable[[], None]]
"""A block, its address, and what frees all of it but the map."""


def _by_name(size: int) -> _Made:
    mapped, name = named_memory.create(size)
    return mapped, Address(name, size=size), lambda: None


def _in_file(size: int) -> _Made:
    file, path, is_named = _create()

    def release() -> None:
        os.close(file)
        if is_named:
            with contextlib.suppress(OSError):
                os.unlink(path)

    try:
        _reserve(file, size)
        return mmap.mmap(file, size), Address(path, os.fstat(file).st_ino), release
    except OSError:
        release()
        raise


def _create() -> tuple[int, str, bool]:
    """Return an open file for the block, the path under which workers find it, and whether to delete it."""
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
            # Another run may have deleted it as abandoned before it was locked.
            if os.path.exists(address):
                return file, address, True
        os.close(file)


def _remove_abandoned() -> None:
    """Delete the blocks of killed runs, which are those that nobody has locked."""
    for address in glob.glob(os.path.join(glob.escape(tempfile.gettempdir()), f"{_PREFIX}*")):
        with contextlib.suppress(OSError):
            file = os.open(address, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
            try:
                lock(file)
                os.unlink(address)
            finally:
                os.close(file)


def _reserve(file: int, size: int) -> None:
    """Allocate `size` bytes for the file, so that a lack of space is an error now and not a crash later."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(file, 0, size)
        return
    # Extending a file reserves no space on most systems; writing to it does.
    zeros = bytes(min(size, _ZEROS_BYTES))
    done = 0
    while done < size:
        done += os.write(file, memoryview(zeros)[: size - done])

"""The file of an array, whose disk space is reserved before rows are written."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import suppress

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.errors import StoreError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.plan.outputs import output_of
from stackgui.core.plan.plan import ArraySpec
from stackgui.stores.files.durable import sync_file
from stackgui.stores.files.failures import explained, sentence
from stackgui.stores.files.sparse import make_sparse

if sys.platform == "linux":
    import ctypes

    # Not posix_fallocate: if the file system cannot reserve space, it writes to every block, and starting a
    # run would take as long as writing the whole array.
    _libc = ctypes.CDLL(None, use_errno=True)
    _fallocate = getattr(_libc, "fallocate64", None) or _libc.fallocate
    _fallocate.argtypes = (ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64)
    _KEEP_SIZE = 1  # from <linux/falloc.h>

if sys.platform == "darwin":
    import fcntl
    import struct

    _F_PREALLOCATE = 42  # from <sys/fcntl.h>; Python has no constant for it

FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
CHUNK_BYTES = 2**20
"""Bytes inspected at a time."""

CALL_BYTES = 2**30
"""Bytes passed to one system call; some systems refuse 2 GiB and more. A call may process fewer."""

RESERVE_BYTES = sys.maxsize if sys.platform in {"darwin", "win32"} else 256 * 2**20
"""Bytes reserved per call, so that a start can be cancelled: a file system in memory takes 0.1 s for each. On
macOS and Windows, a large file takes no longer than a small one."""

CAN_FILL_HOLES = sys.platform == "linux"
"""Whether the system can reserve space in the middle of a file."""

OTHERS_CAN_WRITE = hasattr(os, "pwrite")
"""Whether several processes can write into one file; where it has to be sought, an open file also keeps its
folder from getting its name."""

_CANNOT_RESERVE = {errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EINVAL}


class ArrayFile:
    """The file of an array at its full size: a new, blank one, or an existing one.

    Parameters
    ----------
    path : str
    array : ArraySpec
    sparse : bool
        Leave holes, which take no space, where nothing is written, instead of reserving the whole file.
    existing : bool
        Whether the file must exist, made by an earlier run, or must not exist.
    writable : bool
        Whether to open the file for writing too.
    cancellation
        Checked while space is reserved; if it raises, a new file is deleted.

    Raises
    ------
    StoreError
        When the file cannot be created or its space cannot be reserved, in which case nothing is left of it;
        or when the existing file is not that of `array`.
    """

    def __init__(
        self,
        path: str,
        array: ArraySpec,
        *,
        sparse: bool,
        existing: bool = False,
        writable: bool = True,
        cancellation: Cancellation = UNWATCHED,
    ) -> None:
        self.path = path
        self._has_holes = sparse
        self._has_unsynced = True
        header = output_of(array.file).header(array)
        self.data_offset = len(header)
        with explained(path):
            self._descriptor = os.open(path, _flags(existing=existing, writable=writable), 0o666)
        size_bytes = len(header) + array.data_bytes
        if existing:
            self._check(header, size_bytes)
        else:
            self._make(header, size_bytes, cancellation)

    def _check(self, header: bytes, size_bytes: int) -> None:
        try:
            with explained(self.path):
                found = os.fstat(self._descriptor)
                fits = stat.S_ISREG(found.st_mode) and found.st_size == size_bytes
                fits = fits and self.read_at(-len(header), len(header)) == header
        except StoreError:
            self.abort()
            raise
        if not fits:
            self.abort()
            raise StoreError(
                say("{path} is damaged: it is not the array of the plan.", path=printable(self.path))
            )

    def _make(self, header: bytes, size_bytes: int, cancellation: Cancellation) -> None:
        try:
            if self._has_holes:
                make_sparse(self._descriptor)
            else:
                _reserve(self._descriptor, size_bytes, cancellation)
            os.ftruncate(self._descriptor, size_bytes)
            self.write_at(-len(header), memoryview(header))
        except BaseException as error:
            self.abort()
            os.unlink(self.path)  # frees what was reserved before the message reads the free space
            if isinstance(error, OSError):
                raise StoreError(sentence(error, self.path, size_bytes)) from error
            raise

    def read_at(self, offset: int, count: int) -> bytes:
        """Read `count` bytes from `offset` bytes after the header; raises OSError."""
        position = self.data_offset + offset
        data = _read_at(self._descriptor, count, position)
        while len(data) < count:
            part = _read_at(self._descriptor, count - len(data), position + len(data))
            if not part:
                raise OSError(errno.EIO, "the file ends early")
            data += part
        return data

    def make_zero(self, begin: int, end: int) -> None:
        """Zero the bytes from `begin` up to `end`, counted after the header; raises OSError.

        Bytes that are zero already are not written, so that holes stay holes.
        """
        while (begin := self._next_data(begin)) < end:
            data = self.read_at(begin, min(CHUNK_BYTES, end - begin))
            if data.count(0) < len(data):
                self.write_at(begin, memoryview(bytes(len(data))))
            begin += len(data)

    def _next_data(self, offset: int) -> int:
        """Return the offset of the next bytes outside a hole, as far as the system can tell."""
        if not hasattr(os, "SEEK_DATA"):
            return offset
        position = self.data_offset + offset
        try:
            return os.lseek(self._descriptor, position, os.SEEK_DATA) - self.data_offset
        except OSError as error:
            if error.errno == errno.ENXIO:  # only a hole follows
                return sys.maxsize
            return offset

    def fill_hole(self, begin: int, end: int) -> None:
        """Reserve space for the bytes from `begin` up to `end`, counted after the header; raises OSError.

        Otherwise the system allocates space during a sync, which blocks writes: measured, that is a quarter
        of the time for large padded pictures.
        """
        if self._has_holes and CAN_FILL_HOLES and begin < end:
            self._has_holes = _allocated(self._descriptor, self.data_offset + begin, end - begin)

    def write_at(self, offset: int, data: memoryview) -> None:
        """Write `data` at `offset` bytes after the header; raises OSError."""
        self._has_unsynced = True
        write_all(self._descriptor, data, self.data_offset + offset)

    @property
    def identity(self) -> tuple[int, int]:
        """Device and inode of the file; raises OSError."""
        found = os.fstat(self._descriptor)
        return found.st_dev, found.st_ino

    def note_written(self) -> None:
        """Note that another process has written into the file, so that the next `sync` is not left out."""
        self._has_unsynced = True

    def sync(self) -> None:
        """Sync everything written so far; raises OSError."""
        self._has_unsynced = False  # what is written meanwhile is not
        try:
            sync_file(self._descriptor)
        except BaseException:
            self._has_unsynced = True
            raise

    def close(self) -> None:
        """Sync and close the file; raises OSError, and does nothing the second time.

        What has been synced is not synced again, which would wait for what others write into the file.
        """
        if self._descriptor < 0:
            return
        if self._has_unsynced:
            self.sync()
        descriptor, self._descriptor = self._descriptor, -1
        os.close(descriptor)

    def abort(self) -> None:
        """Close the file without a sync; never raises, and does nothing once it is closed."""
        descriptor, self._descriptor = self._descriptor, -1
        with suppress(OSError):
            os.close(descriptor)


def write_all(descriptor: int, data: memoryview, position: int) -> None:
    """Write all of `data` at `position` of a file; raises OSError."""
    done = 0
    while done < len(data):
        done += _write_at(descriptor, data[done : done + CALL_BYTES], position + done)


def _flags(*, existing: bool, writable: bool) -> int:
    new = 0 if existing else os.O_CREAT | os.O_EXCL
    return FLAGS | new | (os.O_RDWR if writable else os.O_RDONLY)


def _reserve(descriptor: int, size_bytes: int, cancellation: Cancellation) -> None:
    """Reserve disk space for the whole file, unless the file system cannot."""
    for begin in range(0, size_bytes, RESERVE_BYTES):
        cancellation.check()
        if not _allocated(descriptor, begin, min(RESERVE_BYTES, size_bytes - begin)):
            return


def _allocated(descriptor: int, position: int, count: int) -> bool:
    """Reserve space; return False if the file system cannot. Raises OSError."""
    try:
        _allocate(descriptor, position, count)
    except OSError as error:
        if error.errno not in _CANNOT_RESERVE:
            raise
        return False
    return True


def reserve_behind(descriptor: int, begin: int, count: int) -> None:
    """Reserve space behind the end of the file without making it longer; raises OSError.

    Only Linux can do that; elsewhere nothing happens.
    """
    if sys.platform == "linux" and count:
        while _fallocate(descriptor, _KEEP_SIZE, begin, count):
            code = ctypes.get_errno()
            if code in _CANNOT_RESERVE:
                return
            if code != errno.EINTR:
                raise OSError(code, os.strerror(code))


def _seek_and_write(descriptor: int, data: memoryview, position: int) -> int:
    """Replace ``pwrite``; safe because only one thread writes, so only one moves the position."""
    os.lseek(descriptor, position, os.SEEK_SET)
    return os.write(descriptor, data)


def _seek_and_read(descriptor: int, count: int, position: int) -> bytes:
    os.lseek(descriptor, position, os.SEEK_SET)
    return os.read(descriptor, min(count, CALL_BYTES))


if sys.platform == "win32":
    _write_at, _read_at = _seek_and_write, _seek_and_read

    def _allocate(descriptor: int, position: int, count: int) -> None:
        os.ftruncate(descriptor, position + count)  # which allocates on Windows

else:

    def _write_at(descriptor: int, data: memoryview, position: int) -> int:
        return os.pwrite(descriptor, data, position)

    def _read_at(descriptor: int, count: int, position: int) -> bytes:
        return os.pread(descriptor, min(count, CALL_BYTES), position)

    if sys.platform == "darwin":

        def _allocate(descriptor: int, position: int, count: int) -> None:
            # struct fstore of <sys/fcntl.h>: F_ALLOCATEALL, F_PEOFPOSMODE, offset, length, bytes allocated.
            fcntl.fcntl(descriptor, _F_PREALLOCATE, struct.pack("=Iiqqq", 4, 3, 0, position + count, 0))

    elif sys.platform == "linux":

        def _allocate(descriptor: int, position: int, count: int) -> None:
            while _fallocate(descriptor, 0, position, count):
                code = ctypes.get_errno()
                if code != errno.EINTR:
                    raise OSError(code, os.strerror(code))

    else:

        def _allocate(descriptor: int, position: int, count: int) -> None:
            os.posix_fallocate(descriptor, position, count)

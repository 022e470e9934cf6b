"""Opens and reads the files of samples in a worker, and explains errors."""

from __future__ import annotations

import errno
import io
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from operator import attrgetter
from typing import cast

from stackgui.core.base.addresses import is_address
from stackgui.core.base.errors import UsageError
from stackgui.core.base.system_errors import system_reason
from stackgui.core.base.text import printable
from stackgui.core.base.wording import Wording, say
from stackgui.stores.files import objects
from stackgui.stores.files.objects import State
from stackgui.stores.files.windows_names import of_any_length

_OBJECT_BUFFER_BYTES = 2**20
"""Bytes of an object that are requested at once where it is read from one end to the other."""

_NO_STATE = State(-1, -1)

_STATE = attrgetter("st_mode", "st_size", "st_mtime_ns")

_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def open_file(name: bytes | str) -> int:
    """Open a file of a source, and return its handle; raises OSError.

    One that has become a FIFO since the scan does not block.
    """
    return os.open(of_any_length(name if isinstance(name, bytes) else os.fsencode(name)), _READING)


def check_regular(status: os.stat_result) -> None:
    """Raise OSError if `status` is not that of a regular file."""
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file")


def read_all(handle: int, count: int) -> bytes:
    """Read up to `count` bytes from the current position of the file."""
    data = os.read(handle, count)
    if len(data) == count:
        return data
    # One read returns at most 2 GiB, and less from a network folder.
    parts = [data]
    while data and (count := count - len(data)) > 0:
        data = os.read(handle, count)
        parts.append(data)
    return b"".join(parts)


class ObjectFile(io.RawIOBase):
    """An object at an address as a file, of which only those parts are requested that are read."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.state = objects.state(name)
        self._place = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self._place

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        """Move to another position, which may lie past the end."""
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self.state.size_bytes}[whence]
        if begin + place < 0:
            raise OSError(errno.EINVAL, "before the beginning")
        self._place = begin + place
        return self._place

    def readinto(self, target: object) -> int:
        """Read up to ``len(target)`` bytes into `target` and return how many were read."""
        view = memoryview(cast("bytearray", target)).cast("B")
        count = min(len(view), self.state.size_bytes - self._place)
        if count <= 0:
            return 0
        view[:count] = objects.part(self._name, self._place, count, self.state)
        self._place += count
        return count


AnyFile = io.FileIO | ObjectFile
"""A file or an object that was opened by `open_any`."""


def open_any(name: bytes | str) -> AnyFile:
    """Open a file, or an object at an address, for reading; raises OSError."""
    if is_address(name):
        return ObjectFile(os.fsdecode(name))
    handle = open_file(name)
    try:
        return io.FileIO(handle)
    except OSError:
        os.close(handle)
        raise


class Buffered(io.BufferedReader):
    """A file or an object that was opened by `buffered`."""

    raw: AnyFile


def buffered(name: bytes) -> Buffered:
    """Open a file, or an object at an address, for reading with a buffer; raises OSError."""
    size = _OBJECT_BUFFER_BYTES if is_address(name) else io.DEFAULT_BUFFER_SIZE
    return Buffered(open_any(name), size)


def state_of(file: AnyFile) -> State:
    """Return the state of an open file; raises OSError if it is not a regular one."""
    if isinstance(file, ObjectFile):
        return file.state
    status = os.fstat(file.fileno())
    check_regular(status)
    return State(status.st_size, status.st_mtime_ns)


def state_at(name: bytes | str) -> State:
    """Return the state of a file or an object; raises OSError if there is none, or no regular file."""
    if is_address(name):
        return objects.state(os.fsdecode(name))
    status = os.stat(of_any_length(os.fsencode(name)))
    check_regular(status)
    return State(status.st_size, status.st_mtime_ns)


def local_states(names: Iterable[bytes]) -> tuple[Sequence[int], Sequence[int]]:
    """Return sizes and times of change of files, one after another; -1 for what is no regular file.

    For many files this takes half as long as `state_at`.
    """
    files = [*map(of_any_length, names)] if os.name == "nt" else list(names)
    with suppress(OSError):
        if regular := _regular(map(os.stat, files)):
            return regular
    states = list(map(_state_of_any, files))
    return [size for size, _ in states], [mtime_ns for _, mtime_ns in states]


def _regular(found: Iterable[os.stat_result]) -> tuple[Sequence[int], Sequence[int]] | None:
    """Return sizes and times of at least one file, if all are regular files."""
    modes, sizes, times = zip(*map(_STATE, found), strict=True)
    return (sizes, times) if all(map(stat.S_ISREG, set(modes))) else None


def _state_of_any(file: bytes) -> State:
    try:
        mode, size, mtime_ns = _STATE(os.stat(file))
    except OSError:
        return _NO_STATE
    return State(size, mtime_ns) if stat.S_ISREG(mode) else _NO_STATE


def read_from(file: AnyFile, count: int) -> bytes:
    """Read up to `count` bytes from the current position of an open file or object."""
    return file.read(count) or b"" if isinstance(file, ObjectFile) else read_all(file.fileno(), count)


@contextmanager
def to_map(name: bytes | str) -> Iterator[tuple[int, State]]:
    """Open a file for being mapped into memory: yield its descriptor, and its state.

    An object at an address is copied to a temporary file first, which goes with its last mapping.
    """
    if is_address(name):
        with tempfile.TemporaryFile() as copy:
            state = objects.copied(os.fsdecode(name), copy)
            copy.flush()
            copy.seek(0)
            yield copy.fileno(), state
        return
    with open_any(name) as file:
        yield file.fileno(), state_of(file)


def os_reason(error: OSError) -> str:
    """Return why the system could not read a file, as a sentence fragment."""
    if isinstance(error.strerror, Wording):  # an error of our own, which knows better than its number
        return error.strerror
    known = {
        errno.ENOENT: say("the file is no longer there"),
        errno.EACCES: say("you have no permission to read it"),
        errno.EPERM: say("you have no permission to read it"),
        errno.EIO: say("the disk reports an error when it is read"),
        errno.ENAMETOOLONG: say("its name is too long for the system"),
    }
    return known.get(error.errno or 0) or say(
        "the system refuses to read it ({strerror})", strerror=error.strerror or error
    )


def not_read(what: str, file: str, error: OSError) -> UsageError:
    """Return the error for an unreadable file that the person named; `what` says what the file is for."""
    known: dict[int, str] = {
        errno.ENOENT: say("there is no such file"),
        errno.EACCES: say("there is no permission to read it"),
        errno.EISDIR: say("it is a folder"),
    }
    why = known.get(error.errno or 0) or system_reason(error)
    return UsageError(
        say("The {what} {file} cannot be read: {why}.", what=what, file=printable(file), why=why)
    )

"""Opens and reads the files of samples in a worker, and explains errors."""

from __future__ import annotations

import errno
import os
import stat

from stackgui.core.base.errors import UsageError
from stackgui.core.base.system_errors import system_reason
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say

READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""Flags for `os.open`: a file that has become a FIFO since the scan must not block."""


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


def os_reason(error: OSError) -> str:
    """Return why the system could not read a file, as a sentence fragment."""
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
    known = {
        errno.ENOENT: say("there is no such file"),
        errno.EACCES: say("there is no permission to read it"),
        errno.EISDIR: say("it is a folder"),
    }
    why = known.get(error.errno or 0) or system_reason(error)
    return UsageError(
        say("The {what} {file} cannot be read: {why}.", what=what, file=printable(file), why=why)
    )

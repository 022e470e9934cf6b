"""Open files in a folder that may come from anyone, without following symbolic links."""

from __future__ import annotations

import errno
import os
import stat
from typing import BinaryIO

_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
# Without this, opening a pipe would block for ever.
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def open_to_read(path: str) -> BinaryIO:
    """Open a regular file for reading; raises OSError, also for anything else."""
    file = os.open(path, _FLAGS | _READING)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(errno.EINVAL, "it is not a regular file", path)
    return os.fdopen(file, "rb")


def open_to_write(path: str) -> BinaryIO:
    """Open a file for writing, created or truncated; raises OSError."""
    return os.fdopen(os.open(path, _FLAGS | _WRITING, 0o666), "wb")

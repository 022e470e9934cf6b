"""Opening files in a folder that may come from anyone: what a link leads to is neither read nor written."""

from __future__ import annotations

import errno
import os
import stat
from typing import BinaryIO

_FLAGS = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NOFOLLOW", 0)
# A pipe would let whoever opens it wait for ever.
_READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)
_WRITING = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def open_to_read(path: str) -> BinaryIO:
    """Open a regular file; raises OSError, also for what is none."""
    file = os.open(path, _FLAGS | _READING)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(errno.EINVAL, "it is not a regular file", path)
    return os.fdopen(file, "rb")


def open_to_write(path: str) -> BinaryIO:
    """Open a new file, or make the one that is there empty; raises OSError."""
    return os.fdopen(os.open(path, _FLAGS | _WRITING, 0o666), "wb")

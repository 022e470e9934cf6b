"""Read at any place of an open file, wherever it was read last."""

from __future__ import annotations

import os


def read_at(handle: int, count: int, place: int) -> bytes:
    """Read at most `count` bytes from `place` on; by one thread at a time where the system has no ``pread``.

    Raises
    ------
    OSError
    """
    if hasattr(os, "pread"):
        return os.pread(handle, count, place)
    os.lseek(handle, place, os.SEEK_SET)
    return os.read(handle, count)

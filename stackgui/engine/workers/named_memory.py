"""Shared memory of Windows, which has a name and no file: it goes with the last process that has it open."""

from __future__ import annotations

import errno
import hashlib
import mmap
import secrets
import sys
from collections.abc import Callable

IS_THERE = sys.platform == "win32"

Mapping = Callable[..., mmap.mmap]

MARK_BYTES = 16


def create(size: int, mapping: Mapping = mmap.mmap) -> tuple[mmap.mmap, str]:
    """Return a new block, whose first `MARK_BYTES` stay as they are, and its name; raises OSError.

    Parameters
    ----------
    size : int
        In bytes.
    mapping
        As `mmap.mmap` on Windows.
    """
    name = f"stackgui-slots-{secrets.token_hex(16)}"
    made = mapping(-1, size, tagname=name)
    made[:MARK_BYTES] = _mark(name)
    return made, name


def attach(name: str, size: int, mapping: Mapping = mmap.mmap) -> mmap.mmap:
    """Open a block in another process.

    Raises
    ------
    OSError
        When the block no longer exists. Windows would make a new, empty one of that name.
    """
    found = mapping(-1, size, tagname=name)
    if found[:MARK_BYTES] != _mark(name):
        found.close()
        raise FileNotFoundError(errno.ENOENT, "the block of shared memory is gone", name)
    return found


def _mark(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()[:MARK_BYTES]

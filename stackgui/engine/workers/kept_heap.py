"""Workers keep memory that they have freed, since the next sample needs as much."""

from __future__ import annotations

import ctypes
import sys

KEPT_BYTES = 64 * 2**20
"""Freed memory that a worker keeps: what the library itself keeps once a part of half that size was freed."""

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # from <malloc.h>
_LARGEST_PART_BYTES = 32 * 2**20
"""The most that glibc accepts; larger ones go back to the system at once."""


def keep_heap() -> None:
    """Have this process keep freed memory, where the system's library can be told so.

    By default the library keeps twice as much as the largest part that was freed. A sample of several such
    parts then gets new pages from the system for every row, which cost more than what is written to them.
    """
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGEST_PART_BYTES)
        mallopt(_TRIM_THRESHOLD, KEPT_BYTES)

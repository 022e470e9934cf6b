"""A file's bytes, in memory or mapped."""

from __future__ import annotations

import io
import mmap
from typing import BinaryIO, NamedTuple, TypeAlias, cast

from stackgui.core.scan_options import DEFAULT, ScanOptions

Data: TypeAlias = bytes | mmap.mmap
"""Mapped for probing: only those parts of a large file are read that are looked at."""


class Part(NamedTuple):
    """Which of the samples in a file.

    Attributes
    ----------
    member : int
        Counted from 0.
    scan : ScanOptions
        What was chosen when they were counted.
    """

    member: int = 0
    scan: ScanOptions = DEFAULT


def stream(data: Data) -> BinaryIO:
    """`data` as an open file that stands at its beginning."""
    if isinstance(data, bytes):
        return io.BytesIO(data)
    data.seek(0)
    return cast("BinaryIO", data)

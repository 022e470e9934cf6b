"""A file's bytes, in memory or mapped."""

from __future__ import annotations

import io
import mmap
from typing import BinaryIO, TypeAlias, cast

Data: TypeAlias = bytes | mmap.mmap
"""Mapped for probing: only those parts of a large file are read that are looked at."""


def stream(data: Data) -> BinaryIO:
    """`data` as an open file that stands at its beginning."""
    if isinstance(data, bytes):
        return io.BytesIO(data)
    data.seek(0)
    return cast("BinaryIO", data)

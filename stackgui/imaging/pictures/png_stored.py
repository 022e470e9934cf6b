"""Decode common kinds of PNG faster: libdeflate inflates the whole stream, then libspng makes the pixels.

libpng spends most of its time inflating piece by piece. libdeflate takes a third of that time, but cannot
decode pixels. So this module wraps the inflated lines in an uncompressed PNG, which libspng reads nearly as
fast as it can read memory.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.imaging.base.data import Data

MAX_LINES_BYTES = 2**26
"""Limit of the inflated lines: do not hold those of larger pictures in memory besides the pixels."""

_IHDR_END = 33
_DEPTH = 8
_DEPTH_PLACE, _INTERLACED_PLACE = 24, 28
_IEND = b"\0\0\0\0IEND\xaeB`\x82"
_BLOCK_BYTES = 2**16 - 1
_BLOCK_HEADER_BYTES = 5
_STREAM_HEADER = b"\x78\x01"
_CHECKSUM_BYTES = 4
_CHANNELS = (1, 3, 4)
"""Channel counts that libspng decodes; it lacks grey with alpha."""


@dataclass(slots=True)
class Layout:
    """Location of the chunks that hold the pixels.

    Attributes
    ----------
    packed : list of (int, int)
        Start and end of each ``IDAT`` chunk, in bytes.
    end : int
        Start of ``IEND``, or 0 if there is none.
    is_simple : bool
        Whether no other critical chunk is present.
    """

    packed: list[tuple[int, int]] = field(default_factory=list)
    end: int = 0
    is_simple: bool = True

    def add(self, kind: bytes, begin: int, end: int) -> None:
        """Record the location of a chunk."""
        if kind == b"IDAT":
            self.packed.append((begin, end))
        elif kind == b"IEND":
            self.end = begin
        elif kind[:1].isupper():
            self.is_simple = False


def decode(data: Data, layout: Layout, pixels: NDArray[Any]) -> bool:
    """Decode into `pixels`, shape (height, width, channels), C-contiguous.

    Returns
    -------
    bool
        False if libpng must decode the file: its kind is not supported here, or it has a fault that libpng
        should report. `pixels` are undefined then.
    """
    from imagecodecs import DeflateError, SpngError, deflate_decode, spng_decode  # noqa: PLC0415 - see png.py

    height, width, channels = pixels.shape
    lines_bytes = height * (1 + width * channels)
    is_common = data[_DEPTH_PLACE] == _DEPTH and data[_INTERLACED_PLACE] == 0 and channels in _CHANNELS
    if not is_common or lines_bytes > MAX_LINES_BYTES or not _is_sound(data, layout):
        return False
    stream = b"".join([data[begin + 8 : end - 4] for begin, end in layout.packed])
    try:
        lines = bytes(deflate_decode(stream, out=lines_bytes))
        if len(lines) != lines_bytes:
            return False
        file = _stored(data[:_IHDR_END], lines, stream[-_CHECKSUM_BYTES:])
        spng_decode(file, out=pixels[:, :, 0] if channels == 1 else pixels)
    except (DeflateError, SpngError):
        return False
    return True


def _is_sound(data: Data, layout: Layout) -> bool:
    """Whether all ``IDAT`` chunks are present, contiguous, and match their checksums."""
    from imagecodecs import deflate_crc32  # noqa: PLC0415 - see png.py

    packed = layout.packed
    is_whole = bool(packed) and data[layout.end : layout.end + len(_IEND)] == _IEND
    if not (layout.is_simple and is_whole):
        return False
    begins = [begin for begin, _end in packed[1:]]
    if begins != [end for _begin, end in packed[:-1]]:
        return False
    return all(
        deflate_crc32(data[begin + 4 : end - 4]) == int.from_bytes(data[end - 4 : end], "big")
        for begin, end in packed
    )


def _stored(header: bytes, lines: bytes, checksum: bytes) -> bytes:
    """Return a PNG file that stores `lines` uncompressed, in deflate blocks of the maximum size."""
    from imagecodecs import deflate_crc32  # noqa: PLC0415 - see png.py

    full = (len(lines) - 1) // _BLOCK_BYTES
    blocks = np.empty((full, _BLOCK_HEADER_BYTES + _BLOCK_BYTES), np.uint8)
    blocks[:, :_BLOCK_HEADER_BYTES] = np.frombuffer(_block_header(0, _BLOCK_BYTES), np.uint8)
    blocks[:, _BLOCK_HEADER_BYTES:] = np.frombuffer(lines, np.uint8, full * _BLOCK_BYTES).reshape(
        full, _BLOCK_BYTES
    )
    rest = lines[full * _BLOCK_BYTES :]
    chunk = b"".join((b"IDAT", _STREAM_HEADER, blocks.data, _block_header(1, len(rest)), rest, checksum))
    size_bytes = len(chunk) - len(b"IDAT")
    crc = deflate_crc32(chunk).to_bytes(4, "big")
    return b"".join((header, size_bytes.to_bytes(4, "big"), chunk, crc, _IEND))


def _block_header(is_last: int, size_bytes: int) -> bytes:
    return struct.pack("<BHH", is_last, size_bytes, size_bytes ^ _BLOCK_BYTES)

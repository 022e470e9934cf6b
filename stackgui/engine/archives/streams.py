"""Reads archives that are compressed as a whole, which can only be read forward."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO

import zstandard

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.engine.sources.reading import buffered, state_of

CHUNK_BYTES = 2**20

BYTES_PER_S = 10_000_000
"""A rate below that of any disk or decompressor, from which the time limit for a large archive follows."""

HARMLESS_BYTES = 2**30
MAX_TIMES = 1032
"""Maximum compression ratio of Deflate; a stream that exceeds it, and `HARMLESS_BYTES`, is an attack."""

DAMAGES = (OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError)
"""Exceptions that the libraries raise for a damaged stream."""

_OPENERS: dict[bytes, Callable[[BinaryIO], Any]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\0": lzma.LZMAFile,
    b"\x28\xb5\x2f\xfd": lambda file: zstandard.ZstdDecompressor().stream_reader(
        file, read_across_frames=True
    ),
}


class Stream:
    """The decompressed contents of a file, with a position that only moves forward.

    Parameters
    ----------
    name : bytes
    """

    def __init__(self, name: bytes) -> None:
        self._file = buffered(name)
        self._most_bytes = max(HARMLESS_BYTES, MAX_TIMES * state_of(self._file.raw).size_bytes)
        self._unpacked: Any = None
        self.place = 0
        self._begin()

    @staticmethod
    def knows(start: bytes) -> bool:
        """Return whether a file that begins with `start` is compressed in a known way."""
        return any(start.startswith(magic) for magic in _OPENERS)

    def _begin(self) -> None:
        self._file.seek(0)
        start = self._file.peek(8)
        opener = next(opener for magic, opener in _OPENERS.items() if start.startswith(magic))
        self._unpacked, self.place = opener(self._file), 0

    def fileno(self) -> int:
        """Return the descriptor of the compressed file."""
        return self._file.fileno()

    def read(self, count: int) -> bytes:
        """Read the next `count` bytes, or fewer at the end.

        Raises
        ------
        SampleError
            When the stream unpacks to an absurd size.
        OSError, EOFError, zlib.error, lzma.LZMAError, zstandard.ZstdError
            When the stream is damaged.
        """
        parts: list[bytes] = []
        try:
            while count > 0 and (part := self._unpacked.read1(min(count, CHUNK_BYTES))):
                parts.append(part)
                count -= len(part)
        except DAMAGES:
            # Bytes before the damage are intact; none after it are.
            if not parts:
                raise
        data = b"".join(parts)
        self.place += len(data)
        if self.place > self._most_bytes:
            raise SampleError(say("the archive unpacks to far more than it holds, which no real one does"))
        return data

    def read_at(self, place: int, count: int) -> bytes:
        """Read `count` bytes from position `place`; start again from the beginning if it has been passed."""
        if place < self.place:
            self._begin()
        while self.place < place:
            if not self.read(min(place - self.place, CHUNK_BYTES)):
                return b""
        return self.read(count)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

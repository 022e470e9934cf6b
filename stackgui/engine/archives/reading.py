"""Reads the bytes of single samples in an archive."""

from __future__ import annotations

import os
import struct
import zlib
from enum import IntEnum
from typing import NamedTuple

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.archive_location import UNKNOWN_CRC, Packing
from stackgui.engine.archives.streams import DAMAGES, Stream
from stackgui.engine.sources.reading import ObjectFile, open_any, os_reason, read_from, state_of

CHANGED = say("the file was changed after it was scanned")

_RAW_DEFLATE = -zlib.MAX_WBITS
_CAN_READ_AT = hasattr(os, "pread")


class Place(NamedTuple):
    """Where a sample lies in its archive; see `stackgui.core.catalog.archive_location.ArchiveLocation`.

    Attributes
    ----------
    size_bytes : int
        Unpacked size.
    offset, packed_bytes, packing, crc32 : int
    """

    size_bytes: int
    offset: int
    packed_bytes: int
    packing: int
    crc32: int


class OpenArchive:
    """An open archive, to read samples from one after another.

    Parameters
    ----------
    name : bytes
        Absolute path.
    file_bytes, mtime_ns : int
        Size and modification time at the scan.

    Raises
    ------
    SampleError
        When the archive has changed since the scan, or cannot be opened.
    """

    def __init__(self, name: bytes, file_bytes: int, mtime_ns: int) -> None:
        self.key = (name, file_bytes, mtime_ns)
        self._stream: Stream | None = None
        try:
            self._file = open_any(name)
        except OSError as error:
            raise SampleError(os_reason(error)) from error
        # Objects have no handle, and each part of them is checked when it comes.
        self._handle = -1 if isinstance(self._file, ObjectFile) else self._file.fileno()
        try:
            state_of(self._file)  # refuses what is no regular file
            self.check()
        except SampleError:
            self.close()
            raise
        except OSError as error:
            self.close()
            raise SampleError(os_reason(error)) from error

    def check(self) -> None:
        """Raise `SampleError` if the archive has changed since the scan."""
        _name, file_bytes, mtime_ns = self.key
        if isinstance(self._file, ObjectFile):
            if self._file.state != (file_bytes, mtime_ns):
                raise SampleError(CHANGED)
            return
        try:
            status = os.fstat(self._handle)
        except OSError as error:
            raise SampleError(os_reason(error)) from error
        if status.st_size != file_bytes or status.st_mtime_ns != mtime_ns:
            raise SampleError(CHANGED)

    def close(self) -> None:
        """Close the file."""
        self._handle = -1
        self._file.close()
        if self._stream is not None:
            self._stream.close()

    def start(self, place: Place, count: int) -> bytes:
        """Return the first `count` bytes of a sample, or all if it is smaller or that costs the same."""
        if place.size_bytes <= count or place.packing == Packing.STREAM:
            return self.whole(place)
        try:
            packed = self._at(place.offset, min(count, place.packed_bytes))
            return packed if place.packing == Packing.STORED else _inflater().decompress(packed, count)
        except (zlib.error, OSError) as error:
            raise _damaged(error) from error

    def whole(self, place: Place) -> bytes:
        """Return all bytes of a sample.

        Raises
        ------
        SampleError
            When they are damaged, or their number differs from what the archive says.
        """
        try:
            data = self._unpacked(place)
        except (*DAMAGES, struct.error) as error:
            raise _damaged(error) from error
        if len(data) != place.size_bytes:
            raise SampleError(say("its size is not the one that the archive says"))
        if place.crc32 != UNKNOWN_CRC and place.crc32 != zlib.crc32(data):
            raise SampleError(say("it is damaged: its checksum is not the one that the archive says"))
        return data

    def _unpacked(self, place: Place) -> bytes:
        self.check()
        if place.packing == Packing.STREAM:
            if self._stream is None:
                self._stream = Stream(self.key[0])
            return self._stream.read_at(place.offset, place.size_bytes)
        packed = self._at(place.offset, place.packed_bytes)
        if place.packing == Packing.STORED:
            return packed
        # One byte more than promised is enough to detect a false size, and limits what it can cost.
        return _inflater().decompress(packed, place.size_bytes + 1)

    def _at(self, offset: int, count: int) -> bytes:
        # A read makes room for all that is asked for, and headers may claim anything.
        count = min(count, max(self.key[1] - offset, 0))
        if _CAN_READ_AT and self._handle >= 0:  # one call instead of two
            data = os.pread(self._handle, count, offset)
            if len(data) == count:
                return data
        self._file.seek(offset)
        return read_from(self._file, count)


def _inflater() -> zlib._Decompress:
    return zlib.decompressobj(_RAW_DEFLATE)


def _damaged(error: BaseException) -> SampleError:
    if isinstance(error, OSError) and error.errno is not None:
        return SampleError(os_reason(error))
    return SampleError(say("it is damaged: it cannot be unpacked"))


class Use(IntEnum):
    """What the samples of an archive are read for; each use has a place of its own in a compressed stream.

    A row takes its picture from one part of a TAR file and its mask from another. With one place for both,
    the stream would have to be unpacked from its beginning for each row.
    """

    PICTURES = 0
    MASKS = 1


_last: dict[Use, OpenArchive] = {}


def opened(name: bytes, file_bytes: int, mtime_ns: int, use: Use = Use.PICTURES) -> OpenArchive:
    """Return the archive `name`; the last one of each use stays open for the next call.

    Raises
    ------
    SampleError
    """
    last = _last.get(use)
    if last is None or last.key != (name, file_bytes, mtime_ns):
        if last is not None:
            del _last[use]
            last.close()
        last = _last[use] = OpenArchive(name, file_bytes, mtime_ns)
    return last


def forget() -> None:
    """Close the archives that `opened` keeps open."""
    while _last:
        _last.popitem()[1].close()

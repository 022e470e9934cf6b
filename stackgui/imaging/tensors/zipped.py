"""Reading ZIP entries: a view of stored ones, bounded decompression of deflated ones."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import cast

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.imaging.base.data import Data, Mapped, Reader

_LOCAL_HEADER_BYTES = 30
_DEFLATE_LIMIT = 1032
_SUPPORTED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 1

LARGE_BYTES = 2**26
"""Larger entries are never held in memory, and their checksums are not verified for every row."""

WRONG_CHECKSUM = say("the picture is damaged (its checksum is wrong)")

_READ_BYTES = 2**20
"""Size of the pieces in which an entry is read to verify its checksum."""


def opened(data: Data) -> zipfile.ZipFile:
    """Open a ZIP file.

    Raises
    ------
    SampleError
        When the file is truncated or its directory is damaged.
    """
    try:
        return zipfile.ZipFile(io.BufferedReader(Reader(data)))
    except (zipfile.BadZipFile, OSError, ValueError, struct.error) as error:
        raise SampleError(say("the file is cut off, or its table of contents is damaged")) from error


def start_of(archive: zipfile.ZipFile, name: str, count: int) -> bytes:
    """Read the first `count` bytes of an entry."""
    info = _checked(archive, name)
    with archive.open(info) as file:
        return file.read(min(count, info.file_size))


def is_packed(archive: zipfile.ZipFile, name: str) -> bool:
    """Return whether an entry is compressed."""
    return _checked(archive, name).compress_type != zipfile.ZIP_STORED


def streamed(archive: zipfile.ZipFile, name: str) -> zipfile.ZipExtFile:
    """Open an entry as a file, which may outlive `archive`."""
    return cast("zipfile.ZipExtFile", archive.open(_checked(archive, name)))


def whole(data: Data, archive: zipfile.ZipFile, name: str) -> bytes | memoryview:
    """Return all bytes of an entry.

    Raises
    ------
    SampleError
        When its size or checksum is wrong, it is encrypted, or it is compressed by a method other than
        deflate.
    """
    info = _checked(archive, name)
    if info.compress_type == zipfile.ZIP_STORED:
        lengths = data[info.header_offset + 26 : info.header_offset + _LOCAL_HEADER_BYTES]
        start = info.header_offset + _LOCAL_HEADER_BYTES + sum(struct.unpack("<HH", lengths))
        view = memoryview(data)[start : start + info.file_size]
        if len(view) != info.file_size or info.file_size != info.compress_size:
            raise SampleError(say("the file ends in the middle of the picture"))
        _verify(data, archive, info, view)
        return view
    return archive.read(info)


def compare_checksum(data: Data, archive: zipfile.ZipFile, name: str) -> None:
    """Verify the checksum of a whole entry, before any part of it is trusted.

    For large entries in a `Mapped` file the result is cached.

    Raises
    ------
    SampleError
        When the entry is damaged.
    """
    _verify(data, archive, _checked(archive, name), None)


def _verify(data: Data, archive: zipfile.ZipFile, info: zipfile.ZipInfo, view: memoryview | None) -> None:
    """Do the work of `compare_checksum`; `view` is the entry's data if it is stored uncompressed."""
    known = data.checked if isinstance(data, Mapped) and info.file_size > LARGE_BYTES else {}
    if info.filename not in known:
        is_damaged = _is_damaged(archive, info, view)
        known[info.filename] = WRONG_CHECKSUM if is_damaged else ""
    if known[info.filename]:
        raise SampleError(known[info.filename])


def _is_damaged(archive: zipfile.ZipFile, info: zipfile.ZipInfo, view: memoryview | None) -> bool:
    if view is not None:
        return zlib.crc32(view) != info.CRC
    try:
        with archive.open(info) as file:
            while file.read(_READ_BYTES):
                pass
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
        return True
    return False


def _checked(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise SampleError(say("it has no part called {name}", name=name[:80])) from None
    if info.flag_bits & _ENCRYPTED:
        raise SampleError(say("it is encrypted"))
    if info.compress_type not in _SUPPORTED:
        raise SampleError(say("it is packed in a way that is not supported"))
    if info.file_size > _DEFLATE_LIMIT * info.compress_size:
        raise SampleError(
            say(
                "it claims {file_size:,} bytes, which {compress_size:,} cannot hold",
                file_size=info.file_size,
                compress_size=info.compress_size,
            )
        )
    return info

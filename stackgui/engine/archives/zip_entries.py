"""Reads the entries of a ZIP file."""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from stackgui.core.base.skip_kinds import LINKS_IN_ARCHIVES, SPECIAL_FILES
from stackgui.core.base.wording import say
from stackgui.core.catalog.archive_location import Packing
from stackgui.engine.archives.entries import Entry, Read
from stackgui.engine.archives.streams import MAX_TIMES

DAMAGES = (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError, zlib.error, EOFError)
"""Exceptions that a damaged archive may raise."""

_LOCAL = struct.Struct("<4s22xHH")
_ENCRYPTED = 1
_PACKINGS = {zipfile.ZIP_STORED: Packing.STORED, zipfile.ZIP_DEFLATED: Packing.DEFLATED}


def zip_entries(file: BinaryIO) -> Iterator[tuple[Entry, Read]]:
    """Yield the entries of a ZIP file in the order of its directory, each with a function to read its start.

    Raises
    ------
    zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError
        When the directory cannot be read.
    """
    with zipfile.ZipFile(file) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        overlapping = _overlapping(infos)
        for index, info in enumerate(infos):
            yield _entry(file, info, archive.start_dir, overlaps=index in overlapping), _reader(archive, info)


def _name(info: zipfile.ZipInfo) -> bytes:
    # Some programs on Windows write backslashes, which the format forbids.
    name = info.filename.replace("\\", "/") if info.create_system == 0 else info.filename
    return os.fsencode(name)


def _reader(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Read:
    def read(count: int) -> bytes:
        with archive.open(info) as opened:
            return opened.read(count)

    return read


def _entry(file: BinaryIO, info: zipfile.ZipInfo, end: int, *, overlaps: bool) -> Entry:
    entry = Entry(_name(info), size_bytes=info.file_size, packed_bytes=info.compress_size, crc32=info.CRC)
    if kind := _special(info):
        return replace(entry, skip=kind)
    if overlaps:
        return replace(entry, problem="it lies in the same place of the archive as another file")
    if problem := _problem(info):
        return replace(entry, problem=problem)
    return _placed(entry, file, info, end)


def _placed(entry: Entry, file: BinaryIO, info: zipfile.ZipInfo, end: int) -> Entry:
    """Return the entry with the offset of its bytes, which only the local header before them gives."""
    file.seek(info.header_offset)
    header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(b"PK\x03\x04"):
        return replace(entry, problem="its place in the archive holds something else")
    _magic, name_bytes, extra_bytes = _LOCAL.unpack(header)
    offset = info.header_offset + _LOCAL.size + name_bytes + extra_bytes
    if offset + info.compress_size > end:
        return replace(entry, problem="the archive ends in the middle of it")
    return replace(entry, offset=offset, packing=_PACKINGS[info.compress_type])


def _special(info: zipfile.ZipInfo) -> str:
    """Return the kind of an entry that is not a regular file; its mode is in the external attributes."""
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return LINKS_IN_ARCHIVES
    return "" if stat.S_IFMT(mode) in {0, stat.S_IFREG} else SPECIAL_FILES


def _problem(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _ENCRYPTED:
        return say("it is encrypted")
    if info.compress_type not in _PACKINGS:
        return say(
            "it is packed in a way that is not supported (method {compress_type})",
            compress_type=info.compress_type,
        )
    if info.compress_type == zipfile.ZIP_STORED and info.file_size != info.compress_size:
        return say("the archive says two sizes of it")
    if info.file_size > MAX_TIMES * info.compress_size:
        return say(
            "it claims {file_size:,} bytes, which {compress_size:,} cannot hold",
            file_size=info.file_size,
            compress_size=info.compress_size,
        )
    return ""


def _overlapping(infos: list[zipfile.ZipInfo]) -> set[int]:
    """Return the indices in `infos` of entries that share bytes with another."""
    order = sorted(range(len(infos)), key=lambda index: infos[index].header_offset)
    found: set[int] = set()
    furthest, furthest_end = -1, -1
    for index in order:
        begin = infos[index].header_offset
        if begin < furthest_end:
            found |= {index, furthest}
        end = begin + _LOCAL.size + infos[index].compress_size
        if end > furthest_end:
            furthest, furthest_end = index, end
    return found

"""Locate the pictures in a JPEG file that holds several (Multi-Picture Format, CIPA DC-007)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.imaging.base.data import Data

PREFIX = b"MPF\0"
"""Prefix of the segment that lists the pictures."""

_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
_ENTRY_BYTES = 12
_LIST_TAG = 0xB002
_PICTURE = struct.Struct("IIIHH")
_CLASS, _JPEG = 0xFF0000, 0x07000000
_NOT_SAMPLES = frozenset({0x010000, 0x050000})
"""Picture classes that are no samples: preview copies and gain maps."""

_START = b"\xff\xd8"
_END, _END_WITHIN_BYTES = b"\xff\xd9", 4096
_SCAN = b"\xff\xda"
_GAIN_MAP_NAMES = (b"hdrgm:Version", b"HDRGainMap")
"""Names found in the metadata of a gain map, which tells bright screens how to show another picture."""

Place = tuple[int, int]
"""Start and end of a picture in the file, in bytes."""


def places(data: Data, list_start: int, list_end: int) -> list[Place]:
    """Return the places of the listed pictures after the first; none if the list cannot be read.

    Preview copies and gain maps are left out: they show nothing that the first picture does not. Some
    programs write sizes beyond the end of the file; others truncate the file without updating the list.

    Parameters
    ----------
    data
        The whole file.
    list_start, list_end
        Bounds of the list after its prefix, in bytes; the offsets in the list count from `list_start`.
    """
    try:
        found = list(_listed(bytes(data[list_start:list_end])))
    except struct.error:
        return []
    pictures = [(list_start + start, list_start + start + size) for start, size in found]
    return [place for place in pictures if not _is_gain_map(data, *place)]


def picture(data: Data, place: Place) -> Data:
    """Return one of the pictures as a file of its own.

    Raises
    ------
    SampleError
        When the place holds no picture, or only part of one.
    """
    own = data[slice(*place)]
    if not own.startswith(_START):
        raise SampleError(say("its list of pictures names one that is not there"))
    if place[1] > len(data) and _END not in own[-_END_WITHIN_BYTES:]:
        raise SampleError(say("the file ends in the middle of the picture"))
    return own


def _listed(block: bytes) -> Iterator[Place]:
    """Yield the offset and size of each picture after the first, except previews and gain maps."""
    order = _ORDERS.get(block[:4])
    if order is None:
        return
    (directory,) = struct.unpack_from(f"{order}I", block, 4)
    (entries,) = struct.unpack_from(f"{order}H", block, directory)
    picture = struct.Struct(order + _PICTURE.format)
    for index in range(entries):
        tag, _type, size, start = struct.unpack_from(
            f"{order}HHII", block, directory + 2 + index * _ENTRY_BYTES
        )
        if tag != _LIST_TAG:
            continue
        # Skip the first entry: it is the file itself.
        for place in range(start + picture.size, start + size, picture.size):
            kind, picture_bytes, offset, _before, _after = picture.unpack_from(block, place)
            if kind & _CLASS not in _NOT_SAMPLES and not kind & _JPEG:  # 0 is JPEG
                yield offset, picture_bytes


def _is_gain_map(data: Data, start: int, end: int) -> bool:
    head = data[start : max(data.find(_SCAN, start, end), start)]
    return any(mark in head for mark in _GAIN_MAP_NAMES)

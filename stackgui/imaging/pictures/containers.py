"""Check files made of boxes: JPEG 2000, JPEG XL, HEIC and AVIF."""

from __future__ import annotations

from stackgui.imaging.base.data import Data

_BOX_BYTES, _LONG_BOX, _TO_THE_END = 8, 1, 0
_MAX_BOXES = 4096


def lacks_a_box(data: Data) -> bool:
    """Whether the file ends before one of its top-level boxes does."""
    place = 0
    for _ in range(_MAX_BOXES):
        head = data[place : place + 2 * _BOX_BYTES]
        length = int.from_bytes(head[:4], "big")
        if place >= len(data) or length == _TO_THE_END or not head[4:_BOX_BYTES].isalnum():
            return False
        place += int.from_bytes(head[_BOX_BYTES:], "big") if length == _LONG_BOX else max(length, _BOX_BYTES)
        if place > len(data):
            return True
    return False

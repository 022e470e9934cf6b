"""Whether a file is shorter than its outermost parts say: decoders that fail then seldom say why."""

from __future__ import annotations

from stackgui.imaging.data import Data

_BOXED = frozenset({"avif", "heic", "jpeg2000", "jpegxl"})
_BOX_BYTES, _LONG_BOX, _TO_THE_END = 8, 1, 0
_MOST_BOXES = 4096
_END_OF_CODESTREAM = b"\xff\xd9"


def is_cut_off(data: Data, format_: str) -> bool:
    """Whether a whole file of this format ends before its outermost parts do."""
    if format_ == "webp":
        return _BOX_BYTES + int.from_bytes(data[4:_BOX_BYTES], "little") > len(data)
    if format_ == "jpeg2000" and data.rfind(_END_OF_CODESTREAM) < 0:
        return True
    return format_ in _BOXED and _lacks_a_box(data)


def _lacks_a_box(data: Data) -> bool:
    place = 0
    for _ in range(_MOST_BOXES):
        head = data[place : place + 2 * _BOX_BYTES]
        length = int.from_bytes(head[:4], "big")
        if place >= len(data) or length == _TO_THE_END or not head[4:_BOX_BYTES].isalnum():
            return False
        place += int.from_bytes(head[_BOX_BYTES:], "big") if length == _LONG_BOX else max(length, _BOX_BYTES)
        if place > len(data):
            return True
    return False

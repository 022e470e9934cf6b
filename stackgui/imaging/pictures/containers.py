"""Whether a file ends where its outermost parts say: decoders that fail where it does not seldom say why."""

from __future__ import annotations

from stackgui.imaging.base.data import Data

_BOXED = frozenset({"avif", "heic", "jpeg2000", "jpegxl"})
_BOX_BYTES, _LONG_BOX, _TO_THE_END = 8, 1, 0
_MAX_BOXES = 4096
_WITH_END_MARK = frozenset({"gif", "jpeg2000", "png"})
_CODESTREAM, _END_OF_CODESTREAM = b"\xff\x4f\xff\x51", b"\xff\xd9"
_PNG_START, _PNG_AROUND, _PNG_END = 8, 12, b"\0\0\0\0IEND\xaeB`\x82"
_GIF_START, _GIF_IMAGE, _GIF_EXTENSION, _GIF_END = 13, 0x2C, 0x21, 0x3B
_TGA_FOOTER_BYTES, _TGA_MARK, _TGA_END = 26, b"TRUEVISION", b"TRUEVISION-XFILE.\0"


def is_cut_off(data: Data, format_: str) -> bool:
    """Whether a whole file of this format ends before its outermost parts do."""
    if format_ == "webp":
        return _BOX_BYTES + int.from_bytes(data[4:_BOX_BYTES], "little") > len(data)
    if format_ in _WITH_END_MARK and lacks_end_mark(data, format_):
        return True
    return format_ in _BOXED and _lacks_a_box(data)


def lacks_end_mark(data: Data, format_: str) -> bool:
    """Whether a whole file lacks the mark that its format has at the end, or a part of it.

    What follows the mark does not matter.
    """
    if format_ == "png":
        return data[-len(_PNG_END) :] != _PNG_END and _png_lacks_end(data)
    if format_ == "gif":
        return data[-1] != _GIF_END and _gif_lacks_end(data)
    if format_ == "jpeg2000":
        return data.rfind(_END_OF_CODESTREAM) < data.find(_CODESTREAM)
    if format_ == "tga":  # older files have none
        tail = data[-_TGA_FOOTER_BYTES:]
        return _TGA_MARK in tail and not tail.endswith(_TGA_END)
    return False


def _png_lacks_end(data: Data) -> bool:
    place = _PNG_START
    while place + _PNG_AROUND <= len(data):
        if data[place + 4 : place + 8] == b"IEND":
            return False
        place += _PNG_AROUND + int.from_bytes(data[place : place + 4], "big")
    return True


def _gif_lacks_end(data: Data) -> bool:
    place = _GIF_START + _gif_palette_bytes(data[10])
    while place < len(data):
        kind = data[place]
        if kind == _GIF_IMAGE and place + 10 < len(data):
            place += 11 + _gif_palette_bytes(data[place + 9])
        elif kind == _GIF_EXTENSION:
            place += 2
        else:
            # Pillow passes over what is between blocks.
            if kind == _GIF_END:
                return False
            place += 1
            continue
        while place < len(data) and data[place]:
            place += 1 + data[place]
        place += 1
    return True


def _gif_palette_bytes(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _lacks_a_box(data: Data) -> bool:
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

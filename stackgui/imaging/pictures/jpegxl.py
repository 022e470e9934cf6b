"""JPEG XL, through libjxl (imagecodecs)."""

from __future__ import annotations

import numpy as np

from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.catalog import Header
from stackgui.imaging.base import framed
from stackgui.imaging.base.data import AllFrames, Data, LastOpened
from stackgui.imaging.base.declaration import IMAGECODECS, Format, Holds
from stackgui.imaging.base.decoder import Decoder, Pixels, Sample, Start
from stackgui.imaging.base.limits import check_size
from stackgui.imaging.pictures.containers import lacks_a_box

_CODESTREAM = b"\xff\x0a"
_BOX_BYTES = 8
_ALL, _PART = b"jxlc", b"jxlp"
_NUMBER_BYTES, _IS_LAST = 4, 0x80
_LONG_BOX = 1
_RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
_SIDE_BITS = (9, 13, 18, 30)
_SIZE_BYTES = 48
"""More than the description of the size and what follows it up to the mark of an animation take."""


class _JpegXl(Decoder[Data]):
    def headers(self, start: Start[Data]) -> Header:
        """Decode the file for its header, after a look at its size.

        What follows the size in such a file cannot be told without most of a decoder.
        """
        frames = _opened.get(start.data).frames
        height, width, channels = frames[0].shape
        header = Header(start.format, height, width, channels, frames[0].dtype.name)
        return framed.headers(len(frames), start.scan.frames, start.format, lambda _member: header)

    def decode(self, sample: Sample[Data]) -> Pixels:
        """The pixels of a frame, which libjxl puts upright."""
        frames = _opened.get(sample.data).frames
        if sample.member >= len(frames):
            raise SampleError("it has fewer frames than when it was looked at")
        return frames[sample.member], 1

    def is_cut_off(self, data: Data) -> bool:
        """Whether a box is not whole."""
        return lacks_a_box(data)


def _open(data: Data) -> AllFrames:
    from imagecodecs import jpegxl_decode  # noqa: PLC0415 - loaded when the first such file appears

    start = _codestream(data) + len(_CODESTREAM)
    bits = _Bits(int.from_bytes(data[start : start + _SIZE_BYTES], "little"))
    check_size(*_size(bits))
    first = np.asarray(jpegxl_decode(bytes(data), index=0))
    frames = first[np.newaxis]
    if _may_move(bits):
        # All at once: asked for a single one beyond the last, the decoder gives foreign memory.
        every = np.asarray(jpegxl_decode(bytes(data), index=None))
        frames = every if every.ndim > first.ndim else frames
    return AllFrames(data, frames[..., np.newaxis] if first.ndim == len("HW") else frames)


_opened = LastOpened(_open)


def _may_move(bits: _Bits) -> bool:
    """Whether a picture may be animated, from what follows its size (ISO/IEC 18181-1, image metadata)."""
    all_default, has_more = bits.take(1), bits.take(1)
    if all_default or not has_more:
        return False
    bits.take(3)  # its orientation
    if bits.take(1):
        _size(bits)  # at which it is meant to be shown
    has_preview = bits.take(1)
    return bool(has_preview or bits.take(1))


def _size(bits: _Bits) -> tuple[int, int]:
    """Height and width."""
    is_small = bool(bits.take(1))
    height = _side(bits, is_small=is_small)
    ratio = bits.take(3)
    if ratio:
        return height, height * _RATIOS[ratio][0] // _RATIOS[ratio][1]
    return height, _side(bits, is_small=is_small)


def _side(bits: _Bits, *, is_small: bool) -> int:
    if is_small:
        return (bits.take(5) + 1) * 8
    return bits.take(_SIDE_BITS[bits.take(2)]) + 1


class _Bits:
    """Bits from the lowest on."""

    def __init__(self, value: int) -> None:
        self._value = value

    def take(self, count: int) -> int:
        """The next `count` bits as a number."""
        taken = self._value & ((1 << count) - 1)
        self._value >>= count
        return taken


def _codestream(data: Data) -> int:
    """Where the codestream begins: at once, or in a box."""
    if data[: len(_CODESTREAM)] == _CODESTREAM:
        return 0
    place, found, is_whole = 0, 0, True
    while place + _BOX_BYTES <= len(data):
        length, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + _BOX_BYTES]
        begin = place + _BOX_BYTES
        if length == _LONG_BOX:
            length, begin = int.from_bytes(data[begin : begin + 8], "big"), begin + 8
        if kind in (_ALL, _PART):
            # A part has its number, and the mark of the last, before its share of the codestream.
            found = found or begin + (_NUMBER_BYTES if kind == _PART else 0)
            is_whole = length <= len(data) - place and (kind == _ALL or bool(data[begin] & _IS_LAST))
        if length < _BOX_BYTES:
            break  # up to the end of the file
        place += length
    if not found:
        raise SampleError("the file has no picture header")
    if not is_whole:
        raise SampleError("the file ends in the middle of the picture")
    return found


FORMATS = (
    Format(
        name="jpegxl",
        title="JPEG XL",
        decoder=_JpegXl(),
        libraries=(IMAGECODECS,),
        magic=(b"\0\0\0\x0cJXL \r\n\x87\n", _CODESTREAM),
        suffixes=(".jxl",),
        holds=Holds.FRAMES,
        needs_whole_file=True,
    ),
)

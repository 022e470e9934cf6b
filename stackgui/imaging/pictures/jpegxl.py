"""The JPEG XL decoder, through libjxl (imagecodecs)."""

from __future__ import annotations

import numpy as np

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.imaging.base import framed
from stackgui.imaging.base.data import AllFrames, Data, LastOpened
from stackgui.imaging.base.declaration import IMAGECODECS, Format, Holds
from stackgui.imaging.base.decoder import Decoder, Pixels, Sample, Start
from stackgui.imaging.base.limits import check_size
from stackgui.imaging.pictures.containers import lacks_a_box

_CODESTREAM = b"\xff\x0a"
_BOX_BYTES = 8
_WHOLE_BOX, _PARTIAL_BOX = b"jxlc", b"jxlp"
_NUMBER_BYTES, _IS_LAST = 4, 0x80
_LONG_BOX = 1
_RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
_SIDE_BITS = (9, 13, 18, 30)
_SIZE_BYTES = 48
"""More than the header takes, from the size up to the animation flag."""


class _JpegXl(Decoder[Data]):
    def headers(self, start: Start[Data]) -> Header:
        """Check the size, then decode the file for the rest of its header.

        Parsing the header after the size would take most of a decoder.
        """
        frames = _opened.get(start.data).frames
        height, width, channels = frames[0].shape
        header = Header(start.format, height, width, channels, frames[0].dtype.name)
        return framed.headers(len(frames), start.scan.frames, start.format, lambda _member: header)

    def decode(self, sample: Sample[Data]) -> Pixels:
        """Return the pixels of a frame, which libjxl has turned upright."""
        frames = _opened.get(sample.data).frames
        if sample.member >= len(frames):
            raise SampleError(say("it has fewer frames than when it was looked at"))
        return frames[sample.member], 1

    def is_cut_off(self, data: Data) -> bool:
        """Whether a box is incomplete."""
        return lacks_a_box(data)


def _open(data: Data) -> AllFrames:
    from imagecodecs import jpegxl_decode  # noqa: PLC0415 - loaded when the first such file appears

    start = _codestream(data) + len(_CODESTREAM)
    bits = _Bits(int.from_bytes(data[start : start + _SIZE_BYTES], "little"))
    check_size(*_size(bits))
    first = np.asarray(jpegxl_decode(bytes(data), index=0))
    frames = first[np.newaxis]
    if _may_be_animated(bits):
        # Decode all frames at once: for an index beyond the last, the decoder returns foreign memory.
        every = np.asarray(jpegxl_decode(bytes(data), index=None))
        frames = every if every.ndim > first.ndim else frames
    return AllFrames(data, frames[..., np.newaxis] if first.ndim == len("HW") else frames)


_opened = LastOpened(_open)


def _may_be_animated(bits: _Bits) -> bool:
    """Whether the image metadata after the size allows an animation (ISO/IEC 18181-1)."""
    all_default, has_more = bits.take(1), bits.take(1)
    if all_default or not has_more:
        return False
    bits.take(3)  # orientation
    if bits.take(1):
        _size(bits)  # intrinsic size, for display
    has_preview = bits.take(1)
    return bool(has_preview or bits.take(1))


def _size(bits: _Bits) -> tuple[int, int]:
    """Read the height and width."""
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
    """Reads bits, least significant first."""

    def __init__(self, value: int) -> None:
        self._value = value

    def take(self, count: int) -> int:
        """Return the next `count` bits as a number."""
        taken = self._value & ((1 << count) - 1)
        self._value >>= count
        return taken


def _codestream(data: Data) -> int:
    """Return the offset of the codestream, which is bare or in a box."""
    if data[: len(_CODESTREAM)] == _CODESTREAM:
        return 0
    place, found, is_whole = 0, 0, True
    while place + _BOX_BYTES <= len(data):
        length, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + _BOX_BYTES]
        begin = place + _BOX_BYTES
        if length == _LONG_BOX:
            length, begin = int.from_bytes(data[begin : begin + 8], "big"), begin + 8
        if kind in (_WHOLE_BOX, _PARTIAL_BOX):
            # A partial box starts with its sequence number, whose top bit marks the last box.
            found = found or begin + (_NUMBER_BYTES if kind == _PARTIAL_BOX else 0)
            is_whole = length <= len(data) - place and (kind == _WHOLE_BOX or bool(data[begin] & _IS_LAST))
        if length < _BOX_BYTES:
            break  # the box extends to the end of the file
        place += length
    if not found:
        raise SampleError(say("the file has no picture header"))
    if not is_whole:
        raise SampleError(say("the file ends in the middle of the picture"))
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

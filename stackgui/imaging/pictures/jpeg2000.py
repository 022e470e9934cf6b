"""The JPEG 2000 decoder: Pillow up to 8 bits, imagecodecs for deeper numbers, which Pillow would reduce."""

from __future__ import annotations

import struct
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.meaning import GREY, GREY_ALPHA, RGB, RGBA, meaning_of
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.declaration import IMAGECODECS, PILLOW, Format
from stackgui.imaging.base.decoder import Pixels, Sample, Start
from stackgui.imaging.base.errors import MoreBytesNeeded
from stackgui.imaging.base.limits import check_size
from stackgui.imaging.pictures.containers import lacks_a_box
from stackgui.imaging.pictures.pillow import Pillow, Plugin
from stackgui.imaging.pixels import profiles

_START, _END = b"\xff\x4f\xff\x51", b"\xff\xd9"
_SIZE = struct.Struct(">4xHH8I H")
_SIGNED = 0x80
_STYLE, _MIXED_AT = b"\xff\x52", 8
_PILLOW_BITS, _MAX_BITS = 8, 16
_COLOUR_BOX, _PROFILE_BOX = b"colr\x01", b"colr\x02"
_CHANNEL_BOX, _CHANNEL_ENTRY = b"cdef", struct.Struct(">HHH")
_OPACITIES = (1, 2)
_LENGTH_BYTES, _PROFILE_PREFIX_BYTES = 4, 7
_PLAIN_COLOURS = frozenset({16, 17})  # sRGB and grey; OpenJPEG does not convert others, such as YCC


class Frame(NamedTuple):
    """Header of the codestream.

    Attributes
    ----------
    height, width, components, bits : int
        Size in pixels, number of components, and bits of the deepest one.
    is_plain : bool
        Whether all components have the same depth and full size, in a colour space that needs no conversion.
    is_signed : bool
        Whether any component is signed.
    is_mixed : bool
        Whether the encoder decorrelated red, green and blue; the decoder reverses it.
    """

    height: int
    width: int
    components: int
    bits: int
    is_plain: bool
    is_signed: bool
    is_mixed: bool

    @property
    def is_deep(self) -> bool:
        """Whether it has more bits than Pillow keeps."""
        return self.bits > _PILLOW_BITS


class _Jpeg2000(Pillow):
    def headers(self, start: Start[Data]) -> Header:
        """Read the header, through Pillow up to 8 bits."""
        frame = _read_frame(start.data, start.file_bytes)
        if not frame.is_deep:
            if not start.is_whole:
                raise MoreBytesNeeded
            header = super().headers(start)
            return replace(header, meaning=header.meaning or _meaning(start.data, frame))
        _check(frame)
        bits = frame.bits if frame.bits < _MAX_BITS else 0
        name = profiles.name_of(_profile(start.data), profiles.space_of(frame.components), "uint16")
        return Header(
            start.format,
            frame.height,
            frame.width,
            frame.components,
            "uint16",
            bits=bits,
            profile=name,
            meaning=_meaning(start.data, frame),
        )

    def meaning(self, sample: Sample[Data]) -> str:
        """Return what the channels mean."""
        return _meaning(sample.data, _read_frame(sample.data, len(sample.data)))

    def profile(self, sample: Sample[Data]) -> bytes | None:
        """Return the embedded colour profile."""
        return _profile(sample.data)

    def decode(self, sample: Sample[Data]) -> Pixels:
        """Decode the pixels, through Pillow up to 8 bits."""
        frame = _read_frame(sample.data, len(sample.data))
        if not frame.is_deep:
            return super().decode(sample)
        _check(frame)
        return _decoded(sample.data, frame), 1

    def lacks_end_mark(self, data: Data) -> bool:
        """Whether the codestream lacks its end mark."""
        return data.rfind(_END) < data.find(_START)

    def is_cut_off(self, data: Data) -> bool:
        """Whether the codestream lacks its end mark, or a box is incomplete."""
        return self.lacks_end_mark(data) or lacks_a_box(data)


def _meaning(data: Data, frame: Frame) -> str:
    """Return the meaning of the channels; only a box can declare alpha (ISO/IEC 15444-1, I.5.3.6)."""
    colours = {GREY_ALPHA: GREY, RGBA: RGB}.get(frame.components)
    if colours is None:
        return ""
    box = data.find(_CHANNEL_BOX, 0, max(data.find(_START), 0))
    entries = data[box + 4 : box + 6 + frame.components * _CHANNEL_ENTRY.size] if box >= 0 else b""
    count = int.from_bytes(entries[:2], "big")
    said = {
        channel: kind
        for channel, kind, _colour in _CHANNEL_ENTRY.iter_unpack(entries[2 : 2 + count * _CHANNEL_ENTRY.size])
    }
    return meaning_of(colours, "A" if said.get(colours) in _OPACITIES else "?")


def _profile(data: Data) -> bytes | None:
    box = data.find(_PROFILE_BOX, 0, data.find(_START))
    if box < _LENGTH_BYTES:
        return None
    length = int.from_bytes(data[box - _LENGTH_BYTES : box], "big")
    return bytes(data[box + _PROFILE_PREFIX_BYTES : box - _LENGTH_BYTES + length])


def decode_codestream(data: bytes) -> tuple[NDArray[Any], Frame]:
    """Decode a codestream embedded in another format, of any depth, signed or not.

    Returns
    -------
    ndarray, shape (h, w, c)
        Pixels in the smallest integer dtype that holds them.
    Frame
        Header of the codestream.
    """
    frame = _read_frame(data, len(data))
    _check(frame, can_be_signed=True)
    return _decoded(data, frame), frame


def _decoded(data: Data, frame: Frame) -> NDArray[Any]:
    from imagecodecs import jpeg2k_decode  # noqa: PLC0415 - loaded when the first such file appears

    return np.asarray(jpeg2k_decode(bytes(data))).reshape(frame.height, frame.width, frame.components)


def _read_frame(data: Data, file_bytes: int) -> Frame:
    start = data.find(_START)
    if start < 0 or start + _SIZE.size > len(data):
        if len(data) < file_bytes:
            raise MoreBytesNeeded
        raise SampleError(say("the file has no picture header"))
    fields = _SIZE.unpack_from(data[start : start + _SIZE.size])
    width, height = fields[2] - fields[4], fields[3] - fields[5]
    parts = data[start + _SIZE.size : start + _SIZE.size + 3 * fields[-1]]
    depths = parts[::3]
    bits = max(((depth & ~_SIGNED) + 1 for depth in depths), default=0)
    # All components have the same depth, and none is subsampled.
    is_plain = len(set(depths)) == 1 and set(parts[1::3] + parts[2::3]) == {1}
    colour = data.find(_COLOUR_BOX, 0, start)
    if colour >= 0:
        space = int.from_bytes(data[colour + 7 : colour + 11], "big")
        is_plain = is_plain and space in _PLAIN_COLOURS
    is_signed = any(depth >= _SIGNED for depth in depths)
    style = data.find(_STYLE, start + _SIZE.size)
    is_mixed = style >= 0 and data[style + _MIXED_AT : style + _MIXED_AT + 1] == b"\1"
    return Frame(height, width, fields[-1], bits, is_plain, is_signed, is_mixed)


def _check(frame: Frame, *, can_be_signed: bool = False) -> None:
    check_size(frame.height, frame.width)
    if (
        not frame.is_plain
        or (frame.is_signed and not can_be_signed)
        or frame.bits > _MAX_BITS
        or not 1 <= frame.components <= RGBA
    ):
        raise SampleError(say("JPEG 2000 pictures of this kind are not supported"))


FORMATS = (
    Format(
        name="jpeg2000",
        title="JPEG 2000",
        decoder=_Jpeg2000(Plugin("PIL.Jpeg2KImagePlugin", "JPEG2000", has_palettes=False)),
        libraries=(PILLOW, IMAGECODECS),
        magic=(b"\0\0\0\x0cjP  \r\n\x87\n", _START),
        suffixes=(".j2k", ".jp2", ".jpx"),
    ),
)

"""The PNG decoder: walks the chunks for the header, and calls libpng (imagecodecs), which keeps 16 bits.

The most common kinds are decoded faster: see `stackgui.imaging.pictures.png_stored`.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass, field, replace

import numpy as np

from stackgui.core.base.decoding import Decoding
from stackgui.core.base.errors import SampleError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.doubts import Doubt
from stackgui.core.catalog.meaning import PALETTE
from stackgui.imaging.base import doubts, framed
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.declaration import IMAGECODECS, PILLOW, Format, Holds
from stackgui.imaging.base.decoder import Pixels, Sample, Start
from stackgui.imaging.base.errors import MoreBytesNeeded
from stackgui.imaging.base.limits import check_claim, check_size
from stackgui.imaging.pictures import png_stored
from stackgui.imaging.pictures.pillow import Pillow, Plugin
from stackgui.imaging.pixels import orientation as orient
from stackgui.imaging.pixels import profiles
from stackgui.imaging.pixels.channels import convert_channels

_GREY, _RGB, _PALETTE, _GREY_ALPHA, _RGBA = 0, 2, 3, 4, 6
_DEPTHS = {
    _GREY: (1, 2, 4, 8, 16),
    _RGB: (8, 16),
    _PALETTE: (1, 2, 4, 8),
    _GREY_ALPHA: (8, 16),
    _RGBA: (8, 16),
}
_SAMPLES_STORED = {_GREY: 1, _RGB: 3, _PALETTE: 1, _GREY_ALPHA: 2, _RGBA: 4}
_CHANNELS = {_GREY: 1, _RGB: 3, _PALETTE: 3, _GREY_ALPHA: 2, _RGBA: 4}
_DEEP_BITS = 16
_CHECKSUM_BYTES = 4
_HEADER_BYTES, _COLOUR_AT = 33, 25
_START_BYTES, _AROUND_BYTES, _END = 8, 12, b"\0\0\0\0IEND\xaeB`\x82"
_DEFLATE_LIMIT = 1032
_TEXT_LIMIT_BYTES = 2**20
_RAW_EXIF = b"Raw profile type exif"
_XMP = b"XML:com.adobe.xmp"


@dataclass(slots=True)
class _Chunks:
    """Header and metadata, read from the chunks."""

    width: int = 0
    height: int = 0
    depth: int = 0
    colour: int = 0
    transparent: bool = False
    palette_colours: int = 0
    exif: bytes | None = None
    raw_exif: bytes | None = None
    xmp: bytes | None = None
    profile: bytes | None = None
    is_animated: bool = False
    layout: png_stored.Layout = field(default_factory=png_stored.Layout)

    @property
    def channels(self) -> int:
        # A tRNS chunk adds an alpha channel: grey 1 → 2, colour and palette 3 → 4.
        return _CHANNELS[self.colour] + self.transparent

    @property
    def dtype(self) -> str:
        return "uint16" if self.depth == _DEEP_BITS else "uint8"

    @property
    def orientation(self) -> int:
        exif = self.exif if self.exif is not None else _unhex(self.raw_exif)
        return orient.from_blocks(exif, self.xmp) if exif or self.xmp else 1


class _Png(Pillow):
    def headers(self, start: Start[Data]) -> Header:
        """Read the header from the chunks; for an animation, the headers of all frames."""
        chunks = _walk(start.data, start.file_bytes)
        orientation = chunks.orientation
        height, width = chunks.height, chunks.width
        if orient.swaps_sides(orientation):
            height, width = width, height
        name = profiles.name_of(chunks.profile, profiles.space_of(chunks.channels), chunks.dtype)
        meaning = PALETTE if chunks.colour == _PALETTE else ""
        header = Header(
            start.format,
            height,
            width,
            chunks.channels,
            chunks.dtype,
            orientation,
            profile=name,
            meaning=meaning,
        )
        frames = self.count(start.data) if chunks.is_animated else 1

        def of_frame(index: int) -> Header:
            _check_frame(chunks, index)
            return (
                replace(header, meaning="") if index else header
            )  # Pillow composes frames in RGB, without the palette

        return framed.headers(frames, start.scan.frames, start.format, of_frame)

    def profile(self, sample: Sample[Data]) -> bytes | None:
        """Return the embedded colour profile."""
        return _walk(sample.data, len(sample.data)).profile

    def decode(self, sample: Sample[Data]) -> Pixels:
        """Decode the pixels; Pillow decodes frames after the first, because it composes them."""
        from imagecodecs import png_decode  # noqa: PLC0415 - loaded when the first such file appears

        data, out = sample.data, sample.out
        chunks = _walk(data, len(data))
        orientation = chunks.orientation
        if sample.member:
            _check_frame(chunks, sample.member)
            pixels, _orientation = super().decode(sample)
            return convert_channels(pixels, sample.channels or chunks.channels), orientation
        shape = (chunks.height, chunks.width, chunks.channels)
        is_direct = (
            out is not None
            and orientation == 1
            and sample.channels in (None, chunks.channels)
            and (out.shape, out.dtype.name, out.flags.c_contiguous) == (shape, chunks.dtype, True)
        )
        pixels = np.empty(shape, chunks.dtype) if out is None or not is_direct else out
        if not chunks.transparent and png_stored.decode(data, chunks.layout, pixels):
            return pixels, orientation
        # libpng takes grey without a channel axis. It ignores a damaged tRNS chunk; the shape then differs,
        # and it raises an error.
        png_decode(data, out=pixels[:, :, 0] if chunks.channels == 1 else pixels)
        return pixels, orientation

    def indices(self, sample: Sample[Data]) -> Pixels | None:
        """Decode the picture as indices into its palette."""
        from imagecodecs import png_decode  # noqa: PLC0415 - loaded when the first such file appears

        data = sample.data
        chunks = _walk(data, len(data))
        if chunks.colour != _PALETTE or sample.member:
            return None
        # Rewrite the header as grey of the same depth: libpng checks it as strictly, and widens it to 8 bits.
        grey = bytearray(data)
        grey[_COLOUR_AT] = _GREY
        grey[_HEADER_BYTES - 4 : _HEADER_BYTES] = zlib.crc32(grey[12 : _HEADER_BYTES - 4]).to_bytes(4, "big")
        widened = np.asarray(png_decode(bytes(grey)))
        return (widened // (255 // (2**chunks.depth - 1)))[:, :, np.newaxis], chunks.orientation

    def lacks_end_mark(self, data: Data) -> bool:
        """Whether the last chunk is missing."""
        return data[-len(_END) :] != _END and _lacks_end(data)


def _lacks_end(data: Data) -> bool:
    place = _START_BYTES
    while place + _AROUND_BYTES <= len(data):
        if data[place + 4 : place + 8] == b"IEND":
            return False
        place += _AROUND_BYTES + int.from_bytes(data[place : place + 4], "big")
    return True


def _check_frame(chunks: _Chunks, index: int) -> None:
    """Refuse 16-bit frames after the first: only Pillow composes frames, and it reduces them to 8 bits."""
    if index and chunks.depth == _DEEP_BITS:
        raise SampleError(say("frames after the first of a PNG of 16 bits are not supported"))


def _walk(data: Data, file_bytes: int) -> _Chunks:
    """Walk all chunks: the orientation may follow the pixels, and Pillow obeys it there too."""
    chunks = _read_ihdr(data)
    _check(chunks, file_bytes)
    pos, seen_pixels = _HEADER_BYTES, False
    while pos + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, pos)
        body = data[pos + 8 : pos + 8 + length] if kind in _READERS else b""
        chunks.layout.add(kind, pos, pos + 12 + length)
        if kind == b"IEND":
            return chunks
        if kind == b"IDAT":
            seen_pixels = True
        elif kind == b"PLTE":
            chunks.palette_colours = length // _SAMPLES_STORED[_RGB]
        elif kind[:1].isupper():
            name = printable(kind.decode("latin-1"))
            raise SampleError(
                say("it needs a decoder that knows its parts of kind {name}, and there is none", name=name)
            )
        else:
            _check_intact(data, pos, length)
            _take(chunks, kind, body, length, is_late=seen_pixels)
        pos += 12 + length
    if len(data) < file_bytes:
        raise MoreBytesNeeded
    if not seen_pixels:
        raise SampleError(say("the file ends before the picture begins"))
    return chunks


def _take(chunks: _Chunks, kind: bytes, body: bytes, length: int, *, is_late: bool) -> None:
    """Store the metadata of a chunk."""
    if kind == b"tRNS":
        if not is_late and chunks.colour in (_GREY, _RGB, _PALETTE):
            _check_transparency(chunks, length)
            chunks.transparent = True
    elif body:
        _READERS[kind](chunks, body)


def _check_intact(data: Data, pos: int, length: int) -> None:
    """Note a doubt if a metadata chunk fails its checksum; skip a chunk that is not fully read yet."""
    said = data[pos + 8 + length : pos + 12 + length]
    is_whole = len(said) == _CHECKSUM_BYTES
    if is_whole and zlib.crc32(data[pos + 4 : pos + 8 + length]) != int.from_bytes(said, "big"):
        doubts.note(Doubt.WRONG_CHECKSUM)


def _check_transparency(chunks: _Chunks, length: int) -> None:
    """Refuse a tRNS chunk that libpng would ignore, which would make the picture opaque."""
    wanted = {_GREY: 2, _RGB: 6}.get(chunks.colour)
    fits = length == wanted if wanted else 0 < length <= chunks.palette_colours
    if not fits:
        raise SampleError(say("the picture is damaged (its transparency does not fit its colours)"))


def _read_ihdr(data: Data) -> _Chunks:
    if data[12:16] == b"CgBI":
        raise SampleError(say("PNG pictures in Apple's own form (CgBI) are not supported"))
    if len(data) < _HEADER_BYTES or data[12:16] != b"IHDR":
        raise SampleError(say("the file has no picture header"))
    if zlib.crc32(data[12:29]) != int.from_bytes(data[29:33], "big"):
        raise SampleError(say("the picture header is damaged (wrong checksum)"))
    width, height, depth, colour = struct.unpack_from(">IIBB", data, 16)
    if depth not in _DEPTHS.get(colour, ()):
        raise SampleError(
            say(
                "the picture header is damaged (bit depth {depth} with colour type {colour})",
                depth=depth,
                colour=colour,
            )
        )
    return _Chunks(width, height, depth, colour)


def _check(chunks: _Chunks, file_bytes: int) -> None:
    check_size(chunks.height, chunks.width)
    line_bytes = (chunks.width * chunks.depth * _SAMPLES_STORED[chunks.colour] + 7) // 8
    check_claim(chunks.height * line_bytes // _DEFLATE_LIMIT, file_bytes, chunks.height, chunks.width)


def _take_exif(chunks: _Chunks, body: bytes) -> None:
    chunks.exif = body


def _take_text(chunks: _Chunks, body: bytes) -> None:
    key, _, rest = body.partition(b"\0")
    if key == _RAW_EXIF:
        chunks.raw_exif = rest


def _take_packed_text(chunks: _Chunks, body: bytes) -> None:
    key, _, rest = body.partition(b"\0")
    if key == _RAW_EXIF:
        chunks.raw_exif = _inflate(rest[1:])


def _take_unicode_text(chunks: _Chunks, body: bytes) -> None:
    key, _, rest = body.partition(b"\0")
    if key not in (_XMP, _RAW_EXIF):
        return
    is_packed, _method, rest = rest[:1] == b"\1", rest[1:2], rest[2:]
    _language, _, rest = rest.partition(b"\0")
    _keyword, _, text = rest.partition(b"\0")
    if is_packed:
        text = _inflate(text)
    if key == _XMP:
        chunks.xmp = text
    else:
        chunks.raw_exif = text


def _take_profile(chunks: _Chunks, body: bytes) -> None:
    _name, _, rest = body.partition(b"\0")
    chunks.profile = _inflate(rest[1:], profiles.MAX_PROFILE_BYTES)


def _take_animation(chunks: _Chunks, _body: bytes) -> None:
    chunks.is_animated = True


_READERS = {
    b"eXIf": _take_exif,
    b"tEXt": _take_text,
    b"zTXt": _take_packed_text,
    b"iTXt": _take_unicode_text,
    b"iCCP": _take_profile,
    b"acTL": _take_animation,
}


def _inflate(packed: bytes, limit_bytes: int = _TEXT_LIMIT_BYTES) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, limit_bytes)
    except zlib.error:
        return b""


def _unhex(profile: bytes | None) -> bytes | None:
    """Decode EXIF from the text in which ImageMagick keeps it: a name, a length and hexadecimal digits."""
    if profile is None:
        return None
    try:
        return bytes.fromhex(b"".join(profile.split(b"\n")[3:]).decode("ascii"))
    except ValueError:
        return None


FORMATS = (
    Format(
        name="png",
        title="PNG",
        decoder=_Png(Plugin("PIL.PngImagePlugin", "PNG", has_frames=True, are_composed=True)),
        libraries=(IMAGECODECS, PILLOW),
        magic=(b"\x89PNG\r\n\x1a\n",),
        suffixes=(".apng", ".png"),
        holds=Holds.FRAMES,
        # The lines are inflated, wrapped for libspng and decoded: each step holds a copy.
        decoding=Decoding(copies=4, keeps_numbers=True),
    ),
)

"""The JPEG decoder: walks the markers for the header, and calls simplejpeg (libjpeg-turbo) for the pixels."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.decoding import Decoding
from stackgui.core.base.errors import SampleError
from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.imaging.base import framed
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.declaration import IMAGECODECS, PILLOW, SIMPLEJPEG, Format, Holds, Rank
from stackgui.imaging.base.decoder import Pixels, Sample, Start
from stackgui.imaging.base.errors import MoreBytesNeeded
from stackgui.imaging.base.limits import check_claim, check_size
from stackgui.imaging.pictures import jpeg_parts, jpeg_strict, mpo
from stackgui.imaging.pictures.pillow import Pillow, Plugin
from stackgui.imaging.pixels import orientation as orient
from stackgui.imaging.pixels import profiles
from stackgui.imaging.pixels.channels import GREY, RGB, RGBA

_JPEG_LS = 0xF7
_SOF_MARKERS = frozenset({*range(0xC0, 0xD0), _JPEG_LS} - {0xC4, 0xC8, 0xCC})
# simplejpeg decodes baseline, extended and progressive Huffman; Pillow decodes the other two.
_SIMPLEJPEG_MARKERS = frozenset({0xC0, 0xC1, 0xC2})
_ARITHMETIC = frozenset({0xC9, 0xCA})
_LOSSLESS = 0xC3
_PROGRESSIVE = 0xC2
_METADATA_MARKERS = frozenset({0xE1, 0xE2})  # segments with EXIF, XMP and colour profiles
_END_MARKERS = frozenset({0xDA, 0xD9})  # the first scan, or the end of the file
_MARK = 0xFF
_NOT_MARKERS = frozenset({0x00, 0xFF})
_BITS, _DEEP_BITS, _MIN_BITS, _MAX_BITS = 8, 12, 2, 16
_STANDALONE = frozenset({0x01, 0xD8, *range(0xD0, 0xD8)})
_SCAN = b"\xff\xda"
_SCAN_COUNT_AT = 4
_SHORT_BYTES = 2048
"""Cache parsed headers up to this length: those of small pictures, which hold tables and little else."""

_EXIF = b"Exif\0\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_ICC = b"ICC_PROFILE\0"
_ICC_PREFIX_BYTES = len(_ICC) + 2
_CMYK = 4
_CHANNELS = {1: GREY, 3: RGB, _CMYK: RGB}
# Luma sampling factors that libjpeg-turbo's simple interface has a name for.
_COMMON_LUMA = frozenset({(1, 1), (2, 1), (2, 2), (1, 2), (4, 1), (1, 4)})
_UNSAMPLED = 0x11
_INKS = "CMYK"
_COLOUR_SPACES = {GREY: "GRAY", RGB: "RGB", RGBA: "RGBA"}


class _Frame(NamedTuple):
    """The header of a picture, read from the markers before the first scan.

    `is_simple` tells whether simplejpeg decodes the picture exactly as Pillow does, and `least_bytes` is less
    than any file of that size takes.
    """

    marker: int
    height: int
    width: int
    components: int
    least_bytes: int
    is_simple: bool
    orientation: int
    profile: bytes
    bits: int
    scan: int
    pictures: mpo.Place | None
    has_several_scans: bool = False

    @property
    def is_deep(self) -> bool:
        """Whether samples have more or fewer than 8 bits."""
        return self.bits != _BITS


class _Jpeg(Pillow):
    def headers(self, start: Start[Data]) -> Header:
        """Read the header from the markers; if the file holds several pictures, read all their headers."""
        frame = _read_frame(start.data, start.file_bytes)
        if frame.pictures is None:
            return _header(frame, start.format, start.file_bytes)
        if not start.is_whole:
            raise MoreBytesNeeded
        pictures = _pictures(start.data, frame)
        return framed.headers(
            len(pictures),
            start.scan.frames,
            start.format,
            lambda member: _header_at(start.data, start.format, pictures[member]),
        )

    def profile(self, sample: Sample[Data]) -> bytes:
        """Return the embedded colour profile, or ``b""`` if there is none."""
        data = _picture(sample).data
        return _read_frame(data, len(data)).profile

    def decode(self, sample: Sample[Data]) -> Pixels:
        """Decode one of the pictures, from as many DCT frequencies as the requested size needs."""
        if sample.member:
            sample = _picture(sample)
        data, out = sample.data, sample.out
        frame = _read_frame(data, len(data))
        _check(frame, len(data))
        if not frame.is_simple:
            return self._rare(sample, frame)
        if sample.at_least:
            return _draft(sample, frame, sample.at_least)
        wanted = _wanted(frame, sample.channels)
        if (
            out is not None
            and frame.orientation == 1
            and wanted == (sample.channels or wanted)
            # The decoder sees only a buffer: it would silently fill one of the wrong shape.
            and out.shape == (frame.height, frame.width, wanted)
            and out.dtype == np.uint8
            and out.flags.c_contiguous
        ):
            jpeg_strict.decode(data, _COLOUR_SPACES[wanted], frame.has_several_scans, buffer=out)
            return out, 1
        pixels = jpeg_strict.decode(data, _COLOUR_SPACES[wanted], frame.has_several_scans)
        return pixels, frame.orientation

    def _rare(self, sample: Sample[Data], frame: _Frame) -> Pixels:
        """Decode a picture that simplejpeg does not decode, or not as Pillow does."""
        if frame.is_deep:
            return _decode_deep(sample.data, frame), frame.orientation
        return super().decode(sample._replace(data=_checked(sample.data, frame)))

    def inks(self, sample: Sample[Data]) -> Pixels:
        """Decode the picture as CMYK ink amounts."""
        sample = _picture(sample)
        frame = _read_frame(sample.data, len(sample.data))
        return super().inks(sample._replace(data=_checked(sample.data, frame)))


def _draft(sample: Sample[Data], frame: _Frame, at_least: tuple[int, int]) -> Pixels:
    """Decode from fewer DCT frequencies, to at least the size `at_least` of the upright picture."""
    height, width = reversed(at_least) if orient.swaps_sides(frame.orientation) else at_least
    space = _COLOUR_SPACES[_wanted(frame, sample.channels)]
    pixels = jpeg_strict.decode(
        sample.data, space, frame.has_several_scans, min_height=height, min_width=width, min_factor=2
    )
    return pixels, frame.orientation


def _header_at(data: Data, format_: str, place: mpo.Place) -> Header:
    own = mpo.picture(data, place) if place[0] else data
    return _header(_read_frame(own, len(own)), format_, len(own))


def _header(frame: _Frame, format_: str, file_bytes: int) -> Header:
    _check(frame, file_bytes)
    return _header_of(frame, format_)


@lru_cache(maxsize=64)
def _header_of(frame: _Frame, format_: str) -> Header:
    """Return the header; cached, because it takes longer to make than to read for small pictures."""
    height, width = frame.height, frame.width
    if orient.swaps_sides(frame.orientation):
        height, width = width, height
    channels = _CHANNELS[frame.components]
    space = profiles.INKS if frame.components == _CMYK else profiles.space_of(channels)
    dtype = "uint16" if frame.bits > _BITS else "uint8"
    bits = frame.bits if frame.is_deep and frame.bits < _MAX_BITS else 0
    name = profiles.name_of(frame.profile, space, dtype)
    return Header(format_, height, width, channels, dtype, frame.orientation, bits, profile=name)


def _pictures(data: Data, frame: _Frame) -> list[mpo.Place]:
    """Return the byte range of every picture in a file, in file order."""
    return [(0, len(data)), *(mpo.places(data, *frame.pictures) if frame.pictures else ())]


def _picture(sample: Sample[Data]) -> Sample[Data]:
    """Return the sample with only its own picture as data, as if it were a file by itself."""
    if not sample.member:
        return sample
    pictures = _pictures(sample.data, _read_frame(sample.data, len(sample.data)))
    if sample.member >= len(pictures):
        raise SampleError(say("it has fewer pictures than when it was looked at"))
    return sample._replace(data=mpo.picture(sample.data, pictures[sample.member]), member=0)


def _checked(data: Data, frame: _Frame) -> Data:
    """Check a file before Pillow decodes it: Pillow misses damage inside that libjpeg-turbo finds."""
    if frame.components != _CMYK or frame.marker not in _SIMPLEJPEG_MARKERS or frame.is_deep:
        jpeg_strict.look_over(data)
        return data
    return jpeg_strict.checked(data, _INKS, has_several_scans=frame.has_several_scans)


def _decode_deep(data: Data, frame: _Frame) -> NDArray[Any]:
    from imagecodecs import jpeg8_decode  # noqa: PLC0415 - loaded when the first such file appears

    # The decoder fills in missing pixels without an error.
    jpeg_strict.look_over(data)
    pixels = np.asarray(jpeg8_decode(bytes(data)))
    return pixels.reshape(frame.height, frame.width, frame.components)


def _wanted(frame: _Frame, channels: int | None) -> int:
    # For grey from a colour file, return RGB: Pillow converts from RGB rather than taking the luma plane.
    return channels if channels in (frame.components, RGB, RGBA) else frame.components


def _read_frame(data: Data, file_bytes: int) -> _Frame:
    """Read the markers up to the first scan, from the cache where possible."""
    global _last_known  # noqa: PLW0603 - files are read one after another
    if _last_known is not None and isinstance(data, bytes) and data.startswith(_last_known[0]):
        return _last_known[1]
    end = data.find(_SCAN, 0, _SHORT_BYTES)
    # The scan marker found may be bytes within a segment; the cached walk then finds no header.
    frame = _known_frame(start := data[: end + _SCAN_COUNT_AT + 1]) if end >= 0 else None
    if frame is None:
        return _walk(data, file_bytes)
    _last_known = start, frame
    return frame


_last_known: tuple[bytes, _Frame] | None = None
"""The start of the last file, up to its first scan, and what it says: the next one often begins alike."""


@lru_cache(maxsize=64)
def _known_frame(start: bytes) -> _Frame | None:
    """Return the frame if `start` holds the whole header, else None.

    Cached, because small pictures from one program begin alike, and the walk takes a fifth of their time.
    """
    try:
        return _walk(start, len(start) + 1)
    except MoreBytesNeeded:
        return None


def _walk(data: Data, file_bytes: int) -> _Frame:
    """Walk the markers from the start of the file to its first scan."""
    sof: int | None = None
    sof_start, pos = 0, 2
    metadata = _Metadata()
    try:
        while True:
            if data[pos] != _MARK or (marker := data[pos + 1]) in _NOT_MARKERS:
                pos += 1  # fill bytes, or stray bytes that every decoder skips
                continue
            if marker in _END_MARKERS:
                break
            if marker in _STANDALONE:
                pos += 2
                continue
            start = pos + 4
            pos += 2 + (data[pos + 2] << 8 | data[pos + 3])
            if marker in _SOF_MARKERS and sof is None:
                sof, sof_start = marker, start
            elif marker in _METADATA_MARKERS:
                metadata.take(data[start:pos], start)
        if sof is None:
            raise SampleError(say("the file has no picture header"))
        frame = _frame(data, sof, sof_start, metadata, pos)
        is_partial = marker != jpeg_parts.END and data[pos + _SCAN_COUNT_AT] < frame.components
        return frame._replace(has_several_scans=is_partial or sof == _PROGRESSIVE)
    except IndexError:
        if len(data) < file_bytes:
            raise MoreBytesNeeded from None
        raise SampleError(say("the file ends before the picture begins")) from None


class _Metadata:
    """EXIF, XMP, colour profile and picture list from the segments before the first scan."""

    def __init__(self) -> None:
        self._exif: bytes | None = None
        self._xmp: bytes | None = None
        self._profile: dict[int, bytes] = {}
        self.pictures: mpo.Place | None = None

    def take(self, segment: bytes, start: int) -> None:
        """Store the metadata of a segment whose content begins at byte `start`."""
        if segment.startswith(_EXIF):
            # EXIF larger than one segment continues in the next: drop the repeated prefix.
            self._exif = segment if self._exif is None else self._exif + segment[len(_EXIF) :]
        elif segment.startswith(_XMP):
            self._xmp = segment[len(_XMP) :]
        elif segment.startswith(_ICC) and len(segment) > _ICC_PREFIX_BYTES:
            self._profile.setdefault(segment[len(_ICC)], segment[_ICC_PREFIX_BYTES:])
        elif segment.startswith(mpo.PREFIX) and self.pictures is None:
            self.pictures = (start + len(mpo.PREFIX), start + len(segment))

    @property
    def orientation(self) -> int:
        return orient.from_blocks(self._exif, self._xmp) if self._exif or self._xmp else 1

    @property
    def profile(self) -> bytes:
        # Each segment carries its sequence number; the order in the file may differ.
        return b"".join(self._profile[place] for place in sorted(self._profile))


def _frame(data: Data, marker: int, start: int, metadata: _Metadata, scan: int) -> _Frame:
    bits, components = data[start], data[start + 5]
    height = data[start + 1] << 8 | data[start + 2]
    width = data[start + 3] << 8 | data[start + 4]
    if marker == _JPEG_LS:
        raise SampleError(say("JPEG-LS pictures are not supported"))
    if marker not in _SIMPLEJPEG_MARKERS and marker not in _ARITHMETIC and marker != _LOSSLESS:
        raise SampleError(
            say("JPEG pictures of this rare kind (differential or hierarchical) are not supported")
        )
    if not _is_supported(marker, bits, components):
        raise SampleError(say("{bits}-bit JPEG pictures are not supported", bits=bits))
    if components not in _CHANNELS:
        raise SampleError(
            say(
                "JPEG pictures with {components} are not supported",
                components=format_count(components, "component"),
            )
        )
    factors = bytes([data[start + 7 + 3 * component] for component in range(components)])
    across, most_across, down, most_down, is_common = _sampling(factors)
    # Every 8 × 8 block of the first component has a Huffman code, at least one bit long.
    blocks = (width * across // most_across >> 3) * (height * down // most_down >> 3)
    least_bytes = 0 if marker in _ARITHMETIC else blocks >> 3
    is_simple = marker in _SIMPLEJPEG_MARKERS and is_common and components != _CMYK and bits == _BITS
    found = (metadata.orientation, metadata.profile)
    shape = marker, height, width, components, least_bytes
    return _Frame(*shape, is_simple, *found, bits, scan, metadata.pictures)


def _is_supported(marker: int, bits: int, components: int) -> bool:
    """Whether any decoder supports this bit depth."""
    if bits == _BITS:
        return True
    least, most = (_MIN_BITS, _MAX_BITS) if marker == _LOSSLESS else (_DEEP_BITS, _DEEP_BITS)
    return marker not in _ARITHMETIC and components in (GREY, RGB) and least <= bits <= most


@lru_cache(maxsize=64)
def _sampling(factors: bytes) -> tuple[int, int, int, int, bool]:
    """Return the first and largest factors, horizontal then vertical, and whether simplejpeg names them.

    Cached, because a folder holds few kinds of pictures, and microseconds matter for small ones.
    """
    across, down = [factor >> 4 for factor in factors], [factor & 15 for factor in factors]
    is_common = len(factors) == GREY or (
        (across[0], down[0]) in _COMMON_LUMA and set(factors[1:]) == {_UNSAMPLED}
    )
    if not all(across) or not all(down):
        return 0, 1, 0, 1, is_common
    return across[0], max(across), down[0], max(down), is_common


def _check(frame: _Frame, file_bytes: int) -> None:
    check_size(frame.height, frame.width)
    if frame.least_bytes > file_bytes:
        check_claim(frame.least_bytes, file_bytes, frame.height, frame.width)


DECODER = _Jpeg(Plugin("PIL.JpegImagePlugin", "JPEG", has_palettes=False))
FORMATS = (
    Format(
        name="jpeg",
        title="JPEG",
        decoder=DECODER,
        libraries=(SIMPLEJPEG, PILLOW, IMAGECODECS),
        pattern=re.compile(rb"\xff\xd8\xff(?!\xf7)"),  # not JPEG-LS
        rank=Rank.COMMONEST,
        suffixes=(".jfif", ".jpe", ".jpeg", ".jpg", ".mpo"),
        holds=Holds.FRAMES,
        decoding=Decoding(copies=1, can_draft=True),
    ),
)

"""The JPEG decoder: takes headers from the markers, and calls simplejpeg (libjpeg-turbo) for the pixels."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.decoding import Decoding
from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging.base import framed
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.declaration import IMAGECODECS, PILLOW, SIMPLEJPEG, Format, Holds, Rank
from stackgui.imaging.base.decoder import Pixels, Sample, Start, Straight
from stackgui.imaging.base.errors import MoreBytesNeeded
from stackgui.imaging.base.limits import check_claim, check_size
from stackgui.imaging.pictures import jpeg_strict, mpo
from stackgui.imaging.pictures.jpeg_frame import (
    BITS,
    CHANNELS,
    CMYK,
    MAX_BITS,
    SIMPLEJPEG_MARKERS,
    Frame,
    known_start,
    read_frame,
)
from stackgui.imaging.pictures.pillow import Pillow, Plugin
from stackgui.imaging.pixels import orientation as orient
from stackgui.imaging.pixels import profiles
from stackgui.imaging.pixels.channels import GREY, RGB, RGBA

_INKS = "CMYK"
_COLOUR_SPACES = {GREY: "GRAY", RGB: "RGB", RGBA: "RGBA"}


class _Jpeg(Pillow):
    def headers(self, start: Start[Data]) -> Header:
        """Read the header from the markers; if the file holds several pictures, read all their headers."""
        frame = read_frame(start.data, start.file_bytes)
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

    def alike(self, start: Start[Data]) -> tuple[bytes, int] | None:
        """Return all of a short file up to its first scan."""
        begin = known_start(start.data)
        if begin is None or (frame := read_frame(begin, len(begin) + 1)).pictures is not None:
            return None
        return begin, max(frame.least_bytes, len(begin))

    def profile(self, sample: Sample[Data]) -> bytes:
        """Return the embedded colour profile, or ``b""`` if there is none."""
        data = _picture(sample).data
        return read_frame(data, len(data)).profile

    def decode(self, sample: Sample[Data]) -> Pixels:
        """Decode one of the pictures, from as many DCT frequencies as the requested size needs."""
        if sample.member:
            sample = _picture(sample)
        data, out = sample.data, sample.out
        frame = read_frame(data, len(data))
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
            jpeg_strict.decode_into(out, data, _COLOUR_SPACES[wanted], frame.has_several_scans)
            return out, 1
        pixels = jpeg_strict.decode(data, _COLOUR_SPACES[wanted], frame.has_several_scans)
        return pixels, frame.orientation

    def straight(
        self,
        channels: int | None,
        shape: tuple[int, ...],
        scan: ScanOptions,  # noqa: ARG002 - pictures are read in one way
    ) -> Straight[Data] | None:
        """Return what decodes ordinary pictures of one size, whose headers are often alike."""
        last: Frame | None = None
        space, has_several_scans = "", False

        def decoded(data: Data, out: NDArray[Any]) -> bool:
            nonlocal last, space, has_several_scans
            frame = read_frame(data, len(data))
            if frame is not last:
                wanted = _wanted(frame, channels)
                is_same = shape == (frame.height, frame.width, wanted) and wanted == (channels or wanted)
                if not frame.is_simple or frame.orientation != 1 or not is_same:
                    return False
                check_size(frame.height, frame.width)
                last, space, has_several_scans = frame, _COLOUR_SPACES[wanted], frame.has_several_scans
            if frame.least_bytes > len(data):
                return False
            jpeg_strict.decode_into(out, data, space, has_several_scans)
            return True

        return decoded

    def _rare(self, sample: Sample[Data], frame: Frame) -> Pixels:
        """Decode a picture that simplejpeg does not decode, or not as Pillow does."""
        if frame.is_deep:
            return _decode_deep(sample.data, frame), frame.orientation
        return super().decode(sample._replace(data=_checked(sample.data, frame)))

    def inks(self, sample: Sample[Data]) -> Pixels:
        """Decode the picture as CMYK ink amounts."""
        sample = _picture(sample)
        frame = read_frame(sample.data, len(sample.data))
        return super().inks(sample._replace(data=_checked(sample.data, frame)))


def _draft(sample: Sample[Data], frame: Frame, at_least: tuple[int, int]) -> Pixels:
    """Decode from fewer DCT frequencies, to at least the size `at_least` of the upright picture."""
    height, width = reversed(at_least) if orient.swaps_sides(frame.orientation) else at_least
    space = _COLOUR_SPACES[_wanted(frame, sample.channels)]
    pixels = jpeg_strict.decode(
        sample.data, space, frame.has_several_scans, min_height=height, min_width=width, min_factor=2
    )
    return pixels, frame.orientation


def _header_at(data: Data, format_: str, place: mpo.Place) -> Header:
    own = mpo.picture(data, place) if place[0] else data
    return _header(read_frame(own, len(own)), format_, len(own))


def _header(frame: Frame, format_: str, file_bytes: int) -> Header:
    _check(frame, file_bytes)
    return _header_of(frame, format_)


@lru_cache(maxsize=64)
def _header_of(frame: Frame, format_: str) -> Header:
    """Return the header; cached, because it takes longer to make than to read for small pictures."""
    height, width = frame.height, frame.width
    if orient.swaps_sides(frame.orientation):
        height, width = width, height
    channels = CHANNELS[frame.components]
    space = profiles.INKS if frame.components == CMYK else profiles.space_of(channels)
    dtype = "uint16" if frame.bits > BITS else "uint8"
    bits = frame.bits if frame.is_deep and frame.bits < MAX_BITS else 0
    name = profiles.name_of(frame.profile, space, dtype)
    return Header(format_, height, width, channels, dtype, frame.orientation, bits, profile=name)


def _pictures(data: Data, frame: Frame) -> list[mpo.Place]:
    """Return the byte range of every picture in a file, in file order."""
    return [(0, len(data)), *(mpo.places(data, *frame.pictures) if frame.pictures else ())]


def _picture(sample: Sample[Data]) -> Sample[Data]:
    """Return the sample with only its own picture as data, as if it were a file by itself."""
    if not sample.member:
        return sample
    pictures = _pictures(sample.data, read_frame(sample.data, len(sample.data)))
    if sample.member >= len(pictures):
        raise SampleError(say("it has fewer pictures than when it was looked at"))
    return sample._replace(data=mpo.picture(sample.data, pictures[sample.member]), member=0)


def _checked(data: Data, frame: Frame) -> Data:
    """Check a file before Pillow decodes it: Pillow misses damage inside that libjpeg-turbo finds."""
    if frame.components != CMYK or frame.marker not in SIMPLEJPEG_MARKERS or frame.is_deep:
        jpeg_strict.look_over(data)
        return data
    return jpeg_strict.checked(data, _INKS, has_several_scans=frame.has_several_scans)


def _decode_deep(data: Data, frame: Frame) -> NDArray[Any]:
    from imagecodecs import jpeg8_decode  # noqa: PLC0415 - loaded when the first such file appears

    # The decoder fills in missing pixels without an error.
    jpeg_strict.look_over(data)
    pixels = np.asarray(jpeg8_decode(bytes(data)))
    return pixels.reshape(frame.height, frame.width, frame.components)


def _wanted(frame: Frame, channels: int | None) -> int:
    # For grey from a colour file, return RGB: Pillow converts from RGB rather than taking the luma plane.
    return channels if channels in (frame.components, RGB, RGBA) else frame.components


def _check(frame: Frame, file_bytes: int) -> None:
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

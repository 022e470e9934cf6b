"""The decoder of PNM, PAM and PFM: Pillow up to 8 bits; NumPy for PAM, floats and deeper numbers."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.decoding import Decoding
from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.declaration import NUMPY, PILLOW, Format
from stackgui.imaging.base.decoder import Pixels, Sample, Start
from stackgui.imaging.base.limits import check_claim, check_size
from stackgui.imaging.pictures.pillow import Pillow, Plugin
from stackgui.imaging.pixels.channels import GREY, GREY_ALPHA, RGB, RGBA
from stackgui.imaging.pixels.numbers import widened

_HEADER_BYTES = 8192
_BYTE, _MAX_VALUE = 255, 65535
_DEEP_BITS = 16
_GAP = rb"(?:\s|#[^\n\r]*[\n\r])+"
_MAP = re.compile(rb"P([2356])" + _GAP + _GAP.join([rb"(\d{1,10})"] * 3) + rb"(?:#[^\n\r]*)?\s")
_FLOATS = re.compile(rb"P([fF])\s+(\d{1,10})\s+(\d{1,10})\s+([-+.\deE]{1,40})\s")
_ARBITRARY = re.compile(rb"P7\n(.*?)^ENDHDR[ \t]*\n", re.DOTALL | re.MULTILINE)
_COMMENT = re.compile(rb"#[^\n\r]*")
_CHANNELS = {b"2": GREY, b"3": RGB, b"5": GREY, b"6": RGB, b"f": GREY, b"F": RGB}
_IN_TEXT = (b"2", b"3")
_TUPLES = {
    "BLACKANDWHITE": GREY,
    "GRAYSCALE": GREY,
    "RGB": RGB,
    "BLACKANDWHITE_ALPHA": GREY_ALPHA,
    "GRAYSCALE_ALPHA": GREY_ALPHA,
    "RGB_ALPHA": RGBA,
}


@dataclass(frozen=True, slots=True)
class _Map:
    """The header of a file that NumPy reads.

    Attributes
    ----------
    height, width, channels : int
        Shape of the picture.
    stored : numpy.dtype
        Dtype and byte order of the numbers in the file; for text, of the decoded numbers.
    most : int
        Maximum value; 0 for floats, which have none.
    start : int
        Offset of the numbers, in bytes.
    is_text : bool
        Whether the numbers are written as decimal text.
    """

    height: int
    width: int
    channels: int
    stored: np.dtype[Any]
    most: int
    start: int
    is_text: bool = False

    @property
    def count(self) -> int:
        return self.height * self.width * self.channels

    @property
    def bits(self) -> int:
        """Bit depth as `Header` has it: 0 if the numbers fill their dtype."""
        return self.most.bit_length() % _DEEP_BITS if self.most > _BYTE else 0


class _Pnm(Pillow):
    def headers(self, start: Start[Data]) -> Header:
        """Read the header, through Pillow where it loses nothing."""
        found = _read(start.data)
        if found is None:
            return super().headers(start)
        _check(found, start.file_bytes)
        dtype = found.stored.newbyteorder("=").name
        return Header(start.format, found.height, found.width, found.channels, dtype, bits=found.bits)

    def decode(self, sample: Sample[Data]) -> Pixels:
        """Decode the pixels, through Pillow where it loses nothing."""
        data = sample.data
        found = _read(data)
        if found is None:
            return super().decode(sample)
        _check(found, len(data))
        numbers = _from_text(data, found) if found.is_text else _from_bytes(data, found)
        pixels = numbers.reshape(found.height, found.width, found.channels)
        if not found.most:
            return pixels[::-1].astype(np.float32, copy=False), 1  # PFM stores the bottom row first
        if pixels.max() > found.most:
            raise SampleError(
                say("it holds numbers above {most:,}, which its header says is the largest", most=found.most)
            )
        if found.most < _BYTE:
            return widened(pixels, found.most), 1
        return pixels.astype(found.stored.newbyteorder("="), copy=False), 1


def _read(data: Data) -> _Map | None:
    """Read the header; return None if Pillow can decode the file."""
    start = bytes(data[:_HEADER_BYTES])
    if start.startswith(b"P7"):
        return _read_pam(start)
    if start[1:2] in b"fF":
        return _read_pfm(start)
    match = _MAP.match(start)
    most = int(match[4]) if match else 0
    if match is None or most <= _BYTE:
        return None
    if most > _MAX_VALUE:
        raise SampleError(
            say("its header says that the largest number is {most:,}, which no such file can have", most=most)
        )
    kind, width, height = match[1], int(match[2]), int(match[3])
    return _Map(height, width, _CHANNELS[kind], np.dtype(">u2"), most, match.end(), kind in _IN_TEXT)


def _read_pfm(start: bytes) -> _Map:
    match = _FLOATS.match(start)
    try:
        scale = float(match[4]) if match else 0.0
    except ValueError:
        scale = 0.0
    if match is None or not scale or not math.isfinite(scale):
        raise SampleError(say("the picture header is damaged"))
    stored = np.dtype("<f4" if scale < 0 else ">f4")
    return _Map(int(match[3]), int(match[2]), _CHANNELS[match[1]], stored, 0, match.end())


def _read_pam(start: bytes) -> _Map:
    match = _ARBITRARY.match(start)
    lines = [line.split(None, 1) for line in match[1].decode("latin-1").split("\n")] if match else []
    fields = {line[0]: line[1].strip() for line in lines if len(line) > 1 and not line[0].startswith("#")}
    try:
        width, height, depth, most = (int(fields[name]) for name in ("WIDTH", "HEIGHT", "DEPTH", "MAXVAL"))
    except (KeyError, ValueError):
        raise SampleError(say("the picture header is damaged")) from None
    kind = fields.get("TUPLTYPE", "")
    if not GREY <= depth <= RGBA or (kind and kind not in _TUPLES):
        raise SampleError(
            say(
                "PAM pictures of {depth} channels, {kind}, are not supported",
                depth=depth,
                kind=kind or "without a kind",
            )
        )
    if match is None or not 1 <= most <= _MAX_VALUE or (kind and _TUPLES[kind] != depth):
        raise SampleError(say("the picture header is damaged"))
    return _Map(height, width, depth, np.dtype(">u2" if most > _BYTE else "u1"), most, match.end())


def _check(found: _Map, file_bytes: int) -> None:
    check_size(found.height, found.width)
    # In text each number takes at least one digit, and each but the last a separator.
    needed = 2 * found.count - 1 if found.is_text else found.count * found.stored.itemsize
    check_claim(found.start + needed, file_bytes, found.height, found.width)


def _from_bytes(data: Data, found: _Map) -> NDArray[Any]:
    return np.frombuffer(data, found.stored, found.count, found.start)


def _from_text(data: Data, found: _Map) -> NDArray[Any]:
    words = _COMMENT.sub(b" ", bytes(data[found.start :])).split(None, found.count)[: found.count]
    if len(words) < found.count:
        raise SampleError(say("the file ends in the middle of the picture"))
    if not b"".join(words).isdigit():
        raise SampleError(say("the picture is damaged"))
    # Wide enough that numbers above the maximum do not wrap, so that the caller finds them.
    return np.array([int(word) for word in words], np.uint32)


FORMATS = (
    Format(
        name="ppm",
        title="PNM",
        decoder=_Pnm(Plugin("PIL.PpmImagePlugin", "PPM", has_palettes=False, stores_raw=True)),
        libraries=(PILLOW, NUMPY),
        pattern=re.compile(
            rb"P[1-6fF]\s+(?:#[^\n]*\n\s*)*\d|"
            rb"P7\n(?:#[^\n]*\n)*(?:WIDTH|HEIGHT|DEPTH|MAXVAL|TUPLTYPE)[ \t]"
        ),
        suffixes=(".pam", ".pbm", ".pfm", ".pgm", ".pnm", ".ppm"),
        decoding=Decoding(keeps_numbers=True),
    ),
)

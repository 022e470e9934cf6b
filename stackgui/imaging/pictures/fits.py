"""The decoder of FITS, an astronomical format (IAU FITS Standard 4.0): reads the first picture with NumPy.

Pillow reads 16-bit numbers in the wrong byte order, and ignores the scale in the header.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.declaration import NUMPY, Format
from stackgui.imaging.base.decoder import Decoder, Pixels, Sample, Start
from stackgui.imaging.base.errors import MoreBytesNeeded
from stackgui.imaging.base.limits import check_claim, check_size
from stackgui.imaging.pixels.channels import GREY, RGB

_CARD_BYTES, _BLOCK_BYTES = 80, 2880
_MAX_HEADERS, _MAX_AXES = 64, 8
_DTYPES = {8: "u1", 16: ">i2", 32: ">i4", 64: ">i8", -32: ">f4", -64: ">f8"}
_OTHER_SIGNS: dict[tuple[int, float], str] = {
    (8, -(2**7)): "i1",
    (16, 2**15): "u2",
    (32, 2**31): "u4",
    (64, 2**63): "u8",
}
"""Dtypes that the format lacks and stores with an offset, by bits and ``BZERO``."""

_NARROW_BITS = frozenset({8, 16, -32})
"""Values of ``BITPIX`` whose scaled numbers keep their digits in float32."""


class _Picture(NamedTuple):
    """Location of a picture, and the scale of its numbers."""

    start: int
    shape: tuple[int, ...]
    bits: int
    zero: float
    scale: float
    blank: int | None

    @property
    def channels(self) -> int:
        return RGB if len(self.shape) > len("HW") else GREY

    @property
    def size(self) -> tuple[int, int]:
        return self.shape[-2], self.shape[-1]

    @property
    def stored_bytes(self) -> int:
        return math.prod(self.shape) * abs(self.bits) // 8

    @property
    def dtype(self) -> np.dtype[Any]:
        """Dtype of the numbers after scaling."""
        stored = np.dtype(_DTYPES[self.bits]).newbyteorder("=")
        if (self.zero, self.scale) == (0, 1) and (self.blank is None or stored.kind == "f"):
            return stored
        if self.scale == 1 and self.blank is None and (self.bits, self.zero) in _OTHER_SIGNS:
            return np.dtype(_OTHER_SIGNS[self.bits, self.zero])
        return np.dtype(np.float32 if self.bits in _NARROW_BITS else np.float64)


class _Fits(Decoder[Data]):
    def headers(self, start: Start[Data]) -> Header:
        """Read the header of the first picture."""
        found = _find(start.data, start.file_bytes)
        height, width = found.size
        return Header(start.format, height, width, found.channels, found.dtype.name)

    def decode(self, sample: Sample[Data]) -> Pixels:
        """Decode the first picture."""
        found = _find(sample.data, len(sample.data))
        stored = np.frombuffer(sample.data, _DTYPES[found.bits], math.prod(found.shape), found.start)
        numbers = _scaled(stored, found).reshape(found.channels, *found.size)
        # FITS stores the bottom row first.
        return np.ascontiguousarray(numbers[:, ::-1].transpose(1, 2, 0)), 1


def _scaled(stored: NDArray[Any], found: _Picture) -> NDArray[Any]:
    dtype = found.dtype
    native = stored.astype(stored.dtype.newbyteorder("="), copy=False)
    if dtype == native.dtype:
        return native
    if dtype.kind in "ui":
        return (
            native.view(dtype) ^ dtype.type(1 << (8 * dtype.itemsize - 1))
            if dtype.kind == "u"
            else _signed(native)
        )
    numbers = native.astype(np.float64) * found.scale + found.zero
    if found.blank is not None and native.dtype.kind != "f":
        numbers[native == found.blank] = np.nan
    return numbers.astype(dtype)


def _signed(numbers: NDArray[Any]) -> NDArray[Any]:
    turned: NDArray[Any] = (numbers ^ np.uint8(1 << 7)).view(np.int8)
    return turned


def _find(data: Data, file_bytes: int) -> _Picture:
    """Return the first picture in a file.

    Raises
    ------
    SampleError
        When the file holds no picture, or it is cut off.
    """
    place = 0
    for _ in range(_MAX_HEADERS):
        if place >= file_bytes:
            break
        fields, start = _fields(data, place, file_bytes)
        axes, bits = _axes(fields), int(fields.get("BITPIX", "0"))
        if bits not in _DTYPES:
            raise SampleError(say("the picture header is damaged"))
        kind = fields.get("XTENSION", "'IMAGE").strip("' ").rstrip()
        if len(axes) > 1 and (fields.get("ZIMAGE", "F") == "T"):
            raise SampleError(
                say("FITS pictures that are packed within a table are not supported: unpack them by funpack")
            )
        if len(axes) > 1 and kind == "IMAGE" and 0 not in axes:
            return _picture(fields, axes, bits, start, file_bytes)
        count = int(np.prod(axes, dtype=object)) if axes else 0
        size: int = abs(bits) // 8 * int(fields.get("GCOUNT", "1")) * (int(fields.get("PCOUNT", "0")) + count)
        place = start + -(-size // _BLOCK_BYTES) * _BLOCK_BYTES
    raise SampleError(say("this FITS file holds no picture"))


def _picture(fields: Mapping[str, str], axes: list[int], bits: int, start: int, file_bytes: int) -> _Picture:
    shape = tuple(axes[::-1])
    while len(shape) > len("HW") and shape[0] == 1:
        shape = shape[1:]
    if len(shape) > len("CHW") or (len(shape) == len("CHW") and shape[0] != RGB):
        sides = " × ".join(f"{side:,}" for side in shape)
        raise SampleError(
            say("FITS cubes ({sides}) are not supported: save their planes as files, or as .npy", sides=sides)
        )
    check_size(shape[-2], shape[-1])
    zero, scale = (float(fields.get(name, default)) for name, default in (("BZERO", "0"), ("BSCALE", "1")))
    blank = int(fields["BLANK"]) if "BLANK" in fields and bits > 0 else None
    found = _Picture(start, shape, bits, zero, scale, blank)
    check_claim(start + found.stored_bytes, file_bytes, *found.size)
    return found


def _axes(fields: Mapping[str, str]) -> list[int]:
    count = int(fields.get("NAXIS", "0"))
    axes = [int(fields.get(f"NAXIS{axis}", "0")) for axis in range(1, min(count, _MAX_AXES + 1) + 1)]
    if count > _MAX_AXES or any(n < 0 for n in axes):
        raise SampleError(say("the picture header is damaged"))
    return axes


def _fields(data: Data, place: int, file_bytes: int) -> tuple[dict[str, str], int]:
    """Return the fields of a header, and the offset of its data."""
    fields: dict[str, str] = {}
    while place + _CARD_BYTES <= len(data):
        card = data[place : place + _CARD_BYTES].decode("latin-1")
        place += _CARD_BYTES
        name, mark, value = card[:8].strip(), card[8:10], card[10:]
        if name == "END":
            return fields, -(-place // _BLOCK_BYTES) * _BLOCK_BYTES
        if mark == "= ":
            fields.setdefault(
                name,
                value.split("/")[0].strip().replace("D", "E") if "'" not in value else value.split("'")[1],
            )
    if len(data) < file_bytes:
        raise MoreBytesNeeded
    raise SampleError(say("the file ends before the picture begins"))


FORMATS = (
    Format(
        name="fits",
        title="FITS",
        decoder=_Fits(),
        libraries=(NUMPY,),
        magic=(b"SIMPLE  =",),
        suffixes=(".fits", ".fts"),
    ),
)

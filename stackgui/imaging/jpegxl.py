"""JPEG XL, through libjxl (imagecodecs)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.catalog import Header
from stackgui.core.errors import SampleError
from stackgui.core.scan_options import ScanOptions
from stackgui.imaging.data import Data, Part
from stackgui.imaging.errors import MoreBytesNeeded
from stackgui.imaging.limits import check_size

_CODESTREAM = b"\xff\x0a"
_BOX_BYTES = 8
_LONG_BOX = 1
_RATIOS = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
_SIDE_BITS = (9, 13, 18, 30)
_SIZE_BYTES = 16


def probe(
    data: Data,
    format: str,  # noqa: A002 - the protocol's word
    file_bytes: int,
    scan: ScanOptions,  # noqa: ARG001
) -> Header:
    """Decode a JPEG XL file for its header, after a look at its size; see `stackgui.imaging.probe`.

    What follows the size in such a file cannot be told without most of a decoder.
    """
    if len(data) < file_bytes:
        raise MoreBytesNeeded
    pixels = _decoded(data)
    height, width, channels = pixels.shape
    return Header(format, height, width, channels, pixels.dtype.name)


def decode(
    data: Data,
    format: str,  # noqa: A002, ARG001 - the protocol's words
    channels: int | None,  # noqa: ARG001
    out: NDArray[Any] | None,  # noqa: ARG001
    part: Part,  # noqa: ARG001
) -> tuple[NDArray[Any], int]:
    """Decode a JPEG XL file, which libjxl puts upright; see `stackgui.imaging.families`."""
    return _decoded(data), 1


def _decoded(data: Data) -> NDArray[Any]:
    from imagecodecs import jpegxl_decode  # noqa: PLC0415 - loaded when the first such file appears

    check_size(*_size(data))
    pixels = np.asarray(jpegxl_decode(bytes(data), index=0))
    return pixels[:, :, np.newaxis] if pixels.ndim == len("HW") else pixels


def _size(data: Data) -> tuple[int, int]:
    """Height and width, from the first bytes of the codestream."""
    start = _codestream(data) + len(_CODESTREAM)
    bits = _Bits(int.from_bytes(data[start : start + _SIZE_BYTES], "little"))
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
    place = 0
    while place + _BOX_BYTES <= len(data):
        length, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + _BOX_BYTES]
        begin = place + _BOX_BYTES
        if length == _LONG_BOX:
            length, begin = int.from_bytes(data[begin : begin + 8], "big"), begin + 8
        if kind == b"jxlc":
            return begin
        if kind == b"jxlp":
            return begin + 4  # behind the number of the part
        if length < _BOX_BYTES:
            break
        place += length
    raise SampleError("the file has no picture header")

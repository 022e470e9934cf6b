"""AVIF: Pillow up to 8 bits, imagecodecs for 10 and 12, which Pillow would reduce."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging.base.data import AllFrames, Data, LastOpened, Part
from stackgui.imaging.base.errors import MoreBytesNeeded
from stackgui.imaging.base.limits import check_size
from stackgui.imaging.pictures import pillow

FORMAT = "avif"
_PICTURE_BITS = 8
_CONFIGURATION = b"av1C"
_FLAGS_AT = len(_CONFIGURATION) + 2
_HIGH, _TWELVE = 0x40, 0x20

profile = pillow.profile


def probe(
    data: Data,
    format: str,  # noqa: A002 - the protocol's word
    file_bytes: int,
    scan: ScanOptions,
) -> Header:
    """Read the header of an AVIF file; see `stackgui.imaging.probe`."""
    if len(data) < file_bytes:
        raise MoreBytesNeeded
    header = pillow.probe(data, format, file_bytes, scan)
    bits = _bits(data)
    if bits == _PICTURE_BITS:
        return header
    others = tuple(replace(other, dtype="uint16", bits=bits) for other in header.others)
    return replace(header, dtype="uint16", bits=bits, others=others)


def decode(
    data: Data,
    format: str,  # noqa: A002 - the protocol's word
    channels: int | None,
    out: NDArray[Any] | None,
    part: Part,
) -> tuple[NDArray[Any], int]:
    """Decode an AVIF file; see `stackgui.imaging.registry.registry`."""
    if _bits(data) == _PICTURE_BITS:
        return pillow.decode(data, format, channels, out, part)
    # Its header is what knows how it has to be turned, and refuses what is too large.
    header = pillow.header(data, format, len(data), part.member)
    return _opened.get(data).frames[part.member], header.orientation


def _open(data: Data) -> AllFrames:
    """All frames at once: asked for a single one of several, the decoder overwrites foreign memory."""
    from imagecodecs import avif_decode  # noqa: PLC0415 - loaded when the first such file appears

    header, count = pillow.header(data, FORMAT, len(data), 0), pillow.count(data, FORMAT)
    check_size(count * header.height, header.width)
    pixels = np.asarray(avif_decode(bytes(data)))
    frames = pixels if count > 1 else pixels[np.newaxis]
    return AllFrames(data, frames[..., np.newaxis] if frames.ndim == len("NHW") else frames)


_opened = LastOpened(_open)


def _bits(data: Data) -> int:
    """Bits of a number, from the first picture's description."""
    start = data.find(_CONFIGURATION)
    flags = data[start + _FLAGS_AT] if 0 <= start < len(data) - _FLAGS_AT else 0
    if not flags & _HIGH:
        return _PICTURE_BITS
    return 12 if flags & _TWELVE else 10

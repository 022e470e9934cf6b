"""HEIC: Pillow up to 8 bits, libheif (pi-heif) for 10 and 12, which Pillow would reduce or spread over 16."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from stackgui.core.catalog.catalog import Header
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.imaging.base.data import Data, LastOpened, Part
from stackgui.imaging.base.errors import MoreBytesNeeded
from stackgui.imaging.base.limits import check_size
from stackgui.imaging.pictures import pillow

if TYPE_CHECKING:
    import pi_heif

_PICTURE_BITS = 8

profile = pillow.profile


def probe(
    data: Data,
    format: str,  # noqa: A002 - the protocol's word
    file_bytes: int,
    scan: ScanOptions,
) -> Header:
    """Read the header of a HEIC file; see `stackgui.imaging.probe`."""
    if len(data) < file_bytes:
        raise MoreBytesNeeded
    header = pillow.probe(data, format, file_bytes, scan)
    file = _files.get(data)
    return replace(file.with_bits(header), others=tuple(map(file.with_bits, header.others)))


def decode(
    data: Data,
    format: str,  # noqa: A002 - the protocol's word
    channels: int | None,
    out: NDArray[Any] | None,
    part: Part,
) -> tuple[NDArray[Any], int]:
    """Decode a HEIC file; see `stackgui.imaging.registry.registry`."""
    file = _files.get(data)
    if file.bits(part.member) == _PICTURE_BITS:
        return pillow.decode(data, format, channels, out, part)
    # Its header is what knows how it has to be turned, and refuses what is too large.
    header = pillow.header(data, format, len(data), part.member)
    picture = file.pictures[part.member]
    width, height = picture.size
    check_size(height, width)
    # A copy: the library's own memory goes with the file.
    return np.array(picture).reshape(height, width, -1), header.orientation


@dataclass(frozen=True, eq=False, slots=True)
class _File:
    """A file whose pictures are asked for one after another; their numbers are those that it stores."""

    data: Data
    pictures: pi_heif.HeifFile

    @property
    def has_several(self) -> bool:
        """Whether there are several pictures."""
        return len(self.pictures) > 1

    def bits(self, index: int) -> int:
        """Bits of a number in one of the pictures."""
        return int(self.pictures[index].info.get("bit_depth", _PICTURE_BITS))

    def with_bits(self, header: Header) -> Header:
        """`header` with the kind of numbers that its picture stores."""
        bits = self.bits(max(header.member, 0))
        if bits == _PICTURE_BITS or header.problem:
            return header
        return replace(header, dtype="uint16", bits=bits)


def _open(data: Data) -> _File:
    import pi_heif  # noqa: PLC0415 - loaded when the first such file appears

    return _File(data, pi_heif.open_heif(bytes(data), convert_hdr_to_8bit=False, hdr_to_16bit=False))


_files: LastOpened[_File] = LastOpened(_open)

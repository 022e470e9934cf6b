"""HEIC: Pillow up to 8 bits, libheif (pi-heif) for 10 and 12, which Pillow would reduce or spread over 16."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from stackgui.core.catalog.catalog import Header
from stackgui.imaging.base.data import Data, LastOpened
from stackgui.imaging.base.declaration import PI_HEIF, PILLOW, Format, Holds, Rank
from stackgui.imaging.base.decoder import Pixels, Sample, Start
from stackgui.imaging.base.limits import check_size
from stackgui.imaging.pictures.containers import lacks_a_box
from stackgui.imaging.pictures.pillow import Pillow, Plugin

if TYPE_CHECKING:
    import pi_heif

_NAME = "heic"
_PICTURE_BITS = 8


class _Heic(Pillow):
    def __init__(self) -> None:
        super().__init__(
            Plugin("pi_heif", "HEIF", has_frames=True, are_of_own_sizes=True, has_palettes=False)
        )
        self._files: LastOpened[_File] = LastOpened(_open)

    def load(self) -> None:
        """Let the library add itself to Pillow's plugins."""
        _register()

    def headers(self, start: Start[Data]) -> Header:
        """The header by Pillow, with the bits that are stored."""
        header = super().headers(start)
        file = self._files.get(start.data)
        return replace(file.with_bits(header), others=tuple(map(file.with_bits, header.others)))

    def decode(self, sample: Sample[Data]) -> Pixels:
        """The pixels of one of the pictures."""
        file = self._files.get(sample.data)
        if file.bits(sample.member) == _PICTURE_BITS:
            return super().decode(sample)
        # Its header is what knows how it has to be turned, and refuses what is too large.
        header = self.header(Start(sample.data, _NAME, len(sample.data)), sample.member)
        picture = file.pictures[sample.member]
        width, height = picture.size
        check_size(height, width)
        # A copy: the library's own memory goes with the file.
        return np.array(picture).reshape(height, width, -1), header.orientation

    def is_cut_off(self, data: Data) -> bool:
        """Whether a box is not whole."""
        return lacks_a_box(data)


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


@cache
def _register() -> None:
    import pi_heif  # noqa: PLC0415 - loaded when the first such file appears

    pi_heif.register_heif_opener()


def _open(data: Data) -> _File:
    import pi_heif  # noqa: PLC0415 - loaded when the first such file appears

    return _File(data, pi_heif.open_heif(bytes(data), convert_hdr_to_8bit=False, hdr_to_16bit=False))


FORMATS = (
    Format(
        name=_NAME,
        title="HEIC",
        decoder=_Heic(),
        libraries=(PI_HEIF, PILLOW),
        pattern=re.compile(rb"....ftyp(?:hei[cxms]|hev[cmxs]|mif1|msf1)", re.DOTALL),
        rank=Rank.SHARED,
        suffixes=(".heic", ".heif"),
        holds=Holds.FRAMES,
        needs_whole_file=True,
    ),
)

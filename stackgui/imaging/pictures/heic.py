"""The HEIC decoder: Pillow up to 8 bits, libheif (pi-heif) for 10 and 12, which Pillow would rescale."""

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
_PILLOW_BITS = 8


class _Heic(Pillow):
    def __init__(self) -> None:
        super().__init__(
            Plugin("pi_heif", "HEIF", has_frames=True, are_of_own_sizes=True, has_palettes=False)
        )
        self._files: LastOpened[_File] = LastOpened(_open)

    def load(self) -> None:
        """Register pi-heif as a plugin of Pillow."""
        _register()

    def headers(self, start: Start[Data]) -> Header:
        """Read the header through Pillow, and set the stored bit depth."""
        header = super().headers(start)
        file = self._files.get(start.data)
        return replace(file.with_bits(header), others=tuple(map(file.with_bits, header.others)))

    def decode(self, sample: Sample[Data]) -> Pixels:
        """Decode one of the pictures."""
        file = self._files.get(sample.data)
        if file.bits(sample.member) == _PILLOW_BITS:
            return super().decode(sample)
        # Reading the header finds the orientation, and refuses pictures that are too large.
        header = self.header(Start(sample.data, _NAME, len(sample.data)), sample.member)
        picture = file.pictures[sample.member]
        width, height = picture.size
        check_size(height, width)
        # Copy, because the library frees its memory with the file.
        return np.array(picture).reshape(height, width, -1), header.orientation

    def is_cut_off(self, data: Data) -> bool:
        """Whether a box is incomplete."""
        return lacks_a_box(data)


@dataclass(frozen=True, eq=False, slots=True)
class _File:
    """A file kept open between its pictures, which keep their stored numbers."""

    data: Data
    pictures: pi_heif.HeifFile

    @property
    def has_several(self) -> bool:
        """Whether there are several pictures."""
        return len(self.pictures) > 1

    def bits(self, index: int) -> int:
        """Return the bit depth of one of the pictures."""
        return int(self.pictures[index].info.get("bit_depth", _PILLOW_BITS))

    def with_bits(self, header: Header) -> Header:
        """Return `header` with the dtype and bit depth that its picture stores."""
        bits = self.bits(max(header.member, 0))
        if bits == _PILLOW_BITS or header.problem:
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

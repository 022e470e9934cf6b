"""The AVIF decoder: Pillow up to 8 bits, imagecodecs for 10 and 12 bits, which Pillow would reduce."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from stackgui.core.catalog.catalog import Header
from stackgui.imaging.base.data import AllFrames, Data, LastOpened
from stackgui.imaging.base.declaration import IMAGECODECS, PILLOW, Format, Holds
from stackgui.imaging.base.decoder import Pixels, Sample, Start
from stackgui.imaging.base.limits import check_size
from stackgui.imaging.pictures.containers import lacks_a_box
from stackgui.imaging.pictures.pillow import Pillow, Plugin

_NAME = "avif"
_PILLOW_BITS = 8
_CONFIGURATION = b"av1C"
_FLAGS_AT = len(_CONFIGURATION) + 2
_HIGH, _TWELVE = 0x40, 0x20


class _Avif(Pillow):
    def __init__(self) -> None:
        super().__init__(Plugin("PIL.AvifImagePlugin", "AVIF", has_frames=True, has_palettes=False))
        self._deep = LastOpened(self._all_frames)

    def headers(self, start: Start[Data]) -> Header:
        """Read the header through Pillow, and set the stored bit depth."""
        header = super().headers(start)
        bits = _bits(start.data)
        if bits == _PILLOW_BITS:
            return header
        others = tuple(replace(other, dtype="uint16", bits=bits) for other in header.others)
        return replace(header, dtype="uint16", bits=bits, others=others)

    def decode(self, sample: Sample[Data]) -> Pixels:
        """Decode one frame."""
        if _bits(sample.data) == _PILLOW_BITS:
            return super().decode(sample)
        # Reading the header finds the orientation, and refuses pictures that are too large.
        header = self.header(Start(sample.data, _NAME, len(sample.data)), sample.member)
        return self._deep.get(sample.data).frames[sample.member], header.orientation

    def is_cut_off(self, data: Data) -> bool:
        """Whether a box is incomplete."""
        return lacks_a_box(data)

    def _all_frames(self, data: Data) -> AllFrames:
        """Decode all frames at once: for a single one of several, the library overwrites foreign memory."""
        from imagecodecs import avif_decode  # noqa: PLC0415 - loaded when the first such file appears

        header, count = self.header(Start(data, _NAME, len(data)), 0), self.count(data)
        check_size(count * header.height, header.width)
        pixels = np.asarray(avif_decode(bytes(data)))
        frames = pixels if count > 1 else pixels[np.newaxis]
        return AllFrames(data, frames[..., np.newaxis] if frames.ndim == len("NHW") else frames)


def _bits(data: Data) -> int:
    """Return the bit depth from the configuration box of the first picture."""
    start = data.find(_CONFIGURATION)
    flags = data[start + _FLAGS_AT] if 0 <= start < len(data) - _FLAGS_AT else 0
    if not flags & _HIGH:
        return _PILLOW_BITS
    return 12 if flags & _TWELVE else 10


FORMATS = (
    Format(
        name=_NAME,
        title="AVIF",
        decoder=_Avif(),
        libraries=(PILLOW, IMAGECODECS),
        # The first brand may be a general one, with the AVIF brand among those that follow.
        pattern=re.compile(rb"....ftyp(?:avi[fs]|m(?:if|sf)1.{4,96}?avi[fs])", re.DOTALL),
        suffixes=(".avif",),
        holds=Holds.FRAMES,
        needs_whole_file=True,
    ),
)

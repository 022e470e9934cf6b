"""XBM, which is source code in C: through Pillow, once it is sure that it holds nothing else."""

from __future__ import annotations

import re

from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.catalog import Header
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.declaration import PILLOW, Format
from stackgui.imaging.base.decoder import Pixels, Sample, Start
from stackgui.imaging.base.errors import ENDS_EARLY, NotAPicture
from stackgui.imaging.base.unsupported import X_BITMAP
from stackgui.imaging.pictures.pillow import Pillow, Plugin

_NUMBERS = re.compile(rb"(?:[\s,]*0[xX][0-9A-Fa-f]{2}(?=[\s,]|\Z))+[\s,]*")
_BEHIND = b"; \t\r\n\0\x1a"


class _Xbm(Pillow):
    def headers(self, start: Start[Data]) -> Header:
        """The header of a file that is nothing but a picture."""
        _check(bytes(start.data))
        return super().headers(start)

    def decode(self, sample: Sample[Data]) -> Pixels:
        """The pixels of a file that is nothing but a picture."""
        _check(bytes(sample.data))
        return super().decode(sample)


def _check(data: bytes) -> None:
    numbers, end, behind = data.partition(b"{")[2].partition(b"}")
    if behind.strip(_BEHIND):
        raise NotAPicture("it is not a picture but source code", "source code")
    if not end:
        raise SampleError(ENDS_EARLY)
    if not _NUMBERS.fullmatch(numbers):
        raise SampleError("the picture is damaged (its numbers are not of two hexadecimal digits each)")


FORMATS = (
    Format(
        name="xbm",
        title="XBM",
        decoder=_Xbm(Plugin("PIL.XbmImagePlugin", "XBM", has_palettes=False)),
        libraries=(PILLOW,),
        pattern=re.compile(X_BITMAP % b"char"),
        suffixes=(".xbm",),
        needs_whole_file=True,
    ),
)

"""The decoder of XBM, which is C source code: Pillow reads files that hold nothing but the picture."""

from __future__ import annotations

import re

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.imaging.base.data import Data
from stackgui.imaging.base.declaration import PILLOW, Format
from stackgui.imaging.base.decoder import Pixels, Sample, Start
from stackgui.imaging.base.errors import ENDS_EARLY, NotAPicture
from stackgui.imaging.base.unsupported import X_BITMAP
from stackgui.imaging.pictures.pillow import Pillow, Plugin

_NUMBERS = re.compile(rb"(?:[\s,]*0[xX][0-9A-Fa-f]{2}(?=[\s,]|\Z))+[\s,]*")
_ALLOWED_AFTER = b"; \t\r\n\0\x1a"


class _Xbm(Pillow):
    def headers(self, start: Start[Data]) -> Header:
        """Read the header, if the file holds nothing but the picture."""
        _check(bytes(start.data))
        return super().headers(start)

    def decode(self, sample: Sample[Data]) -> Pixels:
        """Decode the pixels, if the file holds nothing but the picture."""
        _check(bytes(sample.data))
        return super().decode(sample)


def _check(data: bytes) -> None:
    numbers, end, rest = data.partition(b"{")[2].partition(b"}")
    if rest.strip(_ALLOWED_AFTER):
        raise NotAPicture(say("it is not a picture but source code"), say("source code"))
    if not end:
        raise SampleError(ENDS_EARLY)
    if not _NUMBERS.fullmatch(numbers):
        raise SampleError(say("the picture is damaged (its numbers are not of two hexadecimal digits each)"))


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

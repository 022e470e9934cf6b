"""The camera RAW decoder: LibRaw (rawpy, if installed) develops every picture with the same settings.

White balance is the camera's, colours are 16-bit sRGB, and brightness does not depend on the content of the
picture. LibRaw turns the picture upright.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from stackgui.core.base.errors import SampleError
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Header
from stackgui.imaging.base.data import Data, stream
from stackgui.imaging.base.declaration import Format, Library, Rank
from stackgui.imaging.base.decoder import Decoder, Pixels, Sample, Start
from stackgui.imaging.base.limits import check_size
from stackgui.imaging.pixels.channels import RGB

NAME = "raw"
_RAWPY = Library("rawpy", "rawpy", "LibRaw (rawpy)", "raw")

_SETTINGS = {
    "use_camera_wb": True,
    "no_auto_bright": True,
    # Otherwise the white level depends on the brightest pixel of the picture.
    "adjust_maximum_thr": 0.0,
    "gamma": (2.4, 12.92),
    "output_bps": 16,
}
_SWAPS_SIDES = 4


class _Raw(Decoder[Data]):
    def headers(self, start: Start[Data]) -> Header:
        """Read the header of the developed picture."""
        with _opened(start.data) as picture:
            height, width = _size(picture)
        return Header(NAME, height, width, RGB, "uint16")

    def decode(self, sample: Sample[Data]) -> Pixels:
        """Develop the picture."""
        with _opened(sample.data) as picture:
            size = _size(picture)
            pixels = np.asarray(picture.postprocess(**_SETTINGS))
        if pixels.shape != (*size, RGB):
            raise SampleError(say("camera RAW pictures of this kind are not supported"))
        return pixels, 1


def _size(picture: Any) -> tuple[int, int]:  # noqa: ANN401 - rawpy is an optional dependency
    """Return the height and width of the upright picture."""
    sizes = picture.sizes
    check_size(sizes.iheight, sizes.iwidth)
    height, width = sizes.iheight, sizes.iwidth
    return (width, height) if sizes.flip & _SWAPS_SIDES else (height, width)


@contextmanager
def _opened(data: Data) -> Iterator[Any]:
    rawpy = _RAWPY.load("camera RAW pictures")
    try:
        with _quiet(), rawpy.imread(stream(data)) as picture:
            yield picture
    except (rawpy.LibRawFileUnsupportedError, rawpy.NotSupportedError):
        raise SampleError(
            say("camera RAW pictures of this kind are not supported, or it is damaged")
        ) from None
    except rawpy.LibRawIOError:
        raise SampleError(say("the file ends in the middle of the picture")) from None


@contextmanager
def _quiet() -> Iterator[None]:
    """Discard what LibRaw writes directly to standard error; the exception says the same."""
    sys.stderr.flush()
    saved = os.dup(2)
    null_device = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null_device, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(null_device)


DECODER = _Raw()
FORMATS = (
    Format(
        name=NAME,
        title="Camera RAW",
        decoder=DECODER,
        libraries=(_RAWPY,),
        # Signatures other than plain TIFF; `tiff_pages` finds RAW data in plain TIFF files by their tags.
        pattern=re.compile(
            rb"II\*\0....(?:CR|IIII)|MM\0\*....MMMM|FUJIFILMCCD-RAW|IIR[OS]|MMOR|IIU\0|"
            rb"II\x1a\0\0\0HEAPCCDR|\0MRM|FOVb|....ftypcrx ",
            re.DOTALL,
        ),
        rank=Rank.KIND_OF_ANOTHER,
        suffixes=(
            ".arw",
            ".cr2",
            ".cr3",
            ".crw",
            ".dng",
            ".nef",
            ".orf",
            ".pef",
            ".raf",
            ".rw2",
            ".srw",
        ),
        needs_whole_file=True,
    ),
)

"""What can still be seen of a picture that cannot be read: a part of it, or a preview that its file holds.

Only for people to look at: no row is ever made of it.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile, ImageOps, TiffImagePlugin, WebPImagePlugin  # noqa: F401 - Pillow knows these two once they are loaded

from stackgui.core.viewing.contrast import Contrast, shown
from stackgui.imaging.base.data import Data, stream
from stackgui.imaging.base.limits import most_px

PARTLY_READ = ("JPEG", "PNG", "GIF", "BMP", "PPM", "TIFF", "WEBP")
"""What Pillow calls the formats that can be read in part; others may start programs."""

MAX_PREVIEWS = 4
"""Places in a file that are tried."""

SCARCELY = 0.1
"""A picture of which no more than this share was read shows less than a preview does."""

_JPEG = re.compile(rb"\xff\xd8\xff[\xc0-\xfe]")


class Salvaged(NamedTuple):
    """What can be seen of a picture that cannot be read.

    Attributes
    ----------
    pixels : uint8, shape (h, w, 3)
    is_preview : bool
        Whether it is a small preview that the file holds beside the picture.
    """

    pixels: NDArray[np.uint8]
    is_preview: bool


def salvage(data: Data, side_px: int) -> Salvaged | None:
    """Return what can be seen of the picture in a damaged file, or None if that is nothing.

    Parameters
    ----------
    data : bytes or mmap
        The file, as far as it goes.
    side_px : int
        Longer side at most.
    """
    with _lenient():
        part = _seen(data, 0, side_px)
        if part is not None and _filled(part) > SCARCELY:
            return Salvaged(part, is_preview=False)
        for place in _previews(data):
            preview = _seen(data, place, side_px)
            if preview is not None:
                return Salvaged(preview, is_preview=True)
    return None if part is None else Salvaged(part, is_preview=False)


def _filled(pixels: NDArray[np.uint8]) -> float:
    """Return which share of a picture was read; the rest, up to its end, is of one colour."""
    return float((pixels != pixels[-1, -1]).any(axis=2).mean())


def _previews(data: Data) -> Iterator[int]:
    """Yield where a JPEG picture may begin inside a file of any kind; cameras put their previews there."""
    for count, found in enumerate(_JPEG.finditer(data, 1)):
        if count == MAX_PREVIEWS:
            return
        yield found.start()


def _seen(data: Data, place: int, side_px: int) -> NDArray[np.uint8] | None:
    """Return the picture that begins at `place`, made small; None if there is nothing to see."""
    try:
        with Image.open(stream(data[place:] if place else data), formats=PARTLY_READ) as picture:
            if picture.width * picture.height > most_px():
                return None
            picture.draft("RGB", (side_px, side_px))
            upright = ImageOps.exif_transpose(picture)
            if upright.mode[0] in "IF":
                deep = shown(np.asarray(upright)[..., np.newaxis], Contrast.automatic)
                upright = Image.fromarray(deep)
            plain = upright.convert("RGB")
            plain.thumbnail((side_px, side_px), Image.Resampling.BOX)
            pixels = np.asarray(plain)
    except Exception:  # noqa: BLE001 - the file is damaged: whatever happens, there is nothing to see
        return None
    return pixels if pixels.size and (pixels != pixels[0, 0]).any() else None


@contextmanager
def _lenient() -> Iterator[None]:
    """Let Pillow return the part of a picture that is there; strict again afterwards, as for every row."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before

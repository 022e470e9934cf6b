"""The EXIF orientation tag: reading it as Pillow does, and applying it."""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_TAG = 0x0112
_VALID = range(1, 9)
_SIDEWAYS = range(5, 9)
_XMP_PATTERN = re.compile(rb'tiff:Orientation(?:="|>)([0-9])')


def swaps_sides(orientation: int) -> bool:
    """Return whether applying this orientation swaps height and width."""
    return orientation in _SIDEWAYS


def from_exif(exif: Image.Exif) -> int | None:
    """Return the orientation in parsed EXIF data: 1 to 8, 1 if it is invalid, None if it is missing."""
    value = exif.get(_TAG)
    if value is None:
        return None
    return valid(value)


def valid(value: Any) -> int:  # noqa: ANN401 - whatever stands in the file
    """Return `value` as an orientation, or 1 if it is invalid."""
    # Like Pillow's table look-up, `in range` accepts 6.0 and the rational 6/1 but no tuples or text.
    return int(value) if value in _VALID else 1


def from_blocks(exif: bytes | None, xmp: bytes | None) -> int:
    """Return the orientation from a file's EXIF block, or from its XMP block if EXIF has none.

    Parameters
    ----------
    exif : bytes or None
        A TIFF structure, with or without the ``Exif`` prefix.
    xmp : bytes or None
        An XMP packet.

    Returns
    -------
    int
        1 to 8. Damaged metadata counts as 1 (upright), since it is no reason to lose the picture.
    """
    found = _parse(exif) if exif else None
    if found is None and xmp:
        match = _XMP_PATTERN.search(xmp)
        found = int(match[1]) if match else None
    return valid(found)


def _parse(block: bytes) -> int | None:
    exif = Image.Exif()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            exif.load(block)
            return from_exif(exif)
        except Exception:  # noqa: BLE001 - Pillow's parser fails in many ways on foreign bytes
            return None


def upright(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """Apply an orientation and return a view of `pixels`.

    Parameters
    ----------
    pixels : ndarray, shape (h, w, ...)
    orientation : int
        EXIF orientation, 1 to 8.

    Returns
    -------
    ndarray
        Shape (w, h, ...) for 5 to 8, else (h, w, ...). Always a view.
    """
    if swaps_sides(orientation):
        pixels = np.swapaxes(pixels, 0, 1)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    return pixels

"""The EXIF orientation mark: reading it as Pillow does, and obeying it."""

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
    """Whether height and width change places when this orientation is obeyed."""
    return orientation in _SIDEWAYS


def from_exif(exif: Image.Exif) -> int | None:
    """The orientation in parsed EXIF data: 1 to 8, 1 when it is nonsense, None when there is none."""
    value = exif.get(_TAG)
    if value is None:
        return None
    return valid(value)


def valid(value: Any) -> int:  # noqa: ANN401 - whatever stands in the file
    """`value` as an orientation; 1 when it is none."""
    # `in range` accepts 6.0 and a rational 6/1, as Pillow's table look-up does, and no tuple or text.
    return int(value) if value in _VALID else 1


def from_blocks(exif: bytes | None, xmp: bytes | None) -> int:
    """Orientation from a file's EXIF block and, where that says nothing, from its XMP block.

    Parameters
    ----------
    exif : bytes or None
        A TIFF structure, with or without the ``Exif`` prefix.
    xmp : bytes or None
        An XMP packet.

    Returns
    -------
    int
        1 to 8. Damaged metadata is no reason to lose the picture: it counts as upright.
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
    """View of `pixels` with the orientation obeyed.

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

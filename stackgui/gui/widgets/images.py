"""Conversion of NumPy arrays to Qt images; the only module that does this."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

_FORMATS = {
    1: QImage.Format.Format_Grayscale8,
    3: QImage.Format.Format_RGB888,
    4: QImage.Format.Format_RGBA8888,
}


def to_qimage(pixels: NDArray[np.uint8]) -> QImage:
    """Copy `pixels` into an image.

    Parameters
    ----------
    pixels : uint8, shape (H, W), (H, W, 1), (H, W, 3) or (H, W, 4)
        Grey, RGB, or RGBA with straight alpha.

    Raises
    ------
    ValueError
        If shape or dtype is any other.
    """
    channels = 1 if pixels.ndim == 2 else pixels.shape[-1]  # noqa: PLR2004
    if pixels.dtype != np.uint8 or pixels.ndim not in {2, 3} or channels not in _FORMATS:
        raise ValueError(f"no picture can be made of {pixels.dtype} of shape {pixels.shape}")
    height, width = pixels.shape[:2]
    data = np.ascontiguousarray(pixels)
    # copy(): otherwise the image would point into memory that NumPy may free.
    return QImage(data.data, width, height, width * channels, _FORMATS[channels]).copy()

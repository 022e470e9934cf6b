"""Small masks that lie as PNG within annotation files."""

from __future__ import annotations

import base64
import binascii
import io
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MAX_PIXELS = 10**8
"""Pixels of the largest mask that is decoded."""
_ALPHA_MODES = ("RGBA", "LA")


def bytes_in(text: str) -> bytes:
    """Decode base64.

    Raises
    ------
    ValueError
        If it is none.
    """
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("no base64") from error


def bitmap_in(png: bytes) -> NDArray[np.bool_]:
    """Return what a PNG marks, shape (H, W): what is not transparent or, without transparency, not black.

    Raises
    ------
    ValueError
        If it cannot be decoded, or is too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its size is checked here
            with Image.open(io.BytesIO(png), formats=("PNG",)) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise ValueError("too large")
                if picture.mode in _ALPHA_MODES:
                    return np.asarray(picture.getchannel("A")) > 0
                pixels = np.asarray(picture)
    except (OSError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise ValueError("no PNG that can be decoded") from error
    return np.asarray((pixels > 0).reshape(*pixels.shape[:2], -1).any(axis=2))

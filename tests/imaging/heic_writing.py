"""HEIC files without a loss, written with pillow-heif, which brings an encoder."""

import io
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image

# The numbers of the identity: red, green and blue are stored themselves, and no differences of colour.
_WITHOUT_LOSS: dict[str, Any] = {"quality": -1, "chroma": 444, "matrix_coefficients": 0}


def heic(*pictures: np.ndarray, orientation: int = 1) -> bytes:
    """A file of several pictures of uint8, shape (h, w) or (h, w, c); only the first is kept exactly."""
    file = pillow_heif.from_pillow(Image.fromarray(pictures[0].squeeze()))
    for further in pictures[1:]:
        file.add_from_pillow(Image.fromarray(further.squeeze()))
    marks = Image.Exif()
    marks[0x0112] = orientation
    stream = io.BytesIO()
    file.save(stream, exif=marks.tobytes(), **_WITHOUT_LOSS)
    return stream.getvalue()


def deep_heic(pixels: np.ndarray, bits: int = 12, orientation: int = 1) -> bytes:
    """A file of 10 or 12 bits without a loss, from uint16 below 2 ** bits, shape (h, w) or (h, w, c)."""
    size = (pixels.shape[1], pixels.shape[0])
    mode = {2: "L;16", 3: "RGB;16", 4: "RGBA;16"}[pixels.shape[-1] if pixels.ndim > 2 else 2]
    file = pillow_heif.from_bytes(mode=mode, size=size, data=(pixels << (16 - bits)).tobytes())
    marks = Image.Exif()
    marks[0x0112] = orientation
    stream = io.BytesIO()
    before = pillow_heif.options.SAVE_HDR_TO_12_BIT
    pillow_heif.options.SAVE_HDR_TO_12_BIT = bits == 12
    try:
        file.save(stream, exif=marks.tobytes(), **_WITHOUT_LOSS)
    finally:
        pillow_heif.options.SAVE_HDR_TO_12_BIT = before
    return stream.getvalue()

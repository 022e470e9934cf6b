"""HEIC files without a loss, written with pillow-heif, which brings an encoder."""

import io
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image


def heic(*pictures: np.ndarray, orientation: int = 1) -> bytes:
    """A file of several pictures of uint8, shape (h, w) or (h, w, c); only the first is kept exactly."""
    file = pillow_heif.from_pillow(Image.fromarray(pictures[0].squeeze()))
    for further in pictures[1:]:
        file.add_from_pillow(Image.fromarray(further.squeeze()))
    # The numbers of the identity: red, green and blue are stored themselves, and no differences of colour.
    options: dict[str, Any] = {"quality": -1, "chroma": 444, "matrix_coefficients": 0}
    marks = Image.Exif()
    marks[0x0112] = orientation
    stream = io.BytesIO()
    file.save(stream, exif=marks.tobytes(), **options)
    return stream.getvalue()


def deep_heic(pixels: np.ndarray) -> bytes:
    """A file of more than 8 bits, from uint16 of shape (h, w, c)."""
    size = (pixels.shape[1], pixels.shape[0])
    mode = {1: "L;16", 3: "RGB;16", 4: "RGBA;16"}[pixels.shape[2]]
    file = pillow_heif.from_bytes(mode=mode, size=size, data=pixels.tobytes())
    stream = io.BytesIO()
    file.save(stream, quality=-1)
    return stream.getvalue()

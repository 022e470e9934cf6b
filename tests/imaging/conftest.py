"""What every test of imaging compares with: Pillow's own pixels."""

import io
import warnings
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageOps

Reference = Callable[[bytes, str], NDArray[np.uint8]]


@pytest.fixture(scope="session")
def reference() -> Reference:
    """Give Pillow's upright pixels of a file in one of its modes, as (h, w, c)."""

    def pixels(data: bytes, mode: str) -> NDArray[np.uint8]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
            found = np.asarray(picture.convert(mode))
        return found.reshape(*found.shape[:2], -1)

    return pixels


@pytest.fixture(scope="session")
def saved() -> Callable[..., bytes]:
    """Give the bytes of a file that Pillow writes from an array or a picture."""

    def data(picture: Image.Image | NDArray, format_: str, **options: object) -> bytes:
        if not isinstance(picture, Image.Image):
            picture = Image.fromarray(picture)
        stream = io.BytesIO()
        picture.save(stream, format_, **options)
        return stream.getvalue()

    return data


@pytest.fixture
def noise() -> Callable[..., NDArray]:
    """Give random numbers over the whole range of an integer dtype, or 0 to 1 for floats."""
    generator = np.random.default_rng(7)

    def make(*shape: int, dtype: str = "uint8") -> NDArray:
        if np.dtype(dtype).kind == "f":
            return generator.random(shape).astype(dtype)
        limits = np.iinfo(dtype)
        return generator.integers(limits.min, limits.max, shape, dtype=dtype, endpoint=True)

    return make

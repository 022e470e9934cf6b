"""Scaling: Pillow's own result for 8 bits, the same filters for everything else."""

import numpy as np
import pytest
from PIL import Image

from stackgui.imaging import RESAMPLES, resize

FILTERS = {
    "nearest": Image.Resampling.NEAREST,
    "bilinear": Image.Resampling.BILINEAR,
    "bicubic": Image.Resampling.BICUBIC,
    "lanczos": Image.Resampling.LANCZOS,
    "area": Image.Resampling.BOX,
}
SIZES = [(1, 1), (5, 40), (17, 23), (61, 64), (1, 90)]


def test_every_name_is_tested():
    assert set(FILTERS) == set(RESAMPLES)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("name", FILTERS)
def test_eight_bits_equal_pillow(name, channels, size, noise):
    pixels = noise(31, 45, channels)
    expected = np.asarray(Image.fromarray(pixels.squeeze()).resize(size[::-1], FILTERS[name]))
    result = resize(pixels, *size, name)
    np.testing.assert_array_equal(result, expected.reshape(*size, channels))


@pytest.mark.parametrize("dtype", ["uint16", "int32", "int64", "float16", "float32", "float64", "uint8"])
@pytest.mark.parametrize("name", FILTERS)
def test_other_numbers_keep_dtype_and_channels(name, dtype, noise):
    pixels = noise(31, 45, 6, dtype=dtype)
    result = resize(pixels, 12, 70, name)
    assert result.shape == (12, 70, 6)
    assert result.dtype == dtype
    flat = np.full((31, 45, 6), 100, dtype)
    np.testing.assert_array_equal(resize(flat, 12, 70, name), np.full((12, 70, 6), 100, dtype))


@pytest.mark.parametrize("dtype", ["uint16", "int64", "float64"])
def test_nearest_invents_no_value(dtype, noise):
    pixels = noise(31, 45, 3, dtype=dtype)
    assert np.isin(resize(pixels, 80, 7, "nearest"), pixels).all()


@pytest.mark.parametrize("dtype", ["uint16", "int32", "int64", "uint32"])
def test_overshoot_is_clipped_to_the_range(dtype):
    limits = np.iinfo(dtype)
    edge = np.full((8, 8, 1), limits.min, dtype)
    edge[:, 4:] = limits.max
    result = resize(edge, 32, 32, "lanczos").astype(np.float64)
    # A wrapped value would lie on the wrong side of the edge.
    assert (result[:, :8] < limits.max / 2).all()
    assert (result[:, 24:] > limits.max / 2).all()


def test_sixteen_bits_are_scaled_as_eight_are(noise):
    pixels = noise(31, 45, 3)
    narrow = resize(pixels, 12, 20, "bilinear").astype(int)
    wide = resize(pixels.astype(np.uint16) * 257, 12, 20, "bilinear") / 257
    assert np.abs(wide - narrow).max() <= 1

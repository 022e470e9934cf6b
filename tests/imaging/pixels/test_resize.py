"""Scaling: Pillow's own result for 8 bits, the same filters for everything else."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stackgui.core.base import large
from stackgui.imaging import RESAMPLES, resize
from stackgui.imaging.base.data import Readable
from stackgui.imaging.pixels.resize import resize_parts

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


# Transparency


def weighed_exactly(pixels: np.ndarray, height: int, width: int, name: str) -> np.ndarray:
    """Multiply, scale every channel in floats, divide again; where nothing is seen, nothing."""

    def scaled(plane: np.ndarray) -> np.ndarray:
        picture = Image.fromarray(plane.astype(np.float32))
        return np.asarray(picture.resize((width, height), FILTERS[name])).astype(np.float64)

    exact = pixels.astype(np.float64)
    alpha = scaled(exact[:, :, -1])
    colours = [scaled(exact[:, :, channel] * exact[:, :, -1]) for channel in range(pixels.shape[2] - 1)]
    with np.errstate(divide="ignore", invalid="ignore"):
        planes = [np.where(alpha > 0, colour / alpha, 0) for colour in colours]
    return np.stack([*planes, alpha], axis=2)


def cut_out(channels: int, dtype: str, most: float) -> np.ndarray:
    """A dark shape that can be seen, on bright colours that cannot."""
    pixels = np.full((32, 32, channels), most, dtype)
    pixels[:, :, -1] = 0
    pixels[8:24, 8:24, :-1] = most / 8
    pixels[8:24, 8:24, -1] = most
    return pixels


DEPTHS = [("uint16", 0, 65535), ("uint16", 10, 1023), ("uint16", 12, 4095), ("uint32", 0, 2**32 - 1)]
DEPTHS += [("float32", 0, 1.0), ("float16", 0, 1.0), ("float64", 0, 1.0)]


@pytest.mark.parametrize(("dtype", "bits", "most"), DEPTHS)
@pytest.mark.parametrize("channels", [2, 4])
@pytest.mark.parametrize("name", [name for name in FILTERS if name != "nearest"])
@pytest.mark.parametrize("size", [(11, 13), (70, 50)])
def test_what_cannot_be_seen_lends_its_colour_to_nothing(size, name, channels, dtype, bits, most):
    pixels = cut_out(channels, dtype, most)
    found = resize(pixels, *size, name, bits=bits, has_alpha=True).astype(np.float64)
    seen = found[:, :, -1] > most / 100
    assert seen.any()
    # One shade is all there is to be seen; without weighing it is up to eight times as bright.
    assert np.abs(found[seen][:, :-1] / (most / 8) - 1).max() < 0.01
    assert (found[found[:, :, -1] == 0][:, :-1] == 0).all()
    assert found.min() >= 0 or np.dtype(dtype).kind == "f"
    assert found.max() <= most or np.dtype(dtype).kind == "f"


@pytest.mark.parametrize(("dtype", "bits", "most"), DEPTHS)
@pytest.mark.parametrize("name", ["bilinear", "area"])
def test_weighed_colours_are_those_of_exact_sums(name, dtype, bits, most, noise):
    pixels = (noise(31, 45, 4, dtype="float64") * most).astype(dtype)
    found = resize(pixels, 12, 20, name, bits=bits, has_alpha=True)
    assert found.dtype == dtype
    exact = weighed_exactly(pixels, 12, 20, name)
    step = 1 if np.dtype(dtype).kind != "f" else 0
    tolerance = step + most * (2e-3 if dtype == "float16" else 1e-6)
    assert np.abs(found.astype(np.float64) - exact).max() <= tolerance


@pytest.mark.parametrize("channels", [2, 4])
@pytest.mark.parametrize("name", ["bilinear", "bicubic", "lanczos", "area"])
def test_weighing_16_bits_is_weighing_8(name, channels, noise):
    pixels = noise(31, 45, channels)
    pixels[:, :, -1] |= 128  # below, 8 bits have too few levels of what was multiplied
    narrow = resize(pixels, 12, 20, name).astype(int)
    wide = resize(pixels.astype(np.uint16) * 257, 12, 20, name, has_alpha=True) / 257
    assert np.abs(wide - narrow).max() <= 3


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("channels", [2, 4])
def test_nothing_to_be_seen_stays_nothing(dtype, channels):
    pixels = np.ones((9, 9, channels), dtype)
    pixels[:, :, -1] = 0
    assert not resize(pixels, 4, 15, "bicubic", has_alpha=True).any()


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("channels", [2, 4])
def test_a_last_channel_that_is_no_transparency_weighs_nothing(dtype, channels, noise):
    pixels = noise(31, 45, channels, dtype=dtype)
    found = resize(pixels, 12, 20, "bilinear", has_alpha=False)
    for channel in range(channels):
        alone = resize(pixels[:, :, channel : channel + 1], 12, 20, "bilinear")
        np.testing.assert_array_equal(found[:, :, channel : channel + 1], alone)


def test_no_shade_is_lighter_than_white_of_the_bits_in_use():
    edge = np.zeros((8, 8, 1), np.uint16)
    edge[:, 4:] = 4095
    assert resize(edge, 32, 32, "lanczos", bits=12).max() == 4095


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("has_alpha", [None, False])
@given(
    own=st.tuples(st.integers(1, 40), st.integers(2, 40)),
    new=st.tuples(st.integers(1, 50), st.integers(1, 50)),
    channels=st.sampled_from([1, 2, 3, 4, 7]),
    resample=st.sampled_from(RESAMPLES),
    piece=st.integers(1, 200),
)
def test_in_pieces_nothing_is_different(dtype, has_alpha, own, new, channels, resample, piece):
    pixels = np.random.default_rng(sum(own)).integers(0, 256, (*own, channels)).astype(dtype)
    height, width = new
    expected = resize(pixels, height, width, resample, has_alpha=has_alpha)
    read = []

    def parts(rows: slice, columns: slice) -> np.ndarray:
        read.append(pixels[rows, columns].shape)
        return pixels[rows, columns]

    with patch.multiple(large, WHOLE_PX=0, PIECE_PX=piece):
        of_file = Readable(*own, channels, pixels.dtype, parts)
        found = resize_parts(of_file, height, width, resample, has_alpha=has_alpha)
    np.testing.assert_array_equal(found, expected)
    if (height, width) != own:
        most = max(piece, *own)
        assert all(part[0] * part[1] <= most for part in read)

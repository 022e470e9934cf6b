"""Both resizers: `pillow` is Pillow bit for bit, `simd` is within the distance that docs/adr/0068 states."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from stackgui.core.base import large, resizers
from stackgui.core.base.choices import Resizer
from stackgui.core.base.errors import SampleError
from stackgui.imaging import RESAMPLES, resize, scaling_bytes
from stackgui.imaging.base.data import Readable
from stackgui.imaging.pixels import simd
from stackgui.imaging.pixels.resize import resize_parts
from tests.benchmarks.resizers import FILTERS as OF_PILLOW
from tests.benchmarks.resizers import exact
from tests.shared_data import REPOSITORY

FILTERS = {**OF_PILLOW, "nearest": Image.Resampling.NEAREST}
WORST = {"bilinear": 1.01, "bicubic": 24, "lanczos": 50}
"""The largest distances from the exact result, in levels of 255: bytes are clipped between the passes."""

SAME_ORDER = {"bilinear": 1, "bicubic": 2, "lanczos": 2}
"""The largest distances from Pillow where it takes the two passes in the same order."""

SIZES = st.tuples(st.integers(1, 60), st.integers(1, 60))
BOTH_WAYS = [(11, 13), (70, 50), (20, 90), (64, 7), (31, 20), (12, 45), (1, 1)]


def samples() -> list[np.ndarray]:
    """Real pictures: those that come with the program."""
    files = sorted((REPOSITORY / "resources" / "samples" / "landscapes").glob("*.jpg"))[:3]
    return [np.asarray(Image.open(file).convert("RGB")) for file in files]


def by_pillow(pixels: np.ndarray, height: int, width: int, name: str) -> np.ndarray:
    plain = pixels.squeeze(2) if pixels.shape[2] == 1 else pixels
    made = np.asarray(Image.fromarray(plain).resize((width, height), FILTERS[name]))
    return made.reshape(height, width, pixels.shape[2])


def random(own: tuple[int, int], channels: int, dtype: str = "uint8") -> np.ndarray:
    pixels = np.random.default_rng([*own, channels]).integers(0, 256, (*own, channels))
    return (pixels * (257 if dtype == "uint16" else 1)).astype(dtype)


def test_there_are_real_pictures():
    assert len(samples()) >= 2


@given(SIZES, SIZES, st.integers(1, 4), st.sampled_from(RESAMPLES))
def test_pillow_is_pillow_bit_for_bit(own, new, channels, name):
    pixels = random(own, channels)
    np.testing.assert_array_equal(resize(pixels, *new, name), by_pillow(pixels, *new, name))


@pytest.mark.parametrize("name", RESAMPLES)
def test_pillow_is_pillow_for_real_pictures(name):
    for pixels in samples():
        for size in BOTH_WAYS:
            np.testing.assert_array_equal(resize(pixels, *size, name), by_pillow(pixels, *size, name))


@pytest.mark.parametrize("name", WORST)
def test_simd_is_near_the_exact_result(name, noise):
    pictures = [*samples(), *(noise(31, 45, channels) for channels in (1, 2, 3, 4))]
    for pixels in pictures:
        for size in BOTH_WAYS:
            found = resize(pixels, *size, name, has_alpha=False, resizer=Resizer.SIMD)
            assert found.shape == (*size, pixels.shape[2])
            right = np.clip(exact(pixels, size, name, has_alpha=False), 0, 255)
            assert np.abs(found - right).max() <= WORST[name]


@pytest.mark.parametrize("is_large", [False, True])
@given(SIZES, SIZES, st.integers(1, 6), st.sampled_from(sorted(WORST)))
def test_simd_gives_what_pillow_gives_in_the_same_order(is_large, own, new, channels, name):
    """Bytes go down first, and across first where there are many."""
    pixels = random(own, channels)
    with patch.object(simd, "AT_ONCE_BYTES", 0 if is_large else simd.AT_ONCE_BYTES):
        found = resize(pixels, *new, name, has_alpha=False, resizer=Resizer.SIMD).astype(int)
    for channel in range(channels):
        half = (own[0], new[1]) if is_large else (new[0], own[1])
        half_done = by_pillow(pixels[:, :, channel : channel + 1], *half, name)
        expected = by_pillow(half_done, *new, name)[:, :, 0]
        assert np.abs(found[:, :, channel] - expected).max() <= SAME_ORDER[name]


@given(SIZES, SIZES, st.integers(1, 4), st.sampled_from(RESAMPLES), st.booleans(), st.sampled_from(Resizer))
def test_bytes_of_one_shape_are_scaled_as_each_is_alone(own, new, channels, name, has_alpha, resizer):
    given = [random(own, channels), 255 - random(own, channels)]
    chosen = {"has_alpha": has_alpha, "resizer": resizer}
    scaled = scaling_bytes(given[0].shape, *new, name, **chosen)
    is_quick = (
        resizer is Resizer.SIMD and name in WORST and channels in (1, 3) and not has_alpha and own != new
    )
    assert (scaled is not None) == is_quick
    if scaled is not None:
        for pixels, found in zip(given, [scaled(each) for each in given], strict=True):
            np.testing.assert_array_equal(found, resize(pixels, *new, name, **chosen))


@given(SIZES, SIZES, st.integers(1, 6), st.sampled_from([0, 9, 12, 16]))
def test_a_bilinear_mean_of_16_bits_exceeds_nothing(own, new, channels, bits):
    most = 2 ** (bits or 16) - 1
    for pixels in (np.full((*own, channels), most, np.uint16), random(own, channels, "uint16") & most):
        found = resize(pixels, *new, "bilinear", bits=bits, has_alpha=False, resizer=Resizer.SIMD)
        assert pixels.min() <= found.min()
        assert found.max() <= pixels.max()


@pytest.mark.parametrize("dtype", ["uint16", "int32", "float16", "float32", "float64"])
@settings(max_examples=25)
@given(SIZES, SIZES, st.integers(1, 6), st.sampled_from(sorted(WORST)))
def test_simd_is_as_good_as_exact_for_other_numbers_than_bytes(dtype, own, new, channels, name):
    pixels = random(own, channels, dtype)
    found = resize(pixels, *new, name, has_alpha=False, resizer=Resizer.SIMD)
    assert found.dtype == dtype
    right = exact(pixels, new, name, has_alpha=False)
    limits = (0, 65535) if dtype == "uint16" else (-np.inf, np.inf)
    # Numbers of 16 bits that cannot be clipped on the way are rounded there.
    is_rounded = dtype == "uint16" and name == "bilinear"
    step = (
        (1.01 if is_rounded else 0.51)
        if np.dtype(dtype).kind != "f"
        else 0.13
        if dtype == "float16"
        else 1e-3
    )
    assert np.abs(found.astype(np.float64) - np.clip(right, *limits)).max() <= step


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@given(SIZES, SIZES, st.sampled_from([2, 4]), st.sampled_from(sorted(WORST)))
def test_simd_weighs_by_alpha_exactly(dtype, own, new, channels, name):
    pixels = random(own, channels, dtype)
    pixels[0, 0, -1] = 0  # so that something has to be weighed
    found = resize(pixels, *new, name, has_alpha=True, resizer=Resizer.SIMD).astype(np.float64)
    right = exact(pixels, new, name, has_alpha=True)
    most = np.iinfo(dtype).max
    seen = right[:, :, -1] > most / 16
    # Sums are some units of the last of 24 bits off, which dividing by a sixteenth makes 16 times as much.
    step = max(0.51, 0.5 + 4 * 16 * most / 2**24)
    assert np.abs(found - np.clip(right, 0, most))[seen].max(initial=0) <= step


def test_nothing_is_weighed_where_all_is_opaque(noise):
    pixels = noise(31, 45, 4)
    pixels[:, :, -1] = 255
    found = resize(pixels, 12, 20, "bicubic", resizer=Resizer.SIMD)
    plain = resize(pixels[:, :, :3], 12, 20, "bicubic", resizer=Resizer.SIMD)
    np.testing.assert_array_equal(found[:, :, :3], plain)
    assert (found[:, :, 3] == 255).all()


@pytest.mark.parametrize("name", ["nearest", "area"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_pillow_scales_by_filters_that_simd_is_not_trusted_with(name, channels, noise):
    pixels = noise(31, 45, channels)
    found = resize(pixels, 12, 70, name, resizer=Resizer.SIMD)
    np.testing.assert_array_equal(found, by_pillow(pixels, 12, 70, name))
    assert resizers.used(Resizer.SIMD, name) is Resizer.PILLOW


@pytest.mark.parametrize("dtype", ["uint8", "uint16", "float32"])
@pytest.mark.parametrize("has_alpha", [True, False])
@settings(max_examples=25)
@given(SIZES, SIZES, st.sampled_from([2, 3, 4, 7]), st.sampled_from(sorted(WORST)), st.integers(1, 4000))
def test_strips_and_pieces_change_nothing(dtype, has_alpha, own, new, channels, name, size):
    pixels = random(own, channels, dtype)
    asked = {"has_alpha": has_alpha, "resizer": Resizer.SIMD}
    of_file = Readable(*own, channels, pixels.dtype, lambda rows, columns: pixels[rows, columns])
    at_once = resize(pixels, *new, name, **asked)
    with patch.object(simd, "AT_ONCE_BYTES", 0):
        expected = resize(pixels, *new, name, **asked)
        if dtype != "uint8" or has_alpha:  # these go across first, whatever their size
            np.testing.assert_array_equal(at_once, expected)
        with patch.object(simd, "STRIP_BYTES", size):
            np.testing.assert_array_equal(resize(pixels, *new, name, **asked), expected)
        with patch.multiple(large, WHOLE_PX=0, PIECE_PX=size):
            np.testing.assert_array_equal(resize_parts(of_file, *new, name, **asked), expected)
    with patch.multiple(large, WHOLE_PX=0, PIECE_PX=size):
        np.testing.assert_array_equal(resize_parts(of_file, *new, name, **asked), at_once)


@pytest.mark.usefixtures("no_simd")
def test_without_its_library_simd_is_refused_and_not_usual(noise):
    assert resizers.usual() is Resizer.PILLOW
    with pytest.raises(SampleError, match="cykooz-resizer, which is to scale it, is not installed"):
        resize(noise(31, 45, 3), 12, 20, "bilinear", resizer=Resizer.SIMD)

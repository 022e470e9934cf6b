"""How numbers of every dtype become grey."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from stackgui.core.viewing.contrast import BYTES, Contrast, histogram, shown

DTYPES = ("bool", "uint8", "int16", "uint16", "int32", "float16", "float32", "float64")
pixels = st.sampled_from(DTYPES).flatmap(
    lambda dtype: arrays.arrays(dtype, arrays.array_shapes(min_dims=3, max_dims=3, max_side=6))
)


@given(pixels, st.sampled_from([Contrast.automatic, Contrast.whole, Contrast.stretched]))
def test_whatever_is_in_a_row_it_is_shown(values, contrast):
    with np.errstate(all="ignore"):
        picture = shown(values, contrast)
    assert picture.shape == (*values.shape[:2], 3)
    assert picture.dtype == np.uint8


@example(np.array([[[np.finfo(np.float64).tiny, 0.0]]]))
@given(pixels)
def test_what_is_counted_is_what_is_finite(values):
    with np.errstate(all="ignore"):
        counts, low, high = histogram(values)
    assert low < high
    assert counts.sum() == np.count_nonzero(np.isfinite(values))


def test_bytes_and_floats_up_to_one_are_shown_as_they_are():
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16, 1)
    assert np.array_equal(shown(grey, Contrast.automatic)[..., 0], grey[..., 0])
    assert np.array_equal(shown((grey / 255).astype(np.float32), Contrast.automatic)[..., 0], grey[..., 0])
    assert Contrast.automatic(grey) == BYTES


def test_numbers_of_16_bits_are_stretched():
    values = np.linspace(1000, 1100, 100).astype(np.uint16).reshape(10, 10, 1)
    picture = shown(values, Contrast.automatic)
    assert picture.min() == 0
    assert picture.max() == 255


@pytest.mark.parametrize(("channel", "seen"), [(None, [10, 20, 30]), (1, [20, 20, 20]), (3, [40, 40, 40])])
def test_channels_are_shown_together_or_one_by_one(channel, seen):
    values = np.full((2, 2, 4), (10, 20, 30, 40), np.uint8)
    assert shown(values, BYTES, channel)[0, 0].tolist() == seen

"""Numbers: nothing is lost without a word."""

import itertools

import numpy as np
import pytest

from stackgui.core.errors import SampleError
from stackgui.core.numbers import can_convert
from stackgui.imaging import convert_numbers

DTYPES = [
    "bool",
    "uint8",
    "uint16",
    "uint32",
    "int8",
    "int16",
    "int32",
    "int64",
    "float16",
    "float32",
    "float64",
]
PAIRS = list(itertools.product(DTYPES, DTYPES))


@pytest.mark.parametrize(("have", "want"), PAIRS)
def test_small_values_are_kept_or_refused(have, want):
    pixels = np.array([0, 1, 1, 0]).astype(have).reshape(2, 2, 1)
    if not can_convert(have, want):
        with pytest.raises(SampleError, match=have):
            convert_numbers(pixels, want, scale=False)
        return
    if (have, want) == ("uint16", "uint8"):
        return
    result = convert_numbers(pixels, want, scale=False)
    assert result.dtype == want
    np.testing.assert_array_equal(result, pixels)


def test_sixteen_bits_become_eight_over_the_full_range():
    pixels = np.arange(65536, dtype=np.uint16)
    np.testing.assert_array_equal(convert_numbers(pixels, "uint8", scale=False), np.rint(pixels / 257))


def test_eight_bits_survive_sixteen():
    pixels = np.arange(256, dtype=np.uint8)
    wide = pixels.astype(np.uint16) * 257
    np.testing.assert_array_equal(convert_numbers(wide, "uint8", scale=True), pixels)


@pytest.mark.parametrize("have", ["bool", "uint8", "uint16", "uint32"])
@pytest.mark.parametrize("want", ["float16", "float32", "float64"])
def test_unsigned_numbers_are_scaled_to_one(have, want, noise):
    most = 1 if have == "bool" else np.iinfo(have).max
    pixels = (
        np.array([False, True]) if have == "bool" else np.append(noise(100, dtype=have), np.array(most, have))
    )
    expected = pixels / (255 if have == "bool" else most)
    result = convert_numbers(pixels, want, scale=True)
    assert result.dtype == want
    np.testing.assert_allclose(result, expected, rtol=float(np.finfo(want).eps), atol=1e-7)
    assert result[-1] == np.dtype(want).type(expected[-1])


def test_signed_numbers_and_floats_keep_their_values_when_scaling():
    for have in ("int16", "float32"):
        pixels = np.array([-3, 0, 200], have)
        np.testing.assert_array_equal(convert_numbers(pixels, "float32", scale=True), pixels)


@pytest.mark.parametrize(
    ("value", "have", "want"), [(70000, "float32", "float16"), (65535, "uint16", "float16")]
)
def test_what_overflows_is_refused(value, have, want):
    with pytest.raises(SampleError, match="too large for float16"):
        convert_numbers(np.array([value], have), want, scale=False)


def test_infinities_of_the_sample_pass():
    pixels = np.array([np.inf, -np.inf, np.nan, 1], np.float32)
    np.testing.assert_array_equal(convert_numbers(pixels, "float16", scale=False), pixels)


@pytest.mark.parametrize(("have", "want"), [("uint8", "uint8"), ("uint8", "float32"), ("uint16", "uint8")])
def test_out_is_filled_and_the_sample_left_alone(have, want, noise):
    pixels = noise(4, 5, 3, dtype=have)
    before = pixels.copy()
    out = np.empty(pixels.shape, want)
    assert convert_numbers(pixels, want, scale=True, out=out) is out
    np.testing.assert_array_equal(out, convert_numbers(pixels, want, scale=True))
    np.testing.assert_array_equal(pixels, before)
    assert not np.shares_memory(convert_numbers(pixels, want, scale=True), pixels)

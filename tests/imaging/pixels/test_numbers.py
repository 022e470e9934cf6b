"""Numbers: nothing is lost without a word."""

import itertools

import numpy as np
import pytest

from stackgui.core.base.choices import NonFinite, Reduce
from stackgui.core.base.errors import SampleError
from stackgui.core.plan.numbers import NumberRule, can_convert
from stackgui.imaging import convert_numbers, settle_non_finite

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
            convert_numbers(pixels, NumberRule(want))
        return
    if np.dtype(have).itemsize > np.dtype(want).itemsize and np.dtype(want).kind == "u":
        return  # brought down, see below
    result = convert_numbers(pixels, NumberRule(want))
    assert result.dtype == want
    np.testing.assert_array_equal(result, pixels)


def test_sixteen_bits_become_eight_over_the_full_range():
    pixels = np.arange(65536, dtype=np.uint16)
    np.testing.assert_array_equal(convert_numbers(pixels, NumberRule("uint8")), np.rint(pixels / 257))


def test_eight_bits_survive_sixteen():
    pixels = np.arange(256, dtype=np.uint8)
    wide = pixels.astype(np.uint16) * 257
    np.testing.assert_array_equal(convert_numbers(wide, NumberRule("uint8", keeps=False)), pixels)


@pytest.mark.parametrize("have", ["bool", "uint8", "uint16", "uint32"])
@pytest.mark.parametrize("want", ["float16", "float32", "float64"])
def test_unsigned_numbers_are_scaled_to_one(have, want, noise):
    most = 1 if have == "bool" else np.iinfo(have).max
    pixels = (
        np.array([False, True]) if have == "bool" else np.append(noise(100, dtype=have), np.array(most, have))
    )
    expected = pixels / most
    result = convert_numbers(pixels, NumberRule(want, keeps=False))
    assert result.dtype == want
    np.testing.assert_allclose(result, expected, rtol=float(np.finfo(want).eps), atol=1e-7)
    assert result[-1] == np.dtype(want).type(expected[-1])


def test_signed_numbers_and_floats_keep_their_values_when_scaled_from_0_to_1():
    for have in ("int16", "float32"):
        pixels = np.array([-3, 0, 200], have)
        np.testing.assert_array_equal(convert_numbers(pixels, NumberRule("float32", keeps=False)), pixels)


@pytest.mark.parametrize(
    ("value", "have", "want"), [(70000, "float32", "float16"), (65535, "uint16", "float16")]
)
def test_what_overflows_is_refused(value, have, want):
    with pytest.raises(SampleError, match="too large for float16"):
        convert_numbers(np.array([value], have), NumberRule(want))


def test_infinities_of_the_sample_pass():
    pixels = np.array([np.inf, -np.inf, np.nan, 1], np.float32)
    np.testing.assert_array_equal(convert_numbers(pixels, NumberRule("float16")), pixels)


@pytest.mark.parametrize(("have", "want"), [("uint8", "uint8"), ("uint8", "float32"), ("uint16", "uint8")])
def test_out_is_filled_and_the_sample_left_alone(have, want, noise):
    pixels = noise(4, 5, 3, dtype=have)
    before = pixels.copy()
    out = np.empty(pixels.shape, want)
    assert convert_numbers(pixels, NumberRule(want, keeps=False), out=out) is out
    np.testing.assert_array_equal(out, convert_numbers(pixels, NumberRule(want, keeps=False)))
    np.testing.assert_array_equal(pixels, before)
    assert not np.shares_memory(convert_numbers(pixels, NumberRule(want, keeps=False)), pixels)


# Going down


@pytest.mark.parametrize(("have", "want"), [("uint32", "uint8"), ("uint64", "uint16"), ("uint32", "uint16")])
def test_wide_integers_come_down_over_the_full_range(have, want, noise):
    most, to = np.iinfo(have).max, np.iinfo(want).max
    pixels = np.append(noise(500, dtype=have), np.array([0, most], have))
    expected = [(2 * int(value) * to + most) // (2 * most) for value in pixels]
    np.testing.assert_array_equal(convert_numbers(pixels, NumberRule(want)), expected)


@pytest.mark.parametrize("bits", [10, 12, 14])
def test_bits_of_the_file_are_what_is_white(bits):
    pixels = np.arange(2**bits, dtype=np.uint16)
    rule = NumberRule("uint8", reduce=Reduce.FILE_DEPTH)
    found = convert_numbers(pixels, rule, bits=bits)
    np.testing.assert_array_equal(found, np.rint(pixels / (2**bits - 1) * 255))
    assert (found[0], found[-1]) == (0, 255)
    scaled = convert_numbers(pixels, NumberRule("float32", keeps=False, reduce=Reduce.FILE_DEPTH), bits=bits)
    np.testing.assert_allclose(scaled, pixels / (2**bits - 1), rtol=1e-6)


def test_values_beyond_the_bits_of_the_file_are_refused_and_not_clipped():
    rule = NumberRule("uint8", reduce=Reduce.FILE_DEPTH)
    with pytest.raises(SampleError, match="values above 4,095"):
        convert_numbers(np.array([4096], np.uint16), rule, bits=12)


@pytest.mark.parametrize("have", ["int16", "float32", "uint16", "int64"])
@pytest.mark.parametrize("want", ["uint8", "uint16", "float32"])
def test_least_and_most_of_the_stack_become_black_and_white(have, want):
    pixels = np.array([20, 30, 40, 60]).astype(have)
    rule = NumberRule(want, keeps=False, reduce=Reduce.MIN_MAX, limits=(20, 60))
    most = 1.0 if want == "float32" else float(np.iinfo(want).max)
    expected = np.array([0, 0.25, 0.5, 1]) * most
    found = convert_numbers(pixels, rule)
    assert found.dtype == want
    np.testing.assert_allclose(found, expected if want == "float32" else np.rint(expected), rtol=1e-6)


def test_a_stack_of_one_value_is_black():
    rule = NumberRule("uint8", keeps=False, reduce=Reduce.MIN_MAX, limits=(7, 7))
    assert convert_numbers(np.array([7.0, 7.0]), rule).tolist() == [0, 0]


def test_nan_does_not_become_an_integer():
    rule = NumberRule("uint8", keeps=False, reduce=Reduce.MIN_MAX, limits=(0, 1))
    with pytest.raises(SampleError, match="not finite"):
        convert_numbers(np.array([0.5, np.nan]), rule)


@pytest.mark.parametrize(("black", "white"), [(-1, 1), (0, 255), (-2.1, 2.6)])
@pytest.mark.parametrize("have", ["uint8", "uint16", "float32"])
def test_black_and_white_can_become_any_floats(black, white, have, noise):
    pixels = noise(4, 5, 3, dtype=have)
    unit = pixels.astype(np.float64) / (1 if have == "float32" else np.iinfo(have).max)
    rule = NumberRule("float32", keeps=False, black=(black,), white=(white,))
    np.testing.assert_allclose(
        convert_numbers(pixels, rule), black + unit * (white - black), rtol=1e-5, atol=1e-5
    )


def test_eight_bits_survive_the_range_0_to_255():
    pixels = np.arange(256, dtype=np.uint8)
    rule = NumberRule("float32", keeps=False, white=(255.0,))
    np.testing.assert_array_equal(convert_numbers(pixels, rule), pixels)


def test_each_channel_has_its_own_black_and_white():
    pixels = np.full((2, 2, 3), 255, np.uint8)
    rule = NumberRule("float32", keeps=False, black=(0, 1, 2), white=(10, 20, 30))
    np.testing.assert_array_equal(convert_numbers(pixels, rule)[0, 0], [10, 20, 30])


# What is no number


def test_whatever_is_not_finite_is_counted_and_treated_as_asked():
    pixels = np.array([1, np.nan, np.inf, -np.inf], np.float32)
    kept, count = settle_non_finite(pixels, NonFinite.KEEP)
    assert kept is pixels
    assert count == 3
    zeroed, count = settle_non_finite(pixels, NonFinite.ZERO)
    assert (zeroed.tolist(), zeroed.dtype, count) == ([1, 0, 0, 0], np.float32, 3)
    with pytest.raises(SampleError, match="3 of its values are not finite"):
        settle_non_finite(pixels, NonFinite.ERROR)


def test_large_numbers_are_finite():
    pixels = np.full(4, 3e38, np.float32)
    assert settle_non_finite(pixels, NonFinite.ERROR) == (pixels, 0)

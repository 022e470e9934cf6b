"""Every rule by which numbers become others, against the formula that it stands for."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from stackgui.core.base.choices import Reduce
from stackgui.core.base.errors import SampleError
from stackgui.core.plan.numbers import NumberRule
from stackgui.imaging import convert_numbers

UNSIGNED = ["uint8", "uint16", "uint32", "uint64"]
INTEGERS = [*UNSIGNED, "int8", "int16", "int32", "int64"]
FLOATS = ["float16", "float32", "float64"]
SHAPE = (2, 3, 1)


def pixels_of(dtypes):
    """Pixels of any of `dtypes`: often small, now and then as large as can be."""

    def small(dtype: str):
        return st.integers(0, 300).map(lambda value: min(value, int(np.iinfo(dtype).max)))

    def some(dtype: str):
        whole = dtype in INTEGERS
        alike = arrays.arrays(dtype, SHAPE)
        few = (
            arrays.arrays(dtype, SHAPE, elements=small(dtype))
            if whole
            else arrays.arrays(
                dtype, SHAPE, elements=st.sampled_from([0.0, 1.0, 2.0, 255.0, 256.0, 0.5, -1.0])
            )
        )
        return few | alike

    return st.sampled_from(dtypes).flatmap(some)


def nearest(value: int, most: int, target: int) -> int:
    """``value / most · target`` to the nearest whole number, in exact arithmetic."""
    return round(Fraction(value * target, most))


@given(pixels_of([*INTEGERS, *FLOATS]) | arrays.arrays("bool", SHAPE), st.sampled_from(["uint8", "uint16"]))
def test_none_keeps_in_integers_what_fits_and_refuses_the_rest(pixels, want):
    most = np.iinfo(want).max
    fits = np.isfinite(pixels).all() and all(
        0 <= value <= most and value == int(value) for value in pixels.ravel().tolist()
    )
    rule = NumberRule(want, reduce=Reduce.NONE)
    if not fits:
        with pytest.raises(SampleError, match=want):
            convert_numbers(pixels, rule)
        return
    found = convert_numbers(pixels, rule)
    assert found.dtype == want
    np.testing.assert_array_equal(found, pixels)


@given(pixels_of(INTEGERS), st.sampled_from(FLOATS))
def test_none_keeps_in_floats_what_they_hold_exactly(pixels, want):
    with np.errstate(over="ignore"):
        floats = pixels.astype(want)
    exact = np.isfinite(floats).all() and all(
        int(f) == int(p) for f, p in zip(floats.ravel().tolist(), pixels.ravel().tolist(), strict=True)
    )
    rule = NumberRule(want, reduce=Reduce.NONE)
    if exact:
        np.testing.assert_array_equal(convert_numbers(pixels, rule), floats)
    else:
        with pytest.raises(SampleError, match=want):
            convert_numbers(pixels, rule)


@pytest.mark.parametrize(
    ("values", "dtype", "reason"),
    [
        ([0, 300], "uint16", "its values are from 0 to 300, and uint8 holds 0 to 255"),
        ([1000, 1000], "int32", "its values are 1,000, and uint8 holds 0 to 255"),
        ([-1000, 3071], "int16", "its values are from -1,000 to 3,071, and uint8 holds 0 to 255"),
        ([0.0, 1e30], "float32", r"its values are from 0 to 1e\+30, and uint8 holds 0 to 255"),
        ([0.5, 1.0], "float32", r"values with a fraction, such as 0\.5, which uint8 cannot hold \(--dtype"),
        (
            [np.nan, 1.0],
            "float64",
            r"values that are not finite \(NaN or infinity\), which uint8 cannot hold",
        ),
    ],
)
def test_the_reason_names_the_values(values, dtype, reason):
    pixels = np.array(values, dtype).reshape(1, 2, 1)
    with pytest.raises(SampleError, match=reason):
        convert_numbers(pixels, NumberRule("uint8", reduce=Reduce.NONE))


@given(pixels_of(UNSIGNED), st.sampled_from(["uint8", "uint16", "uint32", "uint64"]))
def test_pictures_of_different_depths_are_brought_to_one_range(pixels, want):
    most, target = int(np.iinfo(pixels.dtype).max), int(np.iinfo(want).max)
    assume(target <= 2**32 or target % most == 0)
    found = convert_numbers(pixels, NumberRule(want, joins=True), is_picture=True)
    assert found.dtype == want
    for value, result in zip(pixels.ravel().tolist(), found.ravel().tolist(), strict=True):
        assert abs(result - nearest(value, most, target)) <= (most == 2**64 - 1)


@given(st.integers(2, 16), st.sampled_from(["uint8", "uint16", "uint32"]), st.data())
def test_so_are_those_of_as_many_bits_as_their_files_say(bits, want, data):
    most, target = 2**bits - 1, int(np.iinfo(want).max)
    pixels = data.draw(arrays.arrays("uint16", SHAPE, elements=st.integers(0, most)))
    rule = NumberRule(want, joins=True, reduce=Reduce.FILE_DEPTH)
    found = convert_numbers(pixels, rule, bits=bits, is_picture=True)
    expected = [nearest(value, most, target) for value in pixels.ravel().tolist()]
    np.testing.assert_array_equal(found.ravel(), expected)


@given(st.sampled_from(["bool", *INTEGERS, *FLOATS]), st.data())
def test_tensors_are_not(have, data):
    pixels = data.draw(arrays.arrays(have, SHAPE, elements=st.sampled_from([0, 1]).map(np.dtype(have).type)))
    for want in ("uint64", "float64"):
        for reduce in (Reduce.FULL_RANGE, Reduce.FILE_DEPTH):
            try:
                plain = convert_numbers(pixels, NumberRule(want, reduce=reduce))
            except SampleError:
                assume(False)  # noqa: FBT003 - there is no rule, as another test has it
            joined = convert_numbers(pixels, NumberRule(want, reduce=reduce, joins=True))
            np.testing.assert_array_equal(joined, plain)
            np.testing.assert_array_equal(joined, pixels)


def test_eight_bits_among_sixteen_lose_nothing():
    pixels = np.arange(256, dtype=np.uint8)
    wide = convert_numbers(pixels, NumberRule("uint16", joins=True), is_picture=True)
    np.testing.assert_array_equal(wide, pixels.astype(np.uint16) * 257)
    np.testing.assert_array_equal(convert_numbers(wide, NumberRule("uint8")), pixels)


def test_more_than_the_bits_of_the_file_is_refused_there_too():
    rule = NumberRule("uint16", joins=True, reduce=Reduce.FILE_DEPTH)
    with pytest.raises(SampleError, match="values above 4,095"):
        convert_numbers(np.array([4096], np.uint16), rule, bits=12, is_picture=True)


LIMIT = st.floats(-1e6, 1e6, width=32)


@given(LIMIT, LIMIT, st.sampled_from(["uint8", "uint16", "float32", "float64"]), st.data())
def test_min_max_is_linear(first, second, want, data):
    low, high = sorted((first, second))
    assume(high - low > 1e-3)
    pixels = data.draw(arrays.arrays("float32", SHAPE, elements=st.floats(low, high, width=32)))
    rule = NumberRule(want, keeps=False, reduce=Reduce.MIN_MAX, limits=(low, high))
    unit = (pixels.astype(np.float64) - low) / (high - low)
    found = convert_numbers(pixels, rule)
    if want.startswith("float"):
        np.testing.assert_allclose(found, unit, rtol=1e-5, atol=1e-5)
    else:
        most = np.iinfo(want).max
        assert np.abs(found - unit * most).max() <= 0.5 + 1e-6
    assert found.dtype == want


@pytest.mark.parametrize("want", ["uint8", "float32", "float64"])
def test_limits_far_apart_are_no_black_picture(want):
    pixels = np.array([-3e38, 0, 3e38], np.float32)
    rule = NumberRule(want, keeps=False, reduce=Reduce.MIN_MAX, limits=(float(pixels[0]), float(pixels[2])))
    most = 255 if want == "uint8" else 1
    np.testing.assert_allclose(
        convert_numbers(pixels, rule), [0, np.rint(most / 2) if most > 1 else 0.5, most]
    )
    too_far = NumberRule(want, keeps=False, reduce=Reduce.MIN_MAX, limits=(-1.7e308, 1.7e308))
    with pytest.raises(SampleError, match="too far apart"):
        convert_numbers(pixels, too_far)


@pytest.mark.parametrize("reduce", [Reduce.FULL_RANGE, Reduce.FILE_DEPTH])
@pytest.mark.parametrize(("black", "white"), [(0, 1), (-1, 1), (0, 255)])
def test_what_is_true_is_white(reduce, black, white):
    pixels = np.array([False, True])
    rule = NumberRule("float32", keeps=False, reduce=reduce, black=(black,), white=(white,))
    assert convert_numbers(pixels, rule).tolist() == [black, white]
    assert convert_numbers(pixels.view(np.uint8), rule, bits=1).tolist() == [black, white]

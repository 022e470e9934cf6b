"""What the axes of a tensor mean, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.choices import TensorLayout
from stackgui.core.base.errors import SampleError
from stackgui.core.catalog.axes import Axes, infer_axes, reason_text, shape_text

AUTO = TensorLayout.AUTO
SIDE = st.integers(1, 300)


@pytest.mark.parametrize(
    ("shape", "told"),
    [
        ((5, 7), "HW"),
        ((5, 7, 3), "HWC"),
        ((3, 5, 7), "CHW"),
        ((1, 64, 64), "CHW"),
        ((64, 64, 1), "HWC"),
        ((3, 224, 3), "HWC?"),
        ((3, 3, 3), "HWC?"),
        ((2, 64, 64), "CHW?"),
        ((4, 64, 64), "CHW?"),
        ((100, 20_000, 3), "HWC"),
        ((3, 100, 20_000), "CHW"),
        ((4, 100, 3), "HWC"),
        ((4, 5, 3), "HWC"),
        ((2, 2, 3), "HWC"),
        ((5, 4, 3), "HWC"),
        ((1, 5, 3), "HWC?"),
        ((4, 5, 4), "HWC?"),
        ((9, 4, 5, 3), "NHWC"),
        ((13, 64, 64), "CHW?"),
        ((64, 64, 13), "HWC?"),
        ((12, 64, 12), "HWC?"),
        ((10, 64, 12), "CHW?"),
        ((17, 64, 17), "NHW?"),
        ((40, 50, 60), "NHW?"),
        ((5, 30, 30), "CHW?"),
        ((145, 145, 200), "HWC?"),
        ((16, 16, 200), "HWC?"),
        ((512, 217, 204), "NHW?"),
        ((1000, 28, 28), "NHW?"),
        ((1797, 8, 8), "NHW"),
        ((60_000, 28, 16), "NHW"),
        ((28, 28, 60_000), "HWC?"),
        ((60_000, 28, 28), "NHW"),
        ((9, 64, 64, 3), "NHWC"),
        ((9, 3, 64, 64), "NCHW"),
        ((9, 3, 64, 3), "NHWC?"),
        ((9, 4, 64, 64), "NCHW"),
        ((8, 13, 64, 64), "NCHW?"),
        ((10, 100, 100, 60), "NHWC?"),
        ((5, 64, 64, 64), "NHWC?"),
    ],
)
def test_the_axes_are_told_from_the_shape(shape, told):
    assert str(infer_axes(shape, AUTO)) == told


@pytest.mark.parametrize(
    ("layout", "shape", "told"),
    [
        ("hwc", (3, 480, 640), "HWC"),
        ("chw", (480, 640, 3), "CHW"),
        ("nhw", (3, 480, 640), "NHW"),
        ("hwc", (10, 3, 480, 640), "NHWC"),
        ("chw", (10, 480, 640, 3), "NCHW"),
        ("nhw", (10, 480, 640, 3), "NHWC"),
        ("chw", (5, 7), "HW"),
        ("hwc", (100, 100, 100), "HWC"),
    ],
)
def test_what_was_chosen_comes_before_the_rules(layout, shape, told):
    assert str(infer_axes(shape, TensorLayout(layout))) == told


@pytest.mark.parametrize("layout", list(TensorLayout))
@pytest.mark.parametrize("shape", [(), (5,), (2, 3, 4, 5, 6)])
def test_other_numbers_of_axes_are_refused_with_the_shape(shape, layout):
    with pytest.raises(SampleError, match=r"its shape \("):
        infer_axes(shape, layout)


def test_a_shape_that_is_refused_says_which_are_taken():
    with pytest.raises(SampleError, match=r"has 1 axis; a picture has two .* or three .*: save it in such"):
        infer_axes((5,), AUTO)


def possible(shape: tuple[int, ...], axes: Axes) -> bool:
    """Whether a picture could be of `shape`, told in the plainest way."""
    sides = dict(zip(axes, shape, strict=True))
    short, long = sorted((sides["H"], sides["W"]))
    return sides.get("C", 1) <= 1024 and long <= 100 * short


@given(shape=st.tuples(SIDE, SIDE, SIDE | st.integers(1000, 70_000)).flatmap(st.permutations).map(tuple))
def test_a_shape_without_colours_is_certain_only_where_no_other_reading_is_possible(shape):
    told = infer_axes(shape, AUTO)
    if min(shape[0], shape[2]) > 4:
        fitting = [axes for axes in (Axes.HWC, Axes.CHW, Axes.NHW) if possible(shape, axes)]
        assert told.certain == (fitting == [told.axes])
        assert told.axes in fitting or not fitting
    else:
        assert told.axes is (Axes.HWC if shape[2] <= 4 else Axes.CHW)


@given(first=SIDE, second=SIDE, last=SIDE, count=st.integers(1, 9))
def test_of_four_axes_the_first_counts_pictures_and_an_end_channels(first, second, last, count):
    told = infer_axes((count, first, second, last), AUTO)
    assert told.axes in (Axes.NHWC, Axes.NCHW)
    if told.certain and min(first, last) > 4:
        other = Axes.NCHW if told.axes is Axes.NHWC else Axes.NHWC
        assert not possible((count, first, second, last), other)


def test_the_evidence_is_a_sentence():
    assert shape_text("CHW", 480, 640, 3) == "(3, 480, 640)"
    assert reason_text("CHW", 3, AUTO) == ("read as colour × height × width, because the first axis has 3")
    assert shape_text("NHWC?", 1000, 3, 3) == "(N, 1,000, 3, 3)"
    assert reason_text("NHWC?", 3, AUTO) == (
        "read as pictures × height × width × colour, because the last axis has 3"
        "; the shape could also be read in another way"
    )


@given(st.sampled_from(Axes), st.sampled_from(TensorLayout), st.integers(1, 16))
def test_every_reading_has_a_reason(axes, layout, channels):
    text = reason_text(axes, channels, layout)
    assert ("as you chose" in text) == (layout.upper() in (axes, axes.of_sample))

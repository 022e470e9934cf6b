"""What the axes of a tensor mean, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.axes import Axes, reason_text, shape_text, tell_axes
from stackgui.core.choices import TensorLayout
from stackgui.core.errors import SampleError

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
        ((4, 100, 3), "HWC?"),
        ((13, 64, 64), "CHW?"),
        ((64, 64, 13), "HWC?"),
        ((12, 64, 12), "HWC?"),
        ((10, 64, 12), "CHW?"),
        ((17, 64, 17), "NHW"),
        ((60_000, 28, 28), "NHW"),
        ((9, 64, 64, 3), "NHWC"),
        ((9, 3, 64, 64), "NCHW"),
        ((9, 3, 64, 3), "NHWC?"),
    ],
)
def test_the_axes_are_told_from_the_shape(shape, told):
    assert str(tell_axes(shape, AUTO)) == told


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
    assert str(tell_axes(shape, TensorLayout(layout))) == told


@pytest.mark.parametrize("layout", list(TensorLayout))
@pytest.mark.parametrize("shape", [(), (5,), (2, 3, 4, 5, 6)])
def test_other_numbers_of_axes_are_refused_with_the_shape(shape, layout):
    with pytest.raises(SampleError, match=r"its shape \("):
        tell_axes(shape, layout)


def test_many_samples_without_an_axis_for_channels_are_refused():
    with pytest.raises(SampleError, match=r"its shape \(5, 64, 64, 64\)"):
        tell_axes((5, 64, 64, 64), AUTO)


@given(first=SIDE, second=SIDE, last=SIDE)
def test_only_channels_are_short_and_only_a_clear_shape_is_certain(first, second, last):
    told = tell_axes((first, second, last), AUTO)
    if told.axes is Axes.NHW:
        assert min(first, last) > 16
    else:
        channels = last if told.axes is Axes.HWC else first
        assert channels <= 16
        assert told.certain == (channels <= 4 and (first + last - channels) > 4)


def test_the_evidence_is_a_sentence():
    assert shape_text("CHW", 480, 640, 3) == "(3, 480, 640)"
    assert reason_text("CHW", 3, AUTO) == "the first axis has 3, so channels come first"
    assert shape_text("NHWC?", 1000, 3, 3) == "(N, 1,000, 3, 3)"
    assert reason_text("NHWC?", 3, AUTO) == (
        "the last axis has 3, so channels come last; the first counts pictures"
        "; the shape could also be read in another way"
    )


@given(st.sampled_from(Axes), st.sampled_from(TensorLayout), st.integers(1, 16))
def test_every_reading_has_a_reason(axes, layout, channels):
    text = reason_text(axes, channels, layout)
    assert ("you chose so" in text) == (layout.upper() in (axes, axes.of_sample))

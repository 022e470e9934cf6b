"""Options, and how they are read."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.errors import UsageError
from stackgui.core.options import (
    MAX_SIDE_PX,
    Alpha,
    Anchor,
    Channels,
    Colour,
    Decode,
    Fit,
    Labels,
    Layout,
    NonFinite,
    Numbers,
    Options,
    Reduce,
    Resample,
    Scale,
    Size,
    SizeKind,
)

SIZES = st.one_of(
    st.just(Size()),
    st.builds(Size.exact, st.integers(1, MAX_SIDE_PX), st.integers(1, MAX_SIDE_PX)),
    st.builds(
        lambda p: Size(SizeKind.PERCENTILE, percentile=p),
        st.floats(0, 100, exclude_min=True, allow_nan=False),
    ),
)
OPTIONS = st.builds(
    Options,
    size=SIZES,
    fit=st.sampled_from(Fit),
    anchor=st.sampled_from(Anchor),
    fill=st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 255),
    channels=st.sampled_from(Channels),
    dtype=st.sampled_from(Numbers),
    scale=st.sampled_from(Scale),
    layout=st.sampled_from(Layout),
    labels=st.sampled_from(Labels),
    resample=st.sampled_from(Resample),
    reduce=st.sampled_from(Reduce),
    non_finite=st.sampled_from(NonFinite),
    alpha=st.sampled_from(Alpha),
    background=st.builds(Colour, *[st.integers(0, 255)] * 3),
    decode=st.sampled_from(Decode),
)


@given(SIZES)
def test_a_size_written_is_the_size_read(size):
    assert Size.parse(str(size)) == size


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("max", Size()),
        ("480x640", Size.exact(480, 640)),
        ("480 × 640", Size.exact(480, 640)),
        ("480X640", Size.exact(480, 640)),
        ("p95", Size(SizeKind.PERCENTILE, percentile=95)),
        ("p99.5", Size(SizeKind.PERCENTILE, percentile=99.5)),
    ],
)
def test_sizes_are_read(text, size):
    assert Size.parse(text) == size


@pytest.mark.parametrize(
    "text", ["", "640", "x", "4x", "x4", "4x4x4", "p", "p-5", "95", "1e3x5", "MAX", "1.5x2"]
)
def test_what_is_no_size_is_refused_with_examples(text):
    with pytest.raises(UsageError, match=r"is no size; write max, .* 480x640, .* p95"):
        Size.parse(text)


@pytest.mark.parametrize("text", ["0x0", "0x5", "5x0", "-1x5", "1000001x5", "999999999x1"])
def test_impossible_sizes_are_refused_with_the_limits(text):
    with pytest.raises(
        UsageError, match=r"is not possible; each side must be between 1 and 1,000,000 pixels"
    ):
        Size.parse(text)


@pytest.mark.parametrize("text", ["p0", "p100.1", "p1000"])
def test_impossible_percentiles_are_refused(text):
    with pytest.raises(UsageError, match="above 0 and at most 100"):
        Size.parse(text)


@given(OPTIONS)
def test_options_survive_json(options):
    assert Options.from_json(options.to_json()) == options


def test_missing_options_are_the_defaults():
    assert Options.from_json({}) == Options()


@pytest.mark.parametrize("fill", [math.nan, math.inf, -math.inf])
def test_fill_must_be_a_number(fill):
    with pytest.raises(UsageError, match="must be a number"):
        Options(fill=fill)


@pytest.mark.parametrize("text", ["white", "#fff", "#gggggg", "ffffff", "#ffffff "])
def test_a_colour_is_written_in_one_way(text):
    with pytest.raises(UsageError, match="is no colour; write it as #rrggbb"):
        Colour.parse(text)


def test_misspelt_choice_names_those_there_are():
    with pytest.raises(
        UsageError, match=r"“padd” is no fit; choose one of pad, letterbox, stretch, crop, cover\."
    ):
        Fit.parse("padd")


def test_unknown_option_is_named():
    with pytest.raises(UsageError, match="Unknown option: colour, sice"):
        Options.from_json({"sice": "max", "colour": 1, "fit": "pad"})

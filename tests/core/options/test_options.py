"""Options, and how they are read."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.choices import (
    Alpha,
    Anchor,
    Channels,
    Decode,
    Fit,
    Icc,
    Layout,
    NonFinite,
    Numbers,
    Reduce,
    Resample,
    Resizer,
    Scale,
)
from stackgui.core.base.colour import Colour
from stackgui.core.base.errors import UsageError
from stackgui.core.base.size import Size
from stackgui.core.labels.labels import Labels
from stackgui.core.options.options import Options

OPTIONS = st.builds(
    Options,
    size=st.sampled_from([Size(), Size.exact(480, 640), Size.parse("p99.5")]),
    fit=st.sampled_from(Fit),
    anchor=st.sampled_from(Anchor),
    fill=st.floats(allow_nan=False, allow_infinity=False) | st.integers(0, 255),
    channels=st.sampled_from(Channels),
    dtype=st.sampled_from(Numbers),
    scale=st.sampled_from(Scale),
    layout=st.sampled_from(Layout),
    labels=st.sampled_from(
        ["auto", "folders", "level:-2", "given", "name:{label}_*.jpg", "regex:(?P<label>a:b)", "none"]
    ).map(Labels.parse),
    resample=st.sampled_from(Resample),
    reduce=st.sampled_from(Reduce),
    non_finite=st.sampled_from(NonFinite),
    alpha=st.sampled_from(Alpha),
    background=st.builds(Colour, *[st.integers(0, 255)] * 3),
    icc=st.sampled_from(Icc),
    decode=st.sampled_from(Decode),
)


@given(OPTIONS)
def test_options_survive_json(options):
    assert Options.from_json(options.to_json()) == options


def test_missing_options_are_the_defaults_or_what_was_before_them():
    assert Options.from_json({}) == Options(resizer=Resizer.PILLOW)


def test_what_was_before_a_choice_is_left_out_of_json():
    assert "resizer" not in Options(resizer=Resizer.PILLOW).to_json()
    assert Options(resizer=Resizer.SIMD).to_json()["resizer"] == "simd"


@pytest.mark.parametrize("fill", [math.nan, math.inf, -math.inf])
def test_fill_must_be_a_number(fill):
    with pytest.raises(UsageError, match="must be a number"):
        Options(fill=fill)


def test_unknown_option_is_named():
    with pytest.raises(UsageError, match="Unknown option: colour, sice"):
        Options.from_json({"sice": "max", "colour": 1, "fit": "pad"})

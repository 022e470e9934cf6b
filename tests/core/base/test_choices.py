"""Choices, and how they are read."""

import contextlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base import choices
from stackgui.core.base.choices import (
    Anchor,
    Channels,
    Choice,
    Fit,
    Layout,
    NonFinite,
    Numbers,
    Reduce,
    Resample,
    Scale,
    Storage,
    TensorLayout,
)
from stackgui.core.base.colour import Colour
from stackgui.core.base.errors import UsageError
from stackgui.core.base.synonyms import ALSO_CALLED, plain
from stackgui.core.catalog.frames import Frames
from stackgui.core.labels.labels import Labels
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options


def test_misspelt_choice_names_those_there_are():
    with pytest.raises(
        UsageError, match=r"“padd” is not a fit; choose one of pad, letterbox, stretch, crop, cover\."
    ):
        Fit.parse("padd")


CHOICES = [
    kind
    for kind in vars(choices).values()
    if isinstance(kind, type) and issubclass(kind, Choice) and kind is not Choice
]
VALUES = [value for kind in CHOICES for value in kind]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Channels, "gray", "grey"),
        (Channels, "grayscale", "grey"),
        (Channels, "Greyscale", "grey"),
        (Channels, "L", "grey"),
        (Channels, "colour", "rgb"),
        (Channels, "color", "rgb"),
        (Channels, "RGB", "rgb"),
        (Anchor, "centre", "center"),
        (Anchor, "middle", "center"),
        (Anchor, "Top_Left", "top-left"),
        (Anchor, "top left", "top-left"),
        (Anchor, "topleft", "top-left"),
        (Layout, "nchw", "NCHW"),
        (Layout, "channels_first", "NCHW"),
        (Layout, "channels last", "NHWC"),
        (Resample, "NEAREST", "nearest"),
        (Resample, "nearest-neighbour", "nearest"),
        (Resample, "Bilinear", "bilinear"),
        (Resample, "cv2.INTER_LINEAR", "bilinear"),
        (Resample, "Image.BICUBIC", "bicubic"),
        (Numbers, "half", "float16"),
        (Numbers, "np.float16", "float16"),
        (Numbers, "torch.float32", "float32"),
        (Numbers, "Float-32", "float32"),
        (Numbers, "fp16", "float16"),
        (Numbers, "UINT8", "uint8"),
        (Scale, "[-1, 1]", "-1..1"),
        (Scale, "[0,1]", "0..1"),
        (Scale, "\N{MINUS SIGN}1..1", "-1..1"),
        (Scale, "ImageNet", "imagenet"),
        (Scale, "mean_std", "mean-std"),
        (Reduce, "MinMax", "min-max"),
        (Fit, "center crop", "crop"),
        (TensorLayout, "CHW", "chw"),
        (TensorLayout, "channels-last", "hwc"),
        (NonFinite, "0", "zero"),
        (Storage, "RAM", "memory"),
    ],
)
def test_customary_spellings_are_taken(kind, text, value):
    assert kind.parse(text) is kind(value)


@pytest.mark.parametrize(
    ("kind", "text"), [(Numbers, "u8"), (Numbers, "float"), (Channels, "bgr"), (Fit, "fill")]
)
def test_what_may_mean_several_things_is_refused(kind, text):
    with pytest.raises(UsageError, match="choose one of"):
        kind.parse(text)


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_each_value_is_read_as_itself_in_any_case(value):
    for text in (value, value.upper(), value.lower(), re.sub(r"\b-\b", "_", value), f" {value} "):
        assert type(value).parse(text) is value


@pytest.mark.parametrize("kind", CHOICES)
def test_no_other_name_means_two_values(kind):
    names = ALSO_CALLED.get(kind.__name__, {})
    told = [name for value in kind for name in {plain(each) for each in (value, *names.get(value, ()))}]
    assert len(told) == len(set(told))
    assert set(names) <= set(kind)


def test_other_names_are_of_choices_that_there_are():
    assert set(ALSO_CALLED) <= {kind.__name__ for kind in CHOICES}


def test_a_plan_keeps_the_canonical_name():
    assert Options(channels=Channels.parse("gray")).to_json()["channels"] == "grey"
    assert Options.from_json({"channels": "gray", "layout": "nchw"}).to_json()["layout"] == "NCHW"


@given(st.text())
def test_any_text_is_a_value_or_a_sentence(text):
    for kind in CHOICES:
        with contextlib.suppress(UsageError):
            assert kind.parse(text) in kind


@pytest.mark.parametrize(
    ("text", "colour"),
    [
        ("#fff", "#ffffff"),
        ("#1af", "#11aaff"),
        ("FFFFFF", "#ffffff"),
        ("0x102030", "#102030"),
        ("White", "#ffffff"),
        ("gray", "#808080"),
        ("255, 0, 16", "#ff0010"),
        ("rgb(1,2,3)", "#010203"),
    ],
)
def test_customary_spellings_of_colours_are_taken(text, colour):
    assert str(Colour.parse(text)) == colour


@pytest.mark.parametrize("text", ["", "#ff", "256,0,0", "1,2", "reddish", "fff"])
def test_what_is_no_colour_is_refused(text):
    with pytest.raises(UsageError, match="write it as #rrggbb"):
        Colour.parse(text)


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("None", "none"),
        ("FOUND", "found"),
        ("80:10:10", "80/10/10"),
        ("80-20", "80/20/0"),
        ("80%/10%/10%", "80/10/10"),
        ("80 % 20 %", "80/20/0"),
        ("0.8,0.1,0.1", "80/10/10"),
        (".7/.3", "70/30/0"),
        ("1/0/0", "100/0/0"),
    ],
)
def test_customary_spellings_of_splits_are_taken(text, split):
    assert str(Split.parse(text)) == split


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Folders", "folders"),
        ("folder", "folders"),
        ("LEVEL:-1", "level:-1"),
        ("lists", "given"),
        ("None", "none"),
    ],
)
def test_customary_spellings_of_labels_are_taken(text, labels):
    assert str(Labels.parse(text)) == labels


def test_a_pattern_of_labels_stays_as_it_was_typed():
    assert Labels.parse("Name:{label} X ").pattern == "{label} X "


def test_a_choice_that_is_refused_has_its_article():
    with pytest.raises(UsageError, match="“x” is not an anchor"):
        Anchor.parse("x")
    with pytest.raises(UsageError, match="“cubicc” is not a filter"):
        Resample.parse("cubicc")


@pytest.mark.parametrize(("text", "frames"), [("FIRST", "first"), ("All", "all"), (" 2 ", "2")])
def test_customary_spellings_of_frames_are_taken(text, frames):
    assert str(Frames.parse(text)) == frames

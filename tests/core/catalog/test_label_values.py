"""Which samples look like class ids, and what is said of what a plan does to them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from stackgui.core.advice.gathered_warnings import plan_warnings, scan_warnings
from stackgui.core.base.choices import Channels, Fit, Numbers, Reduce, Resample, Scale
from stackgui.core.base.size import Size
from stackgui.core.catalog.archive_location import Archive, ArchiveLocation, Packing
from stackgui.core.catalog.doubts import Doubt
from stackgui.core.catalog.label_values import (
    MAX_BYTES,
    MAX_EXAMINED,
    are_low,
    doubts_about,
    look_like_labels,
    samples_to_examine,
)
from stackgui.core.options.options import Options
from tests.making import make_catalog, make_plan

WIDE = ["uint16", "uint32", "uint64", "int16", "int32", "int64"]
IDS = Doubt.LABEL_VALUES.value


def areas(values, dtype="uint8", side=24) -> np.ndarray:
    """A mask: a band of even pixels for each of `values`."""
    return np.repeat(np.repeat(np.array(values, dtype), side)[:, np.newaxis], side * 8, axis=1)[
        ..., np.newaxis
    ]


@given(st.sampled_from(WIDE), st.lists(st.integers(0, 255), min_size=2, max_size=40, unique=True))
def test_small_numbers_in_wide_integers_look_like_ids(dtype, values):
    assert look_like_labels(np.array([values], dtype)[..., np.newaxis])
    assert look_like_labels(areas(values, dtype))


@pytest.mark.parametrize(
    "values",
    [
        [0, 1],
        [0, 255],
        [0, 1, 2, 255],  # 255 is of no class
        range(21),
        [*range(21), 255],
        [7, 11, 26, 33, 255],  # of Cityscapes
        [0, 60, 120, 180, 240],  # spread out, so that people can see them
    ],
)
def test_even_areas_of_few_numbers_look_like_a_mask(values):
    assert look_like_labels(areas(values))
    assert look_like_labels(areas(values).astype("uint16"))
    assert look_like_labels(areas(values).transpose(1, 0, 2).copy())


def test_ids_of_instances_look_like_ids():
    assert look_like_labels(areas([0, 24000, 24001, 26000, 26017], "uint16"))
    assert look_like_labels(areas([-1, 0, 5], "int64"))


@given(st.sampled_from(["uint8", *WIDE]), st.integers(0, 255), st.integers(1, 9), st.integers(1, 9))
def test_a_single_number_says_nothing(dtype, value, height, width):
    assert not look_like_labels(np.full((height, width, 1), min(value, np.iinfo(dtype).max), dtype))


@given(st.integers(0, 2**32 - 1), st.integers(30, 80))
def test_brightness_does_not(seed, side):
    random = np.random.default_rng(seed)
    assert not look_like_labels(random.integers(0, 256, (side, side, 1), np.uint8))
    assert not look_like_labels(random.integers(0, 4096, (side, side, 1), np.uint16))
    # Of few levels, as in fog, but with noise.
    assert not look_like_labels(random.integers(100, 140, (side, side, 1), np.uint8))
    assert not look_like_labels(random.integers(0, 12, (side, side, 1), np.uint8))


def discs(radius, count=12, side=256) -> np.ndarray:
    """Round objects of 255 on 0."""
    y, x = np.mgrid[:side, :side]
    centres = np.random.default_rng(1).integers(radius, side - radius, (count, 2))
    inside = [(y - row) ** 2 + (x - column) ** 2 <= radius**2 for row, column in centres]
    return (np.logical_or.reduce(inside) * 255).astype(np.uint8)[..., np.newaxis]


def page(font_px, side=400) -> np.ndarray:
    """Black text on white."""
    picture = Image.new("L", (side, side), 255)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(font_px)
    for line in range(5, side, round(1.3 * font_px)):
        draw.text((5, line), "The quick brown fox jumps over the lazy dog", 0, font=font)
    return np.where(np.asarray(picture) > 127, 255, 0).astype(np.uint8)[..., np.newaxis]


def line_art(width, side) -> np.ndarray:
    """Lines of two greys on white."""
    picture = Image.new("L", (side, side), 255)
    draw = ImageDraw.Draw(picture)
    draw.line((0, side // 9, side, side // 2), 0, width)
    draw.ellipse((side // 8, side // 4, side // 2, side // 2), outline=0, width=width)
    draw.rectangle((side // 2, side // 3, side - 9, side - 9), outline=128, width=width)
    return np.asarray(picture)[..., np.newaxis]


@pytest.mark.parametrize("font_px", [10, 14, 24, 40])
def test_text_is_no_mask(font_px):
    assert not look_like_labels(page(font_px))
    assert not look_like_labels(page(font_px) // 255, are_indices=True)


@pytest.mark.parametrize(("width", "side"), [(1, 200), (3, 400), (8, 2000)])
def test_line_art_is_no_mask(width, side):
    assert not look_like_labels(line_art(width, side))


@pytest.mark.parametrize("share", [0.02, 0.1, 0.9])
def test_specks_are_no_mask(share):
    specks = np.random.default_rng(2).random((200, 160, 1)) < share
    assert not look_like_labels((specks * 255).astype(np.uint8))
    assert not look_like_labels(specks.astype(np.uint8), are_indices=True)


@pytest.mark.parametrize("radius", [3, 5, 20, 60])
@pytest.mark.parametrize("largest", [1, 255])
def test_objects_are_a_mask_however_small(radius, largest):
    mask = discs(radius) // 255 * np.uint8(largest)
    assert look_like_labels(mask)
    assert look_like_labels(mask // largest, are_indices=True)


def test_large_objects_are_a_mask_on_either_ground():
    assert look_like_labels(255 - discs(40, 3))


@pytest.mark.parametrize("are_indices", [False, True])
@pytest.mark.parametrize("values", [[0, 1], [0, 1, 2], [0, 5, 15], [0, 1, 255]])
def test_few_ids_in_a_tiny_picture_are_found(values, are_indices):
    tiny = np.resize(np.array(values, np.uint8), (4, 5, 1))
    assert look_like_labels(tiny, are_indices=are_indices)


def test_ids_counted_from_0_need_no_areas_unless_they_are_indices():
    ids = np.random.default_rng(3).integers(0, 3, (64, 64, 1), np.uint8)
    assert look_like_labels(ids)
    assert not look_like_labels(ids, are_indices=True)


def test_black_and_white_in_a_tiny_picture_says_nothing():
    assert not look_like_labels(np.resize(np.array([0, 255], np.uint8), (4, 5, 1)))


def test_numbers_with_a_fraction_are_not_judged():
    assert not look_like_labels(areas([0, 1, 2], "float32"))


@pytest.mark.parametrize("dtype", ["uint16", "uint32"])
def test_brightness_that_uses_few_of_its_bits_is_low(dtype):
    most = np.iinfo(dtype).max
    ramp = np.linspace(0, most // 16, 3000).astype(dtype).reshape(30, 100, 1)
    assert doubts_about(ramp) == (Doubt.LOW_NUMBERS,)
    assert doubts_about(np.repeat(ramp, 3, axis=2)) == (Doubt.LOW_NUMBERS,)
    ramp[0, 0] = most // 16 + 1
    assert doubts_about(ramp) == ()
    assert doubts_about(np.zeros((9, 9, 1), dtype)) == ()


@pytest.mark.parametrize("dtype", ["uint8", "int16", "float32"])
def test_numbers_without_bits_to_spare_are_not_low(dtype):
    assert doubts_about(np.linspace(0, 15, 3000).reshape(30, 100, 1).astype(dtype)) in [
        (),
        (Doubt.LABEL_VALUES,),
    ]
    assert not are_low(np.ones((9, 9, 3), dtype))


def test_class_ids_are_no_low_brightness():
    assert doubts_about(areas([0, 1, 2], "uint16")) == (Doubt.LABEL_VALUES,)
    assert doubts_about(np.repeat(areas([0, 1, 2], "uint16"), 3, axis=2)) == (Doubt.LOW_NUMBERS,)


def test_a_large_mask_is_judged_by_some_of_its_lines():
    mask = np.zeros((5000, 3000, 1), np.uint8)
    mask[1000:3000, 500:2500] = 4
    assert look_like_labels(mask)


# Which are looked at


def test_few_samples_are_looked_at_spread_over_all():
    catalog = make_catalog([(4, 4)] * 10_000, channels=[1] * 10_000)
    found = samples_to_examine(catalog)
    assert len(found) == MAX_EXAMINED
    assert (found[0], found[-1]) == (0, 9_999)
    assert np.diff(found).max() < 10_000 / MAX_EXAMINED * 1.5


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({}, []),  # colours
        ({"channels": [1]}, [0]),
        ({"meaning": ["P"]}, [0]),
        ({"channels": [1], "format": ["jpeg"]}, []),
        ({"channels": [1], "format": ["npy"], "axes": ["HW"]}, [0]),
        ({"channels": [1], "dtype": ["float32"]}, []),
        ({"channels": [1], "bits": [1]}, []),
        ({"channels": [1], "problem": ["damaged"]}, []),
        ({"channels": [1], "file_bytes": [MAX_BYTES + 1]}, []),
    ],
)
def test_what_may_hold_ids_and_is_quickly_read_is_looked_at(columns, expected):
    assert samples_to_examine(make_catalog([(4, 4)], **columns)).tolist() == expected


def test_of_large_pictures_fewer_are_looked_at():
    assert samples_to_examine(make_catalog([(4_000, 4_000)] * 90, channels=[1] * 90)).tolist() == [
        0,
        29,
        59,
        89,
    ]


@pytest.mark.parametrize(("dtype", "expected"), [("uint16", [0]), ("int16", []), ("uint8", [])])
def test_colours_are_looked_at_where_they_have_bits_to_spare(dtype, expected):
    assert samples_to_examine(make_catalog([(4, 4)], dtype=[dtype])).tolist() == expected


def test_a_huge_picture_is_not_looked_at():
    assert samples_to_examine(make_catalog([(40_000, 40_000), (4, 4)], channels=[1, 1])).tolist() == [1]


@pytest.mark.parametrize(("packing", "expected"), [(Packing.STREAM, []), (Packing.STORED, [0])])
def test_no_long_archive_is_read_through(packing, expected):
    one = np.zeros(1, np.int64)
    inside = ArchiveLocation(one.astype(np.int32), one, one, np.array([packing], np.uint8), one)
    archives = (Archive(0, "a.tar.gz", MAX_BYTES + 1, 0),)
    catalog = make_catalog([(4, 4)], channels=[1], archives=archives, inside=inside)
    assert samples_to_examine(catalog).tolist() == expected


# What is said


def told(options: Options, **columns) -> dict[str, tuple[str, int]]:
    columns = {"channels": [1, 1, 1], "doubts": [IDS, "", IDS]} | columns
    plan = make_plan([(8, 8), (8, 8), (6, 8)], options, **columns)
    return {warning.code: (warning.text, warning.count) for warning in plan_warnings(plan)}


def test_the_scan_tells_them_and_the_plan_what_it_would_do_to_them():
    catalog = make_catalog([(8, 8)] * 3, channels=[1, 1, 1], doubts=[IDS, "", IDS])
    (warning,) = scan_warnings(catalog)
    assert (warning.code, warning.count, warning.examples) == (IDS, 2, ("0.png", "2.png"))
    assert told(Options(channels=Channels.GREY)) == {}


def test_mixing_their_numbers_is_told():
    options = {"channels": Channels.GREY, "fit": Fit.STRETCH}
    text, count = told(Options(size=Size.exact(8, 8), **options))["label-values-mixed"]
    assert count == 1
    assert text.startswith("1 picture that looks like a mask or class ids is scaled, and bilinear mixes its ")
    assert text.endswith("numbers into those of other classes. --resample nearest keeps them.")
    assert told(Options(size=Size.exact(4, 4), **options))["label-values-mixed"][1] == 2
    assert told(Options(size=Size.exact(4, 4), resample=Resample.NEAREST, **options)) == {}
    assert told(Options(size=Size.exact(9, 9), channels=Channels.GREY, fit=Fit.PAD)) == {}


@pytest.mark.parametrize(
    ("dtype", "choices", "is_told"),
    [
        ("uint16", {"dtype": Numbers.UINT8}, True),
        ("uint16", {"dtype": Numbers.UINT8, "reduce": Reduce.NONE}, False),
        ("uint16", {"dtype": Numbers.UINT8, "reduce": Reduce.MIN_MAX}, True),
        ("uint16", {}, False),
        ("uint8", {"dtype": Numbers.FLOAT32}, True),
        ("uint8", {"dtype": Numbers.FLOAT32, "reduce": Reduce.NONE}, False),
        ("uint8", {"dtype": Numbers.FLOAT32, "scale": Scale.NONE}, False),
        ("int64", {"dtype": Numbers.FLOAT32}, False),  # are taken to be from 0 to 1 already
        ("int64", {"dtype": Numbers.FLOAT32, "scale": Scale.SIGNED}, True),
        ("int64", {"dtype": Numbers.UINT8, "reduce": Reduce.NONE}, False),
    ],
)
def test_scaling_their_numbers_is_told(dtype, choices, is_told):
    found = told(Options(**{"channels": Channels.GREY} | choices), dtype=[dtype] * 3)
    assert ("label-values-scaled" in found) == is_told
    if is_told:
        text, count = found["label-values-scaled"]
        assert (count, text.endswith("--reduce none keeps numbers that fit.")) == (2, True)


def test_among_pictures_of_other_depths_it_is_told_too():
    found = told(Options(channels=Channels.GREY), dtype=["uint8", "uint16", "uint8"])
    assert set(found) == {"mixed-depths", "label-values-scaled"}
    assert told(Options(channels=Channels.GREY, reduce=Reduce.NONE), dtype=["uint8", "uint16", "uint8"]) == {}


def test_indices_that_become_colours_are_told():
    palette = {"channels": [3, 3, 3], "meaning": ["P", "P", "P"]}
    assert told(Options(), **palette)["label-values-coloured"][1] == 2
    assert told(Options(channels=Channels.INDEX), **palette) == {}


@pytest.mark.parametrize(
    ("choices", "is_told"),
    [
        ({}, False),
        ({"dtype": Numbers.UINT8}, True),
        ({"dtype": Numbers.FLOAT32}, True),
        ({"dtype": Numbers.FLOAT32, "scale": Scale.NONE}, False),
        ({"dtype": Numbers.UINT8, "reduce": Reduce.FILE_DEPTH}, True),
        ({"dtype": Numbers.UINT8, "reduce": Reduce.MIN_MAX}, False),
        ({"dtype": Numbers.UINT8, "reduce": Reduce.NONE}, False),
    ],
)
def test_brightness_that_comes_out_dark_is_told(choices, is_told):
    low = {"dtype": ["uint16"] * 3, "doubts": ["", "low-numbers", "low-numbers"]}
    found = told(Options(**{"channels": Channels.GREY} | choices), **low)
    assert set(found) == ({"low-numbers"} if is_told else set())
    if is_told:
        text, count = found["low-numbers"]
        assert count == 2
        assert text.startswith("2 pictures were found to use less than a sixteenth of what their numbers can")
        assert "--reduce min-max scales by the numbers that occur" in text

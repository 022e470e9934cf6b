"""From options and a catalog to a plan."""

import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.choices import Channels, Fit, Layout, Numbers, Reduce, Scale
from stackgui.core.base.errors import PlanError
from stackgui.core.base.size import Size, SizeKind
from stackgui.core.labels.labels import Labels, resolve_labels
from stackgui.core.options.options import Options
from stackgui.core.plan.arrange import target_size
from stackgui.core.plan.resolve import resolve
from tests.making import make_catalog, make_plan

SIDES = st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=1, max_size=30)


def labels_of(choice, catalog):
    found = resolve_labels(choice, catalog, np.arange(len(catalog)))
    return found.label, found.classes


def percentile(share: float) -> Size:
    return Size(SizeKind.PERCENTILE, percentile=share)


@given(SIDES)
def test_size_max_holds_every_sample(sizes):
    height, width = np.array(sizes, np.int32).T
    assert target_size(Size(), height, width) == (max(height), max(width))
    assert target_size(percentile(100), height, width) == (max(height), max(width))


@given(SIDES, st.floats(0.1, 100))
def test_percentile_is_the_smallest_side_that_enough_samples_fit(sizes, share):
    sides = np.array(sizes, np.int32).T
    for side, found in zip(sides, target_size(percentile(share), *sides), strict=True):
        needed = share / 100 * len(side) * (1 - 1e-12)
        assert np.count_nonzero(side <= found) >= needed
        assert np.count_nonzero(side < found) < needed + 1e-9
        assert found in side


def test_exact_size_is_taken_as_it_is():
    assert target_size(Size.exact(5, 7), np.array([99]), np.array([99])) == (5, 7)


@pytest.mark.parametrize(
    ("choice", "found", "expected"),
    [
        (Channels.RGB, [1, 4], 3),
        (Channels.GREY, [3, 4], 1),
        (Channels.RGBA, [1, 3], 4),
        (Channels.AUTO, [1, 1], 1),
        (Channels.AUTO, [1, 2], 2),
        (Channels.AUTO, [1, 3], 3),
        (Channels.AUTO, [2, 3], 4),
        (Channels.AUTO, [1, 4], 4),
        (Channels.AUTO, [7, 7], 7),
    ],
)
def test_channels(choice, found, expected):
    assert make_plan([(2, 2)] * 2, Options(channels=choice), channels=found).channels == expected


def test_channels_that_no_colour_joins():
    with pytest.raises(PlanError, match=r"different numbers of channels \(3, 7\)"):
        make_plan([(2, 2)] * 2, Options(channels=Channels.AUTO), channels=[3, 7])


def test_sample_whose_channels_cannot_become_the_plans_stays_blank():
    plan = make_plan([(2, 2)] * 3, channels=[3, 7, 1])
    assert list(plan.problem) == ["", "it has 7 channels, which cannot become 3", ""]


@pytest.mark.parametrize(
    ("choice", "found", "expected"),
    [
        (Numbers.AUTO, ["uint8", "uint8"], "uint8"),
        (Numbers.AUTO, ["uint8", "uint16"], "uint16"),
        (Numbers.AUTO, ["uint16", "float32"], "float32"),
        (Numbers.AUTO, ["bool", "bool"], "uint8"),
        (Numbers.UINT8, ["uint16", "uint8"], "uint8"),
        (Numbers.FLOAT16, ["uint8", "uint16"], "float16"),
    ],
)
def test_dtype(choice, found, expected):
    plan = make_plan([(2, 2)] * 2, Options(dtype=choice), dtype=found)
    assert plan.dtype == plan.arrays[0].dtype == expected
    assert plan.usable.all()


def test_dtypes_of_unusable_samples_do_not_count():
    plan = make_plan([(2, 2), (0, 0)], dtype=["uint8", "float64"], problem=["", "damaged"])
    assert plan.dtype == "uint8"


def test_dtypes_that_nothing_holds():
    with pytest.raises(PlanError, match=r"cannot hold these samples exactly: no dtype"):
        make_plan([(2, 2)] * 2, dtype=["int64", "uint64"])


def test_sample_whose_numbers_need_a_rule_stays_blank():
    plan = make_plan([(2, 2)] * 2, Options(dtype=Numbers.UINT8), dtype=["uint8", "float32"])
    assert plan.problem[0] == ""
    assert plan.problem[1].startswith("its numbers are float32, which become uint8 only by the rule min-max")
    by_rule = Options(dtype=Numbers.UINT8, reduce=Reduce.MIN_MAX)
    assert make_plan([(2, 2)] * 2, by_rule, dtype=["uint8", "float32"]).usable.all()


@pytest.mark.parametrize(
    ("paths", "label", "classes"),
    [
        (["b/1.png", "a/1.png", "b/2/3.png"], [1, 0, 1], ("a", "b")),
        (["10/1.png", "9/1.png", "9/2.png"], [1, 0, 0], ("9", "10")),
        (["a/1.png", "1.png"], [0, -1], ("a",)),
        (["a/1.png", "1.png", "2.png"], None, ()),
        (["1.png"], None, ()),
        (["a\\b.png"], None, () if os.sep == "/" else ("a",)),
    ],
)
def test_labels_of_themselves(paths, label, classes):
    found = labels_of(Labels.AUTO, make_catalog([(1, 1)] * len(paths), path=paths))
    assert (found[0] if found[0] is None else found[0].tolist(), found[1]) == (label, classes)


def test_labels_on_request():
    catalog = make_catalog([(1, 1)] * 2, path=["a/1.png", "1.png"])
    label, classes = labels_of(Labels.FOLDERS, catalog)
    assert (label.tolist(), label.dtype, classes) == ([0, -1], np.int32, ("a",))
    assert labels_of(Labels.NONE, catalog) == (None, ())
    with pytest.raises(PlanError, match="no folders to take labels from"):
        labels_of(Labels.FOLDERS, make_catalog([(1, 1)], path=["1.png"]))


def test_same_folder_in_two_sources_is_one_class():
    catalog = make_catalog([(1, 1)] * 2, sources=("/x", "/y"), source=[0, 1], path=["a/1.png", "a/1.png"])
    assert labels_of(Labels.AUTO, catalog)[0].tolist() == [0, 0]


def test_effects_are_counted():
    sizes = [(4, 4), (8, 2), (2, 2), (0, 0)]
    problem = ["", "", "", "damaged"]

    def effects(fit):
        plan = make_plan(sizes, Options(fit=fit, size=Size.exact(4, 4)), problem=problem)
        return plan.scaled_down, plan.scaled_up, plan.cropped

    assert effects(Fit.PAD) == (1, 0, 0)
    assert effects(Fit.LETTERBOX) == (1, 1, 0)
    assert effects(Fit.STRETCH) == (1, 2, 0)
    assert effects(Fit.CROP) == (0, 0, 1)
    assert effects(Fit.COVER) == (0, 2, 1)


def test_waste_is_the_share_of_pixels_that_is_padding():
    plan = make_plan([(4, 4), (2, 4), (0, 0)], problem=["", "", "damaged"])
    assert plan.waste == pytest.approx(1 - (16 + 8) / 48)


@pytest.mark.parametrize("layout", Layout)
def test_shape_follows_the_layout(layout):
    plan = make_plan([(4, 6), (5, 3)], Options(layout=layout))
    assert plan.arrays[0].shape == ((2, 3, 5, 6) if layout is Layout.NCHW else (2, 5, 6, 3))
    assert plan.rows == 2


def test_nothing_to_do_is_told():
    with pytest.raises(PlanError, match="no pictures"):
        resolve(Options(), make_catalog([]))
    with pytest.raises(PlanError, match=r"None of the 2 pictures can be read.*: damaged"):
        make_plan([(0, 0)] * 2, problem=["damaged", "empty"])
    with pytest.raises(PlanError, match=r"No picture can be part of this plan.*7 channels"):
        make_plan([(2, 2)], channels=[7])


@pytest.mark.parametrize(
    ("fill", "dtype"),
    [(256, Numbers.UINT8), (-1, Numbers.UINT16), (0.5, Numbers.AUTO), (1e6, Numbers.FLOAT16)],
)
def test_fill_that_does_not_fit_is_told(fill, dtype):
    with pytest.raises(PlanError, match="does not fit"):
        make_plan([(2, 2)], Options(fill=fill, dtype=dtype))


def test_numbers_too_large_for_float16_are_told():
    options = Options(dtype=Numbers.FLOAT16, scale=Scale.NONE)
    with pytest.raises(PlanError, match=r"uint16 numbers are too large .* choose float32, or scale them"):
        make_plan([(2, 2)], options, dtype=["uint16"])
    assert make_plan([(2, 2)], options).dtype == "float16"

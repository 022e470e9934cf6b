"""What a size does to all samples, compared with working it out for each sample."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.choices import Anchor, Channels, Fit, Layout
from stackgui.core.base.size import Size
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.options.options import Options
from stackgui.core.plan import fit_summary as fit_summary_module
from stackgui.core.plan.fit_summary import MAX_EXACT, SizeHistogram, fit_summary
from stackgui.core.plan.geometry import place
from stackgui.core.plan.resolve import resolve
from stackgui.core.plan.size_independent import same_apart_from_size, size_independent
from tests.making import make_catalog

SIDES = st.one_of(st.integers(1, 40), st.integers(1, 5000), st.integers(1, 300_000))
SIZES = st.lists(st.tuples(SIDES, SIDES), min_size=1, max_size=40)
SIDE_OF_ROW = st.one_of(st.integers(1, 40), st.integers(1, 6000))
TARGET = st.tuples(SIDE_OF_ROW, SIDE_OF_ROW)


def one_by_one(sizes, target, fit, anchor) -> dict[str, int]:
    """Work out the same summary from one sample after another."""
    own = np.array(sizes, np.int64)
    geometry = place(own[:, 0], own[:, 1], target, fit, anchor)
    placed = geometry.placement[:, 2:].astype(object)
    return {
        "scaled_down": int((geometry.scaled < own).any(axis=1).sum()),
        "scaled_up": int((geometry.scaled > own).any(axis=1).sum()),
        "cropped": int((placed < geometry.scaled).any(axis=1).sum()),
        "placed_px": sum(height * width for height, width in placed),
        "largest_px": max(height * width for height, width in placed),
    }


def found(sizes, target, fit) -> dict[str, int]:
    histogram = SizeHistogram.of(make_catalog(sizes), np.arange(len(sizes)))
    made = fit_summary(histogram, target, fit)
    return {name: getattr(made, name) for name in one_by_one([(1, 1)], (1, 1), fit, Anchor.CENTER)}


@pytest.mark.parametrize("fit", Fit)
@given(SIZES, TARGET, st.sampled_from(Anchor), st.integers(1, 9))
def test_the_summary_is_that_of_each_sample(fit, sizes, target, anchor, together):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fit_summary_module, "CHUNK_SIZES", together)
        assert found(sizes, target, fit) == one_by_one(sizes, target, fit, anchor)


@pytest.mark.parametrize("fit", Fit)
@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(1, 3000), st.integers(1, 12))
def test_halves_of_pixels_are_rounded_alike(fit, height, width, side, part):
    """Around the ratio at which one side limits instead of the other."""
    target = (side, max(1, side * width // height))
    sizes = [(height * part + down, width * part + across) for down in (0, 1) for across in (0, 1)]
    assert found(sizes, target, fit) == one_by_one(sizes, target, fit, Anchor.TOP_LEFT)


@pytest.mark.parametrize("fit", Fit)
def test_sizes_beyond_what_floats_hold_are_exact_too(fit):
    sizes = [(1, 2**28), (2**28 - 1, 1), (3, 2**27 + 1), (7, 7)]
    target = (2**26 + 1, 2**26 + 3)
    assert 2 * max(target) * 2**28 >= MAX_EXACT
    assert found(sizes, target, fit) == one_by_one(sizes, target, fit, Anchor.TOP_LEFT)


@pytest.mark.parametrize("fit", Fit)
@given(
    SIZES, st.sets(st.integers(0, 39)), st.sets(st.integers(0, 39)), st.sampled_from(["max", "p50", "9x7"])
)
def test_a_plan_counts_its_usable_samples_alone(fit, sizes, left_out, shrunk, size):
    problem = ["damaged" if index % 5 == 4 else "" for index in range(len(sizes))]
    catalog = make_catalog(sizes, problem=problem)
    usable = [index for index in range(len(sizes)) if not problem[index] and index not in left_out]
    counted = [index for index in usable if index not in shrunk]
    if not counted:
        return
    options = Options(
        size=Size.parse(size),
        fit=fit,
        exclude=SampleSet.of(catalog, [index for index in left_out if index < len(sizes)]),
        shrink=SampleSet.of(catalog, [index for index in shrunk if index < len(sizes)]),
    )
    plan = resolve(options, catalog)
    target = (plan.largest.height, plan.largest.width)
    expected = one_by_one([sizes[index] for index in usable], target, fit, Anchor.TOP_LEFT)
    assert (plan.scaled_down, plan.scaled_up, plan.cropped, plan.largest_px) == (
        expected["scaled_down"], expected["scaled_up"], expected["cropped"], expected["largest_px"],
    )  # fmt: skip
    assert plan.waste == 1.0 - expected["placed_px"] / (plan.rows * target[0] * target[1])


def test_plans_that_differ_in_their_size_share_everything_else():
    catalog = make_catalog([(4, 6), (5, 3)])
    first = Options()
    sized = Options(size=Size.exact(2, 2), fit=Fit.CROP, layout=Layout.NCHW)
    assert same_apart_from_size(first, sized)
    assert size_independent(first, catalog) is size_independent(sized, catalog)
    assert resolve(first, catalog).problem is resolve(sized, catalog).problem
    assert not same_apart_from_size(first, Options(channels=Channels.GREY))

"""Where samples land in their rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.choices import Anchor, Fit
from stackgui.core.plan.geometry import Geometry, place

SIDES = st.integers(1, 5000)
SIZES = st.tuples(SIDES, SIDES)
MANY = st.lists(SIZES, min_size=1, max_size=8)


def placed(sizes, target, fit, anchor=Anchor.TOP_LEFT) -> Geometry:
    height, width = np.array(sizes, np.int32).T
    return place(height, width, target, fit, anchor)


@given(MANY, SIZES, st.sampled_from(Fit), st.sampled_from(Anchor))
def test_placements_lie_in_the_row_and_windows_in_the_sample(sizes, target, fit, anchor):
    found = placed(sizes, target, fit, anchor)
    start, extent = found.placement[:, :2], found.placement[:, 2:]
    assert (start >= 0).all()
    assert (extent >= 1).all()
    assert (start + extent <= target).all()
    assert (found.window >= 0).all()
    assert (found.window + extent <= found.scaled).all()


@given(MANY, SIZES, st.sampled_from(Anchor))
def test_pad_leaves_what_fits_as_it_is_and_makes_the_rest_fit(sizes, target, anchor):
    found = placed(sizes, target, Fit.PAD, anchor)
    for size, scaled, extent in zip(sizes, found.scaled, found.placement[:, 2:], strict=True):
        assert tuple(extent) == tuple(scaled)
        if size[0] <= target[0] and size[1] <= target[1]:
            assert tuple(scaled) == size
        else:
            assert (scaled <= target).all()
            assert (scaled == target).any()


@given(MANY, SIZES)
def test_letterbox_touches_a_side_and_shows_all(sizes, target):
    found = placed(sizes, target, Fit.LETTERBOX)
    assert (found.scaled <= target).all()
    assert (found.scaled == target).any(axis=1).all()
    assert (found.placement[:, 2:] == found.scaled).all()


@given(MANY, SIZES)
def test_cover_fills_the_row_and_touches_a_side(sizes, target):
    found = placed(sizes, target, Fit.COVER)
    assert (found.placement == [0, 0, *target]).all()
    assert (found.scaled >= target).all()
    assert (found.scaled == target).any(axis=1).all()


@given(MANY, SIZES)
def test_stretch_fills_the_row_and_shows_all(sizes, target):
    found = placed(sizes, target, Fit.STRETCH)
    assert (found.placement == [0, 0, *target]).all()
    assert (found.scaled == target).all()


@given(MANY, SIZES)
def test_crop_takes_the_centre_and_scales_nothing(sizes, target):
    found = placed(sizes, target, Fit.CROP)
    assert found.scaled.tolist() == [list(size) for size in sizes]
    extent = found.placement[:, 2:]
    assert (extent == np.minimum(sizes, target)).all()
    cut_after = found.scaled - extent - found.window
    assert np.isin(cut_after - found.window, [0, 1]).all()


@given(SIZES, SIZES, st.sampled_from([Fit.PAD, Fit.LETTERBOX, Fit.COVER]))
def test_aspect_is_kept_as_far_as_whole_pixels_allow(size, target, fit):
    ((height, width),) = placed([size], target, fit).scaled.tolist()
    factors = (height / size[0], width / size[1])
    exact = [(height, size[1] * factors[0]), (size[0] * factors[1], width)]
    # One side is exact; the other is off by at most half a pixel, or is the single pixel that must remain.
    errors = [max(abs(h - height), abs(w - width)) for h, w in exact]
    assert min(errors) <= 0.5 + 1e-9 or 1 in (height, width)


@pytest.mark.parametrize(
    ("anchor", "corner"),
    [
        (Anchor.TOP_LEFT, (0, 0)),
        (Anchor.TOP_RIGHT, (0, 7)),
        (Anchor.CENTER, (2, 3)),
        (Anchor.BOTTOM_LEFT, (5, 0)),
        (Anchor.BOTTOM_RIGHT, (5, 7)),
    ],
)
def test_anchor_says_where_the_free_space_is(anchor, corner):
    found = placed([(5, 3)], (10, 10), Fit.PAD, anchor)
    assert found.placement.tolist() == [[*corner, 5, 3]]


@pytest.mark.parametrize("fit", Fit)
def test_samples_of_unknown_size_get_nothing(fit):
    found = placed([(0, 0), (0, 3), (3, 0)], (10, 10), fit, Anchor.CENTER)
    assert not found.placement.any()
    assert not found.scaled.any()
    assert not found.window.any()


def test_largest_sizes_do_not_overflow():
    found = placed([(2_000_000_000, 1)], (1_000_000, 1_000_000), Fit.LETTERBOX)
    assert found.scaled.tolist() == [[1_000_000, 1]]


def test_rows_can_be_taken_by_slice_and_mask():
    found = placed([(1, 1), (2, 2), (3, 3)], (9, 9), Fit.PAD)
    assert found.take(slice(1, 3)).placement.tolist() == found.placement[1:].tolist()
    assert found.take(np.array([True, False, True])).scaled.tolist() == [[1, 1], [3, 3]]


def test_a_side_longer_than_can_be_counted_stays_a_length():
    found = place(np.array([1]), np.array([18_197_781]), (159, 118), Fit.COVER, Anchor.CENTER)
    assert found.scaled.tolist() == [[159, 2**31 - 1]]
    assert found.placement.tolist() == [[0, 0, 159, 118]]
    assert (found.window >= 0).all()

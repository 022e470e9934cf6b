"""Coordinates are moved by the integers that place the pixels."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.choices import Anchor, Fit
from stackgui.core.plan.geometry import place
from stackgui.core.plan.transform import to_row, to_source, transforms

sides = st.integers(1, 500)


@given(sides, sides, sides, sides, st.sampled_from(Fit), st.sampled_from(Anchor))
def test_the_edges_of_what_is_kept_are_the_edges_of_its_place(height, width, row_h, row_w, fit, anchor):
    own = np.array([height]), np.array([width])
    geometry = place(*own, (row_h, row_w), fit, anchor)
    (transform,) = transforms(geometry, *own)
    (top, left, high, wide), (window_top, window_left) = geometry.placement[0], geometry.window[0]
    scaled_h, scaled_w = geometry.scaled[0]
    # The window, in pixels of the scaled picture, as shares of the whole picture.
    first = np.array([window_left / scaled_w * width, window_top / scaled_h * height])
    last = np.array([(window_left + wide) / scaled_w * width, (window_top + high) / scaled_h * height])
    np.testing.assert_allclose(to_row(first, transform), [left, top], atol=1e-9)
    np.testing.assert_allclose(to_row(last, transform), [left + wide, top + high], atol=1e-9)
    there = np.array([[0.0, 0.0, width, height], [1.5, 2.25, 3.0, 4.0]])
    np.testing.assert_allclose(to_source(to_row(there, transform), transform), there, atol=1e-6)


def test_an_unknown_picture_has_no_transform():
    own = np.array([0]), np.array([0])
    geometry = place(*own, (10, 10), Fit.PAD, Anchor.CENTER)
    assert transforms(geometry, *own).tolist() == [[0, 0, 0, 0]]

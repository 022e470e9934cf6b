"""Figures in classes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.histogram import MAX_CLASSES, of_ratios, of_sides


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=60))
def test_each_side_is_in_the_class_that_says_so(values):
    found = of_sides(np.array(values))
    edges = np.array(found.edges)
    assert len(found.counts) == len(edges) - 1 <= MAX_CLASSES
    assert len(set(np.diff(edges).tolist())) == 1
    for low, high, count in zip(edges, edges[1:], found.counts, strict=False):
        assert count == sum(low <= value < high for value in values)
    assert (found.counts[0], found.counts[-1]) > (0, 0)
    assert sum(found.counts) == len(values)


@given(st.lists(st.floats(1e-3, 1e9), min_size=1, max_size=60))
def test_classes_of_ratios_reach_equally_many_times_as_far(values):
    found = of_ratios(np.array(values))
    edges = np.array(found.edges)
    assert sum(found.counts) == len(values)
    assert edges[0] == pytest.approx(min(values))
    assert edges[-1] == pytest.approx(max(values))
    if len(found.counts) > 1:
        np.testing.assert_allclose(edges[1:] / edges[:-1], edges[1] / edges[0])
        # On an edge a rounding may put a value on either side.
        near = np.isclose(np.array(values)[:, None], edges[1:-1]).any(axis=1)
        sure = np.histogram(np.array(values)[~near], edges)[0]
        assert (np.array(found.counts) >= sure).all()


def test_empty_files_have_a_class():
    assert of_ratios(np.array([0, 0])).counts == (2,)
    assert of_ratios(np.array([0, 1, 100])).edges[0] == 1
    assert of_ratios(np.array([0, 1, 100])).counts[0] == 2

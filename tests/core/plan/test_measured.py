"""Figures of all samples: as if they had been looked at in one piece."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.plan.measured import Measured, Moments

PARTS = st.lists(st.integers(1, 9), min_size=1, max_size=6)


@given(PARTS, st.integers(0, 2**32 - 1), st.sampled_from([0.0, 1e6]))
def test_parts_give_what_the_whole_gives(lines, seed, offset):
    random = np.random.default_rng(seed)
    parts = [random.normal(offset, 3, (height, 4, 3)) for height in lines]
    whole = np.concatenate([part.reshape(-1, 3) for part in parts])
    found = Measured.of(map(Moments.of, parts), 3)
    assert (found.low, found.high) == (whole.min(), whole.max())
    np.testing.assert_allclose(found.mean, whole.mean(axis=0), rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(found.std, whole.std(axis=0), rtol=1e-7)


def test_what_is_not_finite_is_left_out():
    pixels = np.array([1.0, np.nan, 3.0, np.inf, -np.inf]).reshape(1, 5, 1)
    assert Measured.of([Moments.of(pixels)], 1) == Measured(1.0, 3.0, (2.0,), (1.0,))


def test_a_channel_without_any_value_and_one_without_difference_can_be_divided_by():
    pixels = np.zeros((2, 2, 2))
    pixels[..., 1] = np.nan
    assert Measured.of([Moments.of(pixels)], 2).std == (1.0, 1.0)


@pytest.mark.parametrize("parts", [[], [Moments.of(np.full((2, 2, 1), np.nan))]])
def test_nothing_at_all_is_a_range_from_0_to_1(parts):
    assert Measured.of(parts, 1) == Measured(0.0, 1.0, (0.0,), (1.0,))


def test_figures_are_json():
    figures = Measured(0.0, 1.0, (0.5,), (0.25,))
    assert Measured.from_json(figures.to_json()) == figures
    assert figures.to_json() == {
        "low": 0.0,
        "high": 1.0,
        "mean": [0.5],
        "std": [0.25],
    }

"""Which values of many are exceptions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.advice.exceptions import LEAST_FACTOR, VALUES_PER_EXCEPTION, exceptions


def found(values):
    values = np.array(values, float)
    return np.flatnonzero(exceptions(values, np.ones(len(values), np.bool_))).tolist()


sides = st.lists(st.integers(1, 50), min_size=1, max_size=80)


@given(sides)
def test_exceptions_are_few_and_far_from_the_middle_half(values):
    odd = found(values)
    assert len(odd) <= max(1, len(values) // VALUES_PER_EXCEPTION)
    low, high = np.quantile(np.log(values), [0.25, 0.75])
    for each in odd:
        assert not low - np.log(LEAST_FACTOR) <= np.log(values[each]) <= high + np.log(LEAST_FACTOR)


@given(st.integers(0, 2**32 - 1), st.integers(1, 80), st.sampled_from([1 / 3, 100]))
def test_only_ratios_count(seed, count, factor):
    """Of values drawn at random, since none of them lies exactly on a fence made of others."""
    values = np.random.default_rng(seed).standard_cauchy(count) ** 2 + 1
    assert found(values * factor) == found(values)


@given(sides, st.permutations(range(80)))
def test_the_order_does_not_count(values, order):
    order = [place for place in order if place < len(values)]
    shuffled = [values[place] for place in order]
    assert sorted(order[each] for each in found(shuffled)) == found(values)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("spread", [0.02, 0.5, 1.0])
def test_a_broad_distribution_has_none(seed, spread):
    """Sizes from anywhere are distributed about log-normally, here from twofold to fiftyfold."""
    assert found(np.random.default_rng(seed).lognormal(6, spread, 1000)) == []


@pytest.mark.parametrize("seed", range(5))
def test_a_narrow_middle_with_long_tails_has_hardly_any(seed):
    """Three in four photographs of a collection have the size of one camera or site, the others any."""
    draw = np.random.default_rng(seed)
    values = np.where(draw.random(250) < 0.75, 433, draw.lognormal(np.log(400), 0.4, 250))
    assert len(found(values)) <= 2


@pytest.mark.parametrize("spread", [0.0, 0.02, 0.5])
@pytest.mark.parametrize("factor", [1 / 60, 60])
def test_few_that_are_far_out_are_found_in_any_of_them(spread, factor):
    values = np.random.default_rng(1).lognormal(6, spread, 200)
    values[[3, 5]] *= factor
    assert found(values) == [3, 5]


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_a_second_group_is_no_exception(share):
    values = np.full(1000, 64.0)
    values[: int(1000 * share)] = 1600
    assert found(values) == []


@pytest.mark.parametrize(("count", "odd"), [(1, []), (2, []), (8, [8]), (30, [30])])
def test_one_of_few_may_be_an_exception(count, odd):
    assert found([100] * count + [1000]) == odd
    assert found([100] * count + [140]) == []

"""Dividing samples among a few target sizes."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.base.errors import Cancelled
from stackgui.core.buckets.buckets import MAX_BUCKETS, assign, divide, rounded_up
from stackgui.core.buckets.partition import divide_chain
from tests.core.dividing import KINDS, compared

SIDES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=12)


@pytest.mark.parametrize("kind", KINDS)
def test_divisions_are_nearly_always_the_best(kind):
    found = compared(kind, 5, seed=1)
    assert found.min() >= 1
    assert np.mean(found == 1) >= 0.95
    assert found.max() <= 1.02


@given(SIDES, st.sampled_from([1, 8, 32]), st.integers(1, 40))
@settings(max_examples=25, deadline=None)
def test_a_division_is_what_it_says(sizes, multiple, smallest):
    height, width = np.array(sizes).T
    divisions = divide(height, width, multiple, smallest)
    assert len(divisions) == MAX_BUCKETS
    for k, division in enumerate(divisions, start=1):
        buckets = np.array(division.sizes)
        assert len(buckets) <= k
        assert (buckets % multiple == 0).all()
        assert (buckets >= smallest).all()
        taken = buckets[assign(height, width, division.sizes)]
        assert (taken[:, 0] >= height).all()
        assert (taken[:, 1] >= width).all()
        assert set(map(tuple, taken.tolist())) == set(division.sizes)
        assert int(taken.prod(axis=1).sum()) == division.pixels
    pixels = [division.pixels for division in divisions]
    assert pixels == sorted(pixels, reverse=True)


@given(SIDES)
@settings(max_examples=20, deadline=None)
def test_the_order_of_samples_does_not_matter(sizes):
    height, width = np.array(sizes).T
    assert divide(height, width) == divide(height[::-1], width[::-1])
    turned = divide(width, height)
    assert divide(height, width)[0].sizes == tuple(size[::-1] for size in turned[0].sizes)


class WantedFor:
    """Wants a search for as many checks as it is told."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.checks = 0

    def check(self) -> None:
        self.checks += 1
        if self.checks > self._most:
            raise Cancelled


def test_a_search_ends_soon_and_leaves_nothing_half_done():
    random = np.random.default_rng(6)
    samples = np.exp(random.normal(6, 0.5, (2, 800))).astype(int)
    for most in (0, 1, 50, 500):  # before it begins, and in the midst of it
        wanted = WantedFor(most)
        with pytest.raises(Cancelled):
            divide(*samples, cancellation=wanted)
        assert wanted.checks == most + 1
    whole = divide(*samples)
    assert divide(*samples, cancellation=WantedFor(0)) is whole  # remembered, and nothing is asked


def test_enough_buckets_leave_no_padding():
    samples = np.array([3, 5, 3, 8]), np.array([4, 2, 4, 8])
    division = divide(*samples)[2]
    assert division.sizes == ((5, 2), (3, 4), (8, 8))
    assert division.pixels == 10 + 2 * 12 + 64


def test_more_sizes_than_are_told_apart(monkeypatch):
    random = np.random.default_rng(0)
    height, width = random.integers(1, 400, (2, 500))
    fine = divide(height, width)
    monkeypatch.setattr("stackgui.core.buckets.buckets.MAX_SIZES", 50)
    coarse = divide(height, width, 1, 2)  # other arguments, so that nothing remembered is given
    assert coarse[0].sizes == fine[0].sizes == ((height.max(), width.max()),)
    for rough, exact in zip(coarse, fine, strict=True):
        assert rough.pixels <= 1.25 * exact.pixels


@pytest.mark.parametrize(
    ("side", "multiple", "smallest", "rounded"),
    [(1, 1, 1, 1), (33, 32, 1, 64), (32, 32, 1, 32), (0, 8, 1, 8), (5, 8, 20, 24), (5, 1, 20, 20)],
)
def test_sides_are_rounded_up(side, multiple, smallest, rounded):
    assert rounded_up(np.array([side]), multiple, smallest).tolist() == [rounded]


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 9)), min_size=1, max_size=8), st.integers(1, 5))
def test_chains_are_divided_in_the_best_way(links, most):
    area = np.sort(np.array([link[0] for link in links], float))
    held = np.cumsum([float(link[1]) for link in links])
    cost, chosen = divide_chain(area, held, most)

    def price(places):
        below = [0.0, *(held[place] for place in places[:-1])]
        return sum((held[place] - less) * area[place] for place, less in zip(places, below, strict=True))

    n = len(area)
    for k in range(1, most + 1):
        found = chosen[k - 1].tolist()
        assert len(found) <= k
        assert found[-1] == n - 1
        ways = (w for size in range(k) for w in itertools.combinations(range(n - 1), size))
        assert price(found) == cost[k - 1] == min(price([*way, n - 1]) for way in ways)

"""Joining lists of keys into one grouping."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.labels.grouping import NO_KEY, joined_groups

KEYS = st.integers(0, 12).flatmap(
    lambda count: st.lists(
        st.lists(st.integers(NO_KEY, 6), min_size=count, max_size=count), min_size=1, max_size=3
    )
)


def one_by_one(keys):
    """Join groups the plain way: merge sets until none overlap."""
    sets = [
        {sample for sample, key in enumerate(each) if key == wanted}
        for each in keys
        for wanted in set(each) - {NO_KEY}
    ]
    merged: list[set[int]] = []
    for each in sets:
        touching = [other for other in merged if other & each]
        merged = [other for other in merged if not other & each] + [each.union(*touching)]
    return merged


@given(KEYS)
def test_samples_that_are_connected_get_one_group(keys):
    found = joined_groups([np.array(each, np.int64) for each in keys])
    groups = [set(np.flatnonzero(found == number).tolist()) for number in range(found.max(initial=-1) + 1)]
    assert sorted(map(sorted, groups)) == sorted(map(sorted, one_by_one(keys)))
    assert groups == sorted(groups, key=min)


@given(st.integers(1, 300), st.randoms(use_true_random=False))
def test_long_chains_are_one_group(count, random):
    order = list(range(count))
    random.shuffle(order)
    place = np.array(order)
    assert joined_groups([place // 2, (place + 1) // 2]).tolist() == [0] * count

"""How rows are divided for a cluster."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run import ranges as ranges_module
from stackgui.core.run.ranges import FIRST_RANGE_S, LEAST_RANGE_S, RANGE_S, Pace, ranges, row_seconds
from tests.benchmarks.scale import made_up
from tests.making import make_plan

SIZES = st.lists(st.tuples(st.integers(1, 400), st.integers(1, 400)), min_size=1, max_size=60)


@given(SIZES, st.data(), st.integers(1, 7), st.floats(1e-4, 1), st.integers(1, 9), st.integers(1, 5))
def test_every_wanted_row_is_in_exactly_one_range(sizes, data, workers, most_s, most_rows, align):
    plan = make_plan(sizes, Options(size=Size.exact(30, 20)))
    wanted = np.array(data.draw(st.lists(st.booleans(), min_size=len(sizes), max_size=len(sizes))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges_module, "RANGE_S", most_s)
        patch.setattr(ranges_module, "MAX_RANGE_ROWS", most_rows)
        found = list(ranges(plan, wanted, workers, aligned=[align]))
    rows = [row for each in found for row in range(each.begin, each.end)]
    assert rows == sorted(set(rows))
    assert set(np.flatnonzero(wanted).tolist()) <= set(rows)
    cost = row_seconds(plan, plan.buckets[0]) * wanted
    for each in found:
        assert each.begin % align == 0
        assert each.end % align == 0 or each.end == len(sizes)
        assert each.end - each.begin < most_rows + align
        if align == 1:
            assert wanted[each.begin]
            assert wanted[each.end - 1]
            assert cost[each.begin : each.end].sum() <= most_s * 1.001 or each.end - each.begin == 1


def test_a_million_small_pictures_are_a_few_hundred_ranges():
    plan = make_plan([(64, 64)] * 1_000_000, Options(size=Size.exact(64, 64)), path=[""] * 1_000_000)
    found = list(ranges(plan, np.ones(plan.rows, np.bool_), 16))
    assert 100 <= len(found) <= 900


@pytest.mark.parametrize(("size", "most"), [(Size.exact(224, 224), 90), (Size.exact(1200, 1200), 300)])
def test_a_hundred_thousand_photographs_are_ranges_of_some_seconds(size, most):
    """Of up to 1200 × 1200; where they are padded, bytes limit the ranges."""
    plan = resolve(Options(size=size), made_up(100_000))
    found = list(ranges(plan, np.ones(plan.rows, np.bool_), 2))
    assert 10 <= len(found) <= most
    assert all(5 <= each.expected_s <= 30 for each in found[:-1])


def test_large_pictures_are_handed_out_in_seconds():
    plan = make_plan([(4000, 6000)] * 2000, Options(size=Size.exact(224, 224)))
    found = list(ranges(plan, np.ones(plan.rows, np.bool_), 8))
    seconds = row_seconds(plan, plan.buckets[0])
    assert all(5 <= seconds[each.begin : each.end].sum() <= 30 for each in found[:-1])


@given(st.floats(0.2, 20), st.integers(1, 5))
def test_ranges_follow_how_long_earlier_ones_took(slower, learnt):
    plan = make_plan([(4000, 6000)] * 2000, Options(size=Size.exact(224, 224)))
    pace = Pace()
    cut = ranges(plan, np.ones(plan.rows, np.bool_), 1, pace=pace)
    first = next(cut)
    assert first.expected_s <= FIRST_RANGE_S
    for _time in range(learnt):
        pace.learn(first.expected_s, first.expected_s * slower)
    row_s = row_seconds(plan, plan.buckets[0])[0] * slower
    assert next(cut).expected_s * slower == pytest.approx(RANGE_S, abs=row_s)


def test_a_small_job_is_divided_for_all_workers():
    plan = make_plan([(1000, 1000)] * 64, Options(size=Size.exact(224, 224)))
    seconds = [each.expected_s for each in ranges(plan, np.ones(64, np.bool_), 4)]
    assert len(seconds) >= 2 * 4
    assert max(seconds) <= sum(seconds) / (2 * 4), "half of what there is for each worker"
    assert seconds[-4:] < seconds[:4]
    row_s = float(row_seconds(plan, plan.buckets[0])[0])
    assert all(each > LEAST_RANGE_S - row_s for each in seconds[:-1])

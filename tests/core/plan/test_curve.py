from dataclasses import replace

import pytest

from stackgui.core.base.cancellation import Unwatched
from stackgui.core.base.errors import Cancelled, PlanError
from stackgui.core.buckets.buckets import MAX_BUCKETS
from stackgui.core.options.options import Options
from stackgui.core.plan.curve import curve
from stackgui.core.plan.resolve import resolve
from tests.making import make_catalog

SIZES = [(10, 20), (10, 20), (20, 10), (30, 30), (64, 8), (0, 0)]
COLUMNS = {"problem": ["", "", "", "", "", "it is empty"], "dtype": ["uint8"] * 5 + [""]}


def test_each_point_is_the_plan_that_it_stands_for():
    catalog, options = make_catalog(SIZES, **COLUMNS), Options(multiple=8, buckets=3)
    points = curve(options, catalog)
    assert [point.buckets for point in points] == list(range(1, MAX_BUCKETS + 1))
    for point in points:
        plan = resolve(replace(options, buckets=point.buckets), catalog)
        assert (point.arrays, point.waste) == (plan.arrays, plan.waste)
        assert point.data_bytes == sum(array.data_bytes for array in plan.arrays)


def test_more_buckets_never_take_more():
    points = curve(Options(), make_catalog(SIZES, **COLUMNS))
    sizes = [point.data_bytes for point in points]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1]
    assert points[0].data_bytes == 6 * 64 * 30 * 3


def test_it_can_be_stopped_and_says_why_there_is_no_plan():
    class Stopped(Unwatched):
        def check(self):
            raise Cancelled

    with pytest.raises(Cancelled):
        curve(Options(), make_catalog(SIZES, **COLUMNS), Stopped())
    with pytest.raises(PlanError, match="no pictures"):
        curve(Options(), make_catalog([]))

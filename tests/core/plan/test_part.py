"""What is sent of a plan for some of its rows."""

import pickle

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.size import Size
from stackgui.core.catalog.archive_location import Archive, ArchiveLocation
from stackgui.core.options.options import Options
from stackgui.core.plan.part import part_of
from stackgui.engine.decoding.rows import files_of
from tests.making import make_plan

SIZES = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=1, max_size=30)


@given(SIZES, st.data())
def test_a_part_says_of_its_rows_what_the_plan_says(sizes, data):
    count = len(sizes)
    plan = make_plan(
        sizes,
        Options(size=Size.parse(data.draw(st.sampled_from(["max", "10x10"])))),
        problem=["", *(data.draw(st.sampled_from(["", "damaged"])) for _ in range(count - 1))],
        archives=(Archive(0, "a.zip", 10, 1), Archive(0, "b.zip", 20, 2), Archive(0, "c.zip", 30, 3)),
        inside=_inside(data.draw(st.lists(st.integers(-1, 2), min_size=count, max_size=count))),
    )
    bucket = data.draw(st.integers(0, len(plan.buckets) - 1))
    whole = plan.buckets[bucket]
    begin = data.draw(st.integers(0, whole.array.rows - 1))
    end = data.draw(st.integers(begin + 1, whole.array.rows))
    part = part_of(plan, bucket, begin, end)
    (own,) = part.plan.buckets
    assert part.arrays == whole.arrays
    assert part.whole_bucket.array == whole.array
    assert own.array.rows == part.plan.rows == len(part.plan.catalog) == end - begin
    samples = whole.samples[begin:end]
    geometry, of_part = plan.geometry(whole, samples), part.plan.geometry(own, own.samples)
    assert of_part.placement.tolist() == geometry.placement.tolist()
    assert list(part.plan.problem) == list(plan.problem.take(samples))
    sent, known = files_of(part.plan, own.samples, of_part), files_of(plan, samples, geometry)
    assert list(sent) == list(known)
    used = {plan.catalog.inside.archive[sample] for sample in samples} - {-1}
    assert len(part.plan.catalog.archives) == len(used)


def test_a_part_is_small_however_large_the_plan():
    names = [f"label {index}" for index in range(5000)]
    plan = make_plan([(4, 4)] * 5000, given_label=names)
    few = pickle.dumps(part_of(plan, 0, 100, 200))
    more = pickle.dumps(part_of(plan, 0, 100, 300))
    assert len(few) < 40_000
    assert len(more) - len(few) < 100 * 300


def _inside(archives: list[int]) -> ArchiveLocation:
    count = len(archives)
    zeros = np.zeros(count, np.int64)
    return ArchiveLocation(np.array(archives, np.int32), zeros, zeros, np.zeros(count, np.uint8), zeros - 1)

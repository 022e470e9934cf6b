"""Which samples get a row, and of which size."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.base.choices import Fit
from stackgui.core.base.errors import PlanError, UsageError
from stackgui.core.base.size import Size
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.plan.saved_plan import plan_from_json
from tests.making import make_catalog, make_plan

SIDES = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=1, max_size=12)


def some(sizes, samples):
    return SampleSet.of(make_catalog(sizes), samples)


@given(
    SIDES,
    st.sampled_from(Fit),
    st.sampled_from([Size(), Size.exact(20, 30), Size.parse("p50")]),
    st.integers(1, 4),
    st.sampled_from([1, 8]),
    st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_every_sample_has_one_row_and_lies_inside_it(sizes, fit, size, buckets, multiple, shuffle):
    options = Options(size=size, fit=fit, buckets=buckets, multiple=multiple, shuffle=shuffle)
    plan = make_plan(sizes, options)
    assert sorted(plan.samples.tolist()) == list(range(len(sizes)))
    assert len(plan.buckets) <= buckets
    placed = 0
    for bucket, array in zip(plan.buckets, plan.arrays, strict=True):
        assert bucket.height % multiple == bucket.width % multiple == 0
        assert array.shape == (len(bucket.samples), bucket.height, bucket.width, 3)
        top, left, height, width = plan.geometry(bucket, bucket.samples).placement.astype(int).T
        assert (top + height <= bucket.height).all()
        assert (left + width <= bucket.width).all()
        placed += int((height * width).sum())
    pixels = sum(array.data_bytes for array in plan.arrays) // 3
    assert plan.waste == pytest.approx(1 - placed / pixels)
    assert len({array.file for array in plan.arrays}) == len(plan.arrays)
    assert plan_from_json(json.loads(json.dumps(plan.to_json()))).fingerprint == plan.fingerprint


@given(SIDES, st.data())
@settings(max_examples=40, deadline=None)
def test_what_is_excluded_counts_for_nothing(sizes, data):
    left_out = data.draw(st.sets(st.integers(0, len(sizes) - 1), max_size=len(sizes) - 1))
    kept = [sample for sample in range(len(sizes)) if sample not in left_out]
    options = Options(buckets=2, split=Split.parse("60/20/20"), exclude=some(sizes, left_out))
    plan = make_plan(sizes, options)
    columns = {"path": [f"{sample}.png" for sample in kept]}
    alone = make_plan([sizes[sample] for sample in kept], Options(buckets=2, split=options.split), **columns)
    assert plan.arrays == alone.arrays
    assert np.array(kept)[alone.samples].tolist() == plan.samples.tolist()
    assert (plan.excluded, plan.unusable, plan.waste) == (len(left_out), 0, alone.waste)
    assert list(plan.split.take(plan.samples)) == list(alone.split.take(alone.samples))
    assert plan.left_aside == ({"pictures excluded": len(left_out)} if left_out else {})


def test_excluded_samples_are_neither_blank_nor_usable():
    problem = ["", "damaged", "damaged", ""]
    plan = make_plan(
        [(2, 2), (0, 0), (0, 0), (9, 9)], Options(exclude=some([(1, 1)] * 4, [1, 3])), problem=problem
    )
    assert (plan.rows, plan.excluded, plan.unusable) == (2, 2, 1)
    assert plan.blank_samples.tolist() == [2]
    assert plan.usable.tolist() == [True, False, False, False]
    assert plan.arrays[0].shape == (2, 2, 2, 3)


def test_nothing_left_is_told():
    with pytest.raises(PlanError, match=r"excluded\. Take some back in"):
        make_plan([(2, 2)], Options(exclude=some([(2, 2)], [0])))
    with pytest.raises(PlanError, match="all of them are to be shrunk"):
        make_plan([(2, 2)], Options(shrink=some([(2, 2)], [0])))


def test_samples_that_are_to_be_made_smaller_do_not_count_for_the_size():
    sizes = [(10, 20), (100, 50), (12, 8)]
    plan = make_plan(sizes, Options(shrink=some(sizes, [1])))
    assert plan.arrays[0].shape == (3, 12, 20, 3)
    assert plan.scaled_down == 1
    assert plan.geometry(plan.buckets[0], np.array([1])).placement.tolist() == [[0, 0, 12, 6]]
    exact = make_plan(sizes, Options(size=Size.exact(100, 100), shrink=some(sizes, [1])))
    assert exact.scaled_down == 0


def test_rows_count_on_through_all_arrays():
    plan = make_plan([(4, 4), (50, 50), (4, 3), (50, 40)], Options(buckets=2))
    assert plan.first_rows == (0, 2)
    array, index = plan.places(np.arange(4))
    assert (array.tolist(), index.tolist()) == ([0, 0, 1, 1], [0, 1, 0, 1])
    assert [spec.file for spec in plan.arrays] == ["images-4x4.npy", "images-50x50.npy"]
    assert plan.header_json()["arrays"][1]["first_row"] == 2


@pytest.mark.parametrize(
    "wrong", [{"buckets": 0}, {"buckets": 9}, {"multiple": 0}, {"smallest_px": 0}, {"seed": -1}]
)
def test_impossible_choices_are_told(wrong):
    with pytest.raises(UsageError, match="is not possible; choose"):
        Options(**wrong)
    with pytest.raises(UsageError, match="whole number"):
        Options.from_json({"buckets": "2"})


def test_labels_and_parts_are_those_of_the_samples_that_have_rows():
    paths = ["train/cat/1.png", "val/dog/2.png", "3.png", "bird/4.png"]
    plan = make_plan([(1, 1)] * 4, path=paths)
    assert (plan.classes, plan.parts) == (("cat", "dog"), ("train", "validation"))
    catalog = make_catalog([(1, 1)] * 4, path=paths)
    kept = make_plan([(1, 1)] * 4, Options(exclude=SampleSet.of(catalog, [1, 3])), path=paths)
    assert (kept.classes, kept.parts) == (("cat",), ()), "what is all training is not divided"

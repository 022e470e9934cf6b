"""The samples that inflate an array, and what would make it smaller."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackgui.core.advice.outliers import WORTH_ROWS, Fate, former_outliers, outliers, with_fate
from stackgui.core.advice.remedies import Machine, RemedyKind, fitness, remedies
from stackgui.core.base.choices import Channels, Layout, Numbers
from stackgui.core.base.size import Size
from stackgui.core.catalog.sample_set import SampleSet
from stackgui.core.options.options import Options
from stackgui.core.plan.outputs import file_bytes
from stackgui.core.plan.resolve import resolve
from tests.making import make_plan

SIDES = st.lists(st.tuples(st.integers(1, 900), st.integers(1, 900)), min_size=1, max_size=30)


def array_bytes(plan):
    return sum(map(file_bytes, plan.arrays))


def test_the_few_that_double_the_array_are_found():
    sizes = [(100, 100)] * 50 + [(100, 200), (101, 199), (300, 90)]
    plan = make_plan(sizes)
    steps = outliers(plan)
    assert {sample for step in steps for sample in step.samples} == {50, 51, 52}
    assert steps[0].samples == (52,)
    assert steps[-1].array_bytes == 128 + 50 * 100 * 100 * 3
    assert steps[-1].shrunk_bytes == 128 + 53 * 100 * 100 * 3


def test_ordinary_samples_are_no_outliers():
    assert outliers(make_plan([(10, 10)] * 30)) == ()
    assert outliers(make_plan([(10 + n % 3, 10) for n in range(30)], Options(multiple=8))) == ()
    assert outliers(make_plan([(10, 10)] * 30 + [(99, 99)], Options(size=Size.exact(9, 9)))) == ()
    assert outliers(make_plan([(10, 10)] * 30 + [(99, 99)], Options(buckets=2))) == ()
    assert outliers(make_plan([(10, 10)])) == ()


@given(SIDES, st.sampled_from([1, 16]))
@settings(max_examples=60, deadline=None)
def test_figures_are_those_of_the_plans_without_them(sizes, multiple):
    plan = make_plan(sizes, Options(multiple=multiple))
    gone = SampleSet()
    before = array_bytes(plan)
    for step in outliers(plan):
        gone |= SampleSet.of(plan.catalog, step.samples)
        for change, expected in (("exclude", step.array_bytes), ("shrink", step.shrunk_bytes)):
            changed = resolve(replace(plan.options, **{change: gone}), plan.catalog)
            assert array_bytes(changed) == expected
        assert step.array_bytes < before
        before = step.array_bytes


@given(st.lists(st.tuples(st.integers(1, 99), st.integers(1, 99)), min_size=10, max_size=19), st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_one_outlier_of_a_few_samples_is_that_without_which_least_is_left(sizes, ties):
    sizes = [(h // 30 * 30 + 1, w // 30 * 30 + 1) for h, w in sizes] if ties else sizes
    plan = make_plan(sizes)
    left = []
    for sample in range(len(sizes)):
        gone = SampleSet.of(plan.catalog, [sample])
        without = resolve(replace(plan.options, exclude=gone), plan.catalog)
        row_px = without.arrays[0].row_bytes
        worth = (plan.arrays[0].data_bytes - without.arrays[0].data_bytes) / row_px
        left.append((array_bytes(without), worth, sample))
    told = [(step.array_bytes, step.samples) for step in outliers(plan)]
    worthy = [one for one in left if one[1] >= WORTH_ROWS]
    if worthy:
        assert told[0][0] == min(worthy)[0]
        assert told[0][0] == left[told[0][1][0]][0]
    else:
        assert told == []


@given(SIDES, st.sampled_from([Size(), Size.exact(600, 20), Size.parse("p50")]), st.booleans())
@settings(max_examples=30, deadline=None)
def test_savings_are_those_of_the_plans_that_come_out(sizes, size, floats):
    options = Options(size=size, dtype=Numbers.FLOAT32 if floats else Numbers.AUTO)
    plan = make_plan(sizes, options)
    found = remedies(plan)
    assert (RemedyKind.UINT8 in {remedy.kind for remedy in found}) == floats
    assert RemedyKind.GREY in {remedy.kind for remedy in found}
    for remedy in found:
        changed = resolve(remedy.options, plan.catalog)
        assert array_bytes(changed) == remedy.array_bytes
        assert remedy.saved_bytes == array_bytes(plan) - remedy.array_bytes > 0
    assert [r.saved_bytes for r in found] == sorted((r.saved_bytes for r in found), reverse=True)


def test_what_cannot_be_done_is_no_remedy():
    plan = make_plan([(2, 2)] * 2, Options(channels=Channels.AUTO), channels=[7, 7])
    assert RemedyKind.GREY not in {remedy.kind for remedy in remedies(plan)}


@pytest.mark.parametrize(
    ("machine", "loaded", "batch_fits"),
    [
        (Machine(2_000_000, 0, 1), True, True),
        (Machine(1_250_000, 0, 1), False, True),
        (Machine(2_000_000, 1_300_000, 1), True, True),
        (Machine(2_000_000, 1_300_000, 2), True, False),
        (Machine(2_000_000, 0, 100), True, False),
    ],
)
def test_whether_it_fits_on_another_machine(machine, loaded, batch_fits):
    found = fitness(make_plan([(100, 100)] * 50), machine)
    assert ("can be loaded at once" in found.sentences[0], found.batch_fits) == (loaded, batch_fits)
    assert found.batch_bytes == machine.batch * 100 * 100 * 3 * 4
    assert ("at a time would fit" in found.sentences[1]) is not batch_fits
    assert len(found.sentences) == 2


@pytest.mark.parametrize(
    ("dtype", "memory_bytes", "floats_in_memory", "told"),
    [
        (Numbers.UINT8, 8_000_000, True, "also as float32 (6.00 MB)"),
        (Numbers.UINT8, 7_000_000, False, "As float32 it would be 6.00 MB, which is too much"),
        (Numbers.FLOAT32, 8_000_000, True, "All 6.00 MB can be loaded at once into 8.00 MB of memory"),
        (Numbers.FLOAT32, 7_000_000, False, "6.00 MB cannot be loaded at once into 7.00 MB of memory"),
    ],
)
def test_what_becomes_of_it_as_floats_is_told(dtype, memory_bytes, floats_in_memory, told):
    plan = make_plan([(100, 100)] * 50, Options(dtype=dtype))
    found = fitness(plan, Machine(memory_bytes, 0, 1))
    assert found.floats_in_memory == floats_in_memory
    assert told in found.sentences[0]
    assert "a fifth is left" in found.sentences[0]


def test_the_shape_of_a_batch_is_that_of_its_largest_rows():
    options = Options(layout=Layout.NCHW, buckets=2)
    found = fitness(make_plan([(10, 20)] * 50 + [(100, 200)] * 50, options), Machine(10**9, 10**8, 8))
    told = "A batch of 8 rows of the largest size has the shape (8, 3, 100, 200) and takes 1.92 MB as float32"
    assert found.sentences[1].startswith(told)
    assert found.batch_bytes == 8 * 3 * 100 * 200 * 4


def test_a_row_that_alone_is_too_much_is_said():
    found = fitness(make_plan([(100, 100)]), Machine(1_000, 0, 1))
    assert "even one row is too much" in found.sentences[1]


def test_a_fate_replaces_the_one_before():
    plan = make_plan([(1, 1)] * 3)
    one = SampleSet.of(plan.catalog, [1])
    options = with_fate(plan.options, plan.catalog, [1], Fate.EXCLUDE)
    assert (options.exclude, options.shrink) == (one, SampleSet())
    options = with_fate(options, plan.catalog, [1], Fate.SHRINK)
    assert (options.exclude, options.shrink) == (SampleSet(), one)
    assert with_fate(options, plan.catalog, [1], Fate.KEEP) == plan.options


@given(SIDES, st.sampled_from([Fate.EXCLUDE, Fate.SHRINK]))
@settings(max_examples=40, deadline=None)
def test_tamed_are_those_that_would_make_the_array_larger_again(sizes, fate):
    before = make_plan(sizes)
    assert former_outliers(before) == ()
    few = [sample for step in outliers(before) for sample in step.samples]
    plan = resolve(with_fate(before.options, before.catalog, few, fate), before.catalog)
    larger = [
        sample
        for sample in range(len(sizes))
        if sizes[sample][0] > plan.largest.height or sizes[sample][1] > plan.largest.width
    ]
    assert sorted(former_outliers(plan)) == larger
    assert set(larger) <= set(few)
    assert former_outliers(resolve(replace(plan.options, size=Size.exact(1, 1)), plan.catalog)) == ()

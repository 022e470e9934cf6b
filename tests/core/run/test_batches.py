"""How rows are divided."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.run import batches as batches_module
from stackgui.core.run.batches import batches, block_bytes, slot_bytes
from tests.making import make_plan

SIZES = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), min_size=1, max_size=40)


@given(SIZES, st.integers(1, 9), st.integers(1, 9000), st.sampled_from(["max", "10x10"]), st.integers(0, 20))
def test_batches_are_all_rows_in_order_and_bounded(sizes, most_rows, most_bytes, size, workers):
    plan = make_plan(sizes, Options(size=Size.parse(size)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches_module, "BATCH_BYTES", most_bytes)
        found = list(batches(plan, max_rows=most_rows, workers=workers))
        slot = slot_bytes(plan)
    assert np.concatenate([batch.rows for batch in found]).tolist() == list(range(len(sizes)))
    assert np.concatenate([batch.samples for batch in found]).tolist() == list(range(len(sizes)))
    everything = plan.geometry(plan.buckets[0], plan.buckets[0].samples)
    joined = np.concatenate([batch.geometry.placement for batch in found])
    assert joined.tolist() == everything.placement.tolist()
    for batch in found:
        used = int(block_bytes(plan, batch.geometry).sum())
        assert 1 <= len(batch) <= most_rows
        assert used <= most_bytes or len(batch) == 1
        assert used <= slot


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.integers(1, 9))
def test_only_wanted_rows_are_in_batches(wanted, most_rows):
    plan = make_plan([(2, 2)] * len(wanted))
    found = list(batches(plan, np.array(wanted), max_rows=most_rows))
    rows = [row for batch in found for row in batch.rows.tolist()]
    assert rows == np.flatnonzero(wanted).tolist()
    assert [sample for batch in found for sample in batch.samples.tolist()] == rows


def test_batches_are_as_large_as_they_may_be():
    plan = make_plan([(10, 10)] * 10, file_bytes=[1] * 10)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches_module, "BATCH_BYTES", 900)
        assert [len(batch) for batch in batches(plan)] == [3, 3, 3, 1]


def test_towards_the_end_no_batch_is_more_than_a_worker_s_share_of_what_is_left():
    plan = make_plan([(10, 10)] * 40, file_bytes=[1] * 40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches_module, "BATCH_BYTES", 2400)
        found = [len(batch) for batch in batches(plan, workers=2)]
        of_many = [len(batch) for batch in batches(plan, workers=16)]
    assert found == [8, 8, 8, 8, 4, 2, 1, 1]
    assert of_many == [2] * 5 + [1] * 30


def test_only_the_last_array_ends_in_small_batches():
    sizes = [(10, 10)] * 8 + [(10, 20)] * 8
    plan = make_plan(sizes, Options(buckets=2), file_bytes=[1] * 16)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches_module, "BATCH_BYTES", 2400)
        found = [(batch.bucket, len(batch)) for batch in batches(plan, workers=2)]
    assert found == [(0, 8), (1, 4), (1, 2), (1, 1), (1, 1)]


def test_huge_samples_of_small_rows_are_not_put_together():
    sizes = [(3000, 3000)] * 2 + [(4, 4)] * 2
    plan = make_plan(sizes, Options(size=Size.exact(4, 4)))
    assert [len(batch) for batch in batches(plan)] == [1, 1, 2]


def test_block_is_what_is_placed():
    plan = make_plan([(4, 6), (2, 3)], Options(size=Size.exact(4, 4)), dtype=["uint16", "uint16"])
    geometry = plan.geometry(plan.buckets[0], plan.buckets[0].samples)
    # 4 × 6 is scaled down to 3 × 4; three channels of two bytes.
    assert block_bytes(plan, geometry).tolist() == [3 * 4 * 6, 2 * 3 * 6]


def test_part_of_a_batch_is_a_batch():
    (batch,) = batches(make_plan([(index + 1, 2) for index in range(6)]))
    part = batch.part(2, 5).part(1, 3)
    assert (part.rows.tolist(), part.samples.tolist(), len(part)) == ([3, 4], [3, 4], 2)
    assert part.geometry.placement.tolist() == batch.geometry.placement[3:5].tolist()

"""Rows that several write into the files of one stack."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.choices import Fit, Layout, Storage
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.part import part_of
from stackgui.core.run.row_results import RowsDone
from stackgui.stores.arrays import file_store
from stackgui.stores.arrays.open_store import open_stores
from stackgui.stores.arrays.range import RangeWriter
from stackgui.stores.recovery.lease import LeaseEndedError
from tests.making import expected_array, joined, make_blocks, make_plan

SIZES = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 12)), min_size=1, max_size=12)


def reserve(plan, path_of) -> None:
    for store in open_stores(Storage.FILE, plan, path_of):
        store.close()


def write(plan, path_of, span: tuple[int, int], blocks, valid, before_write=lambda: None) -> RangeWriter:
    begin, end = span
    part = part_of(plan, 0, begin, end)
    writer = RangeWriter.into_files(part, path_of, np.ones(end - begin, np.bool_), before_write)
    placement = part.plan.geometry(part.plan.buckets[0], np.arange(end - begin)).placement
    try:
        writer.stores[0].write(0, joined(blocks[begin:end]), placement, valid[begin:end])
        writer.publish()
    finally:
        writer.abandon()
    return writer


@given(SIZES, st.data(), st.sampled_from(Layout), st.sampled_from([0.0, 7.0]), st.booleans())
def test_parts_give_the_array_of_the_whole_however_often_they_are_written(
    tmp_path_factory, sizes, data, layout, fill, large
):
    folder = tmp_path_factory.mktemp("parts")
    plan = make_plan(sizes, Options(size=Size.exact(9, 10), fit=Fit.LETTERBOX, layout=layout, fill=fill))
    blocks, rows = make_blocks(plan), len(sizes)
    some = st.lists(st.booleans(), min_size=rows, max_size=rows).map(np.array)
    # An attempt that was lost may have written rows that fail now, and the other way round.
    before, valid = data.draw(some), data.draw(some)
    cuts = sorted(data.draw(st.sets(st.integers(1, rows))) | {0, rows})
    spans = list(itertools.pairwise(cuts))
    path_of = lambda name: str(folder / name)  # noqa: E731
    with pytest.MonkeyPatch.context() as patch:
        if large:
            patch.setattr(file_store, "SMALL_ROW_BYTES", 0)
        reserve(plan, path_of)
        for span in data.draw(st.permutations(spans)):
            write(plan, path_of, span, blocks, before)
            write(plan, path_of, span, blocks, valid)
    found = np.load(path_of(plan.arrays[0].file))
    assert found.tobytes() == expected_array(plan, blocks, valid).tobytes()


def test_nothing_is_written_once_the_run_has_ended(tmp_path):
    plan = make_plan([(4, 5)] * 3)
    path_of = lambda name: str(tmp_path / name)  # noqa: E731
    reserve(plan, path_of)
    blocks = make_blocks(plan)

    def ended() -> None:
        raise LeaseEndedError("The run has ended.")

    with pytest.raises(LeaseEndedError):
        write(plan, path_of, (1, 3), blocks, np.ones(3, np.bool_), ended)
    assert not np.load(path_of("images.npy")).any()


def test_rows_that_are_not_wanted_count_as_done(tmp_path):
    plan = make_plan([(4, 5)] * 3)
    path_of = lambda name: str(tmp_path / name)  # noqa: E731
    reserve(plan, path_of)
    writer = RangeWriter.into_files(part_of(plan, 0, 0, 3), path_of, np.array([True, False, True]))
    assert writer.outcomes.done.tolist() == [False, True, False]
    writer.outcomes.record(RowsDone(0, np.ones(1, np.bool_), np.ones(1, np.uint64), {}))
    writer.abandon()

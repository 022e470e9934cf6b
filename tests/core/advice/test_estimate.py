"""What a plan needs, before anything is written."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.advice.estimate import (
    DISK_RESERVE_BYTES,
    ROW_BYTES,
    TABLED_ROW_BYTES,
    TABLED_ROWS,
    TRACKER_BYTES,
    WORKER_BYTES,
    Resources,
    Verdict,
    estimate,
)
from stackgui.core.base.choices import Decode, Fit, Storage
from stackgui.core.base.size import Size
from stackgui.core.base.units import UNITS
from stackgui.core.options.options import Options
from stackgui.core.plan.outputs import file_bytes
from stackgui.core.plan.outputs.npy import NPY
from stackgui.core.plan.plan import ArraySpec
from stackgui.core.run.sharding import LIBRARY_BYTES, SHARD_BYTES, grids, shards_bytes
from tests.making import make_plan

PLENTY = 10**15
FILES_BYTES = 100_000
"""More than the largest files of these catalogs."""


def resources(*, memory=PLENTY, disk: int | None = PLENTY, workers=2):
    return Resources(memory, memory, disk, workers)


@given(
    st.lists(st.integers(1, 5), min_size=4, max_size=4),
    st.sampled_from(["uint8", "uint16", "float16", "float64"]),
)
def test_size_of_a_file_is_exact(tmp_path_factory, shape, dtype):
    path = tmp_path_factory.mktemp("npy") / "array.npy"
    np.save(path, np.zeros(shape, dtype))
    spec = ArraySpec("array.npy", tuple(shape), dtype)
    assert file_bytes(spec) == path.stat().st_size
    assert path.read_bytes().startswith(NPY.header(spec))


def test_size_of_a_file_larger_than_any_disk():
    spec = ArraySpec("array.npy", (10**9, 10**6, 10**6, 4), "float32")
    assert file_bytes(spec) == 16 * 10**21 + len(NPY.header(spec))


def test_plenty_fits_in_memory():
    plan = make_plan([(100, 100)] * 5)
    found = estimate(plan, resources())
    assert (found.verdict, found.storage) == (Verdict.FITS_IN_MEMORY, Storage.MEMORY)
    assert found.array_bytes == (file_bytes(plan.arrays[0]),)
    assert found.stack_bytes > sum(found.array_bytes)
    assert "free" in found.reason


@pytest.mark.parametrize("disk", [PLENTY, None])
def test_little_memory_means_a_file(disk):
    found = estimate(make_plan([(100, 100)] * 5), resources(memory=10**8, disk=disk))
    assert (found.verdict, found.storage) == (Verdict.USE_A_FILE, Storage.FILE)
    assert "100 MB are free" in found.reason


def test_too_little_disk_does_not_fit_and_says_how_much_is_missing():
    plan = make_plan([(1000, 1000)] * 5)
    needed = estimate(plan, resources()).stack_bytes + DISK_RESERVE_BYTES
    assert estimate(plan, resources(disk=needed)).verdict is Verdict.FITS_IN_MEMORY
    found = estimate(plan, resources(disk=needed - 5_000_000))
    assert found.verdict is Verdict.DOES_NOT_FIT
    assert "5.00 MB more are needed" in found.reason


@given(st.integers(0, 3 * 10**8))
def test_what_is_needed_is_free_and_is_missing_add_up(disk):
    found = estimate(make_plan([(1000, 1000)] * 50), resources(disk=disk))
    if found.verdict is not Verdict.DOES_NOT_FIT:
        assert found.stack_bytes + DISK_RESERVE_BYTES <= disk
        return
    told = {name: number_of(str(text)) for name, text in found.reason.fields.items()}
    assert all(str(text) in found.reason for text in found.reason.fields.values())
    assert told["stack"] == pytest.approx(found.stack_bytes, rel=0.005)
    assert told["stack"] + told["reserve"] == pytest.approx(told["free"] + told["missing"], rel=0.01)


def number_of(text: str) -> float:
    number, unit = text.split()
    return float(number) * 1000 ** UNITS.index("bytes" if unit == "byte" else unit)


def test_working_memory_grows_with_workers_and_samples_but_hardly_with_rows():
    def working(count, side=100, workers=2):
        plan = make_plan([(side, side)] * count, Options(size=Size.exact(10, 10)))
        return estimate(plan, resources(workers=workers)).working_bytes

    assert working(5, workers=4) > working(5, workers=2)
    assert working(5, side=4000) > working(5)
    row_bytes = ROW_BYTES + 10 * 10 * 3
    assert working(1005) - working(5) <= 1000 * (TABLED_ROW_BYTES + row_bytes) + FILES_BYTES
    assert working(2 * TABLED_ROWS) - working(TABLED_ROWS) <= TABLED_ROWS * row_bytes + FILES_BYTES


def test_what_the_program_has_already_is_no_further_need_but_part_of_the_peak():
    plan = make_plan([(100, 100)] * 5)
    fresh = estimate(plan, resources())
    begun = estimate(plan, replace(resources(), program_bytes=2 * 10**8, running_workers=2))
    assert fresh.working_bytes - begun.working_bytes == 2 * WORKER_BYTES + TRACKER_BYTES
    assert begun.peak_file_bytes == 2 * 10**8 + begun.working_bytes
    assert begun.peak_memory_bytes == begun.peak_file_bytes + 5 * 100 * 100 * 3


def test_only_as_many_slots_are_large_as_there_are_large_samples():
    one = estimate(make_plan([(4000, 4000)] + [(100, 100)] * 20), resources())
    all_of_them = estimate(make_plan([(4000, 4000)] * 21), resources())
    assert one.working_bytes < all_of_them.working_bytes


def test_of_a_huge_tensor_pieces_are_in_memory_and_of_a_huge_jpeg_a_draft():
    size = Options(size=Size.exact(512, 512), fit=Fit.LETTERBOX)
    huge = [(40_000, 30_000)]

    def needed(format_: str, options: Options = size) -> int:
        plan = make_plan(huge, options, format=[format_], file_bytes=[40_000 * 30_000 * 3])
        return estimate(plan, resources(workers=1)).working_bytes

    whole = 40_000 * 30_000 * 3
    assert needed("npy") < whole / 8
    assert needed("jpeg", replace(size, decode=Decode.DRAFT)) < whole * 1.1
    assert needed("jpeg") > whole * 1.9
    # Its file is mapped; whether it has tiles is not known.
    assert needed("tiff") > whole * 1.9
    assert needed("png") > whole * 4.9


def test_what_goes_to_a_bucket_waits_in_shards_whose_memory_is_counted():
    few, many = make_plan([(100, 100)] * 5, Options()), make_plan([(1000, 1000)] * 200, Options())
    for plan in (few, many):
        folder, bucket = (estimate(plan, replace(resources(disk=None), is_bucket=to)) for to in (False, True))
        assert (bucket.verdict, bucket.storage) == (Verdict.IS_SENT, Storage.FILE)
        assert bucket.stack_bytes == folder.stack_bytes
        added = bucket.working_bytes - folder.working_bytes
        assert added == bucket.peak_file_bytes - folder.peak_file_bytes == shards_bytes(plan)
        assert bucket.peak_memory_bytes == bucket.peak_file_bytes, "no array is held in memory"
    shard_bytes = grids(many.arrays)[0].shard * many.arrays[0].row_bytes
    assert SHARD_BYTES * 0.8 < shard_bytes <= SHARD_BYTES
    assert shards_bytes(many) == LIBRARY_BYTES + 20 * shard_bytes
    assert shards_bytes(few) == LIBRARY_BYTES + 4 * few.arrays[0].data_bytes, "it is one shard"


def test_shards_of_masks_are_counted_with_those_of_their_pictures():
    plan = make_plan([(1000, 1000)] * 200, Options())
    masks = ArraySpec("masks.npy", (200, 1000, 1000), "uint8")
    masked = replace(plan, buckets=(replace(plan.buckets[0], mask=masks),))
    rows = grids(masked.buckets[0].arrays)[0].shard
    assert shards_bytes(masked) - shards_bytes(plan) == 8 * rows * masks.row_bytes, (
        "packed after the pictures"
    )
    wide = replace(plan, buckets=(replace(plan.buckets[0], mask=replace(masks, dtype="uint32")),))
    rows = grids(wide.buckets[0].arrays)[1].shard
    picture_bytes, mask_bytes = plan.arrays[0].row_bytes, 4 * masks.row_bytes
    assert shards_bytes(wide) == LIBRARY_BYTES + rows * (8 * picture_bytes + 20 * mask_bytes)


def test_of_several_arrays_only_neighbours_are_on_their_way():
    sizes = [(side, side) for side in (100, 200, 300, 400) for _ in range(10)]
    plan = make_plan(sizes, Options(buckets=4))
    data = [array.data_bytes for array in plan.arrays]
    assert len(data) == 4
    assert shards_bytes(plan) == LIBRARY_BYTES + 4 * max(one + other for one, other in pairwise(data))

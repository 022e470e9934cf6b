"""Blocks are the same whether the worker that makes them keeps them in memory or writes them to the file."""

import errno
import mmap
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import stackgui
from stackgui.core.base.choices import Layout, Storage
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.engine.decoding.render import Form
from stackgui.engine.decoding.rows import files_of
from stackgui.engine.workers import blocks
from stackgui.engine.workers.prefetch import Prefetch
from stackgui.engine.workers.sample_data import data_of
from stackgui.stores.arrays.file_store import FileStore
from stackgui.stores.arrays.place import Place
from tests.engine import misbehaving
from tests.engine.reference import plain_rows

SIDE_PX, ROWS, ROW_BYTES = 16, 23, 16 * 16 * 3
BROKEN = (0, 7, 8, ROWS - 1)


@pytest.fixture
def folder(tmp_path):
    """Pictures of one size as JPEG and PNG; some are cut off, and look whole to a scan."""
    made = tmp_path / "pictures"
    made.mkdir()
    random = np.random.default_rng(5)
    for row in range(ROWS):
        pixels = random.integers(0, 256, (SIDE_PX, SIDE_PX, 3), np.uint8)
        path = made / f"{row:02}.{'png' if row % 5 == 3 else 'jpg'}"
        Image.fromarray(pixels).save(path)
        if row in BROKEN:
            path.write_bytes(path.read_bytes()[:-40])
    return made


@pytest.fixture(params=[Layout.NHWC, Layout.NCHW])
def plan(folder, scan, request):
    return resolve(Options(layout=request.param), scan(folder))


@pytest.fixture
def batch(plan, tmp_path, monkeypatch):
    """The arguments of a batch of all rows, and the store of its array."""
    monkeypatch.setattr(blocks, "KEPT_BYTES", 4 * ROW_BYTES + 5)
    blocks._kept_memory.cache_clear()
    (bucket,) = plan.buckets
    geometry = plan.geometry(bucket, bucket.samples)
    store = FileStore(str(tmp_path / "images.npy"), bucket.array, plan.options.layout, 0.0, sparse=False)
    place = store.place(0, geometry.placement)
    with mmap.mmap(-1, ROWS * ROW_BYTES) as memory:
        yield files_of(plan, bucket.samples, geometry), Form.of(plan), memory, 0, place
    store.abort()
    blocks._kept_memory.cache_clear()


def _kept(batch) -> tuple[blocks.Filled, np.ndarray]:
    """What is told of blocks that are kept in memory, and these, with zeros for those that failed."""
    files, form, *_rest = batch
    memory = bytearray(ROWS * ROW_BYTES)
    found = blocks.filled(files, form, memory, 0)
    rows = np.frombuffer(memory, np.uint8).reshape(ROWS, ROW_BYTES).copy()
    rows[list(found.failed)] = 0
    return found, rows


def _in_file(place: Place) -> np.ndarray:
    return np.fromfile(place.path, np.uint8, offset=place.offset).reshape(ROWS, ROW_BYTES)


def _same(found: blocks.Filled, other: blocks.Filled) -> None:
    assert found.checksum.tolist() == other.checksum.tolist()
    assert (found.failed, found.doubts, found.non_finite) == (other.failed, other.doubts, other.non_finite)


def test_the_worker_writes_what_it_would_keep(batch):
    kept, rows = _kept(batch)
    assert tuple(kept.failed) == BROKEN
    found = blocks.written(*batch)
    assert found.is_written
    _same(found, kept)
    assert np.array_equal(_in_file(batch[-1]), rows), "rows that fail are left as they are in the file"


def test_the_last_block_lies_where_it_always_does(batch, folder, scan):
    (folder / f"{ROWS - 1:02}.png").unlink(missing_ok=True)
    Image.new("RGB", (SIDE_PX, SIDE_PX), "red").save(folder / f"{ROWS - 1:02}.jpg", quality=95)
    plan = resolve(Options(layout=batch[1].layout), scan(folder))
    (bucket,) = plan.buckets
    files = files_of(plan, bucket.samples, plan.geometry(bucket, bucket.samples))
    _found, rows = _kept((files, *batch[1:]))
    assert blocks.written(files, *batch[1:]).is_written
    assert batch[2][-ROW_BYTES:] == rows[-1].tobytes()


@pytest.mark.parametrize("failing", [1, 3])
def test_what_cannot_be_written_is_kept(batch, monkeypatch, failing):
    write, calls = Place.write, []

    def write_some(*arguments):
        calls.append(arguments)
        if len(calls) == failing:
            raise OSError(errno.ENOSPC, "full")
        write(*arguments)

    monkeypatch.setattr(Place, "write", write_some)
    kept, rows = _kept(batch)
    found = blocks.written(*batch)
    assert len(calls) == failing
    assert not found.is_written
    _same(found, kept)
    memory = np.frombuffer(bytes(batch[2]), np.uint8).reshape(ROWS, ROW_BYTES).copy()
    memory[list(found.failed)] = 0
    assert np.array_equal(memory, rows)


def test_another_file_of_that_name_is_left_alone(batch):
    place = batch[-1]
    data, other = Path(place.path).read_bytes(), Path(f"{place.path}.other")
    other.write_bytes(data)
    with open(place.path, "rb"):  # while it is open, its inode is not given to another
        other.replace(place.path)
        assert not blocks.written(*batch).is_written
    assert Path(place.path).read_bytes() == data


@pytest.mark.parametrize("quick", [1, 2, 9, ROWS - 1, ROWS])
@pytest.mark.parametrize("make", [blocks.written, lambda *batch: blocks.filled(*batch[:-1])])
def test_reading_may_become_slow_at_any_row(batch, monkeypatch, quick, make):
    class Slow(Prefetch):
        reads = 0

        def took(self, _seconds):
            self.reads += 1
            return self.reads >= quick

    kept, rows = _kept(batch)
    slow = Slow(lambda sample: data_of(*sample), lambda _sample: True)
    monkeypatch.setattr(blocks, "ahead", slow)
    found = make(*batch)
    assert slow.reads == ROWS, "each is read once"
    _same(found, kept)
    place, memory = batch[-1], np.frombuffer(bytes(batch[2]), np.uint8).reshape(ROWS, ROW_BYTES).copy()
    memory[list(found.failed)] = 0
    assert np.array_equal(_in_file(place) if found.is_written else memory, rows)


@pytest.mark.parametrize("fill", [0, 9])
def test_rows_that_fail_are_blank_whoever_writes_the_others(plan, engine, tmp_path, fill):
    plan = resolve(Options(layout=plan.options.layout, fill=fill), plan.catalog)
    report = engine.convert(plan, RunOptions(str(tmp_path / "stack"), Storage.FILE), Control())
    assert tuple(failure.row for failure in report.failures) == BROKEN
    with stackgui.open_stack(tmp_path / "stack") as stack:
        assert np.array_equal(stack.images, plain_rows(plan, set(BROKEN)))


def test_what_a_dying_worker_has_written_does_not_stay(plan, engine, tmp_path, monkeypatch):
    monkeypatch.setattr("stackgui.engine.workers.tasks.fill_slot", misbehaving.die_while_writing)
    report = engine.convert(plan, RunOptions(str(tmp_path / "stack"), Storage.FILE), Control())
    assert tuple(failure.row for failure in report.failures) == BROKEN
    with stackgui.open_stack(tmp_path / "stack") as stack:
        assert np.array_equal(stack.images, plain_rows(plan, set(BROKEN)))


def test_only_whole_small_rows_of_new_files_have_a_place(plan, tmp_path):
    (bucket,) = plan.buckets
    placement = plan.geometry(bucket, bucket.samples).placement
    path = str(tmp_path / "images.npy")
    store = FileStore(path, bucket.array, plan.options.layout, 0.0, sparse=False)
    part = placement.copy()
    part[3, 2] -= 1
    assert store.place(0, placement) is not None
    assert store.place(0, part) is None
    store.close()
    again = FileStore(path, bucket.array, plan.options.layout, 0.0, sparse=False, existing=True)
    assert again.place(0, placement) is None
    again.abort()

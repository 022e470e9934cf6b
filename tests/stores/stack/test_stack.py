"""Making a stack, and reading it back."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest

import stackgui
from stackgui.core.base.cancellation import UNWATCHED
from stackgui.core.base.choices import Layout, Storage
from stackgui.core.base.errors import Cancelled, DestinationError, StoreError
from stackgui.core.labels.labels import Labels
from stackgui.core.options.options import Options
from stackgui.core.run.row_results import RowsDone
from stackgui.core.run.run_options import RunOptions
from stackgui.engine.workers.control import Control
from stackgui.stores.recovery.folder import MARKER
from stackgui.stores.recovery.recognise import is_stack
from stackgui.stores.stack.stack import StackWriter
from tests.making import expected_array, joined, make_blocks, make_plan

SIZES = [(4, 6), (7, 3), (5, 5), (0, 0)]
PROBLEM = ["", "", "", "its header is damaged"]
FILES = ["cat/1.png", "cat/2.png", "dog/1.png", "dog/2.png"]
VALID = np.array([True, True, False, False])
REASONS = {2: "the file ends in the middle of the picture", 3: PROBLEM[3]}
ROWS = RowsDone(0, VALID, np.array([5, 6, 0, 0], np.uint64), REASONS)
VERSIONS = {"numpy": np.__version__}


def write_stack(folder, storage=Storage.FILE, *, replace=False, seed=0, **options):
    """Make a stack of four rows, two of them blank; return its plan and what its array should be."""
    plan = make_plan(SIZES, Options(**options), path=FILES, problem=PROBLEM)
    writer = StackWriter.open(plan, RunOptions(str(folder), replace=replace), storage, VERSIONS)
    blocks = make_blocks(plan, seed)
    fill(writer, plan, blocks)
    finish(writer)
    return plan, expected_array(plan, blocks, VALID)


def fill(writer, plan, blocks):
    bucket = plan.buckets[0]
    placement = plan.geometry(bucket, bucket.samples).placement
    writer.stores[0].write(0, joined(blocks[:3]), placement[:3], VALID[:3])
    writer.stores[0].write(3, joined(blocks[3:]), placement[3:], VALID[3:])


def finish(writer, cancellation=UNWATCHED):
    writer.outcomes.record(ROWS)
    writer.write_tables(cancellation)
    writer.publish(cancellation)


def start(folder, *, replace=False):
    plan = make_plan(SIZES, path=FILES, problem=PROBLEM)
    return StackWriter.open(plan, RunOptions(str(folder), replace=replace), Storage.FILE, VERSIONS)


def contents(folder: Path) -> dict[str, bytes]:
    return {entry.name: entry.read_bytes() for entry in folder.iterdir()}


@pytest.mark.parametrize("layout", Layout)
@pytest.mark.parametrize("storage", [Storage.MEMORY, Storage.FILE])
def test_stack_holds_what_was_written(tmp_path, storage, layout):
    plan, expected = write_stack(tmp_path / "out", storage, layout=layout)
    with stackgui.open_stack(tmp_path / "out") as stack:
        np.testing.assert_array_equal(stack.images, expected)
        assert stack.valid.tolist() == VALID.tolist()
        assert stack.labels.tolist() == [0, 0, 1, 1]
        assert stack.classes == ["cat", "dog"]
        assert list(stack.files) == [plan.catalog.file(sample) for sample in range(4)]
        assert stack.placements.tolist() == [[0, 0, 4, 6], [0, 0, 7, 3], [0] * 4, [0] * 4]
        assert len(stack) == 4
        assert stack.header["plan"]["fingerprint"] == plan.fingerprint


def test_files_are_those_promised(tmp_path):
    write_stack(tmp_path / "out")
    assert sorted(contents(tmp_path / "out")) == [
        "checksums.npy", "classes.json", "images.npy", "labels.npy", "manifest.csv", "manifest.jsonl",
        "names.npy", "placements.npy", "stack.json", "transforms.npy", "valid.npy",
    ]  # fmt: skip
    assert os.listdir(tmp_path) == ["out"]
    header = json.loads((tmp_path / "out" / "stack.json").read_text())
    assert header["status"] == "complete_with_failures"
    assert (header["rows"], header["failed"]) == (4, 2)


def test_arrays_open_with_numpy_alone(tmp_path):
    _, expected = write_stack(tmp_path / "out")
    images = np.load(tmp_path / "out" / "images.npy", mmap_mode="r", allow_pickle=False)
    np.testing.assert_array_equal(images, expected)
    assert images.flags.c_contiguous
    assert np.load(tmp_path / "out" / "valid.npy").dtype == np.bool_
    assert np.load(tmp_path / "out" / "placements.npy").dtype == np.int32
    assert np.load(tmp_path / "out" / "labels.npy").dtype == np.int32
    assert np.load(tmp_path / "out" / "checksums.npy").dtype == np.uint64
    assert np.load(tmp_path / "out" / "checksums.npy").tolist() == ROWS.checksum.tolist()


def test_storage_does_not_change_a_byte(tmp_path):
    write_stack(tmp_path / "file", Storage.FILE)
    write_stack(tmp_path / "memory", Storage.MEMORY)
    assert contents(tmp_path / "file") == contents(tmp_path / "memory")


def test_unlabelled_stack_has_no_labels(tmp_path):
    write_stack(tmp_path / "out", labels=Labels.NONE)
    assert not {"labels.npy", "classes.json"} & contents(tmp_path / "out").keys()
    with stackgui.open_stack(tmp_path / "out") as stack:
        assert stack.labels is None
        assert stack.classes == []


def test_nothing_has_the_final_name_before_the_end(tmp_path):
    writer = start(tmp_path / "out")
    assert os.listdir(tmp_path) == ["out.partial"]
    writer.abandon()
    assert os.listdir(tmp_path) == []


def test_parents_are_made(tmp_path):
    write_stack(tmp_path / "a" / "b" / "out")
    assert (tmp_path / "a" / "b" / "out" / "stack.json").is_file()


def test_abandoning_twice_or_after_the_end_does_nothing(tmp_path):
    plan = make_plan(SIZES, path=FILES, problem=PROBLEM)
    writer = StackWriter.open(plan, RunOptions(str(tmp_path / "out")), Storage.MEMORY, VERSIONS)
    finish(writer)
    before = contents(tmp_path / "out")
    writer.abandon()
    writer.abandon()
    assert contents(tmp_path / "out") == before


def test_stale_partial_is_begun_again(tmp_path):
    stale = tmp_path / "out.partial"
    (stale / "folder").mkdir(parents=True)
    (stale / MARKER).write_bytes(b"")
    (stale / "images.npy").write_bytes(b"old")
    _, expected = write_stack(tmp_path / "out")
    np.testing.assert_array_equal(np.load(tmp_path / "out" / "images.npy"), expected)
    assert not (tmp_path / "out" / "folder").exists()


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("elsewhere"), Path.touch])
def test_partial_that_is_not_ours_is_left_alone(tmp_path, make):
    (tmp_path / "elsewhere").mkdir()
    foreign = tmp_path / "out.partial"
    make(foreign)
    if foreign.is_dir():
        (foreign / "diary.txt").write_text("mine")
    with pytest.raises(DestinationError, match="something else has that name"):
        start(tmp_path / "out")
    assert not foreign.is_dir() or (foreign / "diary.txt").read_text() == "mine"


def test_second_writer_is_refused(tmp_path):
    writer = start(tmp_path / "out")
    with pytest.raises(DestinationError, match="Another conversion is writing"):
        start(tmp_path / "out")
    writer.abandon()
    start(tmp_path / "out").abandon()


def test_lock_goes_with_a_killed_process(tmp_path):
    script = f"""
        import os, signal
        from stackgui.stores.recovery.folder import PartialFolder
        folder = PartialFolder({str(tmp_path / "out")!r})
        os.kill(os.getpid(), signal.SIGKILL)
    """
    killed = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], check=False)
    assert killed.returncode == -9
    assert (tmp_path / "out.partial" / MARKER).is_file()
    start(tmp_path / "out").abandon()


def test_two_destinations_at_once(tmp_path):
    first, second = start(tmp_path / "first"), start(tmp_path / "second")
    first.abandon()
    second.abandon()


def test_replace_puts_the_new_in_the_place_of_the_old(tmp_path):
    write_stack(tmp_path / "out", seed=1)
    _, expected = write_stack(tmp_path / "out", seed=2, replace=True)
    np.testing.assert_array_equal(np.load(tmp_path / "out" / "images.npy"), expected)
    assert os.listdir(tmp_path) == ["out"]


def test_old_stack_is_untouched_until_the_new_one_is_complete(tmp_path):
    write_stack(tmp_path / "out", seed=1)
    before = contents(tmp_path / "out")
    writer = start(tmp_path / "out", replace=True)
    assert contents(tmp_path / "out") == before
    writer.abandon()
    assert contents(tmp_path / "out") == before


def test_old_stack_comes_back_when_the_rename_fails(tmp_path, monkeypatch):
    write_stack(tmp_path / "out", seed=1)
    before = contents(tmp_path / "out")
    writer = start(tmp_path / "out", replace=True)
    rename = os.rename

    def failing(source, target):
        if source.endswith(".partial"):
            raise OSError(5, "Input/output error")
        rename(source, target)

    monkeypatch.setattr(os, "rename", failing)
    with pytest.raises(StoreError, match="reported a fault"):
        finish(writer)
    assert contents(tmp_path / "out") == before
    writer.abandon()
    assert os.listdir(tmp_path) == ["out"]


def test_what_took_the_name_meanwhile_is_not_touched(tmp_path):
    writer = start(tmp_path / "out")
    (tmp_path / "out").mkdir()
    with pytest.raises(DestinationError, match="never replaced"):
        finish(writer)
    writer.abandon()
    assert contents(tmp_path / "out") == {}


@pytest.mark.parametrize("storage", [Storage.MEMORY, Storage.FILE])
def test_finishing_can_be_cancelled(tmp_path, storage):
    plan = make_plan(SIZES, path=FILES, problem=PROBLEM)
    writer = StackWriter.open(plan, RunOptions(str(tmp_path / "out")), storage, VERSIONS)

    control = Control()
    control.cancel()
    with pytest.raises(Cancelled):
        finish(writer, control)
    writer.abandon()
    assert os.listdir(tmp_path) == []


def test_failed_creation_leaves_nothing(tmp_path, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "ftruncate", full)  # more than half of this plan is padding
    with pytest.raises(StoreError, match="is full"):
        start(tmp_path / "out")
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs the names of open files")
def test_everything_is_durable_before_it_has_its_name(tmp_path, monkeypatch):
    done = []
    rename = os.rename

    def recorded(sync):
        def record(descriptor):
            done.append(os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}")))
            sync(descriptor)

        return record

    def recorded_rename(source, target):
        done.append("rename")
        rename(source, target)

    for name in ("fsync", "fdatasync"):
        monkeypatch.setattr(os, name, recorded(getattr(os, name)))
    monkeypatch.setattr(os, "rename", recorded_rename)
    write_stack(tmp_path / "out")
    renamed = done.index("rename")
    assert set(done[:renamed]) == {*contents(tmp_path / "out"), "out.partial"}
    assert done[renamed - 1] == "out.partial"
    assert done[renamed + 1 :] == [tmp_path.name]


def test_stacks_are_recognised(tmp_path):
    assert not is_stack(str(tmp_path))
    writer = start(tmp_path / "out")
    assert is_stack(str(tmp_path / "out.partial"))
    writer.abandon()
    write_stack(tmp_path / "out")
    assert is_stack(str(tmp_path / "out"))
    (tmp_path / "out" / "stack.json").write_text("{}")
    assert not is_stack(str(tmp_path / "out"))

"""Wherever a process is killed while it gives a stack its name, nothing is lost, and nothing stays behind."""

import contextlib
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import stackgui
from stackgui.core.base.choices import Storage
from stackgui.core.base.errors import DestinationError, StoreError, UnfinishedError
from stackgui.core.run.run_options import IfUnfinished, RunOptions
from stackgui.stores.arrays.checksums import block_checksum
from stackgui.stores.files import deleting
from stackgui.stores.files.locks import FolderLock
from stackgui.stores.recovery import backup, cleanup, folder
from stackgui.stores.recovery.cleanup import tidy_place
from stackgui.stores.recovery.folder import MARKER
from stackgui.stores.recovery.marks import REPLACED
from stackgui.stores.recovery.unfinished import unfinished_at
from stackgui.stores.stack.stack import StackWriter
from tests.making import make_blocks, make_plan
from tests.stores.stack.test_stack import (
    FILES,
    PROBLEM,
    ROWS,
    SIZES,
    VALID,
    VERSIONS,
    contents,
    fill,
    write_stack,
)

STEPS = ("rename", "unlink", "rmdir")
JOURNALLED = ("journal", "plan.json")


class Killed(BaseException):
    """Nothing catches it, as nothing catches a kill."""


class Steps:
    """Counts what changes names on the disk, and kills the process before one of them."""

    def __init__(self, monkeypatch) -> None:
        self.taken = 0
        self.last: int | None = None
        self._patch = monkeypatch
        for module in (deleting, folder, cleanup, backup):
            for name in ("sync_folder",):
                if hasattr(module, name):
                    self._patch.setattr(module, name, self._watched(getattr(module, name)))
        for name in STEPS:
            self._patch.setattr(os, name, self._watched(getattr(os, name)))

    def _watched(self, step):
        def watched(*arguments, **choices):
            if self.taken == self.last:
                raise Killed
            self.taken += 1
            return step(*arguments, **choices)

        return watched


def written(out: Path, seed: int, unfinished: IfUnfinished = IfUnfinished.REFUSE) -> StackWriter:
    """A stack of which everything is done but the name."""
    plan = make_plan(SIZES, path=FILES, problem=PROBLEM)
    run = RunOptions(str(out), replace=True, unfinished=unfinished)
    writer = StackWriter.open(plan, run, Storage.FILE, VERSIONS)
    if not writer.outcomes.rows_done:
        blocks = make_blocks(plan, seed)
        fill(writer, plan, blocks)
        checksum = np.array([block_checksum(block) if block.size else 0 for block in blocks], np.uint64)
        rows = replace(ROWS, checksum=np.where(VALID, checksum, 0))
        writer.outcomes.record(rows)
        writer.make_durable([rows])
    writer.write_tables()
    return writer


def killed_after(out: Path, steps: int | None) -> int:
    """Publish a new stack in the place of an old one, and die on the way; how many steps there were."""
    writer = written(out, seed=1)
    with pytest.MonkeyPatch.context() as patch:
        watch = Steps(patch)
        watch.last = steps
        try:
            writer.publish()
        except Killed:
            writer._folder.release()  # the system does that for a process that is killed
            if writer._folder._aside:
                writer._folder._aside._lock.release()
        return watch.taken


@pytest.fixture
def count(tmp_path) -> int:
    (tmp_path / "first").mkdir()
    write_stack(tmp_path / "first" / "out", seed=0)
    return killed_after(tmp_path / "first" / "out", None)


@pytest.fixture
def expected(tmp_path) -> tuple[bytes, bytes]:
    """The arrays of the old stack and of the new one."""
    for seed in (0, 1):
        write_stack(tmp_path / f"seed-{seed}", seed=seed)
    old, new = ((tmp_path / f"seed-{seed}" / "images.npy").read_bytes() for seed in (0, 1))
    assert old != new
    return old, new


def test_a_kill_at_every_step_leaves_the_old_stack_or_the_new_one(tmp_path, count, expected):
    assert count > 15, "there is little to be killed at"
    found = set()
    for step in range(count):
        place = tmp_path / f"killed-{step}"
        place.mkdir()
        out = place / "out"
        write_stack(out, seed=0)
        killed_after(out, step)
        tidy_place(str(out))
        with stackgui.open_stack(out) as stack:
            assert stack.valid.tolist() == [True, True, False, False]
        assert sorted(contents(out)) == sorted(contents(tmp_path / "seed-0"))
        images = (out / "images.npy").read_bytes()
        found.add(expected.index(images))
        left = {entry.name for entry in place.iterdir()}
        assert left == ({"out", "out.partial"} if images == expected[0] else {"out"})
        assert (unfinished_at(str(out)) is not None) == (images == expected[0])
    assert found == {0, 1}


def test_after_a_kill_at_every_step_the_run_is_resumed_or_refused(tmp_path, count, expected):
    for step in range(count):
        place = tmp_path / f"killed-{step}"
        place.mkdir()
        out = place / "out"
        write_stack(out, seed=0)
        killed_after(out, step)
        if (place / "out.partial").exists():
            with pytest.raises(UnfinishedError):
                written(out, seed=1)
        written(out, seed=1, unfinished=IfUnfinished.RESUME).publish()
        assert (out / "images.npy").read_bytes() == expected[1]
        assert [entry.name for entry in place.iterdir()] == ["out"]
        assert sorted(contents(out)) == sorted(contents(tmp_path / "seed-0"))


def test_a_kill_while_it_is_put_right_is_put_right_too(tmp_path, count, expected):
    for step in range(0, count, 2):
        for second in range(6):
            place = tmp_path / f"killed-{step}-{second}"
            place.mkdir()
            out = place / "out"
            write_stack(out, seed=0)
            killed_after(out, step)
            with pytest.MonkeyPatch.context() as patch:
                Steps(patch).last = second
                with contextlib.suppress(Killed):
                    tidy_place(str(out))
            tidy_place(str(out))
            assert (out / "images.npy").read_bytes() in expected
            assert sorted(contents(out)) == sorted(contents(tmp_path / "seed-0"))
            assert not [entry for entry in place.iterdir() if "replaced" in entry.name]


def test_leftovers_in_a_finished_stack_are_no_unfinished_stack(tmp_path):
    out = tmp_path / "out"
    write_stack(out)
    for name in (*JOURNALLED, MARKER):
        (out / name).write_bytes(b"left")
    assert unfinished_at(str(out)) is None
    with stackgui.open_stack(out) as stack:
        assert len(stack) == 4
    with pytest.raises(DestinationError, match="already exists"):
        StackWriter.open(
            make_plan(SIZES, path=FILES, problem=PROBLEM), RunOptions(str(out)), Storage.FILE, VERSIONS
        )
    assert not {*JOURNALLED, MARKER} & contents(out).keys()


def test_files_of_the_same_names_that_somebody_keeps_in_a_stack_stay(tmp_path):
    out = tmp_path / "out"
    write_stack(out)
    for name in JOURNALLED:
        (out / name).write_bytes(b"mine")
    stackgui.open_stack(out).close()
    assert contents(out).keys() >= {*JOURNALLED}


def test_folders_that_only_have_such_a_name_are_left_alone(tmp_path):
    out = tmp_path / "out"
    write_stack(out)
    mine = tmp_path / "out.replaced"
    mine.mkdir()
    (mine / "diary.txt").write_text("mine")
    write_stack(out, replace=True, seed=1)
    tidy_place(str(out))
    assert (mine / "diary.txt").read_text() == "mine"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["out", "out.replaced"]


def test_the_old_stack_is_not_deleted_when_something_else_has_its_name(tmp_path):
    out = tmp_path / "out"
    write_stack(out)
    (out / REPLACED).write_bytes(b"")
    out.rename(tmp_path / "out.replaced")
    out.mkdir()
    (out / "diary.txt").write_text("mine")
    tidy_place(str(out))
    assert (tmp_path / "out.replaced" / "stack.json").is_file()
    assert (out / "diary.txt").read_text() == "mine"


def test_what_is_in_use_is_neither_tidied_nor_replaced(tmp_path):
    out = tmp_path / "out"
    write_stack(out)
    before = np.load(out / "images.npy").tobytes()
    writer = written(out, seed=1)
    (out / MARKER).write_bytes(b"left")
    with FolderLock(str(out), shared=True):
        tidy_place(str(out))
        assert (out / MARKER).exists()
        with pytest.raises(StoreError, match="is in use"):
            writer.publish()
        assert np.load(out / "images.npy").tobytes() == before
    writer.publish()
    assert np.load(out / "images.npy").tobytes() != before
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]


def test_while_somebody_replaces_the_stack_nothing_is_put_right(tmp_path):
    out = tmp_path / "out"
    write_stack(out)
    writer = written(out, seed=1)
    (out / REPLACED).write_bytes(b"")
    out.rename(tmp_path / "out.replaced")
    tidy_place(str(out))
    assert not out.exists()
    writer.abandon()
    tidy_place(str(out))
    assert (out / "stack.json").is_file()

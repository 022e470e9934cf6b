"""Wherever an update ends, the stack is what it was or what it was to become."""

import json
import os
import shutil
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from stackgui.core.base.cancellation import UNWATCHED
from stackgui.core.base.choices import Layout
from stackgui.core.base.errors import StackguiError
from stackgui.core.plan import manifest_form
from stackgui.core.plan.growth import grown
from stackgui.core.run.edits import ExcludeEdit, LabelEdit
from stackgui.core.run.row_results import RowsDone
from stackgui.stores.arrays import growing_file
from stackgui.stores.arrays.checksums import block_checksum
from stackgui.stores.format.row_edits import EDITS_FILE
from stackgui.stores.format.tables import GONE_FILE
from stackgui.stores.recovery.cleanup import tidy_place
from stackgui.stores.recovery.update_marker import MERGE_FILE, ready_update
from stackgui.stores.stack.edit import edit_stack
from stackgui.stores.stack.reader import open_stack
from stackgui.stores.stack.update import Update, UpdateWriter, finished_stack
from stackgui.stores.stack.verify import Verify
from stackgui.stores.stack.viewed import ViewedStack
from tests.making import joined, make_blocks, make_catalog
from tests.stores.stack.test_stack import FILES, PROBLEM, SIZES, VERSIONS, write_stack

WATCHED = ("pwrite", "write", "replace", "rename", "unlink", "rmdir", "ftruncate", "fsync", "fdatasync")
CHANGED = 1


@pytest.fixture(
    params=[({}, 9), ({"layout": Layout.NCHW, "fill": 7}, 9), ({}, 0), ({}, 4)],
    ids=["NHWC", "NCHW", "columns", "text, then columns"],
)
def out(request, tmp_path, monkeypatch) -> Path:
    """A stack of four rows; its manifest is text, or columns, or becomes columns when it has six rows."""
    options, most = request.param
    monkeypatch.setattr(manifest_form, "MOST_LISTED", most)
    write_stack(tmp_path / "out", **options)
    return tmp_path / "out"


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a stack, without those of an update that is not ready."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith(".partial")}


def damage(out: Path) -> list[str]:
    verify = Verify(str(out))
    verify.check(UNWATCHED)
    # The sums of the fixture's first rows are made up.
    return [f"{found.file} {found.row} {found.what}" for found in verify.damage if found.row != 0]


def updated(out: Path) -> None:
    """Two pictures come, one of them damaged, one goes, and one changes."""
    files = [*FILES[:3], "owl/1.png", "owl/2.png"]
    sizes, times = [*SIZES[:3], (6, 5), (2, 3)], np.arange(5) + 10**9
    now = make_catalog(sizes, path=files, problem=[*PROBLEM[:3], "", ""])
    with finished_stack(str(out)) as found:
        rows = found.plan.catalog
        kept = np.array([0, 2])
        mtime, size = now.mtime_ns.copy(), now.file_bytes.copy()
        mtime[kept], size[kept] = rows.mtime_ns[kept], rows.file_bytes[kept]
        mtime[CHANGED] = times[0]
        now = replace(now, mtime_ns=mtime, file_bytes=size)
        growth = grown(found.plan, found.made_rows, found.outcomes.valid, now)
        assert growth.redone.tolist() == [False, True, False, False, True, True]
        blanked = np.zeros(6, np.bool_)
        task = Update(found, growth.plan, growth.redone, blanked, "", 0, VERSIONS)
        writer = UpdateWriter.begin(task)
        try:
            part = task.part()
            blocks = make_blocks(part, seed=5)
            placement = part.geometry(part.buckets[0], part.buckets[0].samples).placement
            valid = np.array([True, True, False])
            writer.stores[0].write(0, joined(blocks), placement, valid)
            checksum = np.array([*(block_checksum(block) for block in blocks[:2]), 0], np.uint64)
            rows_done = RowsDone(0, valid, checksum, {2: "the file is damaged"})
            writer.outcomes.record(rows_done)
            writer.make_durable([])
            writer.make_durable([rows_done])
            writer.write_tables()
            writer.publish()
        except BaseException:
            writer.abandon()
            raise


class Pictures:
    """Copies a folder before every call that changes something."""

    def __init__(self, folder: Path, target: Path) -> None:
        self._folder, self._target = folder, target
        self._busy = False
        self._one_by_one = threading.RLock()
        self.made: list[Path] = []

    def watch(self, patch) -> None:
        for name in WATCHED:
            patch.setattr(os, name, self._watched(getattr(os, name)))

    def _watched(self, call):
        def watched(*arguments, **choices):
            with self._one_by_one:
                if not self._busy:
                    self._busy = True
                    self.made.append(self._target / str(len(self.made)))
                    shutil.copytree(self._folder, self.made[-1])
                    self._busy = False
                return call(*arguments, **choices)

        return watched


def test_an_update_is_what_it_was_to_be(out):
    before = np.load(out / "images.npy")
    updated(out)
    images = np.load(out / "images.npy")
    assert len(images) == 6
    assert np.array_equal(images[[0, 2, 3]], before[[0, 2, 3]])
    with open_stack(out) as stack:
        assert stack.valid.tolist() == [True, True, False, False, True, False]
        assert stack.labels.tolist() == [0, 0, 1, 1, 2, 2]
        assert stack.classes == ["cat", "dog", "owl"]
        assert stack.header["row_changes"] == {"relabelled": 0, "excluded": 0, "gone": 1}
        assert stack.manifest.reason[5] == "the file is damaged"
    assert damage(out) == []
    assert not [path for path in out.iterdir() if path.is_dir()]


def test_a_stack_updated_before_gone_rows_had_a_table_is_intact_and_tells_them(out):
    updated(out)
    (out / GONE_FILE).unlink()
    assert damage(out) == []
    with open_stack(out) as stack:
        gone = np.flatnonzero(stack.gone).tolist()
    assert gone == [3]
    viewed = ViewedStack(str(out), str(out.parent / "names"))
    assert [each.row for each in viewed.facts(range(6)) if each.is_gone] == gone
    columns = [each["gone"] for _, each in viewed.columns(("gone",), UNWATCHED)]
    assert np.flatnonzero(np.concatenate(columns)).tolist() == gone
    viewed.close()


def test_marks_beside_the_manifest_count_and_names_that_look_like_marks_do_not(out, monkeypatch):
    updated(out)
    (out / GONE_FILE).unlink()
    monkeypatch.setattr("stackgui.stores.stack.edit.MOST_REWRITTEN", 0)
    edit_stack(out, [LabelEdit((0,), ',"gone":true', by_hand=True), ExcludeEdit((3,), excluded=True)])
    assert (out / EDITS_FILE).exists()
    assert damage(out) == []
    with open_stack(out) as stack:
        assert np.flatnonzero(stack.gone).tolist() == [3]


def test_every_kill_leaves_the_old_stack_or_the_new_one(out, tmp_path):
    before = contents(out)
    pictures = Pictures(out, tmp_path / "pictures")
    with pytest.MonkeyPatch.context() as patch:
        pictures.watch(patch)
        updated(out)
    after = contents(out)
    found = [0, 0]
    for picture in pictures.made:
        tidy_place(str(picture))
        left = contents(picture)
        assert left in (before, after), picture
        found[left == after] += 1
    assert min(found) > 20


def test_a_kill_while_it_is_brought_in_is_put_right_too(out, tmp_path):
    pictures = Pictures(out, tmp_path / "pictures")
    with pytest.MonkeyPatch.context() as patch:
        pictures.watch(patch)
        updated(out)
    after = contents(out)
    ready = [picture for picture in pictures.made if ready_update(str(picture))]
    assert len(ready) > 20
    again = Pictures(ready[0], tmp_path / "again")
    with pytest.MonkeyPatch.context() as patch:
        again.watch(patch)
        tidy_place(str(ready[0]))
    assert len(again.made) > 20
    for picture in again.made:
        tidy_place(str(picture))
        assert contents(picture) == after, picture


def test_a_torn_header_is_written_again(out, tmp_path):
    pictures = Pictures(out, tmp_path / "pictures")
    with pytest.MonkeyPatch.context() as patch:
        pictures.watch(patch)
        updated(out)
    picture = next(picture for picture in pictures.made if ready_update(str(picture)))
    with open(picture / "images.npy", "r+b") as file:
        file.write(bytes(100))
    tidy_place(str(picture))
    assert contents(picture) == contents(out)


def test_a_stack_that_is_being_updated_is_not_opened(out, tmp_path, monkeypatch):
    pictures = Pictures(out, tmp_path / "pictures")
    with pytest.MonkeyPatch.context() as patch:
        pictures.watch(patch)
        updated(out)
    picture = next(picture for picture in pictures.made if ready_update(str(picture)))

    def read_only(_folder):
        raise PermissionError("read only")

    monkeypatch.setattr("stackgui.stores.recovery.cleanup.settle_update", read_only)
    with pytest.raises(StackguiError, match="is just being updated"):
        open_stack(picture)


def test_a_full_disk_is_noticed_before_the_update_counts(out, monkeypatch):
    def full(*_arguments):
        raise OSError(28, "No space left on device")

    before = contents(out)
    monkeypatch.setattr(growing_file, "reserve_behind", full)
    with pytest.raises(StackguiError):
        updated(out)
    assert contents(out) == before
    monkeypatch.undo()
    updated(out)
    assert damage(out) == []


@pytest.mark.parametrize("name", ["../victim", "images.npy/..", "/etc/passwd"])
def test_nothing_outside_the_stack_is_touched(out, tmp_path, name):
    victim = tmp_path / "victim"
    victim.write_bytes(bytes(4000))
    ready = out / ("update-" + 32 * "a")
    ready.mkdir()
    array = {
        "file": name, "dtype": "uint8", "before": [4, 1, 1, 1], "after": [4, 1, 1, 1], "made": [0, 1, 1, 1],
        "copies": [], "blank": [[0, 4]], "fill": 1.0,
    }  # fmt: skip
    (ready / MERGE_FILE).write_text(json.dumps({"arrays": [array], "new": [name], "tables": []}))
    (ready / "images.npy").symlink_to(victim)
    before = contents_of_files(out)
    tidy_place(str(out))
    assert victim.read_bytes() == bytes(4000)
    assert contents_of_files(out) == before


def contents_of_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

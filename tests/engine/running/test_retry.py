"""Failed rows are made again in place; nothing else in the stack changes."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import Channels, Fit, Layout
from stackgui.core.base.errors import SourceGoneError, StackguiError, StoreError, UsageError
from stackgui.core.base.size import Size
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.core.run.report import Status
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.stores.arrays.file_store import FileStore
from stackgui.stores.files.locks import FolderLock
from stackgui.stores.stack.reader import open_stack
from stackgui.stores.stack.retry import StackRewriter
from tests.engine.stopping import StopAt

ROWS = 12
TALL, CUT, EMPTY, TEXT = 0, 3, 5, 8
FAILED = [CUT, EMPTY, TEXT]
OPTIONS = [
    Options(),
    Options(layout=Layout.NCHW, fill=9),
    Options(fit=Fit.LETTERBOX, size=Size.exact(20, 24), fill=3),
]


def save(folder: Path, row: int, size: tuple[int, int], mode: str = "RGB") -> None:
    pixels = np.random.default_rng(row).integers(0, 256, (*size, 3), np.uint8)
    Image.fromarray(pixels).convert(mode).save(folder / f"{row}.png")


@pytest.fixture
def folder(tmp_path) -> Path:
    """Pictures of which one is cut off, one is empty, and one is text; the first is the tallest."""
    made = tmp_path / "pictures"
    made.mkdir()
    for row in range(ROWS):
        save(made, row, (30, 10) if row == TALL else (10 + row, 20 - row))
    whole = (made / f"{CUT}.png").read_bytes()
    (made / f"{CUT}.png").write_bytes(whole[: len(whole) // 2])
    (made / f"{EMPTY}.png").write_bytes(b"")
    (made / f"{TEXT}.png").write_text("a shopping list")
    return made


@pytest.fixture
def make(engine, scan, folder, tmp_path):
    def run(options: Options | None = None, name: str = "stack") -> Path:
        plan = resolve(options or Options(), scan(folder))
        report = engine.convert(plan, RunOptions(str(tmp_path / name)), Control())
        assert sorted(Path(failure.file).stem for failure in report.failures) == sorted(map(str, FAILED))
        return tmp_path / name

    return run


def contents(stack: Path) -> dict[str, bytes]:
    return {entry.name: entry.read_bytes() for entry in stack.iterdir()}


def lines(stack: Path, name: str = "manifest.jsonl") -> list[str]:
    return (stack / name).read_text().splitlines()


def entry(stack: Path, row: int) -> dict:
    return json.loads(lines(stack)[row])


def header(stack: Path) -> dict:
    return json.loads((stack / "stack.json").read_text())


@pytest.mark.parametrize("options", OPTIONS, ids=["NHWC", "NCHW", "letterbox"])
def test_repaired_files_get_into_their_rows_and_nothing_else_changes(engine, scan, folder, make, options):
    stack = make(options)
    before, images = contents(stack), np.load(stack / "images.npy")
    save(folder, CUT, (17, 12))
    save(folder, EMPTY, (9, 19))
    report = engine.retry_failed(str(stack), Control())
    assert (report.status, report.retried, report.repaired) == (Status.COMPLETE_WITH_FAILURES, 3, 2)
    assert [(failure.row, failure.file) for failure in report.failures] == [
        (TEXT, str(folder / f"{TEXT}.png"))
    ]
    assert report.sources == (str(folder),)
    after, now = contents(stack), np.load(stack / "images.npy")
    others = np.setdiff1d(np.arange(ROWS), [CUT, EMPTY])
    assert np.array_equal(images[others], now[others])
    fresh = resolve(options, scan(folder))
    engine.convert(fresh, RunOptions(str(stack) + "-fresh"), Control())
    if options.fit is Fit.LETTERBOX:  # else the largest picture is another one
        assert np.array_equal(now, np.load(Path(str(stack) + "-fresh", "images.npy")))
    assert np.load(stack / "valid.npy").tolist() == [row != TEXT for row in range(ROWS)]
    assert after.keys() == before.keys()
    for name in ("manifest.jsonl", "manifest.csv"):
        old, new = (list(each[name].splitlines()) for each in (before, after))
        changed = [index for index, (was, now) in enumerate(zip(old, new, strict=True)) if was != now]
        assert changed == [row + (name == "manifest.csv") for row in (CUT, EMPTY)]
    assert header(stack)["counts"] == {"ok": 11, "failed": 1, "skipped": 0, "excluded": 0}
    assert header(stack)["plan"] == json.loads(before["stack.json"])["plan"]
    verified = engine.verify(str(stack), Control(), deep=None)
    assert (verified.damage, verified.not_compared, verified.decoded) == ((), (), 11)


def test_what_the_plan_knew_is_kept_through_further_retries(engine, folder, make):
    stack = make()
    fingerprint = header(stack)["plan"]["fingerprint"]
    for row, size in ((CUT, (17, 12)), (EMPTY, (9, 9)), (TEXT, (30, 19))):
        save(folder, row, size)
        assert engine.retry_failed(str(stack), Control()).repaired == 1
        assert engine.verify(str(stack), Control(), deep=None).is_sound
        assert entry(stack, row)["original_height"] == size[0]
    assert entry(stack, CUT)["planned"]["height"] == 10 + CUT
    assert entry(stack, EMPTY)["planned"]["problem"] == "the file is empty"
    assert "planned" not in entry(stack, TALL)
    assert header(stack)["status"] == "complete"
    assert header(stack)["plan"]["fingerprint"] == fingerprint
    untouched = contents(stack)
    report = engine.retry_failed(str(stack), Control())
    assert (report.status, report.retried) == (Status.COMPLETE, 0)
    assert contents(stack) == untouched


@pytest.mark.parametrize("size", [(31, 5), (5, 20)])
def test_a_picture_that_is_larger_than_its_row_stays_out(engine, folder, make, size):
    stack = make()
    save(folder, CUT, size)
    report = engine.retry_failed(str(stack), Control())
    assert report.repaired == 0
    assert report.failures[0].reason == (
        f"its picture is now {size[1]} × {size[0]} px (width × height), larger than its row of 19 × 30"
    )
    assert engine.verify(str(stack), Control(), deep=None).is_sound
    save(folder, CUT, (30, 19))
    assert engine.retry_failed(str(stack), Control()).repaired == 1
    assert engine.verify(str(stack), Control(), deep=None).is_sound


def test_a_picture_that_is_larger_is_made_smaller_where_the_plan_does_that(engine, folder, make):
    stack = make(Options(size=Size.exact(12, 12)))
    save(folder, CUT, (40, 20))
    assert engine.retry_failed(str(stack), Control()).repaired == 1
    assert entry(stack, CUT)["placement"] == [0, 0, 12, 6]
    assert engine.verify(str(stack), Control(), deep=None).is_sound


def test_what_would_lose_something_stays_out_where_the_plan_loses_nothing(engine, folder, make):
    stack = make(Options(channels=Channels.AUTO))
    save(folder, CUT, (10, 10), "RGBA")
    Image.fromarray(np.full((10, 10), 300, np.uint16)).save(folder / f"{EMPTY}.png")
    save(folder, TEXT, (10, 10), "L")
    report = engine.retry_failed(str(stack), Control())
    assert [(failure.row, failure.reason) for failure in report.failures] == [
        (CUT, "it now has 4 channels, but its row has 3"),
        (EMPTY, "its numbers are now uint16, which do not fit its row of uint8"),
    ]
    assert engine.verify(str(stack), Control(), deep=None).is_sound


def test_rows_that_fail_again_have_their_new_reason(engine, folder, make):
    stack = make()
    images = (stack / "images.npy").read_bytes()
    (folder / f"{CUT}.png").unlink()
    (folder / f"{EMPTY}.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    np.savez(folder / "two.npz", np.zeros((5, 5, 3), np.uint8))
    (folder / f"{TEXT}.png").unlink()
    os.mkfifo(folder / f"{TEXT}.png")
    report = engine.retry_failed(str(stack), Control())
    reasons = {failure.row: failure.reason for failure in report.failures}
    assert reasons[CUT] == "the file is no longer there"
    assert "empty" not in reasons[EMPTY]
    assert "not a regular file" in reasons[TEXT]
    assert {row: entry(stack, row)["reason"] for row in FAILED} == reasons
    assert (stack / "images.npy").read_bytes() == images
    assert engine.verify(str(stack), Control(), deep=None).is_sound


def test_rows_that_did_not_fail_are_not_looked_at(engine, folder, make):
    stack = make()
    (folder / f"{TALL}.png").unlink()
    save(folder, 1, (60, 60))
    save(folder, CUT, (8, 8))
    report = engine.retry_failed(str(stack), Control())
    assert (report.repaired, len(report.failures)) == (1, 2)
    assert np.load(stack / "valid.npy")[[TALL, 1]].all()


def test_a_link_that_leads_out_of_the_folders_is_not_followed(engine, folder, make, tmp_path):
    stack = make()
    save(tmp_path, 77, (8, 8))
    (folder / f"{CUT}.png").unlink()
    (folder / f"{CUT}.png").symlink_to(tmp_path / "77.png")
    save(folder, 78, (8, 8))
    (folder / f"{EMPTY}.png").unlink()
    (folder / f"{EMPTY}.png").symlink_to(folder / "78.png")
    report = engine.retry_failed(str(stack), Control())
    assert [(failure.row, "leads out" in failure.reason) for failure in report.failures] == [
        (CUT, True),
        (TEXT, False),
    ]


def test_a_stack_of_other_versions_is_refused_with_what_differs(engine, folder, make):
    stack = make()
    value = header(stack)
    value["versions"]["pillow"] = "1.0"
    (stack / "stack.json").write_text(json.dumps(value))
    before = contents(stack)
    save(folder, CUT, (8, 8))
    with pytest.raises(UsageError, match=r"other versions.*pillow was 1\.0, now"):
        engine.retry_failed(str(stack), Control())
    assert contents(stack) == before


def test_whoever_comes_second_is_refused(engine, make):
    stack = make()
    before = contents(stack)
    with FolderLock(str(stack)):
        with pytest.raises(UsageError, match="is in use"):
            engine.retry_failed(str(stack), Control())
        with pytest.raises(UsageError, match="is in use"):
            engine.verify(str(stack), Control())
    with FolderLock(str(stack), shared=True):
        with pytest.raises(UsageError, match="is in use"):
            engine.retry_failed(str(stack), Control())
        assert engine.verify(str(stack), Control()).is_sound
    assert contents(stack) == before


@pytest.mark.parametrize("name", ["nothing", "pictures", "stack.partial"])
def test_what_is_no_stack_is_refused_and_left_alone(engine, make, folder, name):
    stack = make()
    stack.rename(stack.with_name("stack.partial"))
    (stack.with_name("stack.partial") / "unfinished.lock").write_bytes(b"")
    before = contents(stack.with_name("stack.partial"))
    with pytest.raises(StackguiError):
        engine.retry_failed(str(folder.with_name(name)), Control())
    assert contents(stack.with_name("stack.partial")) == before


@pytest.mark.parametrize("fill", [0, 7])
def test_what_is_done_when_it_is_cancelled_counts(engine, folder, make, monkeypatch, fill):
    stack = make(Options(fill=fill))
    monkeypatch.setattr("stackgui.core.run.batches.MAX_BATCH_ROWS", 1)
    monkeypatch.setattr("stackgui.engine.running.progress.PUBLISH_S", 0.0)
    for row in FAILED:
        save(folder, row, (8, 8))
    report = engine.retry_failed(str(stack), StopAt(1))
    assert report.status is Status.CANCELLED
    assert 1 <= report.repaired < 3
    assert all(failure.reason for failure in report.failures)
    assert engine.verify(str(stack), Control(), deep=None).is_sound
    assert engine.retry_failed(str(stack), Control()).failures == ()
    assert engine.verify(str(stack), Control(), deep=None).is_sound
    assert not [name for name in os.listdir(stack) if name.endswith((".next", ".mark"))]


@pytest.mark.parametrize("fill", [0, 7])
@pytest.mark.parametrize("place", ["write", "close"])
def test_when_the_disk_fails_the_stack_is_what_it_was(engine, folder, make, monkeypatch, fill, place):
    stack = make(Options(fill=fill))
    before = contents(stack)
    for row in FAILED:
        save(folder, row, (8, 8))
    whole = getattr(FileStore, place)

    def fails(self, *arguments):
        whole(self, *arguments)
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(FileStore, place, fails)
        with pytest.raises(StoreError, match="full"):
            engine.retry_failed(str(stack), Control())
    assert contents(stack) == before
    assert engine.retry_failed(str(stack), Control()).failures == ()
    assert engine.verify(str(stack), Control(), deep=None).is_sound


def test_a_full_disk_is_waited_for_where_somebody_can_make_room(engine, folder, make, monkeypatch):
    stack = make()
    save(folder, CUT, (8, 8))
    whole, troubles = StackRewriter.write_tables, []

    class Person(Control[FillProgress]):
        def publish(self, snapshot: FillProgress) -> None:
            super().publish(snapshot)
            if snapshot.trouble:
                troubles.append(snapshot.trouble)
                self.resume()

    def full_once(self, cancellation, spread):
        if not troubles:
            raise StoreError("The disk is full.")
        whole(self, cancellation, spread)

    monkeypatch.setattr(StackRewriter, "write_tables", full_once)
    report = engine.retry_failed(str(stack), Person(), pause_on_trouble=True)
    assert (report.repaired, troubles[0]) == (1, "The disk is full.")


def test_progress_counts_the_failed_rows_alone(engine, folder, make, monkeypatch):
    monkeypatch.setattr("stackgui.engine.running.progress.PUBLISH_S", 0.0)
    stack = make()
    seen: list[FillProgress] = []

    class Watcher(Control[FillProgress]):
        def publish(self, snapshot: FillProgress) -> None:
            super().publish(snapshot)
            seen.append(snapshot)

    save(folder, CUT, (8, 8))
    engine.retry_failed(str(stack), Watcher())
    filling = [each for each in seen if each.phase is Phase.FILLING]
    assert (filling[0].rows_done, filling[0].rows, filling[-1].rows_done, filling[-1].failed) == (0, 3, 3, 2)


def test_a_folder_that_is_away_changes_nothing(engine, folder, make):
    stack = make()
    before = contents(stack)
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(SourceGoneError, match="cannot be reached"):
        engine.retry_failed(str(stack), Control())
    assert contents(stack) == before
    folder.with_name("elsewhere").rename(folder)
    save(folder, CUT, (8, 8))
    assert engine.retry_failed(str(stack), Control()).repaired == 1


def test_samples_of_a_file_of_many_are_told_by_their_place(engine, scan, tmp_path):
    folder = tmp_path / "tensors"
    folder.mkdir()
    frames = np.random.default_rng(2).integers(0, 256, (4, 6, 7, 3), np.uint8)
    np.save(folder / "frames.npy", frames)
    Image.fromarray(frames[0]).save(folder / "plain.png")
    (folder / "plain.png").write_bytes((folder / "plain.png").read_bytes()[:60])
    plan = resolve(Options(), scan(folder))
    whole = (folder / "frames.npy").read_bytes()
    (folder / "frames.npy").write_bytes(whole + b"more")
    report = engine.convert(plan, RunOptions(str(tmp_path / "stack")), Control())
    assert len(report.failures) == 5
    np.save(folder / "frames.npy", frames[:3])
    report = engine.retry_failed(str(tmp_path / "stack"), Control())
    assert report.repaired == 3
    assert "does not hold as many samples" in report.failures[0].reason
    assert np.array_equal(np.load(tmp_path / "stack" / "images.npy")[:3], frames[:3])
    np.save(folder / "frames.npy", frames)
    report = engine.retry_failed(str(tmp_path / "stack"), Control())
    assert [failure.row for failure in report.failures] == [4]
    assert np.array_equal(np.load(tmp_path / "stack" / "images.npy")[:4], frames)
    assert engine.verify(str(tmp_path / "stack"), Control(), deep=None).is_sound


def test_rows_of_several_arrays_in_another_order_find_their_places(engine, folder, make):
    stack = make(Options(buckets=3, shuffle=True, split=Split.parse("50/50")))
    before = contents(stack)
    failed = np.flatnonzero(~np.load(stack / "valid.npy")).tolist()
    names = {row: Path(entry(stack, row)["file"]).stem for row in failed}
    for name in names.values():
        save(folder, int(name), (10, 10))
    report = engine.retry_failed(str(stack), Control())
    # Files of which not even the size was known may have been put among smaller ones.
    assert all("larger than its row" in failure.reason for failure in report.failures)
    for failure in report.failures:
        del names[failure.row]
    assert str(CUT) in names.values()
    assert contents(stack).keys() == before.keys()
    assert len([name for name in before if name.startswith("images")]) == 3
    assert engine.verify(str(stack), Control(), deep=None).is_sound
    with open_stack(stack) as opened:
        for row, name in names.items():
            with Image.open(folder / f"{name}.png") as picture:
                assert np.array_equal(opened.original(row), np.asarray(picture))

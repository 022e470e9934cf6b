"""Wherever a retry of failed rows ends, the stack is what it was or what it was to become."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from stackgui.core.base.cancellation import UNWATCHED
from stackgui.core.base.choices import Layout
from stackgui.core.plan import manifest_form
from stackgui.core.plan.repair import content_of, repaired, with_content
from stackgui.core.run.row_results import RowsDone
from stackgui.stores.arrays.checksums import block_checksum
from stackgui.stores.format.columns_manifest import has_columns
from stackgui.stores.format.tables import MANIFEST_FILES, TABLES
from stackgui.stores.recovery import lease
from stackgui.stores.recovery.cleanup import tidy_place
from stackgui.stores.recovery.lease import LeaseEndedError
from stackgui.stores.recovery.marks import RETRYING
from stackgui.stores.recovery.retry_marker import NEXT
from stackgui.stores.stack.retry import StackRewriter
from stackgui.stores.stack.verify import Verify
from tests.stores.disk import Disk, forget
from tests.stores.stack.test_stack import VERSIONS, contents, write_stack

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs the names of open files")

REPAIRED = 2
STILL = "its header is still damaged"


KINDS = {
    "text": ({}, "text"),
    "columns": ({}, "columns"),
    "text, then columns": ({}, "text, then columns"),
    "NCHW": ({"layout": Layout.NCHW, "fill": 7}, "text"),
}
OF_TABLES = [kind for kind in KINDS if kind != "NCHW"]
"""Those whose tables differ; what puts tables right touches no array."""


@pytest.fixture(params=KINDS)
def out(request, tmp_path, monkeypatch) -> Path:
    """A stack; its manifest is text, or columns, or text as in stacks of before that become columns."""
    options, form = KINDS[request.param]
    if form == "columns":
        monkeypatch.setattr(manifest_form, "MOST_LISTED", 0)
    write_stack(tmp_path / "out", **options)
    if form != "text":
        monkeypatch.setattr(manifest_form, "MOST_LISTED", 0)
    return tmp_path / "out"


def begun(out: Path) -> StackRewriter:
    """A retry whose third row has come out well, of a file of another size and time."""
    writer = StackRewriter.open(str(out), VERSIONS)
    plan = writer.plan
    content = content_of(plan.catalog, REPAIRED) | {"height": 3, "width": 2, "mtime_ns": 77}
    broken = content_of(plan.catalog, REPAIRED + 1) | {"problem": STILL}
    writer.begin(repaired(plan, with_content(plan.catalog, {REPAIRED: content, REPAIRED + 1: broken})))
    plan = writer.plan
    bucket = plan.buckets[0]
    placement = plan.geometry(bucket, bucket.samples).placement[REPAIRED:]
    shape = (plan.channels, 3, 2) if plan.options.layout is Layout.NCHW else (3, 2, plan.channels)
    block = np.random.default_rng(4).integers(1, 200, shape).astype(plan.dtype)
    valid = np.array([True, False])
    writer.stores[0].write(REPAIRED, block.reshape(-1).view(np.uint8), placement, valid)
    checksum = np.array([block_checksum(block), 0], np.uint64)
    rows = RowsDone(REPAIRED, valid, checksum, {1: STILL})
    writer.outcomes.record(rows)
    writer.make_durable([rows])
    return writer


def finish(writer: StackRewriter) -> None:
    writer.write_tables()
    writer.publish()


def damage(out: Path) -> list[str]:
    verify = Verify(str(out))
    verify.check(UNWATCHED)
    # The sums of the fixture's first rows are made up.
    return [f"{found.file} {found.row} {found.what}" for found in verify.damage if found.row not in {0, 1}]


def test_every_kill_and_power_cut_leaves_the_old_stack_or_the_new_one(out, tmp_path):
    before = contents(out)
    disk = Disk(out, tmp_path / "pictures", cuts=6)
    with pytest.MonkeyPatch.context() as patch:
        disk.watch(patch)
        finish(begun(out))
    after = contents(out)
    written = {"manifest.columns"} if "manifest.columns" in after else {"manifest.csv", "manifest.jsonl"}
    assert after.keys() == (before.keys() - set(MANIFEST_FILES)) | written
    assert has_columns(str(out)) == (not manifest_form.is_listed(4))
    assert damage(out) == []
    assert len(disk.pictures) > 150
    found = [0, 0]
    for picture in disk.pictures:
        tidy_place(str(picture))
        left = contents(picture)
        assert left in (before, after), picture
        found[left == after] += 1
    assert min(found) > 20


def state(folder: Path) -> frozenset[tuple[str, bytes]]:
    return frozenset((path.name, path.read_bytes()) for path in folder.iterdir())


@pytest.mark.parametrize("out", OF_TABLES, indirect=True)
def test_a_cut_while_it_is_put_right_is_put_right_too(out, tmp_path):
    """Many pictures show the same folder, and what becomes of one is what becomes of all of these."""
    before = contents(out)
    disk = Disk(out, tmp_path / "pictures")
    with pytest.MonkeyPatch.context() as patch:
        disk.watch(patch)
        finish(begun(out))
    after = contents(out)
    tried, seen = 0, set()
    for number, picture in enumerate({state(each): each for each in disk.pictures[::9]}.values()):
        again = Disk(picture, tmp_path / f"again-{number}", cuts=1)
        with pytest.MonkeyPatch.context() as patch:
            again.watch(patch)
            tidy_place(str(picture))
        for left, second in {state(each): each for each in again.pictures}.items():
            if left not in seen:
                tidy_place(str(second))
                assert contents(second) in (before, after), second
                seen.add(left)
        tried += len(again.pictures)
        forget(again.pictures)
    assert tried > 100
    assert len(seen) > 50


def test_what_cannot_be_put_right_is_told_by_verify(out, monkeypatch):
    def read_only(_folder):
        raise PermissionError("read only")

    writer = begun(out)
    for module in ("stack.retry", "recovery.cleanup"):
        monkeypatch.setattr(f"stackgui.stores.{module}.settle_retry", read_only)
    writer.abandon()
    (told, *_) = damage(out)
    assert "retry" in told
    assert "was interrupted" in told


def test_tables_that_are_left_are_never_written_through(out, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    for name in TABLES:
        (out / (name + NEXT)).symlink_to(victim)
    finish(begun(out))
    assert victim.read_text() == "mine"
    assert damage(out) == []


def test_a_mark_that_leads_elsewhere_is_never_written_through(out, tmp_path):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (out / RETRYING).symlink_to(victim)
    finish(begun(out))
    assert victim.read_text() == "mine"
    assert damage(out) == []


def test_an_array_outside_of_the_stack_is_not_touched(out, tmp_path):
    (tmp_path / "images.npy").write_bytes((out / "images.npy").read_bytes())
    header = (out / "stack.json").read_text().replace('"images.npy"', '"../images.npy"')
    (out / "stack.json").write_text(header)
    (out / RETRYING).write_bytes(b"")
    before = (tmp_path / "images.npy").stat().st_mtime_ns
    tidy_place(str(out))
    assert (tmp_path / "images.npy").stat().st_mtime_ns == before
    assert (out / RETRYING).exists()


def test_rows_that_are_valid_are_never_blanked(out):
    images = (out / "images.npy").read_bytes()
    (out / RETRYING).write_bytes(b"")
    tidy_place(str(out))
    assert (out / "images.npy").read_bytes() == images


def test_keeping_what_is_done_blanks_what_was_begun(out):
    before = np.load(out / "images.npy")
    writer = begun(out)
    writer.outcomes.forget(slice(REPAIRED, REPAIRED + 1))
    writer.keep()
    assert np.array_equal(np.load(out / "images.npy"), before)
    assert damage(out) == []
    finish(begun(out))
    assert np.load(out / "valid.npy").tolist() == [True, True, True, False]


def test_the_right_that_a_killed_retry_gave_to_other_hosts_ends_before_its_rows_are_blanked(out, monkeypatch):
    before, slept = contents(out), []
    writer = begun(out)
    given = writer.lend()
    writer._lock.release()  # as by a kill

    def sleep(seconds):
        slept.append(seconds)
        with pytest.raises(LeaseEndedError):
            given.check()
        assert contents(out)["images.npy"] != before["images.npy"], "what was being written is waited for"

    monkeypatch.setattr(lease, "time", SimpleNamespace(sleep=sleep))  # not for threads that others keep
    tidy_place(str(out))
    assert slept == [lease.WRITE_S]
    assert contents(out) == before
    for store in writer.stores:
        store.abort()

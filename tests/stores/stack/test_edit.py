"""Rows are edited without a change to any array, and wherever an edit ends, it has happened or it has not."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from stackgui.core.base.cancellation import UNWATCHED
from stackgui.core.base.errors import StackguiError, UsageError
from stackgui.core.labels.labels import Labels
from stackgui.core.run.edits import ExcludeEdit, LabelEdit
from stackgui.stores.export.listing import ROWS_FILE, write_listing
from stackgui.stores.files.locks import FolderLock
from stackgui.stores.format.read_manifest import read_manifest
from stackgui.stores.format.tables import write_tables
from stackgui.stores.recovery.cleanup import tidy_place
from stackgui.stores.stack import edit
from stackgui.stores.stack.edit import edit_stack
from stackgui.stores.stack.reader import open_stack
from stackgui.stores.stack.retry import StackRewriter
from stackgui.stores.stack.rows import rows_of
from stackgui.stores.stack.verify import Verify
from tests.stores.disk import Disk
from tests.stores.stack.test_stack import VERSIONS, contents, write_stack

needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs the names of open files")

ROWS = st.lists(st.integers(0, 3)).map(tuple)
EDITS = st.lists(
    st.one_of(
        st.builds(LabelEdit, ROWS, st.sampled_from(["", "cat", "dog", "owl", "=x,\n"])),
        st.builds(ExcludeEdit, ROWS, st.booleans()),
    ),
    max_size=4,
)


@pytest.fixture
def out(tmp_path) -> Path:
    write_stack(tmp_path / "out")
    return tmp_path / "out"


def damage(out: Path) -> list[str]:
    verify = Verify(str(out))
    verify.check(UNWATCHED)
    # The sums of the fixture's first rows are made up.
    return [f"{found.file} {found.row} {found.what}" for found in verify.damage if found.row not in {0, 1}]


def told(out: Path) -> list[dict[str, str]]:
    with open(out / "manifest.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def lines(out: Path) -> list[dict]:
    return [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]


def test_a_label_is_corrected(out):
    images = (out / "images.npy").read_bytes()
    edit_stack(out, [LabelEdit((1, 2), "owl")])
    with open_stack(out) as stack:
        assert stack.labels.tolist() == [0, 2, 2, 1]
        assert stack.classes == ["cat", "dog", "owl"]
        assert stack.header["labels"]["counts"] == [1, 1, 2]
    assert [row["label"] for row in told(out)] == ["cat", "owl", "owl", "dog"]
    assert [line["class"] for line in lines(out)] == ["cat", "owl", "owl", "dog"]
    assert (out / "images.npy").read_bytes() == images
    assert damage(out) == []


def test_a_row_is_excluded_and_keeps_its_picture(out):
    edit_stack(out, [ExcludeEdit((1, 2), excluded=True)])
    with open_stack(out) as stack:
        assert stack.valid.tolist() == [True, False, False, False]
        assert stack.excluded.tolist() == [False, True, True, False]
        assert stack.original(1).any()
        assert stack.header["counts"]["ok"] == 1
        assert stack.header["row_changes"] == {"relabelled": 0, "excluded": 2, "gone": 0}
    assert [row["status"] for row in told(out)] == ["ok", "excluded", "failed", "failed"]
    assert damage(out) == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(first=EDITS, edits=EDITS, most=st.sampled_from([3, 4]))
@example(first=[LabelEdit((), "owl"), LabelEdit((0,), "=x,\n")], edits=[LabelEdit((0,), "")], most=4)
def test_edits_are_taken_back_exactly(tmp_path_factory, first, edits, most):
    out = tmp_path_factory.mktemp("edits") / "out"
    write_stack(out)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(edit, "MOST_REWRITTEN", most)
        edit_stack(out, [LabelEdit((), ""), *first])
        before = contents(out)
        edit_stack(out, edit_stack(out, [ExcludeEdit((), excluded=False), *edits]))
    assert contents(out) == before
    assert damage(out) == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(edits=st.lists(EDITS, min_size=1, max_size=3))
def test_edits_beside_the_manifests_of_a_large_stack_say_the_same(tmp_path_factory, edits):
    folder = tmp_path_factory.mktemp("edits")
    small, large = folder / "small", folder / "large"
    for out, most in ((small, 4), (large, 3)):
        write_stack(out)
        made = contents(out)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(edit, "MOST_REWRITTEN", most)
            for each in edits:
                edit_stack(out, [LabelEdit((), ""), *each])
    differing = {"manifest.csv", "manifest.jsonl", "edits.jsonl"}
    after = contents(large)
    assert [after[name] for name in ("manifest.csv", "manifest.jsonl")] == [
        made[name] for name in ("manifest.csv", "manifest.jsonl")
    ]
    alike = [contents(small), after]
    for each in alike:
        for name in differing:
            each.pop(name, None)
    assert alike[0] == alike[1]
    assert damage(large) == []
    assert rows_of(str(large)).fingerprint == rows_of(str(small)).fingerprint
    with open_stack(large) as stack:
        assert all(
            getattr(stack.manifest, name)[row] == getattr(read_manifest(str(small)), name)[row]
            for name in ("label", "status", "reason")
            for row in range(4)
        )
        write_listing(stack, str(folder), UNWATCHED)
    assert (folder / ROWS_FILE).read_bytes() == (small / "manifest.csv").read_bytes()


def test_manifests_that_are_written_anew_take_in_the_edits_beside_them(out, monkeypatch):
    monkeypatch.setattr(edit, "MOST_REWRITTEN", 3)
    edit_stack(out, [LabelEdit((1,), "owl"), ExcludeEdit((0, 3), excluded=True)])
    assert [line["class"] for line in lines(out)] == ["cat", "cat", "dog", "dog"]
    assert (out / "edits.jsonl").read_text().count("\n") == 3
    writer = StackRewriter.open(str(out), VERSIONS)
    writer.begin(writer.plan)
    writer.keep()
    assert not (out / "edits.jsonl").exists()
    assert [line["class"] for line in lines(out)] == ["cat", "owl", "dog", "dog"]
    assert [row["status"] for row in told(out)] == ["excluded", "ok", "failed", "failed"]
    assert damage(out) == []


@pytest.mark.parametrize(
    "content",
    ["no JSON\n", "{}\n", '{"row":1}\n', '{"row":1,"label":0,"class":"a","status":"ok","file":"x"}\n'],
)
def test_damaged_edits_are_said_to_be_damaged(out, content):
    (out / "edits.jsonl").write_text(content)
    assert any("edits.jsonl" in each for each in damage(out))
    with pytest.raises(StackguiError, match=r"edits\.jsonl"):
        edit_stack(out, [LabelEdit((1,), "owl")])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(edits=EDITS, labelled=st.booleans())
def test_tables_written_anew_are_the_same(tmp_path_factory, edits, labelled):
    out = tmp_path_factory.mktemp("edits") / "out"
    write_stack(out, **({} if labelled else {"labels": Labels.NONE}))
    edit_stack(out, [ExcludeEdit((), excluded=False), *edits])
    again = tmp_path_factory.mktemp("again")
    writer = StackRewriter.open(str(out), VERSIONS)
    outcomes, plan = writer.outcomes, writer.plan
    outcomes.done[:] = True
    outcomes.reason.update(writer._reasons)
    write_tables(lambda name: str(again / name), plan, outcomes, {}, UNWATCHED)
    writer.abandon()
    names = [path.name for path in again.iterdir() if path.name != "stack.json"]
    if labelled:
        assert {name: (out / name).read_bytes() for name in names} == {
            name: (again / name).read_bytes() for name in names
        }
    else:
        assert rows_of(str(out)).classes == plan.classes


def test_a_stack_without_labels_gets_some(tmp_path):
    out = tmp_path / "out"
    write_stack(out, labels=Labels.NONE)
    undo = edit_stack(out, [LabelEdit((3,), "owl")])
    with open_stack(out) as stack:
        assert stack.labels.tolist() == [-1, -1, -1, 0]
        assert stack.classes == ["owl"]
    assert rows_of(str(out)).classes == ("owl",)
    assert damage(out) == []
    edit_stack(out, undo)
    with open_stack(out) as stack:
        assert stack.labels is None
    assert damage(out) == []


def test_names_with_line_breaks_stay(tmp_path, monkeypatch):
    names = ["cat/1\r\n2.png", "cat/=2.png", "dog/1,2.png", 'dog/"2".png']
    monkeypatch.setattr("tests.stores.stack.test_stack.FILES", names)
    out = tmp_path / "out"
    write_stack(out)
    before = (out / "manifest.csv").read_bytes()
    edit_stack(out, edit_stack(out, [LabelEdit((0, 3), "owl"), ExcludeEdit((1,), excluded=True)]))
    assert (out / "manifest.csv").read_bytes() == before


def test_a_row_that_is_not_there_is_refused(out):
    before = contents(out)
    with pytest.raises(UsageError, match="no row 4"):
        edit_stack(out, [LabelEdit((0,), "owl"), ExcludeEdit((4,), excluded=True)])
    assert contents(out) == before


def test_a_stack_in_use_is_refused(out):
    with FolderLock(str(out), shared=True), pytest.raises(UsageError, match="in use"):
        edit_stack(out, [LabelEdit((0,), "owl")])


@needs_proc
@pytest.mark.parametrize("beside", [False, True])
def test_every_power_cut_leaves_the_rows_before_or_after(out, tmp_path, monkeypatch, beside):
    if beside:
        monkeypatch.setattr(edit, "MOST_REWRITTEN", 3)
        edit_stack(out, [LabelEdit((2,), "owl")])
    before = contents(out)
    disk = Disk(out, tmp_path / "pictures")
    with pytest.MonkeyPatch.context() as patch:
        disk.watch(patch)
        edit_stack(out, [LabelEdit((1,), "owl"), ExcludeEdit((0, 3), excluded=True)])
    after = contents(out)
    found = [0, 0]
    for picture in disk.pictures:
        tidy_place(str(picture))
        left = contents(picture)
        assert left in (before, after), picture
        found[left == after] += 1
    assert min(found) > 5


def test_an_excluded_row_is_not_retried_but_a_failed_one_is(out):
    edit_stack(out, [ExcludeEdit((1,), excluded=True)])
    writer = StackRewriter.open(str(out), VERSIONS)
    assert np.flatnonzero(~writer.outcomes.done).tolist() == [2, 3]
    writer.begin(writer.plan)
    writer.abandon()
    with open_stack(out) as stack:
        assert stack.original(1).any()

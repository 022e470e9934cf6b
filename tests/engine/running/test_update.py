"""A stack is brought up to date with its sources: old rows keep their numbers, labels and parts."""

import csv
import errno
import json
import os
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import Fit, Layout, MaskNumbers
from stackgui.core.base.errors import PlanError, StoreError, UsageError
from stackgui.core.base.size import Size
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.options.update_options import Gone, HowToUpdate, Larger, UpdateOptions
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.edits import ExcludeEdit, LabelEdit
from stackgui.core.run.report import Status
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.engine.running import update as updating
from stackgui.stores.arrays import growing_file
from stackgui.stores.arrays.file_store import FileStore
from stackgui.stores.files.failures import explained
from stackgui.stores.recovery import update_marker
from stackgui.stores.stack import update as stack_update
from stackgui.stores.stack.edit import edit_stack
from stackgui.stores.stack.reader import Stack, open_stack
from stackgui.stores.stack.rows import rows_of
from tests.engine.stopping import StopAt

OPTIONS = {
    "plain": Options(split=Split.parse("60/20/20")),
    "nchw": Options(layout=Layout.NCHW, fill=9),
    "letterbox": Options(fit=Fit.LETTERBOX, size=Size.exact(20, 24), fill=3, shuffle=True, seed=4),
    "buckets": Options(buckets=3, split=Split.parse("60/20/20")),
}
LOOK = HowToUpdate(only_look=True)


def save(file: Path, size: tuple[int, int], seed: int = 0) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng([*size, seed]).integers(1, 256, (*size, 3), np.uint8)).save(file)


@pytest.fixture
def folder(tmp_path) -> Path:
    """Pictures of several sizes in two classes, of which one is damaged."""
    made = tmp_path / "pictures"
    for index in range(9):
        save(made / ("cat" if index % 2 else "dog") / f"{index}.png", (10 + 2 * index, 12 + 3 * (index % 4)))
    (made / "dog" / "damaged.png").write_bytes((made / "dog" / "2.png").read_bytes()[:100])
    return made


@pytest.fixture
def make(engine, scan, folder, tmp_path):
    def run(options: Options | None = None, name: str = "stack") -> Path:
        plan = resolve(options or Options(), scan(folder))
        engine.convert(plan, RunOptions(str(tmp_path / name)), Control())
        return tmp_path / name

    return run


@pytest.fixture
def update(engine):
    def run(stack: Path, **choices):
        return engine.update(str(stack), Control(), HowToUpdate(UpdateOptions(**choices)))

    return run


def contents(stack: Path) -> dict[str, bytes]:
    return {str(path.relative_to(stack)): path.read_bytes() for path in stack.rglob("*") if path.is_file()}


def header(stack: Path) -> dict:
    return json.loads((stack / "stack.json").read_text())


def names(stack: Stack, folder: Path) -> list[str]:
    return [os.path.relpath(file, folder).replace(os.sep, "/") for file in stack.files]


def add(folder: Path) -> None:
    """Two new pictures, one of a new class; one that has changed, and one that has been repaired."""
    save(folder / "cat" / "new.png", (13, 14))
    save(folder / "ape" / "new.png", (24, 20), seed=1)
    save(folder / "dog" / "4.png", (17, 12), seed=2)
    save(folder / "dog" / "damaged.png", (11, 12), seed=3)


@pytest.mark.parametrize("name", OPTIONS)
def test_an_updated_stack_holds_what_a_new_one_would(engine, make, update, folder, name):
    stack = make(OPTIONS[name])
    with open_stack(stack) as opened:
        before, classes = names(opened, folder), opened.classes
        splits = opened.splits if opened.splits is None else [opened.parts[part] for part in opened.splits]
    add(folder)
    report = update(stack)
    assert (report.rows_before, report.rows) == (10, 12)
    assert sorted(report.new) == ["ape/new.png", "cat/new.png"]
    assert sorted(report.changed) == ["dog/4.png", "dog/damaged.png"]
    assert report.new_classes == ("ape",)
    assert report.failures == ()
    fresh = make(OPTIONS[name], "fresh")
    with open_stack(stack) as now, open_stack(fresh) as anew:
        assert names(now, folder)[:10] == before
        assert now.classes == [*classes, "ape"]
        place = {file: row for row, file in enumerate(names(anew, folder))}
        for row, file in enumerate(names(now, folder)):
            assert np.array_equal(now.original(row), anew.original(place[file])), file
            assert now.classes[now.labels[row]] == file.split("/", maxsplit=1)[0]
            assert not splits or now.parts[now.splits[row]] == anew.parts[anew.splits[place[file]]]
        assert not splits or [now.parts[part] for part in now.splits][:10] == splits
        assert now.valid.all()
    verified = engine.verify(str(stack), Control(), deep=None)
    assert (verified.damage, verified.not_compared, verified.decoded) == ((), (), 12)
    untouched = contents(stack)
    assert update(stack).is_nothing
    assert contents(stack) == untouched
    assert engine.retry_failed(str(stack), Control()).retried == 0


def test_a_second_update_goes_on_where_the_first_ended(engine, make, update, folder):
    stack = make(OPTIONS["buckets"])
    for number in range(4):
        save(folder / "dog" / f"later-{number}.png", (10 + 5 * number, 12), seed=number)
        save(folder / "cat" / f"later-{number}.png", (12, 10 + number), seed=number)
        assert len(update(stack).new) == 2
        assert engine.verify(str(stack), Control(), deep=None).is_sound
    with open_stack(stack) as opened:
        assert len(opened) == 18
        assert len({spec.file for spec in opened.specs}) == len(opened.specs)
        found = names(opened, folder)
        assert {f"{kind}/later-{number}.png" for kind in ("cat", "dog") for number in range(4)} < set(found)
    assert header(stack)["updated"]["times"] == 4
    assert header(stack)["updated"]["made_rows"] == 10


def test_one_array_stays_one(make, update, folder):
    stack = make()
    add(folder)
    update(stack)
    images = np.load(stack / "images.npy")
    assert images.shape == (12, 26, 21, 3)
    assert (stack / "images.npy").stat().st_size == 128 + images.nbytes


def test_gone_pictures_stay_or_are_blanked(engine, make, update, folder):
    stack = make(OPTIONS["nchw"])
    (folder / "dog" / "6.png").rename(folder.parent / "6.png")
    report = update(stack)
    assert report.gone == ("dog/6.png",)
    with open_stack(stack) as opened:
        row = names(opened, folder).index("dog/6.png")
        assert opened.valid[row]
        assert opened.original(row).any()
        assert np.flatnonzero(opened.gone).tolist() == [row]
    assert json.loads((stack / "manifest.jsonl").read_text().splitlines()[row])["gone"] is True
    with open(stack / "manifest.csv", encoding="utf-8-sig", newline="") as file:
        assert [each["gone"] for each in csv.DictReader(file)] == [
            "yes" if at == row else "" for at in range(10)
        ]
    edit_stack(stack, [ExcludeEdit((row,), excluded=True)])
    assert engine.verify(str(stack), Control()).is_sound
    edit_stack(stack, [ExcludeEdit((row,), excluded=False)])
    assert engine.verify(str(stack), Control()).is_sound
    found = engine.verify(str(stack), Control())
    assert (found.is_sound, found.gone) == (True, 1)
    assert found.gone_line.startswith("The picture of 1 row was gone at the last update")
    exported = engine.export(str(stack), "npz", str(folder.parent / "out.npz"), Control())
    assert exported.gone == 1
    assert exported.notes[1:] == [
        "1 row counts like any other although its picture was gone at the last update."
    ]
    assert update(stack).is_nothing
    save(folder / "dog" / "extra.png", (12, 12))
    (folder / "dog" / "8.png").unlink()
    update(stack, gone=Gone.BLANK)
    with open_stack(stack) as opened:
        assert not opened.valid[row]
        assert (opened[row] == 9).all()
        assert [opened.valid[names(opened, folder).index(f"dog/{name}.png")] for name in ("8", "extra")] == [
            0,
            1,
        ]
    assert engine.verify(str(stack), Control()).is_sound
    (folder.parent / "6.png").rename(folder / "dog" / "6.png")
    report = update(stack)
    assert report.came_back == ("dog/6.png",)
    with open_stack(stack) as opened:
        assert opened.valid[row]
        assert opened.original(row).any()
    assert engine.verify(str(stack), Control(), deep=None).is_sound


def test_pictures_larger_than_the_rows_stay_blank_unless_they_are_to_be_shrunk(engine, make, update, folder):
    stack = make()
    save(folder / "cat" / "large.png", (40, 20))
    add(folder)
    report = update(stack)
    assert report.larger == ("cat/large.png",)
    assert report.status is Status.COMPLETE_WITH_FAILURES
    (failure,) = report.failures
    assert failure.reason == "its picture is 20 × 40 px (width × height), larger than the rows of 21 × 26"
    assert "1 picture is larger than the rows, and its row stays blank." in " ".join(report.remarks)
    assert engine.verify(str(stack), Control(), deep=None).is_sound
    assert update(stack).is_nothing
    report = update(stack, larger=Larger.SHRINK)
    assert report.changed == ("cat/large.png",)
    assert report.failures == ()
    with open_stack(stack) as opened:
        assert opened.original(names(opened, folder).index("cat/large.png")).shape == (26, 13, 3)
    assert engine.verify(str(stack), Control(), deep=None).is_sound
    assert update(stack).is_nothing


def test_edits_are_kept(engine, make, update, folder):
    stack = make()
    engine.edit_stack(str(stack), [LabelEdit((0,), "owl"), ExcludeEdit((1, 2), excluded=True)])
    add(folder)
    update(stack)
    with open_stack(stack) as opened:
        assert opened.classes == ["cat", "dog", "owl", "ape"]
        assert opened.classes[opened.labels[0]] == "owl"
        assert np.flatnonzero(opened.excluded).tolist() == [1, 2]
        assert opened.original(1).any()
    assert engine.verify(str(stack), Control(), deep=None).is_sound
    engine.edit_stack(str(stack), [LabelEdit((11,), "bat"), ExcludeEdit((1,), excluded=False)])
    assert engine.verify(str(stack), Control(), deep=None).is_sound
    save(folder / "cow" / "0.png", (12, 12))
    update(stack)
    with open_stack(stack) as opened:
        assert opened.classes == ["cat", "dog", "owl", "ape", "bat", "cow"]
        assert np.flatnonzero(opened.excluded).tolist() == [2]
    assert engine.verify(str(stack), Control(), deep=None).is_sound
    assert rows_of(str(stack)).classes[-1] == "cow"


def test_no_folder_is_said_to_tell_labels_that_were_given_by_hand(engine, scan, update, tmp_path):
    save(tmp_path / "flat" / "0.png", (8, 8))
    stack = tmp_path / "stack"
    engine.convert(resolve(Options(), scan(tmp_path / "flat")), RunOptions(str(stack)), Control())
    engine.edit_stack(str(stack), [LabelEdit((0,), "owl")])
    save(tmp_path / "flat" / "1.png", (8, 8))
    update(stack)
    assert header(stack)["labels"] == {"told_by": "", "classes": ["owl"], "counts": [1], "without": 1}


def test_a_look_changes_nothing(engine, make, folder):
    stack = make()
    add(folder)
    before = contents(stack)
    report = engine.update(str(stack), Control(), LOOK)
    assert (report.is_done, len(report.new), len(report.changed)) == (False, 2, 2)
    assert contents(stack) == before


def test_a_cancelled_update_leaves_the_stack_as_it_was_and_is_resumed(engine, make, folder, monkeypatch):
    stack = make()
    before = contents(stack)
    for index in range(40):
        save(folder / "cat" / f"more-{index}.png", (20, 21), seed=index)
    with pytest.raises(Exception, match="Cancelled"):
        engine.update(str(stack), StopAt(4), HowToUpdate())
    left = contents(stack)
    assert {name: data for name, data in left.items() if "/" not in name} == before
    assert engine.verify(str(stack), Control(), deep=None).is_sound
    assert len(engine.update(str(stack), Control(), HowToUpdate()).new) == 40
    assert set(contents(stack)) == set(before)
    assert engine.verify(str(stack), Control(), deep=None).is_sound


def test_a_full_disk_leaves_the_stack_as_it_was(engine, make, folder, monkeypatch):
    def full(*_arguments):
        raise StoreError("The disk is full.")

    stack = make()
    before = contents(stack)
    add(folder)
    with monkeypatch.context() as patch:
        patch.setattr(FileStore, "write", full)
        with pytest.raises(StoreError):
            engine.update(str(stack), Control(), HowToUpdate())
    assert contents(stack) == before
    with monkeypatch.context() as patch:
        patch.setattr(updating, "free_disk_bytes", lambda _path: 1000)
        with pytest.raises(PlanError, match="free disk space"):
            engine.update(str(stack), Control(), HowToUpdate())
    assert contents(stack) == before


class GoingOn(Control):
    """Goes on as soon as a run says that the disk is full."""

    def __init__(self) -> None:
        super().__init__()
        self.troubles = []

    def publish(self, snapshot):
        if snapshot.trouble and self.paused:
            self.troubles.append(snapshot.trouble)
            self.resume()
        super().publish(snapshot)


@pytest.mark.parametrize(
    ("where", "what"),
    [
        (FileStore, "write"), (growing_file, "reserve_behind"), (stack_update, "write_tables"),
        (update_marker, "_bring_in_array"), (update_marker.os, "replace"),
    ],
    ids=["rows", "space", "tables", "arrays", "names"],
)  # fmt: skip
def test_a_full_disk_pauses_until_there_is_room(engine, make, folder, monkeypatch, where, what):
    real, refused = getattr(where, what), []

    def full_once(*given, **more):
        if not refused:
            refused.append(given)
            with explained(str(stack)) if where is FileStore else nullcontext():
                raise OSError(errno.ENOSPC, "full")
        return real(*given, **more)

    stack = make()
    add(folder)
    monkeypatch.setattr(where, what, full_once)
    control = GoingOn()
    report = engine.update(str(stack), control, HowToUpdate(pause_on_trouble=True))
    assert report.is_done
    assert len(control.troubles) == 1
    assert "is full" in control.troubles[0]
    assert engine.verify(str(stack), Control(), deep=None).is_sound
    assert not [name for name in contents(stack) if name.startswith("update-")]
    with open_stack(stack) as opened:
        assert len(opened) == 12


def test_other_versions_are_refused_or_recorded(engine, make, folder, monkeypatch):
    stack = make()
    old = header(stack)["versions"]
    add(folder)
    monkeypatch.setattr(updating, "versions", lambda _formats, _scaled_by: {**old, "numpy": "99.0"})
    before = contents(stack)
    with pytest.raises(UsageError, match=r"numpy was .*, now 99\.0"):
        engine.update(str(stack), Control(), HowToUpdate())
    assert contents(stack) == before
    engine.update(str(stack), Control(), HowToUpdate(UpdateOptions(allow_other_versions=True)))
    assert header(stack)["versions"]["numpy"] == "99.0"
    assert header(stack)["updated"]["earlier_versions"] == [old]


def test_sources_that_lost_everything_are_refused(make, update, folder):
    stack = make()
    for file in folder.rglob("*.png"):
        file.unlink()
    save(folder / "dog" / "another.png", (12, 12))
    with pytest.raises(PlanError, match="Is a disk missing"):
        update(stack)


def test_masks_go_with_their_pictures(engine, scan, update, tmp_path):
    folder = tmp_path / "pets"

    def pair(name: str, classes: list[int], seed: int = 0) -> None:
        save(folder / "images" / f"{name}.png", (16, 20), seed)
        numbers = np.random.default_rng(seed).choice(classes, (16, 20)).astype(np.uint8)
        (folder / "masks").mkdir(parents=True, exist_ok=True)
        Image.fromarray(numbers).save(folder / "masks" / f"{name}.png")

    for index in range(4):
        pair(str(index), [0, 1, 2], index)
    plan = resolve(Options(mask_numbers=MaskNumbers.KEEP), scan(folder))
    stack = tmp_path / "stack"
    engine.convert(plan, RunOptions(str(stack)), Control())
    pair("new", [0, 1, 2, 3], 9)
    pair("1", [0, 2], 7)
    report = update(stack)
    assert (report.new, report.changed, report.failures) == (("images/new.png",), ("images/1.png",), ())
    with open_stack(stack) as opened:
        assert opened.masks is not None
        assert set(np.unique(opened.masks[4])) == {0, 1, 2, 3}
        assert list(opened.mask_classes) == [0, 1, 2, 3]
        assert np.array_equal(opened.masks[4][:16, :20], np.asarray(Image.open(folder / "masks" / "new.png")))
    assert engine.verify(str(stack), Control(), deep=None).is_sound


def test_boxes_go_with_their_pictures(engine, scan, update, tmp_path):
    folder = tmp_path / "coco"

    def annotate(boxes: dict[str, list[tuple[int, list[int]]]], classes: dict[int, str]) -> None:
        images = [
            {"id": index, "file_name": name, "height": 30, "width": 40} for index, name in enumerate(boxes)
        ]
        annotations = [
            {"id": 100 * index + k, "image_id": index, "category_id": number, "bbox": box}
            for index, each in enumerate(boxes.values())
            for k, (number, box) in enumerate(each)
        ]
        categories = [{"id": number, "name": name} for number, name in classes.items()]
        text = json.dumps({"images": images, "annotations": annotations, "categories": categories})
        (folder / "annotations.json").write_text(text)

    for name in ("a.png", "b.png", "c.png"):
        save(folder / name, (30, 40))
    boxes = {"a.png": [(1, [2, 3, 10, 5])], "b.png": [(2, [1, 1, 4, 4])], "c.png": [(1, [0, 0, 9, 9])]}
    annotate(boxes, {1: "cat", 2: "dog"})
    stack = tmp_path / "stack"
    engine.convert(resolve(Options(), scan(folder)), RunOptions(str(stack)), Control())
    save(folder / "d.png", (30, 40), 2)
    (folder / "c.png").unlink()
    del boxes["c.png"]
    boxes["b.png"] = [(2, [1, 1, 5, 4]), (5, [3, 3, 4, 4])]
    boxes["d.png"] = [(5, [2, 2, 6, 6])]
    annotate(boxes, {5: "ape", 1: "cat", 2: "dog"})
    report = update(stack)
    assert (report.new, report.gone, report.annotated) == (("d.png",), ("c.png",), ("b.png",))
    with open_stack(stack) as opened:
        objects = opened.objects
        assert objects.classes == ["cat", "dog", "ape"]
        assert [opened.boxes(row).tolist() for row in range(4)] == [
            [[2, 3, 12, 8]], [[1, 1, 6, 5], [3, 3, 7, 7]], [[0, 0, 9, 9]], [[2, 2, 8, 8]],
        ]  # fmt: skip
        assert objects.category.tolist() == [0, 1, 2, 0, 2]
    assert engine.verify(str(stack), Control(), deep=None).is_sound
    assert update(stack).is_nothing

"""A stack is brought up to date with every kind of source, and with sources that are not what they were."""

import json
import os
import shutil
import tarfile
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import LabelForm
from stackgui.core.base.errors import PlanError, SourceGoneError
from stackgui.core.base.size import Size
from stackgui.core.base.ways import Way
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.labels import Labels
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.options.update_options import Gone, HowToUpdate, UpdateOptions
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.stores.stack.reader import open_stack

BUCKETS = Options(buckets=2, split=Split.parse("70/30"))


def save(file: Path, seed: int, size: tuple[int, int] = (10, 12)) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.random.default_rng(seed).integers(1, 256, (*size, 3), np.uint8)).save(file)


@pytest.fixture
def folder(tmp_path) -> Path:
    for number in range(6):
        save(tmp_path / "pets" / ("cat" if number % 2 else "dog") / f"{number}.png", number)
    return tmp_path / "pets"


@pytest.fixture
def make(engine, scan, tmp_path):
    def run(*sources: Path, options: Options | None = None, **choices) -> Path:
        catalog = scan(*sources, options=ScanOptions(**choices))
        engine.convert(resolve(options or Options(), catalog), RunOptions(str(tmp_path / "stack")), Control())
        return tmp_path / "stack"

    return run


@pytest.fixture
def update(engine):
    """Update a stack, and verify all its rows against their pictures unless some are gone."""

    def run(stack: Path, *, seen=None, only_look=False, **choices):
        how = HowToUpdate(UpdateOptions(**choices), seen=seen, only_look=only_look)
        report = engine.update(str(stack), Control(), how)
        if report.is_done:
            verified = engine.verify(str(stack), Control(), deep=None)
            assert verified.damage == ()
        return report

    return run


def found(report) -> dict[str, list[str]]:
    return {kind: sorted(names) for kind, names in report.found.items()}


def labels(stack: Path) -> dict[str, str]:
    with open_stack(stack) as opened:
        names = [os.path.basename(file) for file in opened.files]
        return {name: opened.classes[opened.labels[row]] for row, name in enumerate(names)}


# Other names


@pytest.mark.parametrize("options", [Options(), BUCKETS], ids=["plain", "buckets"])
def test_a_picture_with_another_name_keeps_its_row(make, update, folder, options):
    stack = make(folder, options=options)
    with open_stack(stack) as opened:
        before, parts = {os.path.basename(f): row for row, f in enumerate(opened.files)}, opened.splits
        pixels = [opened.original(row).copy() for row in range(len(opened))]
    (folder / "cat" / "1.png").rename(folder / "cat" / "one.png")
    (folder / "dog" / "2.png").rename(folder / "dog" / "moved")
    (folder / "dog" / "moved").rename(folder / "two.png")
    save(folder / "cat" / "new.png", 50)
    assert found(update(stack, only_look=True)) == found(report := update(stack))
    assert found(report) == {"renamed": ["cat/one.png", "two.png"], "new": ["cat/new.png"]}
    with open_stack(stack) as opened:
        now = {os.path.basename(file): row for row, file in enumerate(opened.files)}
        assert (now["one.png"], now["two.png"]) == (before["1.png"], before["2.png"])
        assert all((opened.original(row) == pixels[row]).all() for row in range(6))
        assert parts is None or opened.splits[:6].tolist() == parts.tolist()
    assert update(stack).is_nothing


def test_copies_of_any_time_are_recognised_by_their_pixels(make, update, folder):
    """All of them have the same size on the disk, and no time tells which is which."""
    for number in range(4):
        pixels = np.full((8, 8, 3), number, np.uint8)
        Image.fromarray(pixels).save(folder / "dog" / f"same{number}.bmp")
    stack = make(folder)
    names = dict(zip((f"same{n}.bmp" for n in range(4)), ("d.bmp", "c.bmp", "b.bmp", "a.bmp"), strict=True))
    for old, new in names.items():
        shutil.copyfile(folder / "dog" / old, folder / "dog" / new)
        os.utime(folder / "dog" / new, ns=(10**18, 10**18))
        (folder / "dog" / old).unlink()
    assert found(update(stack)) == {"renamed": [f"dog/{name}.bmp" for name in "abcd"]}
    with open_stack(stack) as opened:
        for row, file in enumerate(opened.files):
            if file.endswith(".bmp"):
                assert (opened.original(row) == np.asarray(Image.open(file))).all()


def test_another_picture_of_the_same_size_is_not_the_same(make, update, folder):
    for name, colour in (("old", 1), ("new", 2)):
        Image.fromarray(np.full((8, 8, 3), colour, np.uint8)).save(folder / "dog" / f"{name}.bmp")
    (folder / "dog" / "new.bmp").rename(folder.parent / "new.bmp")
    stack = make(folder)
    (folder / "dog" / "old.bmp").unlink()
    (folder.parent / "new.bmp").rename(folder / "dog" / "new.bmp")
    assert found(update(stack)) == {"new": ["dog/new.bmp"], "gone": ["dog/old.bmp"]}


def test_a_picture_moved_to_another_class_gets_its_label(make, update, folder, engine):
    stack = make(folder)
    (folder / "cat" / "1.png").rename(folder / "dog" / "1.png")
    assert found(update(stack)) == {"renamed": ["dog/1.png"], "relabelled": ["dog/1.png"]}
    assert labels(stack)["1.png"] == "dog"


def test_a_picture_that_had_been_gone_is_recognised_by_another_name(make, update, folder):
    stack = make(folder)
    (folder / "cat" / "1.png").rename(folder.parent / "1.png")
    assert found(update(stack)) == {"gone": ["cat/1.png"]}
    (folder.parent / "1.png").rename(folder / "cat" / "again.png")
    assert found(update(stack)) == {"renamed": ["cat/again.png"]}
    assert '"gone":true' not in (stack / "manifest.jsonl").read_text()


# Sources that are not there


def test_a_source_that_is_not_there_stops_the_update(make, update, folder, tmp_path):
    save(tmp_path / "more" / "owl" / "0.png", 9)
    stack = make(folder, tmp_path / "more")
    (tmp_path / "more").rename(tmp_path / "elsewhere")
    with pytest.raises(SourceGoneError, match="more cannot be reached"):
        update(stack)
    (tmp_path / "more").mkdir()
    with pytest.raises(PlanError, match=r"The only picture that came from .*more is not there any more"):
        update(stack)
    assert found(update(stack, allow_empty_sources=True)) == {"gone": ["owl/0.png"]}
    assert update(stack).is_nothing


@pytest.mark.parametrize("is_left", [True, False])
def test_a_folder_that_has_lost_all_its_pictures_is_asked_about(make, update, folder, is_left):
    for number in range(3):
        save(folder / "dog" / "deep" / f"{number}.png", 50 + number)
    stack = make(folder)
    (folder / "dog").rename(folder.parent / "unplugged")
    if is_left:
        (folder / "dog").mkdir()
    before = (stack / "manifest.jsonl").read_bytes()
    for only_look in (True, False):
        with pytest.raises(PlanError, match=r"All 6 pictures in \S*pets/dog are gone, and no") as raised:
            update(stack, only_look=only_look)
        assert raised.value.ways == (Way.EMPTY_SOURCES,)
    assert (stack / "manifest.jsonl").read_bytes() == before
    assert len(update(stack, allow_empty_sources=True, only_look=True).gone) == 6
    if is_left:
        save(folder / "dog" / "deep" / "other.png", 60)
        assert len(update(stack).gone) == 6, "what has other pictures is there"


def test_an_archive_that_is_missing_among_others_is_asked_about(make, update, folder):
    for name in ("one", "two"):
        with zipfile.ZipFile(folder / f"{name}.zip", "w") as file:
            for number in range(2):
                save(folder.parent / name / f"{number}.png", 70 + number + len(name) * (name == "two"))
                file.write(folder.parent / name / f"{number}.png", f"{number}.png")
    stack = make(folder)
    (folder / "one.zip").unlink()
    with pytest.raises(PlanError, match=r"All 2 pictures in \S*one\.zip are gone"):
        update(stack)


def test_more_than_half_of_many_pictures_are_not_lost_without_asking(make, update, folder):
    for number in range(14):
        save(folder / "cat" / f"more-{number}.png", 100 + number)
    stack = make(folder)
    for number in range(11):
        (folder / "cat" / f"more-{number}.png").unlink()
    with pytest.raises(
        PlanError, match=r"11 of the 20 pictures that came from .*pets are gone, more than half"
    ):
        update(stack)
    save(folder / "cat" / "more-10.png", 110)
    assert len(update(stack).gone) == 10


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs folders that may not be read")
def test_a_folder_that_may_not_be_read_loses_no_picture(make, update, folder):
    stack = make(folder)
    (folder / "cat").chmod(0)
    try:
        report = update(stack)
    finally:
        (folder / "cat").chmod(0o755)
    assert report.is_nothing
    assert len(report.unreached) == 3


def test_what_cannot_be_read_now_stays(make, update, folder, tmp_path):
    with tarfile.open(folder / "more.tar", "w") as archive:
        archive.add(folder / "cat" / "1.png", "owl/1.png")
    target = tmp_path / "elsewhere.png"
    (folder / "dog" / "2.png").rename(target)
    (folder / "dog" / "2.png").symlink_to(target)
    stack = make(folder, follow_links=True)
    target.unlink()
    (folder / "more.tar").write_bytes((folder / "more.tar").read_bytes()[:100])
    save(folder / "cat" / "new.png", 50)
    report = update(stack)
    assert found(report) == {"new": ["cat/new.png"]}
    assert sorted(report.unreached) == ["dog/2.png", "more.tar/owl/1.png"]
    assert any("2 pictures cannot be reached now, and their rows stay" in each for each in report.remarks)


def test_boxes_and_masks_that_are_all_gone_stop_the_update(make, update, folder, tmp_path):
    image = {"id": 1, "file_name": "cat/1.png", "height": 10, "width": 12}
    box = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 4, 4]}
    coco = {"images": [image], "annotations": [box], "categories": [{"id": 1, "name": "eye"}]}
    (folder / "boxes.json").write_text(json.dumps(coco))
    stack = make(folder)
    (folder / "boxes.json").write_text(json.dumps(coco)[:-20])
    with pytest.raises(PlanError, match="boxes of its pictures are not there any more"):
        update(stack)
    (folder / "boxes.json").write_text(json.dumps(coco))
    assert update(stack).is_nothing
    (folder / "boxes.json").unlink()
    assert found(update(stack, allow_empty_sources=True)) == {"annotated": ["cat/1.png"]}


# Archives, lists, labels


def packed(folder: Path, archive: Path) -> None:
    if archive.suffix == ".zip":
        with zipfile.ZipFile(archive, "w") as file:
            for path in sorted(folder.rglob("*.png")):
                file.write(path, path.relative_to(folder))
    else:
        with tarfile.open(archive, "w:gz" if archive.suffix == ".gz" else "w") as file:
            file.add(folder, ".")


@pytest.mark.parametrize("name", ["pets.zip", "pets.tar", "pets.tar.gz", "in/pets.tar"])
def test_archives_that_were_packed_again(make, update, folder, tmp_path, name):
    archive = tmp_path / name
    archive.parent.mkdir(exist_ok=True)
    packed(folder, archive)
    stack = make(archive.parent if "/" in name else archive)
    packed(folder, archive)
    assert set(found(update(stack))) == {"retimed"}
    assert update(stack).is_nothing
    times = (folder / "cat" / "1.png").stat()
    save(folder / "cat" / "1.png", 70, (9, 9))
    os.utime(folder / "cat" / "1.png", ns=(times.st_atime_ns, times.st_mtime_ns))
    (folder / "dog" / "2.png").unlink()
    (folder / "dog" / "0.png").rename(folder / "dog" / "zero.png")
    save(folder / "cat" / "new.png", 71)
    packed(folder, archive)
    report = update(stack)
    prefix = "pets.tar/" if "/" in name else ""
    assert found(report) == {
        "new": [f"{prefix}cat/new.png"], "changed": [f"{prefix}cat/1.png"], "gone": [f"{prefix}dog/2.png"],
        "renamed": [f"{prefix}dog/zero.png"],
        "retimed": [f"{prefix}{name}.png" for name in ("cat/3", "cat/5", "dog/4")],
    }  # fmt: skip
    assert update(stack).is_nothing


def test_other_bytes_of_the_same_size_and_time_in_a_zip_are_noticed(make, update, folder, tmp_path):
    for colour in (1, 2):
        Image.fromarray(np.full((8, 8, 3), colour, np.uint8)).save(folder / "cat" / "same.bmp")
        os.utime(folder / "cat" / "same.bmp", ns=(10**18, 10**18))
        with zipfile.ZipFile(tmp_path / "pets.zip", "w") as file:
            file.write(folder / "cat" / "same.bmp", "cat/same.bmp")
        if colour == 1:
            stack = make(tmp_path / "pets.zip")
    assert found(update(stack)) == {"changed": ["cat/same.bmp"]}
    assert update(stack).is_nothing


def test_lists_labels_targets_and_kept_columns_follow(make, update, folder, tmp_path):
    table = tmp_path / "list.csv"

    def write(*lines: str) -> None:
        table.write_text("\n".join(("file,label,age,site,split", *lines)) + "\n")

    write("pets/cat/1.png,tom,1,Ulm,train", "pets/dog/0.png,rex,2,Ulm,test")
    stack = make(table, targets=("age",), keep_columns=("site",))
    write("pets/dog/0.png,rex,3,Bonn,train", "pets/cat/1.png,cat,1,Ulm,train", "pets/cat/3.png,owl,5,,val")
    report = update(stack)
    assert found(report) == {
        "new": ["pets/cat/3.png"], "relabelled": ["pets/cat/1.png"], "revalued": ["pets/dog/0.png"],
    }  # fmt: skip
    assert labels(stack) == {"1.png": "cat", "0.png": "rex", "3.png": "owl"}
    with open_stack(stack) as opened:
        assert opened.classes == ["rex", "tom", "cat", "owl"]
        assert [opened.parts[part] for part in opened.splits] == ["train", "test", "validation"]
        place = [os.path.basename(file) for file in opened.files].index("0.png")
        assert opened.targets[place].tolist() == [3.0]
        assert opened.column("site")[place] == "Bonn"
    assert update(stack).is_nothing


def test_sets_of_labels_grow(make, update, folder, tmp_path):
    table = tmp_path / "list.csv"
    table.write_text("file,label\npets/cat/1.png,cat;tom\npets/dog/0.png,dog\n")
    stack = make(table, options=Options(label_form=LabelForm.MANY, size=Size.parse("8x8")))
    table.write_text("file,label\npets/cat/1.png,cat\npets/dog/0.png,dog\npets/dog/2.png,dog;rex\n")
    assert found(update(stack)) == {"new": ["pets/dog/2.png"], "relabelled": ["pets/cat/1.png"]}
    with open_stack(stack) as opened:
        assert opened.classes == ["cat", "dog", "tom", "rex"]
        sets = [[opened.classes[n] for n in np.flatnonzero(row)] for row in opened.labels]
    assert sets == [["cat"], ["dog"], ["dog", "rex"]]
    assert update(stack).is_nothing


def test_labels_of_boxes_follow_the_boxes(make, update, folder):
    def write(*classes: int) -> None:
        images = [
            {"id": n, "file_name": f"cat/{n}.png", "height": 10, "width": 12}
            for n in range(1, 2 * len(classes), 2)
        ]
        boxes = [
            {"id": n, "image_id": 2 * n + 1, "category_id": each, "bbox": [1, 1, 4, 4]}
            for n, each in enumerate(classes)
        ]
        names = [{"id": n, "name": name} for n, name in enumerate(("eye", "ear", "paw"))]
        text = json.dumps({"images": images, "annotations": boxes, "categories": names})
        (folder / "boxes.json").write_text(text)

    write(0, 1)
    stack = make(folder, options=Options(labels=Labels.OBJECTS))
    write(0, 2, 1)
    report = update(stack)
    assert found(report)["relabelled"] == ["cat/3.png", "cat/5.png"]
    assert (labels(stack)["3.png"], labels(stack)["5.png"]) == ("paw", "ear")


# Files that are still being written


def test_only_what_has_not_changed_any_more_is_taken(make, update, folder):
    stack = make(folder)
    save(folder / "cat" / "early.png", 20)
    save(folder / "dog" / "0.png", 21)
    first = update(stack, seen={}, only_look=True)
    assert first.is_nothing
    assert sorted(first.waiting) == ["cat/early.png", "dog/0.png"]
    save(folder / "dog" / "0.png", 22, (9, 9))
    save(folder / "cat" / "late.png", 23)
    (folder / "dog" / "4.png").unlink()
    second = update(stack, seen=first.signs)
    assert found(second) == {"new": ["cat/early.png"]}
    assert sorted(second.waiting) == ["cat/late.png", "dog/0.png", "dog/4.png"]
    assert any("3 pictures have only just changed, and wait" in each for each in second.remarks)
    third = update(stack, seen=second.signs, gone=Gone.BLANK)
    assert found(third) == {"new": ["cat/late.png"], "changed": ["dog/0.png"], "gone": ["dog/4.png"]}
    assert third.waiting == ()
    assert update(stack).is_nothing


# What does not fit


def test_what_a_changed_picture_makes_of_its_row_is_said_before(make, update, folder):
    stack = make(folder, options=Options(buckets=2))
    save(folder / "cat" / "1.png", 30, (40, 40))
    Image.fromarray(np.full((8, 8), 40_000, np.uint16)).save(folder / "dog" / "0.png")
    look = update(stack, only_look=True)
    assert (look.larger, [each.file for each in look.unfit]) == (
        ("cat/1.png",), ["dog/0.png"],
    )  # fmt: skip
    assert sorted(look.lost) == ["cat/1.png", "dog/0.png"]
    assert any(each.startswith("2 rows lose the pictures that they hold") for each in look.remarks)
    done = update(stack)
    assert [each.reason for each in done.failures if each.file.endswith("0.png")] == [look.unfit[0].reason]
    assert len(done.failures) == 2
    again = update(stack)
    assert again.is_nothing
    assert again.larger == ("cat/1.png",)

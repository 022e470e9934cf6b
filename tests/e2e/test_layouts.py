"""Data sets as people lay them out give the labels and parts that were meant, or say what is unknown."""

import csv
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from stackgui.core.advice.gathered_warnings import plan_warnings
from stackgui.core.base.warnings import Mend
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.labels import Labels
from stackgui.core.options.mending import mended
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.resolve import resolve
from stackgui.engine import Control, Engine
from tests.kept_workers import lent

WORDNET = ("n01443537", "n01629819", "n01641577")


class Told(NamedTuple):
    """What a plan says of pictures, by their paths, and the codes of its warnings."""

    labels: dict[str, str]
    parts: dict[str, str]
    warnings: dict[str, str]
    mends: dict[str, Mend]


@pytest.fixture
def engine(kept_one) -> Iterator[Engine]:
    with lent(kept_one), Engine(1) as made:
        yield made


@pytest.fixture
def told(engine) -> Callable[..., Told]:
    def look(
        *sources: Path,
        label_list: Path | None = None,
        options: Options = Options(),  # noqa: B008 - frozen
        scan: ScanOptions = ScanOptions(),  # noqa: B008
    ) -> Told:
        scan = replace(scan, label_list=str(label_list)) if label_list else scan
        catalog = engine.scan([str(source) for source in sources], Control(), scan, cache=False)
        return _told(resolve(options, catalog))

    return look


def _told(plan: Plan) -> Told:
    names = [plan.catalog.path[sample] for sample in plan.samples.tolist()]
    label = [-1] * len(names) if plan.label is None else plan.label[plan.samples].tolist()
    return Told(
        {name: plan.classes[code] if code >= 0 else "" for name, code in zip(names, label, strict=True)},
        dict(zip(names, plan.split.take(plan.samples), strict=True)),
        {warning.code: warning.text for warning in plan_warnings(plan)},
        {warning.code: warning.mend for warning in plan_warnings(plan) if warning.mend},
    )


def picture(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pixels = np.random.default_rng(len(str(path))).integers(0, 256, (4, 5, 3), np.uint8)
    Image.fromarray(pixels).save(path)


def table(path: Path, *lines: tuple[object, ...]) -> Path:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    return path


@pytest.fixture
def tiny(tmp_path) -> Path:
    """Tiny ImageNet: classes above a folder for train, a table for val, and nothing for test."""
    folder = tmp_path / "tiny-imagenet-200"
    for name in WORDNET:
        for index in range(3):
            picture(folder / "train" / name / "images" / f"{name}_{index}.JPEG")
        (folder / "train" / name / f"{name}_boxes.txt").write_text(f"{name}_0.JPEG\t0\t0\t4\t5\n")
    for index in range(6):
        picture(folder / "val" / "images" / f"val_{index}.JPEG")
    annotations = "".join(f"val_{index}.JPEG\t{WORDNET[index % 3]}\t0\t0\t4\t5\n" for index in range(6))
    (folder / "val" / "val_annotations.txt").write_text(annotations)
    for index in range(2):
        picture(folder / "test" / "images" / f"test_{index}.JPEG")
    (folder / "wnids.txt").write_text("\n".join(WORDNET))
    (folder / "words.txt").write_text("".join(f"{name}\tgoldfish, Carassius auratus\n" for name in WORDNET))
    return folder


def test_tiny_imagenet_as_it_is(told, tiny):
    found = told(tiny)
    assert set(found.parts.values()) == {"train", "validation", "test"}
    for path, label in found.labels.items():
        part, name, *_ = path.split("/")
        assert label == (name if part == "train" else ""), path
        assert found.parts[path] == {"train": "train", "val": "validation", "test": "test"}[part]
    assert any("8 pictures" in text and "label" in text for text in found.warnings.values()), found.warnings


def test_tiny_imagenet_with_its_list(told, tiny):
    found = told(tiny, label_list=tiny / "val" / "val_annotations.txt")
    for path, label in found.labels.items():
        part, name, *_ = path.split("/")
        number = int(path.rpartition("_")[2].partition(".")[0])
        assert label == {"train": name, "val": WORDNET[number % 3], "test": ""}[part], path
    assert sum(part == "validation" for part in found.parts.values()) == 6


def test_tiny_imagenet_in_a_folder_around_it(told, tiny):
    found = told(tiny.parent)
    assert {name for name in found.labels.values() if name} == set(WORDNET)
    assert set(found.parts.values()) == {"train", "validation", "test"}


def test_tiny_imagenet_beside_other_folders(told, tiny):
    """Each warning that has a button leads to another layout, until there is nothing to press."""
    picture(tiny.parent / "readme" / "shot.png")
    found, options, scan = told(tiny.parent), Options(), ScanOptions()
    assert "tiny-imagenet-200" in found.labels.values()
    for code in ("list-not-used", "without-label"):
        options, scan = mended(found.mends[code], options, scan)
        found = told(tiny.parent, options=options, scan=scan)
    assert found.mends == {}
    assert (str(options.labels), options.not_classes) == ("given,level:3", ("images",))
    for path, label in found.labels.items():
        _around, part, name, *_file = [*path.split("/"), ""]
        number = int(path.rpartition("_")[2].partition(".")[0]) if "_" in path else 0
        expected = {"train": name, "val": WORDNET[number % 3]}.get(part, "")
        assert label == expected, path
    assert set(found.parts.values()) == {"", "train", "validation", "test"}


def test_the_folders_they_lie_in_are_questioned_where_they_are_called_images(told, tiny):
    found = told(tiny, options=Options(labels=Labels.parse("level:-1")))
    assert set(found.labels.values()) == {"images"}
    assert found.mends["one-class"].spelled == "--labels level:2 --split level:1 --not-classes images"


def test_classes_below_single_folders(told, tmp_path):
    for kind in ("benign", "malignant"):
        for index in range(3):
            picture(tmp_path / "all" / "breast" / kind / "SOB" / f"{kind}_{index}.png")
    found = told(tmp_path / "all")
    assert set(found.labels.values()) == {"breast"}
    options, _scan = mended(found.mends["one-class"], Options(), ScanOptions())
    assert set(told(tmp_path / "all", options=options).labels.values()) == {"benign", "malignant"}


def test_imagenet_in_its_own_folders(told, tmp_path):
    for part in ("train", "val"):
        for name in WORDNET:
            for index in range(2):
                picture(tmp_path / "ILSVRC" / "Data" / "CLS-LOC" / part / name / f"{part}_{index}.JPEG")
    found = told(tmp_path)
    assert set(found.labels.values()) == set(WORDNET)
    assert found.warnings == {}


def test_a_packed_folder_beside_a_list_of_other_pictures(told, tmp_path):
    with zipfile.ZipFile(tmp_path / "packed.zip", "w") as packed:
        for name in ("cat", "dog"):
            for index in range(2):
                picture(tmp_path / "made" / f"{name}{index}.png")
                packed.write(tmp_path / "made" / f"{name}{index}.png", f"{name}/{name}{index}.png")
    picture(tmp_path / "other" / "1.png")
    picture(tmp_path / "other" / "2.png")
    listed = table(tmp_path / "other" / "list.csv", ("file", "label"), ("1.png", "x"), ("2.png", "y"))
    found = told(tmp_path / "packed.zip", listed)
    assert set(found.labels.values()) == {"cat", "dog", "x", "y"}
    options, _scan = mended(found.mends["labels-of-two-origins"], Options(), ScanOptions())
    assert set(told(tmp_path / "packed.zip", listed, options=options).labels.values()) == {"", "x", "y"}


def trimap(path: Path) -> None:
    """A mask of the size of `picture`: pet, background and the border between them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with Image.open(path.parents[2] / "images" / f"{path.stem}.jpg") as shown:
        width, height = shown.size
    classes = np.full((height, width), 2, np.uint8)
    classes[1:-1, 1:-1], classes[2:-2, 2:-2] = 3, 1
    Image.fromarray(classes).save(path)


def test_oxford_pets(told, tmp_path):
    for name in ("Abyssinian", "pug"):
        for index in range(3):
            picture(tmp_path / "images" / f"{name}_{index}.jpg")
            trimap(tmp_path / "annotations" / "trimaps" / f"{name}_{index}.png")
    lines = "".join(f"{name}_{index} {kind} {kind}\n" for kind, name in ((1, "Abyssinian"), (2, "pug"))
                    for index in range(3))  # fmt: skip
    (tmp_path / "annotations" / "list.txt").write_text("#Image CLASS-ID SPECIES\n" + lines)
    found = told(tmp_path)
    options, scan = mended(found.mends["list-not-used"], Options(), ScanOptions())
    again = told(tmp_path, options=options, scan=scan)
    assert again.labels["images/Abyssinian_0.jpg"] == "1"
    # The trimaps are masks of the pictures, not pictures of their own.
    assert len(again.labels) == 6
    by_name = told(tmp_path / "images", options=Options(labels=Labels.parse("name:{label}_{number}.*")))
    assert set(by_name.labels.values()) == {"Abyssinian", "pug"}


def test_annotations_for_detection_are_no_labels(told, tmp_path):
    for part in ("train", "val"):
        for index in range(3):
            picture(tmp_path / "images" / part / f"{part}{index}.jpg")
            (tmp_path / "labels" / part).mkdir(parents=True, exist_ok=True)
            (tmp_path / "labels" / part / f"{part}{index}.txt").write_text("0 0.5 0.5 0.2 0.2\n")
    found = told(tmp_path)
    assert set(found.labels.values()) == {""}
    assert set(found.parts.values()) == {"train", "validation"}
    assert found.warnings == {}


def test_cifar(told, tmp_path):
    for part, count in (("train", 5), ("test", 2)):
        for name in ("airplane", "cat", "dog"):
            for index in range(count):
                picture(tmp_path / "cifar" / part / name / f"{index:04}.png")
    found = told(tmp_path / "cifar")
    assert all(found.labels[path] == path.split("/")[1] for path in found.labels)
    assert all(found.parts[path] == path.split("/")[0] for path in found.parts)
    assert found.warnings == {}


def test_imagenet_lists_of_path_and_number(told, tmp_path):
    for index in range(6):
        picture(tmp_path / "val" / f"ILSVRC2012_val_{index:08}.JPEG")
    lines = "".join(f"ILSVRC2012_val_{index:08}.JPEG {index % 3}\n" for index in range(6))
    (tmp_path / "val.txt").write_text(lines)
    found = told(tmp_path / "val", label_list=tmp_path / "val.txt")
    assert list(found.labels.values()) == ["0", "1", "2", "0", "1", "2"]


def test_imagenet_lists_with_folders(told, tmp_path):
    for name in WORDNET:
        for index in range(2):
            picture(tmp_path / "train" / name / f"{name}_{index}.JPEG")
    lines = "".join(
        f"{name}/{name}_{index}.JPEG {number}\n" for number, name in enumerate(WORDNET) for index in range(2)
    )
    (tmp_path / "train.txt").write_text(lines)
    found = told(tmp_path / "train", label_list=tmp_path / "train.txt")
    assert list(found.labels.values()) == ["0", "0", "1", "1", "2", "2"]


def test_kaggle_ids_without_endings(told, tmp_path):
    names = [f"{number:08x}" for number in (0x1A2B, 0x3C4D, 0xFFFF, 0x12E3)]
    for name in names:
        picture(tmp_path / "train" / f"{name}.jpg")
    kinds = ["boxer", "pug", "boxer", "beagle"]
    labels = table(tmp_path / "labels.csv", ("id", "breed"), *zip(names, kinds, strict=True))
    found = told(tmp_path / "train", label_list=labels)
    assert {Path(path).stem: label for path, label in found.labels.items()} == dict(
        zip(names, kinds, strict=True)
    )


def test_a_column_for_each_class(told, tmp_path):
    classes, chosen = ("MEL", "NV", "BCC"), (0, 2, 1, 1)
    for index in range(4):
        picture(tmp_path / "pictures" / f"ISIC_{index:07}.jpg")
    lines = [
        (f"ISIC_{index:07}", *(float(place == one) for place in range(3))) for index, one in enumerate(chosen)
    ]
    labels = table(tmp_path / "truth.csv", ("image", *classes), *lines)
    found = told(tmp_path / "pictures", label_list=labels)
    assert list(found.labels.values()) == [classes[one] for one in chosen]


def test_a_flat_folder_with_metadata(told, tmp_path):
    flat = tmp_path / "bucket"
    for index in range(6):
        picture(flat / f"{index:04}.png")
    lines = [(f"{index:04}.png", "ab"[index % 2], "train" if index < 4 else "test") for index in range(6)]
    table(flat / "metadata.csv", ("file_name", "label", "split"), *lines)
    for found in (told(flat / "metadata.csv"), told(flat, label_list=flat / "metadata.csv")):
        assert list(found.labels.values()) == ["a", "b"] * 3
        assert list(found.parts.values()) == ["train"] * 4 + ["test"] * 2
    assert any("metadata.csv" in text for text in told(flat).warnings.values())


def test_patients_are_not_taken_for_classes_without_a_word(told, tmp_path):
    pytest.importorskip("pydicom")
    from pydicom.data import get_testdata_file

    slice_ = Path(get_testdata_file("CT_small.dcm")).read_bytes()
    for patient in range(3):
        for study in range(2):
            for index in range(2):
                place = tmp_path / "ct" / f"patient{patient:02}" / f"study{study}"
                place.mkdir(parents=True, exist_ok=True)
                (place / f"slice{index:03}.dcm").write_bytes(slice_)
    found = told(tmp_path / "ct")
    assert len(found.labels) == 12
    # Whether patients are classes nobody can tell from their folders: it is said what was taken.
    assert set(found.labels.values()) in ({"patient00", "patient01", "patient02"}, {""})
    assert any("patient00" in text or "level" in text for text in found.warnings.values()), found.warnings


def test_a_list_is_chosen_in_the_window_with_what_it_gives(drive, tiny):
    """A list that lies there, with the wrong column, then the right one, then used."""
    (tiny / "val" / "val_annotations.txt").unlink()
    lines = [(f"val_{index}", f"x{index}", WORDNET[index % 3]) for index in range(5)]
    table(tiny / "labels.csv", ("image", "remark", "synset"), *lines, ("gone", "x9", WORDNET[0]))

    def script(person):
        person.drops(tiny)
        yield lambda: person.can_press("save.convert")
        person.find("found.tabs").setCurrentWidget(person.find("labels"))
        person.press("labels.choose")
        lists = person.find("labels.list.name")
        yield lambda: lists.findText("labels.csv", Qt.MatchFlag.MatchContains) > 0
        lists.setCurrentIndex(lists.findText("labels.csv", Qt.MatchFlag.MatchContains))
        lists.activated.emit(lists.currentIndex())
        yield lambda: person.sees("labels.list.result", "5 of 6 lines match a picture. These do not: “gone”.")
        assert person.sees("labels.list.result", "3 labels, for 5 of 17 pictures.")
        column = person.find("labels.list.label_column")
        assert [column.itemData(place) for place in range(column.count())] == [
            "",
            "image",
            "remark",
            "synset",
        ]
        column.setCurrentIndex(2)
        column.activated.emit(2)
        yield lambda: person.sees("labels.list.result", "5 labels, for 5 of 17 pictures.")
        column.setCurrentIndex(3)
        column.activated.emit(3)
        yield lambda: person.sees("labels.list.result", "3 labels, for 5 of 17 pictures.")
        person.press("labels.list.use")
        yield lambda: person.sees("labels.line", "taken from lists, and folders of the same names")
        yield lambda: person.can_press("labels.list.drop")
        person.press("labels.list.drop")
        yield lambda: person.sees("labels.line", "taken from the folders below train")

    drive(script)


def test_a_list_of_other_pictures_is_never_ready_to_be_used(drive, tiny):
    table(tiny / "other.csv", ("file", "label"), *((f"photo_{index}.jpg", "a") for index in range(4)))

    def script(person):
        person.drops(tiny)
        yield lambda: person.can_press("save.convert")
        yield lambda: person.sees("save.line", "first.")
        person.find("found.tabs").setCurrentWidget(person.find("labels"))
        person.press("labels.choose")
        lists = person.find("labels.list.name")
        yield lambda: lists.findText("other.csv", Qt.MatchFlag.MatchContains) > 0
        lists.setCurrentIndex(lists.findText("other.csv", Qt.MatchFlag.MatchContains))
        lists.activated.emit(lists.currentIndex())
        yield lambda: person.sees("labels.list.result", "names one of the pictures: 4 lines")
        assert not person.can_press("labels.list.use")

    drive(script)

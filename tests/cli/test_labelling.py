"""Labels, classes and parts at the terminal: what was taken, by what it was told."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import stackgui as package


def grey(path: Path, value: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((4, 5), value, np.uint8)).save(path)


@pytest.fixture
def divided(tmp_path) -> Path:
    """Six pictures in train and test, two classes in each, and one that lies in neither."""
    folder = tmp_path / "D"
    for number, name in enumerate(("train/cat/1", "train/cat/2", "train/dog/3", "test/cat/4", "test/dog/5")):
        grey(folder / f"{name}.png", number)
    grey(folder / "stray.png", 9)
    return folder


def test_what_was_taken_is_told_before_and_after(stackgui, divided, tmp_path):
    labels = "labels    2 classes from the folders below train and test; 5 of 6 pictures have one"
    parts = "parts     train 3, test 2, by the folders train and test; 1 picture in none"
    planned = stackgui("plan", divided).out
    assert f"{labels}\n            3 cat, 2 dog\n  {parts}" in planned
    assert f"{labels}\n  {parts}" in stackgui("convert", divided, "--out", tmp_path / "S").out
    taken = {
        "labels": {
            "told_by": "the folders below train and test",
            "classes": ["cat", "dog"],
            "counts": [3, 2],
            "without": 1,
        },
        "split": {
            "told_by": "the folders train and test",
            "counts": {"train": 3, "test": 2},
            "without": 1,
        },
    }
    again = stackgui("convert", divided, "--out", tmp_path / "S", "--replace", "--json").json
    header = json.loads((tmp_path / "S" / "stack.json").read_text())
    for told in (stackgui("plan", divided, "--json").json, again, header):
        assert {name: told[name] for name in taken} == taken
    with package.open_stack(tmp_path / "S") as stack:
        rows = {Path(file).name: row for row, file in enumerate(stack.files)}
        assert stack.labels[rows["stray.png"]] == stack.splits[rows["stray.png"]] == -1
        assert stack.classes[stack.labels[rows["5.png"]]] == "dog"
        assert stack.parts[stack.splits[rows["5.png"]]] == "test"


def test_two_conversions_agree_by_a_list_of_classes(stackgui, divided, tmp_path):
    (tmp_path / "classes.txt").write_text("cow\ndog\ncat\n")
    (tmp_path / "keras.json").write_text(json.dumps({"cat": 2, "cow": 0, "dog": 1}))
    whole, cats = tmp_path / "whole", tmp_path / "cats"
    assert stackgui("convert", divided, "--out", whole, "--classes", tmp_path / "classes.txt").status == 0
    for told in (whole, whole / "classes.json", tmp_path / "keras.json"):
        made = stackgui(
            "convert", divided / "train", "--labels", "folders", "--out", cats, "--replace", "--classes", told
        )
        assert made.status == 0
        with package.open_stack(whole) as one, package.open_stack(cats) as other:
            assert one.classes == other.classes == ["cow", "dog", "cat"]
            assert other.labels.tolist() == [2, 2, 1]
    saved = stackgui("plan", divided, "--json", "--classes", tmp_path / "classes.txt").out
    (tmp_path / "plan.json").write_text(saved)
    by_plan = stackgui("plan", divided, "--json", "--plan", tmp_path / "plan.json").json
    assert by_plan["classes"] == ["cow", "dog", "cat"]


def test_labels_that_the_list_lacks_are_named(stackgui, divided, tmp_path):
    (tmp_path / "classes.txt").write_text("dog\n")
    ended = stackgui("plan", divided, "--classes", tmp_path / "classes.txt")
    assert ended.status == 2
    assert "1 label of 3 pictures is not in the list of classes: cat (3)." in ended.sentence


def test_what_is_no_list_of_classes_is_told(stackgui, divided, tmp_path):
    (tmp_path / "twice.txt").write_text("cat\ncat\n")
    ended = stackgui("plan", divided, "--classes", tmp_path / "twice.txt")
    assert ended.status == 2
    assert f"{tmp_path / 'twice.txt'} is not a list of classes. It names classes twice" in ended.sentence
    missing = stackgui("plan", divided, "--classes", tmp_path / "none.txt")
    assert (missing.status, "cannot be read" in missing.sentence) == (2, True)


def test_pages_of_one_file_go_to_one_part(stackgui, tmp_path):
    pages = [Image.new("L", (4, 4), value) for value in range(5)]
    for number in range(8):
        pages[0].save(tmp_path / f"{number}.tif", save_all=True, append_images=pages[1:])
    out = tmp_path / "S"
    made = stackgui("convert", *tmp_path.glob("*.tif"), "--out", out, "--frames", "all", "--split", "50/50")
    assert made.status == 0
    assert "by the shares 50/50/0, from each file's name and the seed 0" in made.out
    with package.open_stack(out) as stack:
        assert len(stack) == 40
        parts = {(file, part) for file, part in zip(stack.files, stack.splits.tolist(), strict=True)}
    assert len(parts) == 8


def test_a_label_of_very_many_digits_is_a_label(stackgui, tmp_path):
    grey(tmp_path / "a.png", 1)
    grey(tmp_path / "b.png", 2)
    (tmp_path / "l.csv").write_text(f"filename,label\na.png,{'7' * 5000}\nb.png,12\n")
    told = stackgui("plan", tmp_path, "--json", "--label-list", tmp_path / "l.csv")
    assert told.status == 0
    assert told.json["classes"] == ["12", "7" * 5000]


def test_labels_that_are_surely_wrong_stop_a_run_and_say_what_mends_them(stackgui, tmp_path):
    for part, name in (("train", "cat"), ("train", "dog"), ("val", "cat"), ("val", "dog")):
        for number in range(2):
            grey(tmp_path / "D" / "pets" / part / name / f"{number}.png", number)
    grey(tmp_path / "D" / "other" / "1.png", 5)
    grey(tmp_path / "D" / "other" / "2.png", 5)
    (tmp_path / "D" / "labels.csv").write_text("file,label\nnone.png,a\ngone.png,b\n")
    line = ("convert", tmp_path / "D", "--out", tmp_path / "S")
    stopped = stackgui(*line, "--on-warning", "stop")
    assert stopped.status == 2
    assert "labels.csv, which lies among the pictures, looks like a list of labels" in stopped.err
    assert "Use the third folders instead: --labels level:3 --split level:2." in stopped.err
    assert not (tmp_path / "S").exists()
    mended = stackgui(*line, "--labels", "level:3", "--split", "level:2").out
    assert "2 classes from the third folders" in mended
    assert "train 4, validation 4, by the second folders" in mended

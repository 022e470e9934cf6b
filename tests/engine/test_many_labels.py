"""Several labels of one picture, from all that gives them, as they arrive in a stack."""

from __future__ import annotations

import contextlib
import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import stackgui
from stackgui.core.advice.gathered_warnings import plan_warnings
from stackgui.core.base.choices import LabelForm, LabelSeparator, RepeatedLines
from stackgui.core.base.size import Size
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.label_sets import set_text
from stackgui.core.labels.labels import Labels
from stackgui.core.labels.splits import Split
from stackgui.core.options.options import Options
from stackgui.core.plan.listing import Wanted, listed
from stackgui.core.plan.resolve import resolve
from stackgui.core.plan.saved_plan import plan_from_json
from stackgui.core.plan.split_table import split_table
from stackgui.core.run.edits import LabelEdit
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from stackgui.engine.viewing.find import find
from stackgui.stores.stack.edit import edit_stack
from stackgui.stores.stack.viewed import ViewedStack

MANY = Options(label_form=LabelForm.MANY, size=Size.parse("4x4"))
WANTED = {"a.png": {"cat", "dog"}, "b.png": {"dog"}, "c.png": set(), "d.png": {"bird", "cat"}}

LISTS = {
    "cells.csv": "file,label\na.png,cat;dog\nb.png,dog\nc.png,\nd.png,bird;cat\n",
    "blanks.csv": "file,tags\na.png,cat dog\nb.png,dog\nc.png,\nd.png,bird cat\n",
    "columns.csv": "file,bird,cat,dog\na.png,0,1,1\nb.png,0,0,1\nc.png,0,0,0\nd.png,1,1,0\n",
    "lines.csv": "file,label\na.png,dog\nd.png,bird\nb.png,dog\na.png,cat\nd.png,cat\nc.png,\n",
    "lists.json": json.dumps([{"file": name, "labels": sorted(names)} for name, names in WANTED.items()]),
    "pairs.json": json.dumps({name: sorted(names) for name, names in WANTED.items()}),
    "lists.jsonl": "\n".join(
        json.dumps({"file": name, "labels": sorted(names)}) for name, names in WANTED.items()
    ),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "pictures"
    made.mkdir()
    for value, name in enumerate(WANTED):
        Image.fromarray(np.full((3 + value, 4), 40 * value, np.uint8)).save(made / name)
    return made


def convert(engine: Engine, catalog, out: Path, options: Options = MANY) -> stackgui.Stack:
    engine.convert(resolve(options, catalog), RunOptions(str(out)), Control())
    assert engine.verify(str(out), Control(), deep=None).is_sound
    return stackgui.open_stack(out)


def labels_in(stack: stackgui.Stack) -> dict[str, set[str]]:
    return {
        Path(file).name: {stack.classes[number] for number in np.flatnonzero(row)}
        for file, row in zip(stack.files, stack.labels, strict=True)
    }


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("is_source", [True, False])
def test_all_labels_of_each_picture_are_in_the_stack(engine, scan, folder, tmp_path, name, is_source):
    path = folder / name
    path.write_text(LISTS[name])
    choices = {"repeated_lines": RepeatedLines.JOIN, "label_list": "" if is_source else str(path)}
    catalog = scan(path if is_source else folder, options=ScanOptions(**choices))
    options = MANY
    if name == "blanks.csv":
        options = Options(label_form=LabelForm.MANY, label_separator=LabelSeparator.BLANK)
    with convert(engine, catalog, tmp_path / "out", options) as stack:
        assert labels_in(stack) == WANTED
        assert stack.classes == ["bird", "cat", "dog"]
        assert (stack.labels.dtype, stack.labels.shape) == (np.uint8, (4, 3))
        by_hand = np.load(tmp_path / "out" / "labels.npy")
        assert by_hand.tolist() == stack.labels.tolist()
        assert stack.header["labels"]["counts"] == [1, 2, 2]
        assert (stack.header["labels"]["without"], stack.header["labels"]["several"]) == (1, True)


def test_rows_of_buckets_have_their_own_labels_in_all_tables(engine, scan, folder, tmp_path):
    (folder / "l.csv").write_text(LISTS["cells.csv"])
    options = Options(label_form=LabelForm.MANY, buckets=2, shuffle=True, split=Split.parse("50/0/50"))
    catalog = scan(folder / "l.csv")
    plan = plan_from_json(json.loads(json.dumps(resolve(options, catalog).to_json(), default=list)))
    with convert(engine, catalog, tmp_path / "out", options) as stack:
        assert labels_in(stack) == WANTED
        assert len(stack.arrays) == 2
        with (tmp_path / "out" / "manifest.csv").open(encoding="utf-8-sig", newline="") as file:
            sheet = {
                line["file"]: set(filter(None, line["label"].split("; "))) for line in csv.DictReader(file)
            }
        assert sheet == WANTED
        lines = map(json.loads, (tmp_path / "out" / "manifest.jsonl").read_text().splitlines())
        assert {line["file"]: (len(line["label"]), set(line["class"])) for line in lines} == {
            name: (len(names), names) for name, names in WANTED.items()
        }
    table = split_table(plan)
    assert table.total.sum() == 4
    assert dict(zip(table.labels, table.rows.sum(axis=1).tolist(), strict=True)) == {
        "bird": 1, "cat": 2, "dog": 2, "no label": 1,
    }  # fmt: skip
    assert plan.catalog.path[int(listed(plan, Wanted(label="bird"))[0])] == "d.png"
    assert len(listed(plan, Wanted(label="cat"))) == 2
    assert [plan.catalog.path[int(each)] for each in listed(plan, Wanted(label=""))] == ["c.png"]


def test_classes_of_objects_are_labels_with_the_numbers_of_the_objects(engine, scan, folder, tmp_path):
    names = ["dog", "cat", "bird"]
    content = {
        "images": [{"id": place, "file_name": name, "width": 4, "height": 3 + place}
                   for place, name in enumerate(WANTED)],
        "categories": [{"id": place, "name": name} for place, name in enumerate(names)],
        "annotations": [
            {"id": 10 * place + number, "image_id": place, "category_id": names.index(label),
             "bbox": [0, 0, 2, 2], "area": 4, "iscrowd": 0}
            for place, wanted in enumerate(WANTED.values()) for number, label in enumerate([*wanted, *wanted])
        ],
    }  # fmt: skip
    (folder / "instances.json").write_text(json.dumps(content))
    catalog = scan(folder)
    options = Options(label_form=LabelForm.MANY, labels=Labels.OBJECTS)
    with convert(engine, catalog, tmp_path / "out", options) as stack:
        assert labels_in(stack) == WANTED
        assert stack.classes == stack.objects.classes == names
    renamed = Options(label_form=LabelForm.MANY, labels=Labels.OBJECTS, object_classes=("cat=dog", "bird="))
    plan = resolve(renamed, catalog)
    assert plan.classes == ("dog",)
    assert [each.code for each in plan_warnings(plan) if "label" in each.code] == ["without-label"]
    one = resolve(Options(labels=Labels.OBJECTS), catalog)
    assert one.label.tolist() == [-1, 0, -1, -1], "a picture with several classes has none of them"
    assert "several-labels" in {each.code for each in plan_warnings(one)}


def test_lines_for_one_picture_are_rows_unless_they_are_joined(scan, folder):
    (folder / "l.csv").write_text(LISTS["lines.csv"])
    catalog = scan(folder / "l.csv")
    assert len(catalog) == 6
    (said,) = [each for each in catalog.warnings if each.code == "list-lines-repeat"]
    assert (said.count, said.examples) == (2, ("a.png", "d.png"))
    assert said.mend.spelled == "--repeated-lines join --label-form many"
    joined = scan(folder / "l.csv", options=ScanOptions(repeated_lines=RepeatedLines.JOIN))
    assert list(joined.path) == ["a.png", "d.png", "b.png", "c.png"]
    assert not [each for each in joined.warnings if each.code == "list-lines-repeat"]


def test_labels_that_were_changed_in_a_stack_are_found(engine, scan, folder, tmp_path):
    (folder / "l.csv").write_text(LISTS["cells.csv"])
    with convert(engine, scan(folder / "l.csv"), tmp_path / "out") as stack:
        changed = np.array(stack.labels)
    changed[1] = [0, 0, 2]
    np.save(tmp_path / "out" / "labels.npy", changed)
    report = engine.verify(str(tmp_path / "out"), Control())
    assert {(damage.file, damage.row) for damage in report.damage} == {
        ("labels.npy", 1),
        ("manifest.jsonl", 1),
    }


def test_a_repaired_picture_gets_its_row_with_all_its_labels(engine, scan, folder, tmp_path):
    (folder / "l.csv").write_text(LISTS["columns.csv"])
    whole = (folder / "d.png").read_bytes()
    (folder / "d.png").write_bytes(whole[:-20])
    engine.convert(resolve(MANY, scan(folder / "l.csv")), RunOptions(str(tmp_path / "out")), Control())
    (folder / "d.png").write_bytes(whole)
    engine.retry_failed(str(tmp_path / "out"), Control())
    with stackgui.open_stack(tmp_path / "out") as stack:
        assert stack.valid.all()
        assert labels_in(stack) == WANTED
    assert engine.verify(str(tmp_path / "out"), Control(), deep=None).is_sound


def test_labels_of_a_finished_stack_are_corrected_and_taken_back(engine, scan, folder, tmp_path):
    (folder / "l.csv").write_text(LISTS["cells.csv"])
    out = tmp_path / "out"
    convert(engine, scan(folder / "l.csv"), out).close()
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    undo = edit_stack(out, [LabelEdit((0, 2), set_text(["owl", "dog"])), LabelEdit((3,), "")])
    with stackgui.open_stack(out) as stack:
        assert stack.classes == ["bird", "cat", "dog", "owl"]
        assert list(labels_in(stack).values()) == [{"dog", "owl"}, {"dog"}, {"dog", "owl"}, set()]
        assert stack.header["labels"]["counts"] == [0, 0, 3, 2]
    assert engine.verify(str(out), Control(), deep=None).is_sound
    edit_stack(out, undo)
    with stackgui.open_stack(out) as stack:
        assert labels_in(stack) == WANTED
    assert engine.verify(str(out), Control()).is_sound
    assert (out / "labels.npy").read_bytes() == before["labels.npy"]
    assert (out / "manifest.csv").read_bytes() == before["manifest.csv"]


def test_an_update_takes_new_pictures_with_all_their_labels(engine, scan, folder, tmp_path):
    (folder / "l.csv").write_text("file,label,age\na.png,cat;dog,1\nb.png,dog,2\n")
    out = tmp_path / "out"
    catalog = scan(folder / "l.csv", options=ScanOptions(targets=("age",)))
    convert(engine, catalog, out).close()
    (folder / "l.csv").write_text("file,label,age\na.png,cat;dog,1\nb.png,cat,2\nd.png,cat;owl,4\n")
    engine.update(str(out), Control())
    with stackgui.open_stack(out) as stack:
        assert stack.classes == ["cat", "dog", "owl"]
        assert labels_in(stack) == {"a.png": {"cat", "dog"}, "b.png": {"cat"}, "d.png": {"cat", "owl"}}
        assert stack.targets[:, 0].tolist() == [1, 2, 4]
    assert engine.verify(str(out), Control(), deep=None).is_sound


def test_rows_are_found_by_any_of_their_labels(engine, scan, folder, tmp_path):
    (folder / "l.csv").write_text(LISTS["cells.csv"])
    convert(engine, scan(folder / "l.csv"), tmp_path / "out").close()
    rows = ViewedStack(str(tmp_path / "out"), str(tmp_path))
    with contextlib.closing(rows):
        assert [each.label for each in rows.facts(range(4))] == ["cat; dog", "dog", "", "bird; cat"]
        for label, wanted in (("cat", [0, 3]), ("dog", [0, 1]), ("", [2]), ("owl", [])):
            found = find(rows, Wanted(label=label), Control())
            assert [found.row(place) for place in range(found.count)] == wanted

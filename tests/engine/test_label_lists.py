"""What people's own lists say: which files they name, how they are divided, which column is the label."""

import json
import os
import unicodedata
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui.core.advice.gathered_warnings import foreseen_warnings, plan_warnings
from stackgui.core.advice.problems import Known, problems_of
from stackgui.core.base.errors import UsageError
from stackgui.core.base.warnings import warning_line
from stackgui.core.base.ways import Way
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.label_sets import members_of
from stackgui.core.labels.labels import Labels
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.plan.taken import labels_told_by
from stackgui.engine import Control


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "D"
    made.mkdir()
    return made


def draw(folder: Path, *names: str) -> None:
    for value, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((4, 5), value, np.uint8)).save(folder / name, "png")


@pytest.fixture
def labels_of(scan, folder):
    """Labels that a list says of the pictures in the folder, and the warnings by their codes."""

    def run(text: str, name: str = "labels.csv", source: Path = folder, **choices: str):
        listed = folder.parent / name
        listed.parent.mkdir(parents=True, exist_ok=True)
        listed.write_bytes(text if isinstance(text, bytes) else text.encode())
        catalog = scan(source, options=ScanOptions(label_list=str(listed), **choices))
        found = dict(zip(catalog.path, catalog.given_label, strict=True))
        return found, {warning.code: warning for warning in catalog.warnings}, catalog

    return run


@pytest.fixture
def listed(scan, folder):
    """Files and labels that a list in the folder says."""

    def run(text: str | bytes, name: str = "l.txt", **choices: str):
        (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        catalog = scan(folder / name, options=ScanOptions(**choices))
        found = list(zip(catalog.path, catalog.given_label, strict=True))
        return found, {warning.code: warning for warning in catalog.warnings}, catalog

    return run


def test_a_line_that_names_another_folder_says_nothing(labels_of, folder):
    draw(folder, "train/1.png", "test/1.png")
    found, warnings, _catalog = labels_of("filename,label\ntrain/1.png,cat\n")
    assert found == {"train/1.png": "cat", "test/1.png": ""}
    assert warnings["pictures-without-label-line"].examples == ("test/1.png",)
    with pytest.raises(UsageError, match=r"No line of .* names one of the pictures"):
        labels_of("filename,label\ntrain/1.png,cat\n", source=folder / "test")


def test_a_list_that_is_read_is_not_among_the_files_left_aside(scan, folder):
    draw(folder, "1.png", "2.png")
    (folder / "notes.txt").write_text("Taken in spring.\n")
    (folder / "labels.txt").write_text("1.png\tcat\n2.png\tdog\n")
    lying = {"not pictures": 2}
    assert scan(folder).skipped.left_aside == lying
    named = scan(folder, options=ScanOptions(label_list=str(folder / "labels.txt"))).skipped
    assert named.left_aside == {"not pictures": 1}
    (aside,) = (each for each in problems_of(Known(scan(folder), np.zeros(2, np.bool_))).entries)
    assert {file.why for file in aside.files} == {"no kind of picture has the ending .txt"}


def test_the_list_that_matches_best_is_offered_first(scan, engine, folder):
    draw(folder, "val/images/1.png", "val/images/2.png")
    (folder / "a.txt").write_text("n01\ttench\nn02\tgoldfish\n")
    (folder / "val" / "val_annotations.txt").write_text("1.png\tn01\n2.png\tn02\n3.png\tn02\n")
    found = engine.lists_among(scan(folder), Control())
    assert [(os.path.basename(each.path), round(each.share, 2)) for each in found] == [
        ("val_annotations.txt", 0.67), ("a.txt", 0.0),
    ]  # fmt: skip


def test_a_bare_name_that_several_pictures_have_says_nothing(labels_of, folder):
    draw(folder, "train/1.png", "test/1.png", "2.png")
    found, warnings, _catalog = labels_of("filename,label\n1.png,cat\n2.png,dog\n")
    assert found == {"train/1.png": "", "test/1.png": "", "2.png": "dog"}
    assert warnings["label-lines-ambiguous"].examples == ("1.png",)


@pytest.mark.parametrize("between", [", ", ";", "|", "\t", " "])
def test_names_that_hold_a_delimiter_are_not_cut(listed, folder, between):
    draw(folder, f"cat{between}big.png", "big.png")
    found, warnings, _catalog = listed(f"cat{between}big.png\n")
    assert found == [(f"cat{between}big.png", "")]
    assert ("list-without-titles" in warnings) == (between != " ")
    found, _warnings, _catalog = listed(f"path\ncat{between}big.png\n", "l.csv")
    assert found == [(f"cat{between}big.png", "")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a.png 0\nmy b.png 1\n", [("a.png", "0"), ("my b.png", "1")]),
        ("0 a.png\n1 my b.png\n", [("a.png", "0"), ("my b.png", "1")]),
        ('"a.png" 0\n"my b.png" 1\n', [("a.png", "0"), ("my b.png", "1")]),
        ("a.png,0\nmy b.png,1\n", [("a.png", "0"), ("my b.png", "1")]),
        ("0,a.png\n1,my b.png\n", [("a.png", "0"), ("my b.png", "1")]),
        ("a.png  x  7\nc.png  y  8\n", [("a.png", "x"), ("c.png", "y")]),
        ("a.png\tx\t7\t8\nc.png\ty\t8\t9\n", [("a.png", "x"), ("c.png", "y")]),
        ("a.png train x\nc.png test y\n", [("a.png", "x"), ("c.png", "y")]),
        ("a.png x\nc.png x y\n", [("a.png", ""), ("c.png", "")]),
    ],
)
def test_a_list_without_titles_is_read_as_it_names_files(listed, folder, text, expected):
    draw(folder, "a.png", "my b.png", "c.png")
    found, warnings, catalog = listed(text)
    assert found == expected
    assert "has no titles and was read" in warnings["list-without-titles"].text
    assert catalog.lists[0].startswith("l.txt has no titles and was read")


def test_columns_of_a_list_without_titles_are_chosen_by_number(listed, folder):
    draw(folder, "a.png")
    found, _warnings, _catalog = listed("a.png 3 4 5\n", label_column="3")
    assert found == [("a.png", "4")]


def test_ids_without_endings_are_matched(labels_of, folder):
    draw(folder, "p1/1.png", "p2/1.png")
    found, warnings, _catalog = labels_of("id,label\np1/1,a\np2/1,b\n")
    assert found == {"p1/1.png": "a", "p2/1.png": "b"}
    assert not warnings


def test_unicode_form_and_case_are_let_go_and_it_is_said(labels_of, folder):
    draw(folder, unicodedata.normalize("NFD", "é.png"), "B.PNG", "c.jpg")
    found, warnings, _catalog = labels_of("file,label\né.png,x\nb.png,y\nc.png,z\n")
    assert set(found.values()) == {"x", "y", "z"}
    assert warnings["label-names-differ"].count == 3


@pytest.mark.parametrize(
    "text", ["id,label\nq/1,cat\nq/2,dog\n", "filename,label\nx.png,cat\n", "x.png cat\ny.png dog\n"]
)
def test_a_list_of_labels_that_names_nothing_is_refused(labels_of, folder, text):
    draw(folder, "cat/1.png", "dog/1.png")
    with pytest.raises(UsageError, match=r"cat/1\.png") as refused:
        labels_of(text)
    assert refused.value.ways == (Way.PATH_COLUMN, Way.LIST_ROOT)


@pytest.mark.parametrize(
    "title",
    [
        "ClassId",
        "className",
        "tags",
        "diagnosis",
        "Finding Labels",
        "TARGET",
        "category-id",
        "Species",
        "dog breed",
    ],
)
def test_customary_titles_of_labels_are_known(labels_of, folder, title):
    draw(folder, "a.png", "b.png")
    found, warnings, catalog = labels_of(f"Image Index,age,{title}\na.png,3,x\nb.png,4,y\n")
    assert found == {"a.png": "x", "b.png": "y"}
    assert f"labels from “{title}”; other columns: “age”" in catalog.lists[0]
    if title != "className":
        assert "--label-column" in warnings["label-column"].text


def test_typed_titles_match_whatever_the_case_and_the_blanks(labels_of, folder):
    draw(folder, "a.png", "b.png")
    text = "Where it is,What-it is\na.png,x\nb.png,y\n"
    for path, label in (
        ("where_it_is", "what it is"),
        ("Where it is", "WHAT-IT IS"),
        ("WhereItIs", "what_it_is"),
    ):
        found, _warnings, _catalog = labels_of(text, path_column=path, label_column=label)
        assert found == {"a.png": "x", "b.png": "y"}


def test_no_column_of_labels_is_said_with_those_that_there_are(labels_of, listed, folder):
    draw(folder, "a.png", "b.png")
    with pytest.raises(UsageError, match="“age”, “weight”") as refused:
        labels_of("file,age,weight\na.png,3,1\nb.png,4,2\n")
    assert refused.value.ways == (Way.LABEL_COLUMN,)
    _found, warnings, _catalog = listed("file,age,weight\na.png,3,1\nb.png,4,2\n", "l.csv")
    assert "“age”, “weight”" in warnings["no-label-column"].text


def test_one_column_for_each_class(labels_of, folder):
    draw(folder, *(f"ISIC_{index}.png" for index in range(4)))
    rows = ["ISIC_0,1.0,0.0,0.0", "ISIC_1,0.0,1.0,0.0", "ISIC_2,0.0,0.0,0.0", "ISIC_3,0.0,1.0,0.0"]
    found, warnings, _catalog = labels_of("\n".join(["image,MEL,NV,BCC", *rows]))
    assert list(found.values()) == ["MEL", "NV", "", "NV"]
    assert warnings["column-per-class"].count == 3


def test_several_classes_of_one_picture_are_said_and_none_is_taken(labels_of, listed, folder):
    draw(folder, "a.png", "b.png")
    text = "image,cat,dog\na,1,1\nb,1,0\n"
    for catalog in (labels_of(text)[2], listed(text, "l.csv")[2]):
        plan = resolve(Options(), catalog)
        warnings = {warning.code: warning for warning in plan_warnings(plan)}
        assert plan.label is None
        assert "“cat, dog”" in warnings["several-labels"].text
        assert warnings["several-labels"].mend.spelled == "--label-form many"


def test_lines_with_different_labels_are_several_labels_of_a_picture(labels_of, folder):
    draw(folder, "a.png", "b.png", "c.png")
    _found, _warnings, catalog = labels_of(
        "ImageID,LabelName,split\na,/m/1,train\na,/m/2,test\na,/m/1,train\nb,/m/2,test\nb,/m/2,test\n"
        "c,,train\nc,/m/3,train\n"
    )
    assert [members_of(label) for label in catalog.given_label] == [("/m/1", "/m/2"), ("/m/2",), ("/m/3",)]
    warnings = {warning.code: warning for warning in plan_warnings(resolve(Options(), catalog))}
    assert warnings["several-labels"].examples == ("a.png",)
    assert warnings["label-lines-contradict"].examples == ("a.png",), "a picture is in one split"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        (
            "c.json",
            {"images": [{"id": 1, "file_name": "a.png"}], "annotations": [], "categories": []},
            "COCO",
        ),
        ("c.json", {"version": {"a": 1}}, "a JSON object"),
        ("c.jsonl", [1, 2], "not every line"),
    ],
)
def test_json_that_is_no_table_is_refused_in_one_short_sentence(labels_of, folder, name, value, words):
    draw(folder, "a.png")
    with pytest.raises(UsageError, match=words) as refused:
        labels_of(json.dumps(value) + " " * 100_000, name)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "m.json",
            json.dumps([{"file_name": "a.png", "label": "x"}, {"file_name": "b.png", "label": 1}], indent=1),
        ),
        ("m.json", json.dumps({"a.png": "x", "b.png": 1})),
        ("dataset.json", json.dumps({"labels": [["a.png", "x"], ["b.png", 1]]})),
        ("m.jsonl", '{"file_name": "a.png", "label": "x"}\n{"file_name": "b.png", "label": 1}\n'),
    ],
)
def test_json_says_labels(labels_of, folder, name, text):
    draw(folder, "a.png", "b.png")
    found, warnings, _catalog = labels_of(text, name)
    assert found == {"a.png": "x", "b.png": "1"}
    assert not warnings


def test_the_annotations_of_tiny_imagenet(labels_of, folder):
    draw(folder, *(f"val/images/val_{index}.JPEG" for index in range(3)), "train/n01/images/n01_0.JPEG")
    lines = [f"val_{index}.JPEG\tn0{index}\t0\t{index}\t44\t62" for index in range(3)]
    found, warnings, _catalog = labels_of("\n".join(lines), "D/val/val_annotations.txt")
    assert {name: label for name, label in found.items() if label} == {
        f"val/images/val_{index}.JPEG": f"n0{index}" for index in range(3)
    }
    assert warnings["pictures-without-label-line"].examples == ("train/n01/images/n01_0.JPEG",)


def test_a_list_beside_the_folder_of_its_pictures_finds_them(listed, folder):
    draw(folder, "images/1.png", "images/2.png")
    found, warnings, _catalog = listed("image_id,label\n1,a\n2,b\n", "train.csv")
    assert found == [("images/1.png", "a"), ("images/2.png", "b")]
    assert warnings["list-names-differ"].examples[0] == "1 → images/1.png"


def test_a_list_that_names_no_file_is_refused(listed, folder):
    draw(folder, "a.png")
    with pytest.raises(UsageError, match="names 2 files, and none of them is in") as refused:
        listed("path,label\nx.png,1\ny.png,2\n", "l.csv")
    assert refused.value.ways == (Way.PATH_COLUMN, Way.LIST_ROOT)


def test_names_of_any_bytes_are_found(listed, folder, scan):
    draw(folder, "ü.png")
    (folder / "ü.png").rename(folder / os.fsdecode(b"\xe9.png"))
    draw(folder, "ü.png")
    found, _warnings, catalog = listed(b"./\xe9.png\n./" + "ü.png\n".encode())
    assert [catalog.path.raw(index) for index in range(2)] == [b"\xe9.png", "ü.png".encode()]
    assert catalog.usable.all()
    found, _warnings, _catalog = listed("file;label\nü.png;Jörg\n".encode("cp1252"), "l.csv")
    assert found == [("ü.png", "Jörg")]


def test_lists_of_parts_say_the_splits_of_their_lines(scan, folder):
    draw(folder, "1.png", "2.png", "3.png")
    (folder / "train.csv").write_text("file,label\n1.png,a\n")
    (folder / "test_list.csv").write_text("file,label\n2.png,b\n")
    (folder / "more.csv").write_text("file,label,split\n3.png,b,other\n")
    catalog = scan(folder / "train.csv", folder / "test_list.csv", folder / "more.csv")
    assert list(catalog.split) == ["train", "test", "other"]
    assert "the split “train” from its own name" in catalog.lists[0]
    assert list(scan(folder / "train.csv").split) == [""]


def test_columns_for_each_part_say_splits(listed, folder):
    draw(folder, "a.png", "b.png")
    _found, _warnings, catalog = listed("file,label,train,test\na.png,x,1,0\nb.png,y,0,1\n", "l.csv")
    assert list(catalog.split) == ["train", "test"]


def test_a_list_completes_folders_that_are_the_same_classes(labels_of, folder):
    pictures = [
        "train/n00/images/0.JPEG",
        "train/n01/images/0.JPEG",
        "val/images/a.JPEG",
        "val/images/b.JPEG",
    ]
    draw(folder, *pictures, "test/images/0.JPEG")
    lines = "a.JPEG\tn00\t0\t1\t44\t62\nb.JPEG\tn01\t0\t1\t44\t62\n"
    _found, _warnings, catalog = labels_of(lines, "D/val/val_annotations.txt")
    plan = resolve(Options(), catalog)
    assert {path: plan.label[sample] for sample, path in enumerate(catalog.path)} == {
        "test/images/0.JPEG": -1, **dict(zip(pictures, [0, 1, 0, 1], strict=True))
    }  # fmt: skip
    assert labels_told_by(plan) == "lists, and folders of the same names"
    assert plan.parts == ("train", "validation", "test")
    without = next(each for each in plan_warnings(plan) if each.code == "without-label")
    assert (without.examples, without.mend) == (("test/images/0.JPEG",), None), "no folder says their class"
    codes = {each.code for each in foreseen_warnings(catalog, plan, {})}
    assert not codes & {"pictures-without-label-line", "list-without-titles"}, "the folders agree with it"


@pytest.mark.parametrize("lines", ["0/a.png,1\n1/b.png,0\n", "0/a.png,cat\n", "0/a.png,1\n"])
def test_a_list_does_not_complete_folders_that_say_something_else(labels_of, folder, lines):
    draw(folder, "0/a.png", "1/b.png", "1/c.png", "0/d.png")
    _found, _warnings, catalog = labels_of(f"file,label\n{lines}")
    plan = resolve(Options(), catalog)
    labelled = [path for sample, path in enumerate(catalog.path) if plan.label[sample] >= 0]
    assert labelled == [line.split(",")[0] for line in lines.split()]
    assert labels_told_by(plan) == "lists"


def test_a_list_of_labels_that_is_not_there_is_said_before_anything_is_searched(scan, folder):
    with pytest.raises(UsageError, match=r"none\.csv cannot be read: there is no such file"):
        scan(folder, options=ScanOptions(label_list=str(folder / "none.csv")))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("metadata.csv", "file_name,label\n0.png,x\n1.png,y\n2.png,y\n"),
        ("train.csv", "image_id,label\n0,x\n1,y\n9,y\n"),
        ("a/train.txt", "0.png 3\n1.png 4\n"),
        ("one.csv", "filename,label\n0.png,x\n"),
    ],
)
def test_a_list_among_the_pictures_is_said_to_be_one(scan, folder, name, text):
    draw(folder, "0.png", "a/1.png", "2.png")
    (folder / name).write_text(text)
    (warning,) = scan(folder).warnings
    assert warning.code == "list-not-used"
    assert f"--label-list {folder / name}" in warning_line(warning)


def test_all_lists_among_the_pictures_are_said_as_they_are_typed(scan, tmp_path):
    folder = tmp_path / "my pictures"
    draw(folder, "a.png", "b.png")
    for name, picture in (("train.csv", "a"), ("test.csv", "b")):
        (folder / name).write_text(f"filename,label\n{picture}.png,x\n")
    mends = [warning.mend for warning in scan(folder).warnings if warning.code == "list-not-used"]
    typed = [f"--label-list '{folder / name}'" for name in ("test.csv", "train.csv")]
    assert [mend.spelled for mend in mends] == typed


def test_a_list_that_names_one_missing_file_is_refused_in_a_sentence(scan, folder):
    draw(folder, "a.png")
    (folder / "l2.csv").write_text("nope.png")
    with pytest.raises(UsageError, match=r"l2\.csv names 1 file, and none of them is in .*“nope\.png”"):
        scan(folder / "l2.csv")


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("file\nx/1.png\n", "", "no column is known to hold labels; it has no other columns."),
        ("file,label\n1.png,cat\n2.png,dog\n", "label-lines-ambiguous",
         "1 of 2 lines of labels.csv could mean any of several pictures, so it was not used."),
        ("file,label\n1.png,cat\n1.png,dog\n2.png,dog\n", "label-lines-ambiguous",
         "2 of 3 lines of labels.csv could mean any of several pictures, so they were not used."),
        ("file,label,split\n2.png,cat,train\n2.png,cat,test\nx/1.png,dog,test\n", "label-lines-contradict",
         "Lines of labels.csv give 1 picture different splits, so none of these is used."),
    ],
)  # fmt: skip
def test_what_lists_leave_open_is_said_in_whole_sentences(labels_of, folder, text, code, sentence):
    draw(folder, "x/1.png", "y/1.png", "2.png")
    if code:
        assert labels_of(text)[1][code].text == sentence
    else:
        with pytest.raises(UsageError) as raised:
            labels_of(text)
        assert str(raised.value).endswith(sentence)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.txt", "0.png\n1.png\n"),
        ("notes.txt", "These pictures were made in May.\nAll rights reserved.\n"),
        ("sizes.csv", "file,width\n0.png,5\n1.png,5\n"),
        ("0.txt", "0.png 3\n1.png 4\n"),
        ("classes.csv", "id,label\n7,5\n8,5\n"),
        ("one.txt", "0.png 3"),
        ("bytes.csv", "\0\1\2"),
        ("empty.csv", ""),
    ],
)
def test_other_texts_among_the_pictures_are_none(scan, folder, name, text):
    draw(folder, "0.png", "1.png")
    (folder / name).write_text(text)
    assert scan(folder).warnings == ()


@pytest.mark.parametrize(
    ("text", "code", "sentence", "examples", "is_mended"),
    [
        (
            "file,label\n7.png,a\n8.png,b\n", "list-matches-nothing",
            "looks like a list of labels, but no line that was looked at names one, so it was not used.",
            ("7.png", "8.png"), False,
        ),
        (
            "file,label\n0.png,a\n8.png,b\n9.png,b\n", "list-matches-part",
            "is a list of only some of them: 1 of 3 lines that was looked at names one.",
            ("8.png", "9.png"), True,
        ),
        (
            "file,remark\n0.png,a b\n1.png,a c\n", "list-without-labels",
            "No column is known to hold labels, so it was not used; others are “remark”.",
            ("0.png", "1.png"), False,
        ),
    ],
)  # fmt: skip
def test_a_list_that_fits_in_part_or_not_at_all_is_said(
    scan, folder, text, code, sentence, examples, is_mended
):
    draw(folder, "0.png", "1.png")
    (folder / "labels.csv").write_text(text)
    (warning,) = scan(folder).warnings
    assert (warning.code, warning.examples) == (code, examples)
    assert sentence in warning.text
    assert (warning.mend is not None) is is_mended


def test_a_second_list_is_said_beside_the_chosen_one(scan, folder):
    draw(folder, "a.png", "b.png", "c.png", "d.png")
    (folder / "one.csv").write_text("file,label\na.png,x\nb.png,y\n")
    (folder / "two.csv").write_text("file,label\nc.png,x\nd.png,y\n")
    catalog = scan(folder, options=ScanOptions(label_list=str(folder / "one.csv")))
    told = {warning.code: warning for warning in catalog.warnings}
    assert told["list-not-used"].text.startswith("two.csv, which lies among the pictures,")
    assert told["list-not-used"].mend is None, "there is one list of labels"
    assert "one.csv: both lines match a picture." in catalog.lists


def test_a_list_means_the_picture_and_not_its_mask(scan, folder):
    draw(folder, "images/0.jpg", "images/1.jpg", "masks/0.png", "masks/1.png")
    (folder / "list.txt").write_text("0 cat\n1 dog\n")
    catalog = scan(folder, options=ScanOptions(label_list=str(folder / "list.txt"), masks="none"))
    assert list(catalog.given_label) == ["cat", "dog", "", ""]


def test_tables_in_archives_are_said(scan, folder):
    draw(folder.parent, "0.png")
    with zipfile.ZipFile(folder / "pictures.zip", "w") as archive:
        archive.write(folder.parent / "0.png", "0.png")
        archive.writestr("labels.csv", "file,label\n0.png,x\n")
    (warning,) = scan(folder).warnings
    assert warning.code == "lists-in-archives"
    assert warning.examples == (str(folder / "pictures.zip" / "labels.csv"),)


def test_labels_that_join_several_are_said(listed, folder):
    draw(folder, "a.png", "b.png", "c.png", "d.png")
    _found, _warnings, catalog = listed(
        "file,tags\na.png,cat\nb.png,dog\nc.png,cat|dog\nd.png,big|cat\n", "l.csv"
    )
    warnings = {warning.code: warning for warning in plan_warnings(resolve(Options(), catalog))}
    folders = Options(labels=Labels.NONE)
    assert "labels-joined" not in {each.code for each in plan_warnings(resolve(folders, catalog))}
    assert warnings["labels-joined"].examples == ("c.png",)
    assert "“cat|dog”" in warnings["labels-joined"].text


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\r\nfile;label\r\na.png;x\r\nb.png;y\r\n",
        "file,label\ra.png,x\rb.png,y\r",
        "\n\nfile,label\na.png,x\nb.png,y\n",
        ",file,label\n0,a.png,x\n1,b.png,y\n",
        "file,mask,label\na.png," + "1 2 " * 50_000 + ",x\nb.png,,y\n",
        "file label\na.png x\nb.png y\n",
        "file\tlabel\na.png\tx\nb.png\ty\n",
        "﻿file,label\na.png,x\nb.png,y\n",
        "Unnamed: 0,weird,label\n0,a.png,x\n1,b.png,y\n",
        "label,file\nx,a.png\ny,b.png\n",
        '"file","label"\n"a.png","x"\n"b.png","y"\n',
        "id,image,label\nb,a.png,x\na,b.png,y\n",
    ],
)
def test_tables_of_many_makers(labels_of, folder, text):
    draw(folder, "a.png", "b.png")
    found, _warnings, _catalog = labels_of(text)
    assert found == {"a.png": "x", "b.png": "y"}


def test_a_backslash_may_be_in_a_name(listed, folder):
    draw(folder, "a\\1.png", "a/1.png", "b/2.png")
    found, _warnings, _catalog = listed("a\\1.png\nb\\2.png\n")
    assert found == [("a\\1.png", ""), ("b/2.png", "")]


def test_files_that_several_lists_name_are_said(scan, folder):
    draw(folder, "1.png", "2.png", "3.png")
    (folder / "train.csv").write_text("file,label\n1.png,a\n2.png,a\n")
    (folder / "test.csv").write_text("file,label\n2.png,a\n3.png,b\n")
    (warning,) = scan(folder / "train.csv", folder / "test.csv").warnings
    assert (warning.code, warning.count, warning.examples) == ("lists-overlap", 1, (str(folder / "2.png"),))


def test_typed_titles_may_be_those_of_the_list_of_labels_alone(scan, folder):
    draw(folder, "1.png", "2.png")
    (folder / "files.txt").write_text("1.png\n2.png\n")
    (folder / "l.csv").write_text("where,what\n1,a\n2,b\n")
    options = ScanOptions(label_list=str(folder / "l.csv"), path_column="where", label_column="what")
    assert list(scan(folder / "files.txt", options=options).given_label) == ["a", "b"]

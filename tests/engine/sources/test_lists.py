"""Lists of files as sources, and as what says the labels of others."""

import json
from pathlib import Path

import pytest

from stackgui.core.base.errors import UsageError
from stackgui.core.catalog.scan_options import ScanOptions
from tests.damaging import NO_ENDS


def told(catalog) -> list[tuple[str, str, str]]:
    return list(zip(catalog.path, catalog.given_label, catalog.split, strict=True))


LINES = [("cat/1.png", "a cat", "train"), ("dog/0.png", "dög", "test"), ("cat/1.png", "again", "train")]


def write(path: Path, kind: str) -> Path:
    if kind == "jsonl":
        rows = [{"File Name": f, "category": c, "subset": s} for f, c, s in LINES]
        path = path.with_suffix(".jsonl")
        path.write_text("\n".join(map(json.dumps, rows)))
        return path
    delimiter = {"csv": ",", "excel": ";", "tsv": "\t", "old": ",", "wide": ","}[kind]
    text = "\r\n".join(delimiter.join(row) for row in [("Filename", "Label", "Split"), *LINES]) + "\r\n"
    encoding = {"excel": "utf-8-sig", "old": "cp1252", "wide": "utf-16"}.get(kind, "utf-8")
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("kind", ["csv", "excel", "tsv", "old", "wide", "jsonl"])
def test_columns_delimiter_and_encoding_are_told_by_content(pictures, scan, kind):
    catalog = scan(write(pictures / "list.csv", kind))
    assert told(catalog) == LINES
    assert catalog.usable.all()
    assert catalog.file(0) == str(pictures / "cat" / "1.png")


@pytest.mark.parametrize("mark", NO_ENDS)
@pytest.mark.parametrize("kind", ["csv", "jsonl", "txt"])
def test_only_ends_of_lines_end_lines(pictures, scan, mark, kind):
    name, label = f"cat/a{mark}b.png", f"big{mark}cat"
    (pictures / "cat" / "1.png").rename(pictures / name)
    row = json.dumps({"path": name, "label": label}, ensure_ascii=False)
    lines = {"csv": ["path,label", f"{name},{label}"], "jsonl": [row], "txt": [name]}[kind]
    (pictures / f"list.{kind}").write_bytes("\n".join([*lines, ""]).encode())
    assert told(scan(pictures / f"list.{kind}")) == [(name, "" if kind == "txt" else label, "")]


def test_what_is_wrong_with_a_line_is_said(pictures, scan):
    (pictures / "notes.txt").write_text("no picture")
    (pictures / "away.png").symlink_to("/etc/hostname")
    lines = ["path", "cat/1.png", "gone.png", "notes.txt", "../outside.png", "/etc/passwd", "away.png"]
    (pictures / "list.csv").write_text("\n".join(lines))
    catalog = scan(pictures / "list.csv")
    assert list(zip(catalog.path, catalog.problem, strict=True)) == [
        ("cat/1.png", ""),
        ("gone.png", "there is no such file"),
        ("notes.txt", "it is not a picture of a known kind"),
        ("away.png", "it is a link that leads out of the folder of the list"),
    ]
    assert list(catalog.skipped.detail) == ["../outside.png", "/etc/passwd"]


def test_names_may_be_absolute_or_written_on_windows(pictures, scan):
    (pictures / "list.csv").write_text(f"image\n{pictures / 'cat' / '1.png'}\ndog\\0.png\n./cat/3.png\n")
    assert list(scan(pictures / "list.csv").path) == ["cat/1.png", "dog/0.png", "cat/3.png"]


def test_columns_and_folder_can_be_chosen(pictures, tmp_path, scan):
    (tmp_path / "list.csv").write_text("path,where,what\nx,cat/1.png,tabby\n")
    options = ScanOptions(path_column="Where", label_column="what", list_root=str(pictures))
    catalog = scan(tmp_path / "list.csv", options=options)
    assert told(catalog) == [("cat/1.png", "tabby", "")]
    assert catalog.usable.all()


def test_a_list_without_titles_is_understood(pictures, scan):
    (pictures / "list.txt").write_text("cat/1.png\ndog/0.png\n")
    assert list(scan(pictures / "list.txt").path) == ["cat/1.png", "dog/0.png"]
    (pictures / "two.tsv").write_text("cat/1.png\ttabby\ndog/0.png\tpoodle\n")
    assert list(scan(pictures / "two.tsv").given_label) == ["tabby", "poodle"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a,b\n1,2\n", "its columns are a, b"),
        ("", "none of its columns"),
        ('path\n"open', "damaged, or not a list"),
    ],
)
def test_a_list_that_makes_no_sense_is_refused(tmp_path, scan, text, words):
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(UsageError, match=words):
        scan(tmp_path / "list.csv")


def test_a_list_says_the_labels_of_a_folder(pictures, tmp_path, scan):
    (tmp_path / "labels.csv").write_text("id,label,split\ncat/1.png,A,train\n0,B,\ngrey,C,test\nlost,D,\n")
    catalog = scan(pictures, options=ScanOptions(label_list=str(tmp_path / "labels.csv")))
    found = {path: (label, split) for path, label, split in told(catalog) if label or split}
    assert found["cat/1.png"] == ("A", "train")
    assert found["cat/grey.png"] == ("C", "test")
    assert len(found) == 2, "dog/0.png and dog/0.jpg are both called 0"
    assert catalog.skipped.kind.counts() == {"lines of labels without a picture": 2}
    assert list(catalog.skipped.detail) == ["0", "lost"]


def test_lists_files_and_folders_keep_the_order_they_were_picked_in(pictures, scan):
    (pictures / "dog" / "list.csv").write_text("file\n4.png\n0.png\n")
    one, two = pictures / "cat" / "3.png", pictures / "cat" / "1.png"
    catalog = scan(one, pictures / "dog" / "list.csv", two)
    assert [catalog.file(sample) for sample in range(4)] == [
        str(one), str(pictures / "dog" / "4.png"), str(pictures / "dog" / "0.png"), str(two)
    ]  # fmt: skip

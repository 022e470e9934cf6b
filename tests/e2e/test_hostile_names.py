"""Names that are no text, look like markup or formulas, or would steer a terminal."""

import csv
import io
import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QWidget

import stackgui

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")

NAMES = [
    b"two\nlines.png", b"tab\tand\rreturn.png", b"caf\xe9.png", b"\xff\xfe\x80.png",
    b"=cmd|' -C calc'!A0.png", b"+1.png", b"-rf.png", b"@sum(a).png",
    b"<b>bold<!--.png", b"&lt;i&gt;.png", b"a&b.png", b"%s %n {0} [red].png",
    b"\x1b[31mred\x1b[0m.png", b"\x1b]0;title\x07.png", b"\x9b2J.png", b"bell\x07 back\x08\x7f.png",
    "\u202egnp.exe.png".encode(), "\u2066a\u2069.png".encode(), "日本 🐈.png".encode(),
    b'quote".png', b"it's, a; comma.png", b"back\\slash.png", b" space .png", b"x" * 251 + b".png",
]  # fmt: skip
CLASSES = [b"<img src=x onerror=1>", b"=HYPERLINK(1)", b"new\nclass", b"\x1b[2Jwipe", b"\xe9"]
MARKUP = ("<b>", "<!--", "<img")


def is_harmless(text: str) -> bool:
    """Whether a terminal or a label shows `text` and does nothing else; lines are allowed to end."""
    return all(line.isprintable() for line in text.split("\n"))


@pytest.fixture
def folder(tmp_path) -> Path:
    """Every name once whole and once damaged, in folders whose names are no better."""
    made = tmp_path / "<u>pets\x1b[1m"
    random = np.random.default_rng(3)
    for place, name in enumerate(NAMES):
        parts = os.path.join(os.fsencode(made), CLASSES[place % len(CLASSES)])
        os.makedirs(os.path.join(parts, b"broken"), exist_ok=True)
        picture = io.BytesIO()
        Image.fromarray(random.integers(0, 256, (8, 9, 3), np.uint8)).save(picture, "PNG")
        for below, data in ((b"", picture.getvalue()), (b"broken", picture.getvalue()[:60])):
            with open(os.path.join(parts, below, name), "wb") as file:
                file.write(data)
    return made


def names_in(folder: Path) -> set[str]:
    return {os.path.join(base, name) for base, _, names in os.walk(folder) for name in names}


def test_a_terminal_is_not_steered(stackgui, folder, tmp_path):
    out = tmp_path / "out"
    for arguments, status in (
        (["scan", folder], 0),
        (["plan", folder], 0),
        (["convert", folder, "--out", out], 3),
        (["verify", out, "--deep", "all"], 0),
        (["convert", folder, "--out", out], 2),
        (["convert", f"{folder}/no\x1b[2J", "--out", tmp_path / "new"], 2),
        (["convert", folder, "--out", folder / "in\x1b[2J"], 2),
        (["verify", f"{folder}\x1b"], 2),
        (["resume", f"{folder}\x1b"], 2),
        (["convert", folder, "--size", "\x1b[2J", "--out", out], 2),
        (["con\x1b[2Jvert"], 2),
    ):
        ended = stackgui(*arguments)
        assert (ended.status, bool(ended.out)) == (status, status != 2), (arguments, ended)
        assert is_harmless(ended.out), arguments
        assert is_harmless(ended.err), arguments


def test_programs_get_exact_names_and_spreadsheets_safe_ones(program, folder, tmp_path):
    out = tmp_path / "out"
    ended = program("convert", folder, "--out", out, "--json")
    assert ended.status == 3
    assert {failure["file"] for failure in ended.json["failures"]} == {
        name for name in names_in(folder) if "/broken/" in name
    }
    lines = (out / "manifest.jsonl").read_bytes().splitlines()
    rows = [json.loads(line) for line in lines]
    assert {os.path.join(row["source"], row["file"]) for row in rows} == names_in(folder)
    assert {row["class"] for row in rows} == {os.fsdecode(name) for name in CLASSES}
    with stackgui.open_stack(out) as stack:
        for row in np.flatnonzero(stack.valid).tolist():
            assert np.array_equal(stack.original(row), np.asarray(Image.open(stack.files[row])))
    text = (out / "manifest.csv").read_bytes().decode("utf-8-sig")
    for row in csv.DictReader(io.StringIO(text, newline="")):
        assert not any(cell.startswith(tuple("=+-@\t\r\n")) for cell in row.values())


def texts_of(window: QWidget):
    """All that the window shows: what kind of widget, and its text."""
    for widget in window.findChildren(QWidget):
        yield "tip", widget.toolTip()
        if isinstance(widget, QLabel):
            plain = widget.textFormat() is Qt.TextFormat.PlainText
            yield "plain" if plain else "rich", widget.text()
        elif isinstance(widget, QAbstractButton):
            yield "button", widget.text()
        elif isinstance(widget, QAbstractItemView) and widget.model() is not None:
            model = widget.model()
            columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
            for row in range(model.rowCount(QModelIndex())):
                for column in range(columns):
                    index = model.index(row, column)
                    yield "cell", str(index.data() or "")
                    yield "tip", str(index.data(Qt.ItemDataRole.ToolTipRole) or "")


def test_the_window_shows_them_as_plain_text(drive, folder, tmp_path):
    seen = []

    def script(person):
        yield lambda: person.sees("welcome")
        person.drops(folder)
        yield lambda: person.sees("save.line", "Ready")
        seen.extend(texts_of(person.window))
        person.window.save.destination_changed.emit(str(tmp_path / "<s>out\x1b"))
        yield lambda: person.sees("save.line", "Ready")
        person.press("save.convert")
        yield lambda: person.sees("result")
        assert person.sees("result.line", "could not be read"), person.find("result.line").text()
        person.press("result.failures")
        seen.extend(texts_of(person.window))
        person.press("result.verify")
        yield lambda: person.sees("check.line", "nothing has changed")
        seen.extend(texts_of(person.window))

    assert drive(script) == 0
    assert any("<b>bold" in text for kind, text in seen if kind == "cell")
    assert any("<img" in text for kind, text in seen if kind == "cell"), "labels are shown"
    for kind, text in seen:
        assert is_harmless(text), (kind, text)
        if kind in {"tip", "rich"}:
            assert not any(mark in text for mark in MARKUP), (kind, text)

"""An annotator's folders, through the real window: pictures with boxes, and one in which all is broken."""

import io
import json
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from stackgui.gui.app.stack_window import StackWindow


def type_place(person, text: str) -> None:
    field = person.find("save.destination")
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_where_no_picture_can_be_read_the_previews_say_so(drive, tmp_path):
    folder, whole = tmp_path / "broken birds", io.BytesIO()
    folder.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
    Image.fromarray(pixels).save(whole, "JPEG")
    for index in range(3):
        (folder / f"half {index}.jpg").write_bytes(whole.getvalue()[: 1500 + index])

    def script(person):
        person.drops(folder)
        strip = person.window.found.sizes.outlook
        yield lambda: strip.accessibleDescription().startswith("None of the pictures can be read.")
        yield lambda: person.can_press("save.convert")
        person.press("save.convert")
        yield lambda: person.sees("result.line", "3 could not be read")

    assert drive(script) == 0


def test_a_stack_with_a_mere_name_says_of_which_classes_its_boxes_are(drive, tmp_path):
    folder = tmp_path / "my birds"
    folder.mkdir()
    Image.fromarray(np.full((60, 80, 3), 90, np.uint8)).save(folder / "1.png")
    boxes = [
        {"id": n, "image_id": 1, "category_id": c, "bbox": [5, 5, 9, 9]} for n, c in ((1, 7), (2, 3), (3, 7))
    ]
    described = {
        "images": [{"id": 1, "file_name": "1.png", "width": 80, "height": 60}],
        "annotations": boxes,
        "categories": [{"id": 3, "name": "Fisch"}, {"id": 7, "name": "großer Vogel"}],
    }
    (folder / "boxes.json").write_text(json.dumps(described), encoding="utf-8")
    made: list[Path] = []

    def script(person):
        person.drops(folder)
        yield lambda: person.can_press("save.convert")
        beside = Path(person.find("save.destination").text()).parent
        type_place(person, "another name")
        assert person.find("save.destination").text() == str(beside / "another name")
        yield lambda: person.can_press("save.convert")
        person.press("save.convert")
        yield lambda: person.can_press("result.look")
        made.append(beside / "another name" / "images.npy")
        person.press("result.look")
        yield lambda: person.window.findChild(StackWindow) is not None
        opened = person.window.findChild(StackWindow)
        yield lambda: opened.opened is not None and not opened.rows.grid.missing
        assert opened.windowTitle() == "Rows of another name"
        opened.rows.go_to(0)
        yield lambda: opened.details.seen is not None
        told = [label.text() for label in opened.details.findChildren(QLabel)]
        assert "3: 2 großer Vogel, 1 Fisch" in told
        opened.close()
        yield lambda: opened not in QApplication.topLevelWidgets() or not opened.isVisible()

    assert drive(script) == 0
    assert made[0].is_file()

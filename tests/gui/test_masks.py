"""Masks are said to be recognised, can be chosen otherwise, and their values become classes in a table."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton, QTableView, QTabWidget, QWidget

from stackgui.core.base.choices import MissingMask
from stackgui.core.catalog.mask_classes import COLOUR, MaskClass
from stackgui.core.catalog.masks import Masks, MaskValues
from stackgui.core.catalog.scan_options import AUTOMATIC, NONE, ScanOptions
from stackgui.gui.app import dialogs
from stackgui.gui.control.screen import State
from stackgui.gui.panels.found.masks import FIELDS
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.widgets.drop_down import DropDown
from stackgui.gui.widgets.mask_rows import NAME, NUMBER, VALUE
from stackgui.gui.widgets.overlay import mask_image, overlay
from tests.gui.acting import choose, words

RED = COLOUR + 0xFF0000


@pytest.fixture(autouse=True)
def everything_shown(qapp):
    yield
    overlay().hide_mask_numbers(frozenset())


@pytest.fixture
def keys():
    return (0, 7, 9)


@pytest.fixture
def with_masks(behaviour, app, folders, reach, keys):
    """Three of four pictures have a mask."""
    catalog = behaviour.catalog
    found = MaskValues(np.array(keys), np.array([80, 15, 5]), np.array([3, 2, 1]), most=9)
    masks = Masks(catalog.take(np.arange(3)), np.array([0, 1, -1, 2], np.int32), found, places=("masks",))
    behaviour.catalog = replace(catalog, masks=masks)
    app.controller.add_sources(folders)
    reach(State.READY)


@pytest.fixture
def page(with_masks, find):
    page = find(Tab, "masks.page")
    find(QTabWidget, "found.tabs").setCurrentWidget(page)
    return page


def shown(find, text: str) -> bool:
    bar = find(QLabel, "messageBar.text")
    return bar.isVisible() and text in bar.text()


def cells(find) -> list[list[str]]:
    model = find(QTableView, "masks.values").model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_without_masks_there_is_nothing_to_choose_in_the_sources(ready, find):
    assert not find(QWidget, "masks").isVisible()
    find(QTabWidget, "found.tabs").setCurrentWidget(find(Tab, "masks.page"))
    assert words(find, "masks.line") == "No masks were found."
    assert "A mask is a picture that says of each pixel" in words(find, "masks.details")
    assert find(QPushButton, "masks.folder").isVisible()
    assert not any(find(QWidget, f"masks.{name}").isVisible() for name in ("values", *FIELDS))


def test_masks_are_said_and_taken_for_pictures_by_one_choice(with_masks, behaviour, app, find, qtbot, reach):
    assert find(QWidget, "masks").isVisible()
    assert words(find, "masks.found") == "3 of 4 pictures have a mask (masks)."
    behaviour.catalog = replace(behaviour.catalog, masks=None)
    choose(find, qtbot, "masks.taken", "as pictures")
    reach(State.READY)
    assert app.controller.screen.scan_options == ScanOptions(masks=NONE)
    assert find(QWidget, "masks").isVisible()
    assert not find(QWidget, "masks.found").isVisible()
    choose(find, qtbot, "masks.taken", "as masks")
    reach(State.READY)
    assert app.controller.screen.scan_options.masks == AUTOMATIC


def test_a_place_that_was_chosen_elsewhere_is_shown(with_masks, app, find, reach):
    app.controller.choose_scan(ScanOptions(masks="/elsewhere/drawn"))
    reach(State.READY)
    assert find(QWidget, "masks.taken").currentText() == "/elsewhere/drawn"
    assert find(QComboBox, "masks.place").currentText() == "/elsewhere/drawn"


def test_the_tab_says_what_masks_hold_and_what_it_becomes(page, find):
    assert words(find, "masks.line") == "3 of 4 pictures have a mask (masks)."
    assert "Their classes are 0, 7, 9; 255 stands for none." in words(find, "masks.details")
    assert cells(find) == [
        ["0", "3", "80 %", "0", "0"],
        ["7", "2", "15 %", "7", "7"],
        ["9", "1", "5 %", "9", "9"],
    ]


def test_values_are_named_joined_ignored_and_taken_back(page, app, find, qtbot):
    model = find(QTableView, "masks.values").model()

    def typed(row: int, column: int, text: str) -> list[list[str]]:
        before = app.controller.screen.plan
        assert model.setData(model.index(row, column), text)
        qtbot.waitUntil(lambda: app.controller.screen.plan not in {None, before})
        return [each[NUMBER:] for each in cells(find)]

    assert typed(1, NAME, "road") == [["0", "0"], ["7", "road"], ["9", "9"]]
    assert typed(1, NUMBER, "1") == [["0", "0"], ["1", "road"], ["9", "9"]]
    assert typed(2, NAME, "road") == [["0", "0"], ["1", "road"], ["1", "road"]]
    assert app.controller.screen.options.mask_classes == (MaskClass("0", (0,)), MaskClass("road", (7, 9)))
    assert typed(0, NUMBER, "") == [["–", "does not count"], ["1", "road"], ["1", "road"]]
    app.window.menus["undo"].trigger()
    qtbot.waitUntil(lambda: cells(find)[0][NUMBER:] == ["0", "0"])
    find(QPushButton, "masks.as_found").click()
    qtbot.waitUntil(lambda: cells(find)[1][NUMBER:] == ["7", "7"])
    assert app.controller.screen.options.mask_classes == ()
    assert not model.setData(model.index(1, NUMBER), "many")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("labelmap.txt", "ground:0,0,0::\nroad:7,7,7::\ncar:9,9,9::\n"),
        ("classes.txt", "0 ground\n7 road\n9 car\n"),
        ("data.yaml", "names:\n  0: ground\n  7: road\n  9: car\n"),
        ("coco.json", json.dumps({"categories": [
            {"id": 0, "name": "ground"}, {"id": 7, "name": "road"}, {"id": 9, "name": "car"}]})),
    ],
)  # fmt: skip
def test_classes_are_read_from_a_file(page, app, find, qtbot, tmp_path, monkeypatch, name, content):
    (tmp_path / name).write_text(content)
    monkeypatch.setattr(dialogs, "ask_mask_classes", lambda *_: str(tmp_path / name))
    find(QPushButton, "masks.classes_file").click()
    qtbot.waitUntil(lambda: [each[NAME] for each in cells(find)] == ["ground", "road", "car"])
    assert [each[NUMBER] for each in cells(find)] == ["0", "1", "2"]


def test_a_file_without_classes_is_refused_in_a_sentence(page, app, find, qtbot, tmp_path, monkeypatch):
    (tmp_path / "classes.json").write_text("[7]")
    for name in ("classes.json", "gone.json"):
        monkeypatch.setattr(dialogs, "ask_mask_classes", lambda *_, name=name: str(tmp_path / name))
        find(QPushButton, "masks.classes_file").click()
        qtbot.waitUntil(lambda name=name: shown(find, f"{name}” is not a table of classes: "))
    assert app.controller.screen.options.mask_classes == ()


def test_folder_and_list_are_picked_and_pictures_are_one_click_away(
    page, behaviour, app, find, qtbot, tmp_path, monkeypatch, reach
):
    monkeypatch.setattr(dialogs, "ask_folder", lambda *_: str(tmp_path / "drawn"))
    monkeypatch.setattr(dialogs, "ask_masks", lambda *_: str(tmp_path / "pairs.csv"))
    for name, place in (("folder", "drawn"), ("list", "pairs.csv")):
        find(QPushButton, f"masks.{name}").click()
        reach(State.READY)
        assert app.controller.screen.scan_options.masks == str(tmp_path / place)
    taken = behaviour.catalog
    behaviour.catalog = replace(taken, masks=None)
    choose(find, qtbot, "masks.place", "None: they are pictures like any other")
    reach(State.READY)
    assert app.controller.screen.scan_options.masks == NONE
    assert "as chosen" in words(find, "masks.line")
    behaviour.catalog = taken
    for text, place in (("Look for masks", AUTOMATIC), ("These are pictures, not masks", NONE)):
        assert find(QPushButton, "masks.other").text() == text
        find(QPushButton, "masks.other").click()
        reach(State.READY)
        assert app.controller.screen.scan_options.masks == place


def test_the_fields_change_the_options(page, app, find, qtbot):
    choose(find, qtbot, "masks.missing_masks", "leave the picture out")
    assert app.controller.screen.options.missing_masks is MissingMask.LEAVE_OUT


@pytest.mark.parametrize("wide", [(960, 600), (1280, 800), (1366, 768), (1920, 1000)])
def test_fields_stand_where_no_entry_is_cut_off(page, app, find, qtbot, wide):
    app.window.resize(*wide)
    boxes = [find(DropDown, f"masks.{name}") for name in ("missing_masks", "mask_numbers")]

    def is_whole(box: DropDown, at: int) -> bool:
        box.setCurrentIndex(at)
        return box.shown_text() == box.itemText(at)

    qtbot.waitUntil(lambda: all(is_whole(box, at) for box in boxes for at in range(box.count())))
    assert not find(DropDown, "masks.draw_masks").isVisible(), "there are no outlines to draw"


def test_what_is_hidden_is_forgotten_with_its_pictures(page, app, reach):
    overlay().hide_mask_numbers(frozenset({7}))
    overlay().hide_classes(frozenset({"cat"}))
    app.controller.choose_options(replace(app.controller.screen.options, missing_masks=MissingMask.STOP))
    assert (overlay().hidden_masks, overlay().hidden) == ({7}, {"cat"}), "the pictures are the same"
    app.controller.projects.start_new()
    reach(State.EMPTY)
    assert (overlay().hidden_masks, overlay().hidden) == (frozenset(), frozenset())


@pytest.mark.parametrize("keys", [(0, 7, RED)])
def test_a_class_that_is_not_ticked_is_not_drawn(page, find):
    model = find(QTableView, "masks.values").model()
    assert cells(find)[2][NUMBER:] == ["2", "#ff0000"]
    mask = np.array([[0, 1, 2]], np.uint8)
    assert [mask_image(mask).pixelColor(x, 0).alpha() > 0 for x in range(3)] == [False, True, True]
    where = model.index(2, VALUE)
    assert where.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    model.setData(where, Qt.CheckState.Unchecked.value, Qt.ItemDataRole.CheckStateRole)
    assert where.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Unchecked
    assert [mask_image(mask).pixelColor(x, 0).alpha() > 0 for x in range(3)] == [False, True, False]

"""Folders: picked, dropped, removed."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QGraphicsView,
    QLabel,
    QPushButton,
    QWidget,
)

from stackgui.gui.app import adding
from stackgui.gui.control.screen import State
from tests.gui.acting import words
from tests.projects import PICTURES, PROJECTS


def test_folders_are_picked(app, click, folders, monkeypatch, reach):
    monkeypatch.setattr(adding, "ask_folders", lambda *_: folders[:1])
    click("welcome.add")
    reach(State.READY)
    assert app.controller.screen.sources == (folders[0],)


def test_the_sample_pictures_are_a_folder_like_any_other(app, click, reach):
    click("welcome.samples")
    reach(State.READY)
    assert Path(app.controller.screen.sources[0]).name == "samples"


def test_a_marked_folder_is_removed_by_key(ready, app, find, qtbot, folders, reach):
    table = find(QAbstractItemView, "sources.list")
    table.setFocus()
    app.window.activateWindow()
    qtbot.waitUntil(table.hasFocus)
    table.selectRow(0)
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    reach(State.READY)
    assert app.controller.screen.sources == (folders[1],)


def drop(widget: QWidget, names: list[str], *, proposes_move: bool = False) -> bool:
    """Drop `names` on `widget`, and return whether it takes a copy of them."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(name) for name in names])
    common = (
        Qt.DropAction.CopyAction | Qt.DropAction.MoveAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    events = (
        QDragEnterEvent(QPoint(5, 5), *common),
        QDragMoveEvent(QPoint(5, 5), *common),
        QDropEvent(QPointF(5, 5), *common),
    )
    for event in events:
        if proposes_move:
            event.setDropAction(Qt.DropAction.MoveAction)
        QApplication.sendEvent(widget, event)
    return all(event.isAccepted() and event.dropAction() is Qt.DropAction.CopyAction for event in events)


@pytest.mark.parametrize("proposes_move", [False, True])
def test_folders_are_dropped_on_the_window_and_stay_where_they_are(app, folders, reach, proposes_move):
    assert drop(app.window, folders, proposes_move=proposes_move)
    reach(State.READY)
    assert app.controller.screen.sources == tuple(folders)


def test_nothing_in_the_window_keeps_a_dropped_folder_for_itself(ready, app):
    keepers = [
        widget.objectName() or type(widget).__name__
        for widget in app.window.findChildren(QWidget)
        if widget.acceptDrops()
    ]
    assert keepers == []
    assert app.window.findChildren(QGraphicsView), "the plot is there"


def test_a_dropped_archive_or_list_is_a_source(app, tmp_path, reach):
    files = [tmp_path / "cats.tar.gz", tmp_path / "dogs.csv"]
    for file in files:
        file.touch()
    drop(app.window, [str(file) for file in files])
    reach(State.READY)
    assert app.controller.screen.sources == tuple(map(str, files))
    assert os.path.basename(app.controller.screen.run.destination) == "cats"


def test_files_are_added_by_a_button(app, tmp_path, find, reach, monkeypatch):
    (tmp_path / "cats.zip").touch()
    monkeypatch.setattr("stackgui.gui.app.dialogs.ask_files", lambda *_: [str(tmp_path / "cats.zip")])
    find(QPushButton, "sources.files").click()
    reach(State.READY)
    assert app.controller.screen.sources == (str(tmp_path / "cats.zip"),)


def test_what_is_neither_folder_nor_file_is_refused_in_words(app, tmp_path, find, qtbot):
    drop(app.window, [str(tmp_path / "gone")])
    qtbot.waitUntil(find(QLabel, "messageBar.text").isVisible)
    assert "“gone” is neither a folder nor a file" in words(find, "messageBar.text")
    assert app.controller.screen.state is State.EMPTY


def test_a_folder_with_any_name_is_shown_in_one_line(app, tmp_path, find, reach):
    folder = tmp_path / os.fsdecode(b"caf\xe9 <b>\nx")
    folder.mkdir()
    app.controller.add_sources([str(folder)])
    reach(State.READY)
    assert find(QAbstractItemView, "sources.list").model().index(0, 0).data() == "caf\\xe9 <b>\\nx"
    assert app.controller.screen.run.destination.endswith(os.fsdecode(b"caf\xe9 <b>\nx"))


@pytest.mark.parametrize("has_others", [False, True])
def test_a_dropped_file_of_annotations_is_taken_as_such(app, find, tmp_path, reach, qtbot, has_others):
    file = PROJECTS["coco"](tmp_path / "coco", PICTURES)
    folder = str(tmp_path / "coco")
    if has_others:
        app.controller.add_sources([folder])
        reach(State.READY)
    drop(app.window, [str(file)])
    qtbot.waitUntil(lambda: app.controller.screen.scan_options.annotations == str(file))
    reach(State.READY)
    screen = app.controller.screen
    assert screen.sources == (folder,)
    assert app.window.message.text().startswith("instances_train.json holds annotations (COCO). ")

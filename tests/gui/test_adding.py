"""Several folders at once: from the dialog, and from the clipboard."""

from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, QUrl
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLineEdit, QListView

from stackgui.gui.app import adding
from stackgui.gui.app.adding import copied, folders_dialog, picked
from stackgui.gui.control.adding import place_with, replaced
from stackgui.gui.control.screen import State


@pytest.fixture
def dialog(qtbot, tmp_path):
    for name in ("cats", "dogs", "horses"):
        (tmp_path / name).mkdir()
    made = folders_dialog(None, str(tmp_path))
    qtbot.addWidget(made)
    made.show()
    return made


def test_several_folders_are_picked_in_the_dialog(dialog, qtbot, tmp_path):
    view = dialog.findChild(QListView, "listView")
    qtbot.waitUntil(lambda: view.model().rowCount(view.rootIndex()) == 3)
    selects = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    places = {view.model().index(row, 0, view.rootIndex()).data(): row for row in range(3)}
    for name in ("cats", "horses"):
        view.selectionModel().select(view.model().index(places[name], 0, view.rootIndex()), selects)
    dialog.accept()
    assert sorted(dialog.selectedFiles()) == [str(tmp_path / "cats"), str(tmp_path / "horses")]


def test_folders_are_typed_in_the_dialog(dialog, tmp_path):
    dialog.findChild(QLineEdit, "fileNameEdit").setText(f'"{tmp_path / "cats"}" "{tmp_path / "dogs"}"')
    assert sorted(dialog.selectedFiles()) == [str(tmp_path / "cats"), str(tmp_path / "dogs")]
    assert dialog.fileMode() is QFileDialog.FileMode.Directory


def test_a_folder_that_is_typed_comes_before_those_that_are_marked(dialog, qtbot, tmp_path):
    view = dialog.findChild(QListView, "listView")
    qtbot.waitUntil(lambda: view.model().rowCount(view.rootIndex()) == 3)
    view.setCurrentIndex(view.model().index(0, 0, view.rootIndex()))
    assert len(picked(dialog)) == 1
    dialog.findChild(QLineEdit, "fileNameEdit").setText(str(tmp_path / "dogs"))
    assert picked(dialog) == [str(tmp_path / "dogs")]


def test_the_dialog_opens_where_the_last_pictures_were(app, folders, reach, monkeypatch):
    asked = []
    monkeypatch.setattr(adding, "ask_folders", lambda _parent, start: asked.append(start) or [])
    app.files.add_folder()
    app.controller.add_sources(folders)
    reach(State.READY)
    app.controller.projects.start_new()
    app.files.add_folder()
    assert asked == [str(Path.home()), str(Path(folders[0]).parent)]


def test_what_was_copied_is_read_as_links_or_as_paths(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "cats and dogs").mkdir()
    links, text = QMimeData(), QMimeData()
    links.setUrls([QUrl.fromLocalFile(str(tmp_path)), QUrl("https://example.org")])
    text.setText(f'"{tmp_path / "cats and dogs"}"\n\n  ~/cats and dogs \n{tmp_path / "gone"}\ncats and dogs')
    address = QMimeData()
    address.setText("s3://bucket/place\nftp://host/place")
    assert copied(address) == ["s3://bucket/place"]
    assert copied(links) == [str(tmp_path), "https://example.org"]
    assert copied(text) == [str(tmp_path / "cats and dogs")] * 2
    assert copied(QMimeData()) == []


def test_copied_folders_are_pasted_into_the_window(app, folders):
    QGuiApplication.clipboard().setText("\n".join(folders))
    app.window.menus["paste"].trigger()
    assert app.controller.screen.sources == tuple(folders)
    QGuiApplication.clipboard().setText("nothing of use")
    app.window.menus["paste"].trigger()
    assert app.window.message.text() == adding.NOTHING_COPIED


def test_a_second_file_of_annotations_joins_the_first(tmp_path):
    for name in ("train.json", "val.json"):
        (tmp_path / name).touch()
    train, val = str(tmp_path / "train.json"), str(tmp_path / "val.json")
    assert place_with("auto", train) == train
    assert place_with(train, val) == str(tmp_path)
    assert place_with(str(tmp_path), val) == str(tmp_path)
    assert place_with(train, "/elsewhere/val.json") == "/elsewhere/val.json"
    assert place_with(train, "") == train
    assert replaced(train, str(tmp_path)) == replaced("auto", train) == replaced(train, train) == ""
    assert replaced(train, "/elsewhere/val.json").startswith("Annotations are taken from /elsewhere/val.json")

"""What says the labels is chosen in the window, with an example of what comes out; so are lists' columns."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLineEdit,
    QPushButton,
    QTabWidget,
    QWidget,
)

from stackgui.core.base.columns import Coded
from stackgui.core.base.errors import UsageError
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.labels import LabelKind, Labels
from stackgui.core.options.options import Options
from stackgui.gui.app import dialogs
from stackgui.gui.control.screen import State
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.widgets import theme
from tests.gui.acting import choose, to_array, words


@pytest.fixture
def opened(ready, click):
    """The window with all choices of the plan open."""
    click("plan.more")


def write(find, qtbot, name: str, text: str) -> None:
    field = find(QLineEdit, name)
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_what_comes_out_is_shown_by_example(opened, find):
    assert words(find, "plan.labels.outcome") == "tabby · 2, terrier · 2."
    assert not find(QWidget, "plan.labels.pattern").isVisible()


def test_more_labels_than_examples_are_hinted_at(opened, behaviour, app, find, reach):
    paths = [f"{name}/1.jpg" for name in "dcba"]
    behaviour.catalog = replace(behaviour.catalog, path=type(behaviour.catalog.path).from_names(paths))
    app.controller.choose_scan(ScanOptions(array="x"))
    reach(State.READY)
    assert words(find, "plan.labels.outcome") == "a · 1, b · 1, c · 1 …"


def test_a_part_of_the_name_is_a_label(opened, app, behaviour, find, qtbot, reach):
    paths = ["cat_1.jpg", "dog_2.jpg", "cat-3.jpg", "4.jpg"]
    behaviour.catalog = replace(behaviour.catalog, path=type(behaviour.catalog.path).from_names(paths))
    app.controller.choose_scan(ScanOptions(array="x"))
    reach(State.READY)
    choose(find, qtbot, "plan.labels", "a part of the file's name")
    assert find(QLineEdit, "plan.labels.pattern").text() == "{label}_*"
    assert words(find, "plan.labels.outcome") == "cat · 1, dog · 1. Without a label: 2."
    find(QTabWidget, "found.tabs").setCurrentWidget(find(Tab, "labels"))
    assert "taken from the files’ names" in words(find, "labels.line")
    write(find, qtbot, "plan.labels.pattern", "{label}?*.jpg")
    assert app.controller.screen.options.labels == Labels(LabelKind.NAME, pattern="{label}?*.jpg")
    assert find(QComboBox, "plan.labels").currentText() == "a part of the file's name"
    write(find, qtbot, "plan.labels.pattern", "no label")
    assert "must contain {label} once" in words(find, "plan.labels.outcome")
    assert app.controller.screen.options.labels.pattern == "{label}?*.jpg"
    choose(find, qtbot, "plan.labels", "none")
    assert not find(QWidget, "plan.labels.pattern").isVisible()
    assert not find(QWidget, "plan.labels.outcome").isVisible()


def test_a_list_says_the_labels(opened, app, find, click, tmp_path, monkeypatch, reach):
    app.controller.choose_options(Options(labels=Labels.NONE))
    assert words(find, "plan.labels.list") == "none"
    assert not find(QPushButton, "plan.labels.list.clear").isVisible()
    monkeypatch.setattr(dialogs, "ask_list", lambda *_: str(tmp_path / "labels.csv"))
    click("plan.labels.list.choose")
    reach(State.READY)
    assert app.controller.screen.catalog.scan_options == ScanOptions(label_list=str(tmp_path / "labels.csv"))
    assert app.controller.screen.options.labels == Labels.AUTO, "whoever picks a list wants its labels"
    assert words(find, "plan.labels.list") == "labels.csv"
    QApplication.processEvents()  # the columns of lists are shown beside it, and all is laid out anew
    click("plan.labels.list.clear")
    reach(State.READY)
    assert app.controller.screen.catalog.scan_options == ScanOptions()


def test_a_list_says_the_classes(opened, app, find, click, tmp_path, monkeypatch):
    assert words(find, "plan.labels.classes") == "none"
    assert not find(QPushButton, "plan.labels.classes.clear").isVisible()
    (tmp_path / "all.txt").write_text("wolf\nterrier\ntabby\n")
    monkeypatch.setattr(dialogs, "ask_classes", lambda *_: str(tmp_path / "all.txt"))
    click("plan.labels.classes.choose")
    assert app.controller.screen.options.classes == ("wolf", "terrier", "tabby")
    assert app.controller.screen.plan.classes == ("wolf", "terrier", "tabby")
    assert words(find, "plan.labels.classes") == "3: wolf, terrier and tabby"
    click("plan.labels.classes.clear")
    assert app.controller.screen.options.classes == ()
    (tmp_path / "all.txt").write_text("wolf\nwolf\n")
    click("plan.labels.classes.choose")
    assert "is not a list of classes: It names classes twice" in words(find, "messageBar.text")
    assert app.controller.screen.options.classes == ()


def test_the_page_of_labels_says_why_folders_are_none(opened, app, behaviour, find, reach):
    paths, catalog = ["1.jpg", "2.jpg", "3.jpg", "old/4.jpg"], behaviour.catalog
    alone = catalog.source * 0
    behaviour.catalog = replace(catalog, path=type(catalog.path).from_names(paths), source=alone)
    app.controller.choose_scan(ScanOptions(array="x"))
    reach(State.READY)
    find(QTabWidget, "found.tabs").setCurrentWidget(find(Tab, "labels"))
    assert "1 of 4 pictures lies in folders (old) and the others in none" in words(find, "labels.line")


def test_labels_of_lists_are_said_to_be_theirs(opened, app, behaviour, find, reach):
    said = Coded.from_values(["cat", "cat", "dog", ""])
    behaviour.catalog = replace(behaviour.catalog, given_label=said, lists=("l.csv: files from “path”.",))
    app.controller.choose_scan(ScanOptions(array="x"))
    reach(State.READY)
    find(QTabWidget, "found.tabs").setCurrentWidget(find(Tab, "labels"))
    assert (
        words(find, "labels.line") == "2 labels, taken from lists; 1 to 2 pictures each. Without a label: 1."
    )


def test_columns_are_chosen_where_a_list_is_a_source(ready, app, find, qtbot, tmp_path, reach):
    assert not find(QWidget, "lists").isVisible()
    (tmp_path / "pets.csv").touch()
    app.controller.add_sources([str(tmp_path / "pets.csv")])
    qtbot.waitUntil(lambda: str(tmp_path / "pets.csv") in app.controller.screen.sources)
    reach(State.READY)
    assert find(QWidget, "lists").isVisible()
    assert find(QLineEdit, "lists.label_column.typed").placeholderText() == "found by name"
    write(find, qtbot, "lists.label_column.typed", " Breed ")
    reach(State.READY)
    assert app.controller.screen.catalog.scan_options == ScanOptions(label_column="Breed")
    write(find, qtbot, "lists.path_column.typed", "where")
    reach(State.READY)
    assert app.controller.screen.catalog.scan_options == ScanOptions(
        path_column="where", label_column="Breed"
    )
    app.controller.choose_scan(ScanOptions())
    reach(State.READY)
    assert find(QLineEdit, "lists.label_column.typed").text() == ""


def test_the_columns_of_the_lists_are_offered(ready, app, behaviour, find, qtbot, tmp_path, reach):
    (tmp_path / "pets.csv").touch()
    behaviour.catalog = replace(behaviour.catalog, list_columns=("file", "breed", "3"))
    app.controller.add_sources([str(tmp_path / "pets.csv")])
    qtbot.waitUntil(lambda: str(tmp_path / "pets.csv") in app.controller.screen.sources)
    reach(State.READY)
    box = find(QComboBox, "lists.label_column")
    assert [box.itemText(place) for place in range(box.count())] == ["found by name", "file", "breed", "3"]
    assert box.currentText() == "", "nothing was chosen yet"
    choose(find, qtbot, "lists.label_column", "breed")
    reach(State.READY)
    assert app.controller.screen.scan_options == ScanOptions(label_column="breed")
    choose(find, qtbot, "lists.label_column", "found by name")
    reach(State.READY)
    assert app.controller.screen.scan_options == ScanOptions()


def test_a_list_of_labels_is_told_and_can_be_taken_away_where_the_search_fails(
    ready, app, behaviour, find, click, tmp_path, reach
):
    listed = tmp_path / "labels.csv"
    behaviour.catalog = replace(behaviour.catalog, lists=("labels.csv: files from “id”, labels from “dx”.",))
    app.controller.choose_scan(ScanOptions(label_list=str(listed)))
    reach(State.READY)
    assert find(QWidget, "lists").isVisible()
    assert words(find, "lists.told") == "labels.csv: files from “id”, labels from “dx”."
    behaviour.error = UsageError("No line of it names one of the pictures.")
    app.controller.choose_scan(ScanOptions(label_list=str(listed), path_column="3"))
    reach(State.BLOCKED)
    behaviour.error = None
    click("lists.no_label_list")
    reach(State.READY)
    assert app.controller.screen.scan_options.label_list == ""
    assert not find(QWidget, "lists").isVisible()


def test_archives_and_lists_have_icons_of_their_own(app, tmp_path, find, reach):
    names = ["cats.tar.gz", "dogs.csv", "mice"]
    (tmp_path / "mice").mkdir()
    for name in names[:2]:
        (tmp_path / name).touch()
    app.controller.add_sources([str(tmp_path / name) for name in names])
    reach(State.READY)
    model = find(QAbstractItemView, "sources.list").model()
    for row, icon in enumerate(["archive", "list", "folder"]):
        drawn = model.index(row, 0).data(Qt.ItemDataRole.DecorationRole)
        pixels, expected = (to_array(each.pixmap(16, 16).toImage()) for each in (drawn, theme.icon(icon)))
        assert (pixels == expected).all(), icon

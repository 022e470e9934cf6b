"""The table of all pictures, of the plan and of a finished stack."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLineEdit, QTableView, QTabWidget, QWidget

from stackgui.core.base.columns import Coded
from stackgui.core.base.errors import StackguiError
from stackgui.gui.app import dialogs
from tests.gui.acting import words


@pytest.fixture
def cells(find, qtbot):
    """Wait for a number of rows, and return their cells."""

    def read(count: int) -> list[tuple[str, ...]]:
        model = find(QTableView, "list.table").model()
        qtbot.waitUntil(lambda: model.rowCount() == count)
        return [model.cells(row) for row in range(count)]

    return read


@pytest.fixture
def opened(ready, app, find, click, cells):
    find(QTabWidget, "found.tabs").setCurrentWidget(app.window.found.pictures)
    click("pictures.asList")
    return cells(4)


def test_the_list_says_what_each_row_will_be(opened, find, click, qtbot):
    assert opened[0] == ("0", "tabby/1.jpg", "tabby", "", "200 × 100", "")
    assert opened[2] == (
        "2",
        "terrier/3.jpg",
        "terrier",
        "",
        "",
        "the file ends in the middle of the picture",
    )
    click("list.close")
    assert find(QTabWidget, "found.tabs").isVisible()
    click("pictures.asList")
    qtbot.keyClick(find(QTableView, "list.table"), Qt.Key.Key_Escape)
    assert find(QTabWidget, "found.tabs").isVisible()


def test_a_column_is_sorted_by_a_click_on_its_title_and_back(opened, find, cells, qtbot):
    header = find(QTableView, "list.table").horizontalHeader()
    for expected in (["2", "3", "0", "1"], ["1", "0", "3", "2"]):
        place = header.sectionViewportPosition(4) + 20
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place, 8))
        qtbot.waitUntil(lambda: [row[0] for row in cells(4)] == expected)  # noqa: B023


def test_the_list_is_searched_and_saved(opened, find, click, cells, qtbot, tmp_path, monkeypatch):
    qtbot.keyClicks(find(QLineEdit, "list.search"), "dogs")
    assert [row[1] for row in cells(2)] == ["terrier/3.jpg", "terrier/4.jpg"]
    assert words(find, "list.count") == "2 of 4 pictures"
    file = tmp_path / "pictures.csv"
    monkeypatch.setattr(dialogs, "ask_file", lambda *_: str(file))
    click("list.save")
    qtbot.waitUntil(file.exists)
    assert [line.split(",")[0] for line in file.read_text().splitlines()] == ["row", "2", "3"]


def test_the_list_of_a_finished_stack_names_what_failed_in_the_run(finished, app, engine, click, cells, find):
    plan = app.controller.screen.plan
    engine.rows_of.side_effect = lambda _stack: replace(
        plan, problem=Coded.from_values(["", "its data are damaged", "", ""])
    )
    click("result.report")
    assert [row[-1] for row in cells(4)] == ["", "its data are damaged", "", ""]
    assert words(find, "list.title") == "Pictures in “cats”"
    app.controller.remove_sources(app.controller.screen.sources)
    assert not find(QTableView, "list.table").isVisible()


def test_a_list_that_cannot_be_read_is_explained(finished, app, engine, click, qtbot):
    engine.rows_of.side_effect = StackguiError("The manifest is damaged.")
    click("result.report")
    qtbot.waitUntil(lambda: app.window.message.text() == "The manifest is damaged.")


def test_escape_closes_the_list_wherever_the_keyboard_is(opened, app, find):
    find(QWidget, "save.convert").setFocus()
    app.window.menus["closeCard"].trigger()
    assert find(QTabWidget, "found.tabs").isVisible()


def test_a_tab_that_is_called_by_its_keys_comes_before_the_list(opened, app, find):
    app.window.menus["tab.ProblemsPage"].trigger()
    assert find(QTabWidget, "found.tabs").isVisible()
    assert find(QTabWidget, "found.tabs").currentWidget() is app.window.found.problems

"""The tab Pictures of the whole window: search, marks, and a closer look."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QLabel, QLineEdit, QTableView, QTabWidget

from stackgui.core.catalog.sample_set import NOTHING
from stackgui.gui.control.screen import Kind, State
from stackgui.gui.widgets.zoom_view import ZoomView
from tests.gui.acting import choose, words


@pytest.fixture
def page(ready, app, find):
    find(QTabWidget, "found.tabs").setCurrentWidget(app.window.found.pictures)
    return app.window.found.pictures


@pytest.fixture
def listed(page, qtbot):
    def wait(*expected: int) -> None:
        qtbot.waitUntil(lambda: page.grid.samples.tolist() == list(expected))

    return wait


@pytest.fixture
def press(find, qtbot):
    def act(key: Qt.Key, *, large: bool = False) -> None:
        view = find(ZoomView, "large.view") if large else find(QTableView, "thumbGrid")
        view.setFocus()
        qtbot.keyClick(view, key)

    return act


def test_a_search_is_counted_and_ended(page, find, click, qtbot, listed):
    listed(0, 1, 2, 3)
    qtbot.keyClicks(find(QLineEdit, "pictures.search"), "DOGS terrier")
    listed(2, 3)
    assert words(find, "pictures.count") == "2 of 4 pictures"
    click("pictures.all")
    listed(0, 1, 2, 3)
    assert not find(QLabel, "pictures.count").isVisible()
    assert find(QLineEdit, "pictures.search").text() == ""


def test_filters_and_order_work_together(page, find, click, qtbot, listed):
    click("pictures.filters")
    choose(find, qtbot, "pictures.label", "terrier")
    listed(2, 3)
    choose(find, qtbot, "pictures.standing", "the file ends in the middle of the picture (1)")
    listed(2)
    click("pictures.all")
    choose(find, qtbot, "pictures.order", "Area")
    listed(2, 3, 0, 1)
    click("pictures.descending")
    listed(1, 0, 3, 2)
    find(QAbstractSpinBox, "pictures.least_width").setValue(160)
    listed(0, 3)
    assert words(find, "pictures.count") == "2 of 4 pictures"


def test_what_matches_nothing_leaves_an_empty_list(page, find, qtbot, listed):
    qtbot.keyClicks(find(QLineEdit, "pictures.search"), "zebra")
    listed()
    assert words(find, "pictures.count") == "0 of 4 pictures"
    assert not find(QAbstractButton, "pictures.exclude").isEnabled()


def test_delete_leaves_out_all_that_is_marked_and_undo_takes_it_in(page, app, find, click, qtbot, press):
    page.grid.go_to(0)
    qtbot.keyClick(find(QTableView, "thumbGrid"), Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert words(find, "pictures.line") == "2 pictures selected."
    press(Qt.Key.Key_Delete)
    screen = app.controller.screen
    assert screen.options.exclude.mask(screen.catalog).nonzero()[0].tolist() == [0, 1]
    assert words(find, "pictures.line") == "2 pictures selected, 2 of them left out."
    app.controller.travel(back=True)
    assert app.controller.screen.options.exclude == NOTHING
    press(Qt.Key.Key_Delete)
    click("pictures.include")
    assert app.controller.screen.options.exclude == NOTHING


def test_where_all_are_left_out_some_are_taken_in_again(page, app, find, click, press, listed, qtbot):
    press(Qt.Key.Key_Home)
    qtbot.keyClick(find(QTableView, "thumbGrid"), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    press(Qt.Key.Key_Delete)
    assert app.controller.screen.plan is None
    listed(0, 1, 2, 3)
    page.grid.go_to(1)
    click("pictures.include")
    assert app.controller.screen.plan.rows == 1


def test_a_closer_look_goes_from_one_picture_to_the_next(page, app, find, qtbot, press):
    page.grid.go_to(0)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: words(find, "large.scale") != "")
    assert words(find, "large.place") == "1 of 4"
    assert not find(QAbstractButton, "large.before").isEnabled()
    press(Qt.Key.Key_Right, large=True)
    assert (words(find, "large.place"), words(find, "pictures.name")) == ("2 of 4", "tabby/2.jpg")
    press(Qt.Key.Key_Delete, large=True)
    screen = app.controller.screen
    assert screen.options.exclude.mask(screen.catalog).nonzero()[0].tolist() == [1]
    assert words(find, "pictures.line").endswith("left out")
    app.window.show_message(Kind.INFO, "Esc closes this, but not now.")
    press(Qt.Key.Key_Escape, large=True)
    assert find(QTableView, "thumbGrid").isVisible()
    assert page.grid.marked_samples.tolist() == [1]
    assert app.window.message.isVisible()


def test_a_picture_that_is_looked_at_may_leave_the_list(page, app, find, listed):
    listed(0, 1, 2, 3)
    page.look_at(1)
    page.show_listing(np.array([], np.int64))
    assert not find(QLabel, "pictures.name").isVisible()
    assert not find(QAbstractButton, "pictures.exclude").isEnabled()


def test_a_damaged_picture_is_explained_in_words(page, find, qtbot, click, press):
    page.look_at(2)
    expected = (
        "This picture cannot be read: the file ends in the middle of the picture.\nIts place stays empty"
    )
    qtbot.waitUntil(lambda: find(QLabel, "large.reason").isVisible())
    assert words(find, "large.reason").startswith(expected)
    click("large.before")
    qtbot.waitUntil(lambda: find(ZoomView, "large.view").isVisible())
    click("large.back")
    assert page.grid.current == 1


def test_the_list_that_is_searched_is_the_one_that_is_stepped_through(page, find, qtbot, listed, press):
    qtbot.keyClicks(find(QLineEdit, "pictures.search"), "cats")
    listed(0, 1)
    page.look_at(1)
    assert not find(QAbstractButton, "large.next").isEnabled()
    press(Qt.Key.Key_Right, large=True)
    assert words(find, "large.place") == "2 of 2"


def test_other_folders_end_the_closer_look_and_the_search(page, app, find, folders, qtbot, listed, reach):
    qtbot.keyClicks(find(QLineEdit, "pictures.search"), "cats")
    listed(0, 1)
    page.look_at(0)
    app.controller.remove_sources(folders[:1])
    reach(State.READY)
    listed(0, 1, 2, 3)
    assert find(QTableView, "thumbGrid").isVisible()
    assert page.grid.marked_samples.tolist() == []


def test_the_menu_acts_on_what_is_marked(page, app, monkeypatch):
    page.grid.go_to(1)
    menu = page.menu()
    offered = {action.text().replace("&", ""): action for action in menu.actions() if action.text()}
    assert [text for text, action in offered.items() if not action.isEnabled()] == [
        "Take in",
        "Put back in place",
    ]
    offered["Copy path"].trigger()
    assert QGuiApplication.clipboard().text() == app.controller.screen.catalog.file(1)
    revealed = []
    monkeypatch.setattr(app.window.desktop, "open", revealed.append)
    file = Path(app.controller.screen.catalog.file(1))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    offered["Show in the file manager"].trigger()
    assert revealed == [file.parent]
    offered["Put first"].trigger()
    assert app.controller.screen.plan.samples.tolist() == [1, 0, 2, 3]
    assert app.controller.screen.history.undoes == "Put 1 picture first"
    app.controller.travel(back=True)
    assert app.controller.screen.plan.samples.tolist() == [0, 1, 2, 3]
    offered["Leave out"].trigger()
    assert app.controller.screen.options.exclude.mask(app.controller.screen.catalog)[1]
    menu.deleteLater()


def test_thumbnails_come_in_while_a_stack_is_made(page, app, behaviour, engine, find, qtbot, reach):
    behaviour.run_may_end.clear()
    app.controller.convert()
    reach(State.RUNNING)
    model = find(QTableView, "thumbGrid").model()
    qtbot.waitUntil(lambda: all(model.at(place).data() for place in range(4)))
    page.look_at(3)
    qtbot.waitUntil(lambda: words(find, "large.scale") != "")
    behaviour.run_may_end.set()
    reach(State.FINISHED)


def test_many_names_are_searched_beside_the_window(page, app, find, qtbot, monkeypatch):
    """No thread but the window's own may show what was found, and none but another may search."""
    import threading

    from stackgui.gui.control import listing

    searched = []
    real = listing.listed
    monkeypatch.setattr(
        listing, "listed", lambda *asked: (searched.append(threading.current_thread()), real(*asked))[1]
    )
    qtbot.keyClicks(find(QLineEdit, "pictures.search"), "2")
    qtbot.waitUntil(lambda: np.array_equal(page.grid.samples, [1]))
    assert threading.main_thread() not in searched

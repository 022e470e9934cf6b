"""The tour of the window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from stackgui.gui.app.preferences import Preferences
from stackgui.gui.app.tour import beside
from stackgui.gui.control.screen import State
from tests.gui.acting import words

ROOM = QRect(0, 0, 960, 600)


@pytest.fixture
def tour(app, qtbot):
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)
    app.window.menus["tour"].trigger()
    return app.window.findChild(QWidget, "tour")


def space(qtbot) -> None:
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)


def test_four_steps_by_the_space_bar_alone(app, tour, find, qtbot):
    assert tour.isVisible()
    assert tour.window() is app.window, "everything else stays usable"
    titles = []
    for number in range(1, 5):
        assert QApplication.focusWidget().objectName() == "tour.next"
        assert tour.accessibleName() == f"Step {number} of 4"
        assert app.window.rect().contains(tour.geometry())
        titles.append(words(find, "tour.title"))
        assert QApplication.focusWidget().accessibleDescription().startswith(titles[-1])
        assert find(QWidget, "tour.frame").isVisible()
        space(qtbot)
    assert len(set(titles)) == 4
    assert not tour.isVisible()
    assert not find(QWidget, "tour.frame").isVisible()
    assert QApplication.focusWidget().objectName() == "welcome.add"


def test_the_keyboard_goes_back_to_what_had_it(app, tour, qtbot):
    for _ in range(4):
        space(qtbot)
    assert not tour.isVisible()
    assert QApplication.focusWidget().objectName() == "welcome.add"
    app.window.menus["tour"].trigger()
    assert QApplication.focusWidget().objectName() == "tour.next"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert QApplication.focusWidget().objectName() == "welcome.add"


def test_back_and_again(app, tour, find, click):
    first = words(find, "tour.title")
    assert not find(QAbstractButton, "tour.back").isEnabled()
    click("tour.next")
    click("tour.back")
    assert words(find, "tour.title") == first
    click("tour.next")
    click("tour.skip")
    assert not tour.isVisible()
    app.window.menus["tour"].trigger()
    assert words(find, "tour.title") == first


def test_escape_skips_it_and_the_window_is_used_meanwhile(app, tour, folders, reach, qtbot):
    app.controller.add_sources(folders)
    reach(State.READY)
    assert tour.isVisible()
    app.window.resize(1000, 640)
    assert app.window.rect().contains(tour.geometry())
    qtbot.keyClick(app.window, Qt.Key.Key_Escape)
    assert not tour.isVisible()


def test_it_goes_on_when_what_it_speaks_of_is_done(app, tour, folders, reach, find, click, qtbot):
    app.controller.add_sources(folders)
    reach(State.READY)
    qtbot.waitUntil(lambda: tour.accessibleName() == "Step 2 of 4")
    click("tour.back")
    app.controller.add_sources([])
    app.beside.poll()
    assert tour.accessibleName() == "Step 1 of 4", "who goes back wants to read it again"
    for _ in range(3):
        click("tour.next")
    app.controller.convert()
    qtbot.waitUntil(lambda: not tour.isVisible())
    reach(State.FINISHED)


def test_it_makes_way_for_what_gets_the_keyboard(app, tour, find, qtbot):
    app.window.resize(960, 600)
    first = tour.geometry()
    for each in app.window.plan.findChildren(QAbstractButton):
        if each.isVisible() and each.isEnabled():
            each.setFocus()
            place = QRect(each.mapTo(app.window, QPoint(0, 0)), each.size())
            assert not tour.geometry().intersects(place), each.objectName()
    find(QAbstractButton, "tour.next").setFocus()
    assert tour.geometry() == first


def test_it_is_shown_once_and_not_over_work(app, find):
    app.beside.begin_tour_once()
    assert find(QWidget, "tour").isVisible()
    find(QAbstractButton, "tour.skip").click()
    app.beside.begin_tour_once()
    assert not find(QWidget, "tour").isVisible()
    assert Preferences().tour_shown()


def test_where_there_is_work_it_waits(ready, app):
    app.beside.begin_tour_once()
    assert app.window.findChild(QWidget, "tour") is None
    assert not Preferences().tour_shown()


sides = st.integers(1, 900)


@given(st.integers(0, 900), st.integers(0, 560), sides, sides)
def test_the_card_lies_in_the_window_and_beside_its_place_where_there_is_room(x, y, width, height):
    area = QRect(x, y, width, height).intersected(ROOM)
    card = beside(area, QSize(340, 180), ROOM, QRect())
    assert ROOM.contains(card)
    has_room = max(area.left(), ROOM.right() - area.right()) > 360 or (
        max(area.top(), ROOM.bottom() - area.bottom()) > 200
    )
    assert not has_room or not card.intersects(area)


@given(st.integers(0, 900), st.integers(0, 560), st.integers(0, 900), st.integers(0, 560))
def test_the_card_never_covers_what_has_the_keyboard(x, y, has_x, has_y):
    area, has_keys = QRect(x, y, 900, 500).intersected(ROOM), QRect(has_x, has_y, 60, 30).intersected(ROOM)
    card = beside(area, QSize(340, 180), ROOM, has_keys)
    assert ROOM.contains(card)
    assert not card.intersects(has_keys)

"""The cards at the bottom: closed by Esc, and where the keyboard goes as they come and go."""

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QTabWidget, QWidget

from stackgui.gui.control.screen import Kind, State
from stackgui.gui.panels.found.found import TABS
from tests.gui.acting import words


@pytest.fixture
def in_front(app, qtbot):
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)


def has_keys() -> str:
    return QApplication.focusWidget().objectName()


def space(qtbot) -> None:
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)


def test_a_run_by_the_space_bar_alone_never_ends_in_a_field_for_text(
    ready, app, behaviour, find, reach, in_front, qtbot
):
    behaviour.run_may_end.clear()
    find(QAbstractButton, "save.convert").setFocus()
    space(qtbot)
    assert app.controller.screen.running
    assert has_keys() == "progress.pause"
    space(qtbot)
    assert app.controller.screen.state is State.PAUSED
    space(qtbot)
    behaviour.run_may_end.set()
    reach(State.FINISHED)
    assert has_keys() == "result.look"
    find(QAbstractButton, "result.verify").setFocus()
    space(qtbot)
    assert has_keys() == "result.verify", "a check takes nothing away"
    find(QAbstractButton, "result.back").setFocus()
    space(qtbot)
    assert has_keys() not in {"save.destination", "mainWindow"}


def test_what_is_cancelled_gives_the_keyboard_to_its_report(
    ready, app, behaviour, find, reach, in_front, qtbot
):
    behaviour.run_may_end.clear()
    app.controller.convert()
    find(QAbstractButton, "progress.cancel").setFocus()
    space(qtbot)
    reach(State.CANCELLED)
    qtbot.waitUntil(lambda: has_keys().startswith("result."))


def test_a_field_for_text_that_was_chosen_keeps_the_keyboard(ready, app, find, reach, in_front):
    find(QLineEdit, "save.destination").setFocus()
    app.controller.convert()
    reach(State.FINISHED)
    assert has_keys() == "save.destination"


def test_escape_closes_one_card_after_the_other(finished, app, find, click, reach, in_front, qtbot):
    click("result.verify")
    qtbot.waitUntil(find(QWidget, "check").isVisible)
    app.window.show_message(Kind.INFO, "Something to know.")
    shown = [find(QWidget, name) for name in ("messageBar", "check", "result")]
    for place in range(len(shown)):
        assert [each.isVisible() for each in shown] == [False] * place + [True] * (len(shown) - place)
        qtbot.keyClick(app.window, Qt.Key.Key_Escape)
    assert not any(each.isVisible() for each in shown)
    reach(State.BLOCKED)
    assert "This stack is done" in words(find, "save.line")
    qtbot.keyClick(app.window, Qt.Key.Key_Escape)
    assert app.window.isVisible()


class Appearing(QObject):
    """Notes what is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(watched.objectName() or repr(watched))
        return False


def test_no_part_of_the_window_appears_as_a_window_and_takes_the_keyboard(
    app, folders, find, click, reach, in_front, qapp, qtbot
):
    seen = Appearing()
    qapp.installEventFilter(seen)
    app.controller.add_sources(folders)
    reach(State.READY)
    for tab in TABS:
        app.window.found.show_tab(tab)
    app.controller.convert()
    reach(State.FINISHED)
    click("result.verify")
    qtbot.waitUntil(find(QWidget, "check").isVisible)
    app.window.menus["new"].trigger()
    reach(State.EMPTY)
    qapp.removeEventFilter(seen)
    assert seen.shown == []
    assert app.window.isActiveWindow()


def test_a_stack_that_was_added_to_the_queue_leaves_the_keyboard_nearby(ready, app, find, in_front, qtbot):
    find(QAbstractButton, "save.queue").setFocus()
    space(qtbot)
    qtbot.waitUntil(lambda: has_keys() not in {"save.queue", "mainWindow"})
    assert has_keys().startswith("save.")
    assert has_keys() != "save.destination"


def test_after_a_search_the_tabs_have_the_keyboard(app, folders, find, reach, in_front):
    find(QAbstractButton, "welcome.add").setFocus()
    app.controller.add_sources(folders)
    reach(State.READY)
    assert QApplication.focusWidget() is find(QTabWidget, "found.tabs").tabBar()

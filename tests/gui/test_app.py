"""Faults, help, closing, what is remembered, and what holds for every widget."""

import gc
import weakref

import pytest
from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QTabWidget,
    QWidget,
)

from stackgui import resources
from stackgui.core.base.choices import Channels, Fit, Numbers
from stackgui.core.options.options import Options
from stackgui.gui.app import adding, dialogs
from stackgui.gui.app.app import App, main
from stackgui.gui.app.main_window import MainWindow
from stackgui.gui.app.preferences import Preferences
from stackgui.gui.control.screen import Kind, State
from tests.gui.acting import words

# Faults, help, closing


def test_an_exception_in_a_slot_is_shown_with_its_details(app, find, click, qtbot, monkeypatch):
    import sys

    monkeypatch.setattr(sys, "excepthook", app.faults._caught)
    app.window.found.welcome.add_wanted.connect(lambda: 1 / 0)
    monkeypatch.setattr(adding, "ask_folders", lambda *_: [])
    click("welcome.add")
    qtbot.waitUntil(lambda: find(QLabel, "messageBar.text").isVisible())
    assert "fault of the program, not yours" in words(find, "messageBar.text")
    click("messageBar.copyDetails")
    assert "ZeroDivisionError" in QGuiApplication.clipboard().text()
    click("messageBar.close")


def test_help_opens_beside_the_work(app, qtbot):
    app.window.menus["help"].trigger()
    help_window = app.window.findChild(QWidget, "help")
    assert help_window.isVisible()
    assert not help_window.isModal()
    pages = help_window.findChild(QAbstractItemView, "help.pages")
    shipped = {page.name for page in resources.path("help").glob("*.md")}
    assert pages.model().rowCount() == len(shipped), "every page can be reached"
    texts = set()
    for row in range(pages.model().rowCount()):
        pages.setCurrentIndex(pages.model().index(row, 0))
        texts.add(help_window.findChild(QWidget, "help.text").toPlainText())
    assert len(texts) == pages.model().rowCount() > 0
    assert all(len(text) > 200 for text in texts)
    help_window.close()


def test_closing_while_running_asks(ready, app, behaviour, reach, monkeypatch):
    behaviour.run_may_end.clear()
    app.controller.convert()
    asked = []
    monkeypatch.setattr(dialogs, "ask", lambda *args: asked.append(args[1]) or False)
    app.window.close()
    assert "Stop it and close?" in asked[0]
    assert app.window.isVisible()
    assert app.controller.screen.running
    monkeypatch.setattr(dialogs, "ask", lambda *_: True)
    app.window.close()
    assert not app.window.isVisible()


def test_a_signal_closes_without_a_question_even_while_running(ready, app, behaviour, qtbot):
    behaviour.run_may_end.clear()
    app.controller.convert()
    app.end_soon()
    qtbot.waitUntil(lambda: not app.window.isVisible())


def test_a_logout_stops_the_run_without_a_question(ready, app, behaviour, find, qtbot):
    behaviour.run_may_end.clear()
    app.controller.convert()
    app.stop_for_logout()
    assert not app.controller.screen.running
    assert app.window.isVisible(), "another program may still keep the session from ending"
    qtbot.waitUntil(find(QWidget, "result.resume").isVisible)
    app.window.close()
    app.stop_for_logout()


def test_the_sessions_manager_is_heard_while_the_program_runs(engine, behaviour, folders, monkeypatch, qapp):
    """The request reaches the window through the application itself, in the manager's own call."""
    monkeypatch.setattr("stackgui.gui.app.app.Engine", lambda *_, **__: engine)
    behaviour.run_may_end.clear()
    begun, ended = [], []

    def act() -> None:
        window = next(w for w in qapp.topLevelWidgets() if isinstance(w, MainWindow))
        if not begun:
            begun.append(window.folders_dropped.emit(folders))
        convert = window.findChild(QAbstractButton, "save.convert")
        if not window.findChild(QWidget, "progress").isVisible() and not ended:
            if convert.isEnabled():
                convert.click()
            return
        if not ended:
            qapp.commitDataRequest.emit(None)
            ended.append(window.findChild(QWidget, "progress").isVisible())
            behaviour.run_may_end.set()
            window.close()

    timer = QTimer(interval=20)
    timer.timeout.connect(act)
    timer.start()
    assert main() == 0
    timer.stop()
    qapp.removePostedEvents(qapp, QEvent.Type.Quit)
    assert ended == [False], "the run has ended when the manager goes on"


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_another_screen_changes_nothing_that_is_shown(ready, app, behaviour, find, qtbot, ratio):
    """The window is moved to a screen with finer dots, and becomes smaller, in the middle of a run."""
    behaviour.run_may_end.clear()
    app.controller.convert()
    qtbot.waitUntil(lambda: "2 of 4 rows" in find(QLabel, "progress.line").text())
    window = app.window
    window.resize(int(window.width() / ratio), int(window.height() / ratio))
    for kind in (
        QEvent.Type.ScreenChangeInternal,
        QEvent.Type.DevicePixelRatioChange,
        QEvent.Type.StyleChange,
    ):
        for widget in (window, *window.findChildren(QWidget)):
            QApplication.sendEvent(widget, QEvent(kind))
    assert not window.grab().isNull()
    behaviour.run_may_end.set()
    qtbot.waitUntil(find(QWidget, "result").isVisible)
    assert app.faults.take() == ""


def test_a_shortage_of_memory_is_told(ready, app, behaviour, find, qtbot, monkeypatch):
    monkeypatch.setattr("stackgui.gui.control.memory_watch.LOW_BYTES", 10**12)
    behaviour.run_may_end.clear()
    app.controller.convert()
    qtbot.waitUntil(lambda: "short of memory" in find(QLabel, "messageBar.text").text())
    behaviour.run_may_end.set()


def test_the_project_and_the_shape_of_the_window_are_remembered(ready, app, engine, qtbot):
    app.controller.choose_options(Options(fit=Fit.COVER, channels=Channels.GREY, dtype=Numbers.FLOAT32))
    app.window.resize(1111, 777)
    kept = app.window.shape()
    app.window.close()
    again = App(engine, Preferences())
    again.start()
    qtbot.waitUntil(lambda: again.controller.screen.work == app.controller.screen.work)
    assert again.window.findChild(QAbstractButton, "plan.fit.cover").isChecked()
    # What comes back is bounded by the screen, and the screen of a test is small.
    assert Preferences().window() == kept
    assert again.window.height() > 760
    again.window.close()


# For everyone


def interactive(window) -> list[QWidget]:
    kinds = (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QAbstractItemView, QTabWidget)
    return [
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, kinds)
        and widget.window() is window
        and widget.focusPolicy() != NO_FOCUS
        and not is_inner(widget)
    ]


NO_FOCUS = Qt.FocusPolicy.NoFocus


def is_inner(widget: QWidget) -> bool:
    """Whether Qt made it as a part of another widget."""
    made_by = QAbstractSpinBox | QComboBox | QAbstractItemView | QTabWidget | QTabBar
    return widget.objectName().startswith("qt_") or isinstance(widget.parent(), made_by)


@pytest.mark.parametrize("state", ["ready", "finished"])
def test_everything_that_can_be_used_has_a_name_a_label_and_a_sentence(app, request, state):
    request.getfixturevalue(state)
    found = interactive(app.window)
    assert len(found) > 35
    names = [widget.objectName() for widget in found]
    assert [repr(widget) for widget in found if not widget.objectName()] == []
    assert len(set(names)) == len(names), "two widgets have one name"
    unlabelled = [
        widget.objectName()
        for widget in found
        if not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    ]
    assert unlabelled == []
    silent = [w.objectName() for w in found if isinstance(w, QAbstractButton | QComboBox) and not w.toolTip()]
    assert silent == []


def test_no_two_access_keys_are_the_same(finished, app, find, reach, qtbot):
    """With everything open that can be open at once: menus, each tab, the report and a check."""
    import re

    find(QAbstractButton, "result.verify").click()
    qtbot.waitUntil(find(QWidget, "check").isVisible)
    tabs = app.window.findChild(QTabWidget, "found.tabs")
    for tab in range(tabs.count()):
        tabs.setCurrentIndex(tab)
        shown = [*app.window.findChildren(QAbstractButton), *app.window.findChildren(QLabel)]
        labels = [widget.text() for widget in shown if widget.isVisible()]
        labels += [action.text() for action in app.window.menuBar().actions()]
        labels += [tabs.tabText(n) for n in range(tabs.count())]
        keys = [key.lower() for label in labels for key in re.findall(r"&(\w)", label)]
        assert sorted(keys) == sorted(set(keys))


def test_it_fits_a_small_screen(finished, app, qtbot):
    least = QSize(960, 600)
    assert app.window.minimumSize().boundedTo(least) == app.window.minimumSize()
    app.window.resize(least)

    def fits() -> bool:
        """Once the texts that wrap are laid out."""
        needed = app.window.minimumSizeHint()
        return needed.width() <= least.width() and needed.height() <= least.height()

    qtbot.waitUntil(fits)


def test_the_window_stays_as_large_as_it_was_when_a_run_ends(ready, app, reach, qtbot):
    app.window.resize(1280, 800)
    before = app.window.size()
    app.controller.convert()
    reach(State.FINISHED)
    qtbot.waitUntil(app.window.result.isVisible)
    assert app.window.size() == before


@pytest.mark.parametrize("goes_on", [True, False], ids=["another", "none"])
def test_the_catalog_before_goes(ready, app, engine, folders, find, reach, qtbot, goes_on):
    tabs = find(QTabWidget, "found.tabs")
    for place in range(tabs.count()):
        tabs.setCurrentIndex(place)
        qtbot.wait(400)  # until what the tab wants has been asked for
    app.controller.health.begin()
    qtbot.waitUntil(lambda: app.controller.screen.health.by_pixels is not None)
    before = weakref.ref(app.controller.screen.catalog)
    app.controller.remove_sources(folders[:1] if goes_on else folders)
    reach(State.READY if goes_on else State.EMPTY)
    engine.reset_mock()  # the stand-in notes what it was asked with
    for place in range(tabs.count()):
        tabs.setCurrentIndex(place)
        qtbot.wait(400)
    gc.collect()
    assert before() is None


def test_a_message_moves_nothing(ready, app):
    def places() -> dict[str, QPoint]:
        return {
            each.objectName(): each.mapToGlobal(QPoint())
            for each in app.window.findChildren(QWidget)
            if each.objectName() and each.isVisible() and not app.window.message.isAncestorOf(each)
        }

    before = places()
    app.window.show_message(Kind.WARNING, "Something happened. " * 30)
    app.window.grab()  # lays everything out
    assert app.window.message.isVisible()
    assert places() == before
    app.window.message.clear()

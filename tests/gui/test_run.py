"""A run and its end, as the person sees them."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QLabel,
    QTabWidget,
    QWidget,
)

from stackgui.gui.control.screen import State
from stackgui.gui.widgets.live_chart import LiveChart
from tests.gui.acting import words


def test_a_run_shows_rows_rate_and_time_and_leaves_the_rest_usable(
    ready, app, behaviour, find, click, qtbot, reach
):
    behaviour.run_may_end.clear()
    click("save.convert")
    qtbot.waitUntil(lambda: "2 of 4 rows" in find(QLabel, "progress.line").text())
    assert "50 rows a second" in words(find, "progress.line")
    assert not find(QAbstractButton, "save.convert").isEnabled()
    assert words(find, "save.line").startswith("“cats” is being made.")
    for usable in ("sources.add", "plan.fit.crop", "save.change"):
        assert find(QAbstractButton, usable).isEnabled(), usable
    assert find(QTabWidget, "found.tabs").isEnabled()
    click("progress.pause")
    assert app.controller.screen.state is State.PAUSED
    assert words(find, "progress.line").startswith("Paused")
    assert words(find, "save.line").startswith("“cats” is paused.")
    click("progress.cancel")
    reach(State.CANCELLED)
    assert words(find, "result.line") == "You cancelled the conversion."
    assert not find(QWidget, "progress").isVisible()


def test_the_report_of_a_run_is_shown_from_its_card(app, behaviour, find, click, request):
    behaviour.page = "/stacks/cats/report.html"
    opened = []
    app.window.result.open_wanted.disconnect()
    app.window.result.open_wanted.connect(opened.append)
    request.getfixturevalue("finished")
    click("result.page")
    assert opened == [behaviour.page]


def test_a_report_that_could_not_be_written_is_told_on_the_card(app, behaviour, find, request):
    behaviour.page_problem = "The stack is complete, but its report could not be written. The disk is full."
    request.getfixturevalue("finished")
    assert app.controller.screen.state is State.FINISHED
    assert words(find, "result.details").endswith(behaviour.page_problem)
    assert not find(QWidget, "result.page").isVisible()


def test_the_card_at_the_end(app, find, click, monkeypatch, request, qtbot):
    opened = []
    app.window.result.open_wanted.disconnect()
    app.window.result.open_wanted.connect(opened.append)
    request.getfixturevalue("finished")
    assert words(find, "result.line") == "3 of 4 pictures are in “cats”; 1 could not be read."
    click("result.folder")
    stack = app.controller.screen.run.destination
    assert opened == [stack]
    click("result.python")
    copied = f"stack = Path({stack!r})"
    qtbot.waitUntil(lambda: copied in QGuiApplication.clipboard().text(), timeout=20_000)
    assert not find(QWidget, "result.table").isVisible()
    click("result.failures")
    table = find(QAbstractItemView, "result.table")
    assert table.isVisible()
    assert table.model().index(0, 2).data() == "the file ends in the middle of the picture"
    click("result.back")
    assert not find(QWidget, "result").isVisible()


def test_new_after_the_end(finished, click, reach, find):
    click("result.new")
    reach(State.EMPTY)
    assert find(QWidget, "welcome").isVisible()


def test_a_fault_in_the_run_can_be_copied(ready, behaviour, click, reach, find):
    behaviour.error = KeyError("odd")
    click("save.convert")
    reach(State.FAILED)
    click("result.copyDetails")
    assert "KeyError: 'odd'" in QGuiApplication.clipboard().text()


@pytest.mark.parametrize(
    ("keys", "modifier", "state"),
    [
        (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier, State.RUNNING),
        (Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier, State.EMPTY),
    ],
)
def test_keys_when_ready(ready, app, behaviour, qtbot, keys, modifier, state, reach):
    behaviour.run_may_end.clear()
    app.window.activateWindow()
    qtbot.keyClick(app.window, keys, modifier)
    reach(state)
    behaviour.run_may_end.set()
    qtbot.waitUntil(lambda: not app.controller.screen.running)


def test_keys_while_running(ready, app, behaviour, qtbot, reach):
    behaviour.run_may_end.clear()
    app.controller.convert()
    qtbot.keyClick(app.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    reach(State.PAUSED)
    qtbot.keyClick(app.window, Qt.Key.Key_Escape, Qt.KeyboardModifier.ShiftModifier)
    reach(State.CANCELLED)


def test_trouble_is_told_and_tried_again(ready, app, behaviour, find, click, qtbot, reach):
    behaviour.trouble = "The disk is full: 3 MB more are needed. Make room, then try again."
    behaviour.run_may_end.clear()
    click("save.convert")
    reach(State.PAUSED)
    qtbot.waitUntil(find(QLabel, "progress.trouble").isVisible)
    assert words(find, "progress.trouble") == behaviour.trouble
    assert words(find, "progress.line").startswith("Paused")
    again = find(QAbstractButton, "progress.pause")
    assert again.accessibleName() == "Try again"
    height = find(QWidget, "progress").height()
    click("progress.pause")
    qtbot.waitUntil(lambda: "3 of 4 rows" in find(QLabel, "progress.line").text())
    assert not find(QLabel, "progress.trouble").isVisible()
    assert find(QWidget, "progress").height() == height, "nothing moves when trouble comes or goes"
    behaviour.run_may_end.set()
    reach(State.FINISHED)


def test_trouble_can_be_cancelled(ready, app, behaviour, find, click, reach):
    behaviour.trouble = "The disk is full."
    click("save.convert")
    reach(State.PAUSED)
    click("progress.cancel")
    reach(State.CANCELLED)


def test_progress_touches_only_what_shows_it(ready, app, behaviour, find, click, qtbot, reach, monkeypatch):
    behaviour.run_may_end.clear()
    click("save.convert")
    qtbot.waitUntil(lambda: "2 of 4 rows" in find(QLabel, "progress.line").text())
    others = [panel for panel in app.window._panels if panel is not app.window.progress]
    touched = []
    for panel in others:
        monkeypatch.setattr(panel, "present", touched.append)
    screen = app.controller.screen
    running = replace(screen.running, progress=replace(screen.running.progress, rows_done=3))
    on = replace(screen, running=running)
    app.window.present(on)
    assert "3 of 4 rows" in words(find, "progress.line")
    assert app.window.windowTitle().startswith("75 %")
    assert touched == []
    app.window.present(replace(on, running=replace(running, paused=True)))
    assert len(touched) == len(others)


def test_the_chart_follows_the_readings_of_the_memory(ready, app, behaviour, find, click, qtbot):
    behaviour.run_may_end.clear()
    click("save.convert")
    qtbot.waitUntil(lambda: "2 of 4 rows" in find(QLabel, "progress.line").text())
    chart = find(LiveChart, "liveChart")
    points = len(chart._points)
    screen = app.controller.screen
    progress = replace(screen.running.progress, elapsed_s=2.0)
    app.window.present(replace(screen, running=replace(screen.running, progress=progress)))
    assert len(chart._points) == points
    read_anew = replace(progress, elapsed_s=3.0, memory_bytes=progress.memory_bytes + 1)
    app.window.present(replace(screen, running=replace(screen.running, progress=read_anew)))
    assert len(chart._points) == points + 1

"""What the window shows of what was found."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTabWidget,
    QWidget,
)

from stackgui.core.options.options import Options
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.control.screen import Screen, State
from stackgui.gui.panels.found import found
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.widgets.size_plot import SizePlot
from tests.gui.acting import choose, tab_text, words
from tests.gui.conftest import REASON

# What is shown


def test_the_empty_window_says_what_to_do(app, find, qtbot):
    qtbot.waitExposed(app.window)
    assert find(QWidget, "welcome").isVisible()
    assert words(find, "save.line") == "Add a folder, an archive or a list first."
    assert not find(QPushButton, "save.convert").isEnabled()


def test_a_scan_shows_unfinished_figures_and_can_be_stopped(
    app, behaviour, folders, find, qtbot, click, reach
):
    behaviour.scan_may_end.clear()
    app.controller.add_sources(folders)
    qtbot.waitUntil(lambda: "1 of 4" in find(QLabel, "scan.line").text())
    assert "so far" in words(find, "sources.totals")
    shown = [label.text() for label in app.window.found.scan.findChildren(QLabel) if label.isVisible()]
    assert "Heights" in shown, "the figures grow while the search goes on"
    qtbot.waitUntil(lambda: "3 pictures" in find(SizePlot, "scan.plot").accessibleDescription())
    click("scan.stop")
    reach(State.BLOCKED)
    assert "stopped" in words(find, "found.trouble")
    behaviour.scan_may_end.set()
    click("found.again")
    reach(State.READY)
    assert not find(QPushButton, "found.again").isVisible()


def test_what_was_found_is_shown(ready, app, find):
    assert words(find, "sources.totals").startswith("4 pictures")
    assert find(QPushButton, "sources.skipped").text() == "2 files skipped"
    assert "typically 120" in words(find, "sizes.spread")
    assert "turned upright" in words(find, "sizes.census")
    assert tab_text(find, app.window.found.problems) == "Pro&blems 1"
    assert words(find, "plan.effects") == "1 place stays empty."
    assert words(find, "memory.shape") == "(4, 300, 200, 3) uint8"
    assert words(find, "memory.verdict") == "Fits in memory"
    assert words(find, "save.line").startswith("Ready: 4 pictures become")
    assert "; 1 place stays empty." in words(find, "save.line")


def test_skipped_files_are_one_click_away_and_listed_in_full(ready, click, find, qapp):
    click("sources.skipped")
    assert find(QWidget, "problems").isVisible()
    assert words(find, "problems.cannot_be_used") == "Cannot be used (1)"
    assert words(find, "problem.unreadable.files") == f"terrier/3.jpg: {REASON}"
    assert words(find, "problems.left_aside") == "Left aside (2)"
    assert words(find, "problem.hidden-files.words") == "1 hidden file."
    for deed in ("leave_out", "look"):
        assert not find(QWidget, f"problem.hidden-files.{deed}").isVisible(), "it is harmless"
    click("problem.hidden-files.all")
    table = find(QAbstractItemView, "problems.table")
    assert table.model().rowCount() == 1
    click("problems.files.copy")
    assert qapp.clipboard().text() == "/pets/dogs/.DS_Store"
    table.selectAll()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert qapp.clipboard().text() == "/pets/dogs/.DS_Store\t"
    click("problems.files.back")
    assert find(QWidget, "problem.unreadable").isVisible()


def test_thumbnails_appear_when_their_tab_is_opened(ready, app, find, qtbot, engine):
    grid = app.window.found.pictures.grid
    find(QTabWidget, "found.tabs").setCurrentWidget(app.window.found.pictures)
    sizes = lambda: [call.args[2] for call in engine.previews.call_args_list]  # noqa: E731
    qtbot.waitUntil(lambda: len(sizes()) >= 2)
    grid.go_to(0)
    assert words(find, "pictures.name") == "tabby/1.jpg"
    assert words(find, "pictures.line").startswith("200 × 100 px · colour · uint8 · JPEG")
    assert words(find, "pictures.line").endswith("label “tabby” · row 0")
    grid.go_to(2)
    assert words(find, "pictures.line").startswith("Cannot be used: the file ends")


def test_labels_are_counted_or_explained(ready, app, find, qtbot):
    find(QTabWidget, "found.tabs").setCurrentWidget(find(Tab, "labels"))
    assert words(find, "labels.line") == "2 labels, taken from the first folders; 2 pictures each."
    choose(find, qtbot, "plan.labels", "none")
    assert words(find, "labels.line").startswith("The stack will have no labels.")


def test_the_overview_tells_what_there_is(ready, app, find):
    find(QTabWidget, "found.tabs").setCurrentWidget(find(Tab, "overview"))
    table = find(Tab, "overview")
    shown = [label.text() for label in table.findChildren(QLabel) if label.isVisible()]
    for text in (
        "Pictures",
        "4",
        "100 px to 300 px; the middle half 100 px to 300 px, typically 120 px; 99 % are at most 300 px",
    ):
        assert text in shown
    assert any("2 wide, 1 high" in text for text in shown)
    assert any(REASON in text and text.startswith("1: ") for text in shown)
    app.controller.projects.start_new()
    assert not any(label.text() for label in table.findChildren(QLabel))


def test_a_tab_costs_its_own_file_and_a_line(qtbot, monkeypatch):
    class Extra(Tab):
        TITLE, ICON, TIP = "Extra", "info", "A tab of a test."
        shown = None

        def present(self, screen):
            self.shown = screen

        def samples_in_view(self):
            return (3,)

    monkeypatch.setattr(found, "TABS", (*found.TABS, Extra))
    panel = found.FoundPanel()
    qtbot.addWidget(panel)
    extra = panel.pages[-1]
    tabs = panel.findChild(QTabWidget, "found.tabs")
    place = tabs.indexOf(extra)
    assert (tabs.tabText(place), tabs.tabToolTip(place)) == ("Extra", "A tab of a test.")
    screen = Screen(run=RunOptions(""))
    panel.present(screen)
    assert extra.shown is screen
    with qtbot.waitSignal(panel.options_changed) as options:
        extra.options_changed.emit(Options(multiple=8))
    assert options.args == [Options(multiple=8)]
    with qtbot.waitSignal(panel.pictures_wanted) as wanted:
        tabs.setCurrentWidget(extra)
    assert wanted.args == [(3,)]


def test_an_access_key_gives_the_keyboard_to_the_tab(ready, app, find, qtbot):
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)
    field, tabs = find(QLineEdit, "save.destination"), find(QTabWidget, "found.tabs")
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier)
    assert tabs.currentWidget() is find(Tab, "problems")
    assert tabs.tabBar().hasFocus()

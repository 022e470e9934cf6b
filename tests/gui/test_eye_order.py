"""Tab goes through the window as the eye does."""

import gc
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QPushButton,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from stackgui.gui.widgets.eye_order import go, stops
from stackgui.gui.widgets.parts import scrolling
from stackgui.gui.widgets.scrolled import Scrolled

PANELS = ("sources", "found", "plan", "memory", "progress", "result", "save")


def walk(window, qtbot, key=Qt.Key.Key_Tab) -> list[QWidget]:
    """What Tab stops at, once around."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    found: list[QWidget] = []
    while len(found) < 100:
        qtbot.keyClick(QApplication.focusWidget() or window, key)
        now = QApplication.focusWidget()
        if now in found:
            assert now is found[0], "it goes around"
            return found
        found.append(now)
    raise AssertionError("it never comes around")


def panel_of(widget: QWidget) -> str:
    while widget.objectName() not in PANELS:
        widget = widget.parentWidget()
    return widget.objectName()


def from_top(window, widgets: list[QWidget]) -> list[QWidget]:
    """The walk, begun at the upper left."""
    panels = [panel_of(each) for each in widgets]
    place = next(at for at, panel in enumerate(panels) if panel == "sources" != panels[at - 1])
    return widgets[place:] + widgets[:place]


def test_tab_goes_panel_by_panel_and_line_by_line(ready, app, qtbot):
    app.window.plan.open_details(opened=True)
    found = from_top(app.window, walk(app.window, qtbot))
    panels = [panel_of(each) for each in found]
    assert panels == sorted(panels, key=PANELS.index)
    assert set(panels) == {"sources", "found", "plan", "memory", "save"}
    for before, after in pairwise(found):
        if panel_of(before) == panel_of(after):
            one, other = (each.mapTo(app.window, QPoint(0, 0)) for each in (before, after))
            beside = other.x() > one.x()
            assert other.y() + after.height() > one.y() or beside, (before.objectName(), after.objectName())
    names = [each.objectName() for each in found]
    assert names.index("sources.list") < names.index("sources.add") < names.index("sizePlot.all")
    assert names[-1] == "save.convert"


def test_backtab_goes_the_same_way_back(ready, app, qtbot):
    there = from_top(app.window, walk(app.window, qtbot))
    back = walk(app.window, qtbot, Qt.Key.Key_Backtab)
    assert from_top(app.window, back[::-1]) == there


@pytest.fixture
def grid(qtbot):
    """Four controls in two lines, made in another order than they stand in."""

    class Window(QWidget):
        def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001, N802 - as Qt calls it
            return go(self, forward=forward)

    window = Window()
    qtbot.addWidget(window)
    layout = QGridLayout(window)
    for name, row, column in (("d", 1, 1), ("b", 0, 1), ("c", 1, 0), ("a", 0, 0)):
        made = QSpinBox() if name == "c" else QPushButton(name)
        made.setObjectName(name)
        layout.addWidget(made, row, column)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_lines_are_read_from_left_to_right(grid):
    assert "".join(each.objectName() for each in stops(grid)) == "abcd"
    grid.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    QApplication.processEvents()
    assert "".join(each.objectName() for each in stops(grid)) == "abcd", "mirrored as they stand"


def test_f6_goes_from_part_to_part_and_back(finished, app, qtbot):
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)
    app.window.sources.setFocus()
    there: list[QWidget] = []
    for _ in range(5):
        app.window.menus["nextPart"].trigger()
        there.append(QApplication.focusWidget())
    assert {panel_of(each) for each in there} == {"sources", "found", "plan", "result", "save"}
    for expected in (*there[-2::-1], there[-1]):
        app.window.menus["previousPart"].trigger()
        assert QApplication.focusWidget() is expected


@pytest.mark.parametrize("name", ["tab.ProblemsPage", "tab.PicturesPage"])
def test_a_tab_that_was_called_by_its_keys_gets_the_keyboard(ready, app, name, qtbot):
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)
    app.window.save.setFocus()
    app.window.menus[name].trigger()
    assert QApplication.focusWidget() is app.window.findChild(QTabWidget, "found.tabs").tabBar()


def test_what_has_the_keyboard_stays_in_sight_when_room_is_taken(qtbot):
    layout = QVBoxLayout()
    for number in range(30):
        layout.addWidget(QPushButton(str(number)))
    area = Scrolled(layout)
    qtbot.addWidget(area)
    area.resize(300, 2000)
    area.show()
    area.activateWindow()
    qtbot.waitUntil(area.isActiveWindow)
    last = layout.itemAt(29).widget()
    last.setFocus()
    area.resize(300, 200)
    qtbot.waitUntil(lambda: not last.visibleRegion().isEmpty())


def test_what_scrolls_outlasts_a_walk_by_keys(qtbot):
    """What a walk takes hold of is not deleted once Python lets go of it again."""
    window, inner = QWidget(), QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(inner)
    first, second = QPushButton(), QPushButton()
    layout.addWidget(first)
    layout.addWidget(second)
    QVBoxLayout(window).addWidget(scrolling("area", "area", inner))
    window.show()
    first.setFocus()
    assert go(window, forward=True)
    gc.collect()
    assert isValid(inner)
    assert list(stops(window))[-2:] == [first, second]

"""What a screen reader finds in the window, in every state; and that everything can be done by keys."""

from collections import Counter
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QListWidget, QTableView, QWidget

from stackgui.core.base.size import Size
from stackgui.gui.control.screen import Kind, State
from stackgui.gui.panels.found.found import TABS
from stackgui.gui.widgets.sheet import Drawn, Plotted, sheets_in

Role = QAccessible.Role
NEED_NAMES = {
    Role.Button, Role.ButtonMenu, Role.ButtonDropDown, Role.CheckBox, Role.RadioButton, Role.ComboBox,
    Role.EditableText, Role.SpinBox, Role.Slider, Role.List, Role.Table, Role.Tree, Role.PageTab,
    Role.PageTabList, Role.ProgressBar, Role.MenuItem, Role.MenuBar, Role.Chart, Role.Graphic,
}  # fmt: skip
INSIDE = {Role.ListItem, Role.Cell, Role.Row, Role.RowHeader, Role.ColumnHeader, Role.TreeItem}
"""Parts of lists and tables, which may repeat and are many."""

ACTS = {
    Role.Button, Role.ButtonMenu, Role.CheckBox, Role.RadioButton, Role.ComboBox, Role.EditableText,
    Role.SpinBox, Role.List, Role.Table,
}  # fmt: skip


ASKED_MS = 400
"""Until what a tab wants has been asked for."""


def children(parent: QAccessibleInterface) -> list[QAccessibleInterface]:
    found = [parent.child(place) for place in range(parent.childCount())]
    return [
        each for each in found
        if each is not None and each.isValid() and not each.state().invisible and each.role() not in INSIDE
    ]  # fmt: skip


def tree(root: QWidget) -> Iterator[tuple[QAccessibleInterface, list[QAccessibleInterface]]]:
    """Yield everything that can be seen below a window, each with its children."""
    waiting = [QAccessible.queryAccessibleInterface(root)]
    while waiting:
        parent = waiting.pop()
        below = children(parent)
        yield parent, below
        waiting += below


def name(each: QAccessibleInterface) -> str:
    return each.text(QAccessible.Text.Name)


def told(each: QAccessibleInterface) -> str:
    thing = each.object()
    kind = type(thing).__name__
    return f"{kind} {thing.objectName() if thing else ''} ({str(each.role()).partition('.')[2]})"


def takes_tab(each: QAccessibleInterface) -> bool:
    thing = each.object()
    return isinstance(thing, QWidget) and bool(thing.focusPolicy() & Qt.FocusPolicy.TabFocus)


def check(root: QWidget) -> int:
    """Fail for what has no name, and for two things to act on with one name; return how many were seen."""
    seen, nameless, twice = 0, [], []
    for parent, below in tree(root):
        seen += 1
        needs = takes_tab(parent) or parent.role() in NEED_NAMES
        if needs and not name(parent).strip():
            nameless.append(told(parent))
        counted = Counter((name(each), each.role()) for each in below if each.role() in ACTS)
        twice += [f"{text} in {told(parent)}" for (text, _), count in counted.items() if count > 1]
    assert nameless == []
    assert twice == []
    return seen


def test_the_first_screen(app):
    assert check(app.window) > 30


def test_while_searching(app, behaviour, folders, reach):
    behaviour.scan_may_end.clear()
    app.controller.add_sources(folders)
    reach(State.SCANNING)
    check(app.window)
    behaviour.scan_may_end.set()
    reach(State.READY)


def test_every_tab_and_what_is_painted_in_it(ready, app, qtbot):
    """Names for all, roles for what is painted, and figures that make a table."""
    roles = {}
    for tab in TABS:
        app.window.found.show_tab(tab)
        qtbot.wait(ASKED_MS)
        assert check(app.window) > 60
        for each, _ in tree(app.window):
            if isinstance(each.object(), Plotted | Drawn):
                roles[type(each.object()).__name__] = each.role()
                assert name(each), told(each)
                assert each.text(QAccessible.Text.Description), told(each)
        for _, sheet in sheets_in(app.window):
            assert sheet.title
            rows = [sheet.row(place) for place in range(sheet.count)]
            assert all(len(cells) == len(sheet.columns) and all(cells) for cells in rows)
    assert len(roles) >= 5
    assert set(roles.values()) <= {Role.Chart, Role.Graphic}


def test_a_run_its_pause_its_report_and_its_verification(ready, app, behaviour, find, reach, click, qtbot):
    behaviour.run_may_end.clear()
    app.controller.convert()
    check(app.window)
    click("progress.pause")
    check(app.window)
    click("progress.pause")
    behaviour.run_may_end.set()
    reach(State.FINISHED)
    check(app.window)
    click("result.failures")
    click("result.verify")
    qtbot.waitUntil(find(QWidget, "check").isVisible)
    app.window.show_message(Kind.ERROR, "Something failed.", "its details")
    check(app.window)


@pytest.mark.parametrize("action", ["settings", "about", "help", "showTable", "queue"])
def test_the_windows_beside(ready, app, action, qtbot):
    app.window.menus[action].trigger()
    (opened,) = [each for each in app.window.findChildren(QWidget) if each.isWindow() and each.isVisible()]
    assert check(opened) > 5


def test_every_menu_has_a_name_for_everything(app):
    for action in app.window.menuBar().actions():
        check(action.menu())
        assert all(each.text() or each.isSeparator() for each in action.menu().actions())


# Plots as tables


def test_plots_can_be_read_as_tables(ready, app, find, click, qtbot):
    app.window.found.show_tab(TABS[1])
    click("found.table")
    listed, table = find(QListWidget, "sheets.list"), find(QTableView, "sheets.table")
    assert listed.currentItem().text() == "Widths and heights of all pictures"
    model = table.model()
    assert [model.headerData(n, Qt.Orientation.Horizontal) for n in range(4)] == [
        "Width", "Height", "Pictures", "For example",
    ]  # fmt: skip
    assert model.rowCount() == 3
    cells = QAccessible.queryAccessibleInterface(table)
    assert "200" in {cells.child(place).text(QAccessible.Text.Name) for place in range(cells.childCount())}
    click("sheets.copy")
    assert QGuiApplication.clipboard().text().splitlines()[0] == "Width\tHeight\tPictures\tFor example"


def test_without_a_plot_that_is_said(app, find):
    app.window.menus["showTable"].trigger()
    shown = [sheet.title for _, sheet in sheets_in(app.window)]
    assert find(QWidget, "sheets.nothing").isVisible() is (not shown)


# By keys

NO_FOCUS = Qt.FocusPolicy.NoFocus


def test_tab_reaches_everything_that_can_be_used(ready, app, qtbot):
    window = app.window
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for tab in TABS:
        window.found.show_tab(tab)
        wanted = {
            each for each in window.findChildren(QWidget)
            if each.isVisible() and each.isEnabled() and each.window() is window
            and each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.focusProxy() is None
        }  # fmt: skip
        reached, here = set(), window
        for _ in range(2 * len(wanted) + 10):
            window.focusNextChild()
            here = window.focusWidget()
            reached.add(here)
        # Of buttons that belong together, Tab reaches the chosen one and the arrow keys the others.
        left = {each for each in wanted - reached if not in_a_group(each)}
        assert [each.objectName() or repr(each) for each in left] == []


def in_a_group(widget: QWidget) -> bool:
    if not isinstance(widget, QAbstractButton):
        return False
    group = widget.group()
    return bool(group and group.exclusive()) or widget.autoExclusive()


def test_what_can_be_clicked_can_be_reached_by_keys(ready, app, qtbot):
    """But for parts of other controls."""
    for tab in TABS:
        app.window.found.show_tab(tab)
        buttons = [
            each for each in app.window.findChildren(QAbstractButton)
            if each.isVisible() and each.window() is app.window and each.focusPolicy() == NO_FOCUS
        ]  # fmt: skip
        odd = [each.objectName() for each in buttons if not is_a_part(each)]
        assert odd == []


def is_a_part(button: QWidget) -> bool:
    parents = []
    parent = button.parentWidget()
    while parent is not None:
        parents.append(parent)
        parent = parent.parentWidget()
    kinds = {type(parent).__name__ for parent in parents[:1]}
    return bool(kinds & {"QTabBar", "QLineEdit", "QTableView", "QHeaderView"})


@pytest.mark.parametrize(
    ("key", "change"),
    [
        (Qt.Key.Key_Left, (0, -1)),
        (Qt.Key.Key_Right, (0, 1)),
        (Qt.Key.Key_Up, (1, 0)),
        (Qt.Key.Key_Down, (-1, 0)),
    ],
)
def test_the_lines_of_the_plot_follow_the_arrow_keys(ready, app, reach, qtbot, key, change):
    app.window.found.show_tab(TABS[1])
    app.controller.choose_size(100, 200)
    reach(State.READY)
    canvas = app.window.found.sizes.plot.prepare()

    def chosen() -> Size:
        return app.controller.screen.options.size

    app.window.activateWindow()
    canvas.setFocus()
    qtbot.keyClick(canvas, key)
    qtbot.waitUntil(lambda: chosen() == Size.exact(100 + change[0], 200 + change[1]))
    qtbot.keyClick(canvas, key, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: chosen() == Size.exact(100 + 17 * change[0], 200 + 17 * change[1]))

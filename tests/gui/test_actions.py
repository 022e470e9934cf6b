"""What can be done in the window: menus and keys, all from one table."""

import re
from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QTabWidget

from stackgui.gui.app import actions, adding
from stackgui.gui.app.actions import MENUS, Action
from stackgui.gui.control.screen import State
from stackgui.gui.widgets.focus_ring import FocusRing, FocusRings, show_focus

ACTIONS = list(actions.actions())


@pytest.fixture
def framed(qapp, app):
    """Gives the frame around what has the keyboard."""
    show_focus(qapp)
    yield lambda: app.window.findChild(FocusRing)
    rings = qapp.findChild(FocusRings)
    qapp.focusChanged.disconnect(rings.follow)
    rings.setParent(None)


def titles(shown) -> list[str]:
    return [each.text() for each in shown.actions() if not each.isSeparator()]


def test_the_menu_bar_offers_everything(app):
    bar = app.window.menuBar()
    assert titles(bar) == ["&File", "&Edit", "&View", "&Run", "&Help"]
    offered = [action.objectName() for menu in bar.actions() for action in menu.menu().actions()]
    assert set(offered) >= {f"action.{each.name}" for each in ACTIONS}


def test_names_and_keys_are_given_once(app):
    names = [each.name for each in ACTIONS]
    assert sorted(names) == sorted(set(names))
    keys = [key.toString() for action in app.window.findChildren(QAction) for key in action.shortcuts()]
    keys += [button.shortcut().toString() for button in app.window.findChildren(QAbstractButton)]
    keys = [key for key in keys if key and not re.fullmatch(r"Alt\+\w", key)]  # cards take turns
    assert len(keys) > 12
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("menu", MENUS, ids=lambda menu: menu.name)
def test_access_keys_in_a_menu_are_given_once(menu):
    texts = [each.text for group in menu.groups for each in group if isinstance(each, Action)]
    found = [re.findall(r"&(\w)", text) for text in texts]
    assert all(len(keys) <= 1 for keys in found)
    letters = [key.lower() for keys in found for key in keys]
    assert sorted(letters) == sorted(set(letters))


def test_each_says_in_a_sentence_what_it_does(app):
    said = {each.name: each.tip for each in ACTIONS}
    assert {name: tip for name, tip in said.items() if not re.fullmatch(r"[A-Z][^.]+\.", tip)} == {}
    for each in ACTIONS:
        if keys := QKeySequence(each.keys).toString(QKeySequence.SequenceFormat.NativeText):
            said[each.name] += f" ({keys})"
    assert {each.name: app.window.menus[each.name].toolTip() for each in ACTIONS} == said


def can(app) -> set[str]:
    return {each.name for each in ACTIONS if app.window.menus[each.name].isEnabled()}


def test_what_can_be_done_follows_the_state(app, folders, behaviour, reach, qtbot):
    assert {"new", "add", "open", "help"} <= can(app)
    assert not {"convert", "pause", "cancel", "undo", "verify", "leaveOut", "tab.SizesPage"} & can(app)
    app.controller.add_sources(folders)
    reach(State.READY)
    assert {"convert", "checkPictures", "tab.SizesPage"} <= can(app)
    behaviour.run_may_end.clear()
    app.window.menus["convert"].trigger()
    assert {"pause", "cancel"} <= can(app)
    assert {"new", "add"} <= can(app), "the next stack can be prepared"
    assert not {"convert", "redo"} & can(app)
    assert "undo" in can(app)
    app.window.menus["pause"].trigger()
    assert app.controller.screen.state is State.PAUSED
    app.window.menus["pause"].trigger()
    app.window.menus["cancel"].trigger()
    reach(State.CANCELLED)
    qtbot.waitUntil(lambda: "resume" in can(app))
    behaviour.run_may_end.set()
    app.window.menus["resume"].trigger()
    reach(State.FINISHED)
    assert {"verify", "openFolder", "copyPython"} <= can(app)


def test_tabs_come_to_the_front_by_their_number(ready, app, find):
    tabs = find(QTabWidget, "found.tabs")
    shown = [each for each in ACTIONS if each.name.startswith("tab.")]
    assert [QKeySequence(each.keys).toString() for each in shown] == [
        f"Ctrl+{number % 10}" for number in range(1, tabs.count() + 1)
    ]
    for place, each in enumerate(shown):
        app.window.menus[each.name].trigger()
        assert tabs.currentIndex() == place


def test_groups_are_divided_by_one_line(app):
    for menu in app.window.menuBar().actions():
        lines = [action.isSeparator() for action in menu.menu().actions() if action.isVisible()]
        assert not any(one and other for one, other in pairwise(lines))


def test_the_menu_asks_for_a_folder_as_the_button_does(app, folders, monkeypatch, reach, find):
    monkeypatch.setattr(adding, "ask_folders", lambda *_: folders[:1])
    app.window.menus["add"].trigger()
    reach(State.READY)
    assert find(QLabel, "sources.totals").text()


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_title_that_has_the_keyboard_is_framed_once_its_menu_is_closed(ready, app, framed, qtbot):
    app.window.activateWindow()
    qtbot.waitUntil(app.window.isActiveWindow)
    before, bar = QApplication.focusWidget(), app.window.menuBar()
    qtbot.keyClick(before, Qt.Key.Key_E, Qt.KeyboardModifier.AltModifier)
    assert framed() is None or framed().isHidden(), "a menu that is open marks its title itself"
    qtbot.keyClick(QApplication.activePopupWidget(), Qt.Key.Key_Escape)
    for menu in bar.actions()[1::-1]:
        assert bar.activeAction() is menu
        qtbot.waitUntil(lambda menu=menu: framed().geometry().contains(bar.actionGeometry(menu).center()))
        qtbot.keyClick(bar, Qt.Key.Key_Left)
    qtbot.keyClick(bar, Qt.Key.Key_Escape)
    assert before.hasFocus()

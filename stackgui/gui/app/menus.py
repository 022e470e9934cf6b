"""The menu bar and the shortcuts, made from the table of actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QMainWindow, QMenu

from stackgui.gui.app import actions
from stackgui.gui.app.actions import MENUS, Action, Menu
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme

if TYPE_CHECKING:  # the app imports this module
    from stackgui.gui.app.app import App


class Menus:
    """The actions of a window, with its menu bar.

    Parameters
    ----------
    window
    menus
        Menus that the window makes itself, by the names that the table gives them.
    """

    def __init__(self, window: QMainWindow, menus: Mapping[str, QMenu]) -> None:
        self._declared = {each.name: each for each in actions.actions()}
        self._made = {name: _made(each, window) for name, each in self._declared.items()}
        bar = window.menuBar()
        bar.setObjectName("menuBar")
        bar.setAccessibleName(tr("Menus"))
        for menu in MENUS:
            self._fill(bar.addMenu(tr(menu.text)), menu, menus)

    def __getitem__(self, name: str) -> QAction:
        """Return the action `name`."""
        return self._made[name]

    def connect(self, app: App) -> None:
        """Let the actions act on `app`."""
        for name, action in self._made.items():
            action.triggered.connect(_caller(self._declared[name].does, app))
        switches = {name: each.checked for name, each in self._declared.items() if each.checked}

        def show_switches() -> None:
            for name, checked in switches.items():
                self._made[name].setChecked(checked(app))

        for menu in app.window.menuBar().findChildren(QMenu):
            menu.aboutToShow.connect(show_switches)

    def present(self, screen: Screen) -> None:
        """Enable what can be done in the state of `screen`."""
        for name, action in self._made.items():
            declared = self._declared[name]
            action.setEnabled(declared.enabled(screen))
            if declared.what:
                _say_what(action, declared, declared.what(screen))

    def _fill(self, shown: QMenu, menu: Menu, menus: Mapping[str, QMenu]) -> None:
        shown.setObjectName(f"menu.{menu.name}")
        shown.setToolTipsVisible(True)
        for group in menu.groups:
            shown.addSeparator()
            for each in group:
                if isinstance(each, Action):
                    shown.addAction(self._made[each.name])
                else:
                    shown.addMenu(menus[each])


def _made(declared: Action, window: QMainWindow) -> QAction:
    action = QAction(tr(declared.text), window)
    action.setObjectName(f"action.{declared.name}")
    action.setMenuRole(declared.place)
    action.setCheckable(declared.checked is not None)
    action.setShortcut(QKeySequence(declared.keys))
    if declared.everywhere:
        action.setShortcutContext(Qt.ShortcutContext.ApplicationShortcut)
    if declared.icon:
        action.setIcon(theme.icon(declared.icon))
    action.setToolTip(tr(declared.tip))
    if keys := action.shortcut().toString(QKeySequence.SequenceFormat.NativeText):
        action.setToolTip(f"{tr(declared.tip)} ({keys})")
    action.setStatusTip("")
    window.addAction(action)
    return action


def _say_what(action: QAction, declared: Action, what: str) -> None:
    """Let the menu and the tip say `what` in particular `action` would do; the tool bar stays short."""
    plain = tr(declared.text).replace("&", "")
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    action.setIconText(plain)
    action.setText(f"{tr(declared.text)}: {tr(what).replace('&', '&&')}" if what else tr(declared.text))
    action.setToolTip(f"{plain}: {tr(what)} ({keys})" if what else f"{tr(declared.tip)} ({keys})")


def _caller(does: Callable[[App], object], app: App) -> Callable[[], None]:
    def act() -> None:  # takes no argument, and so keeps Qt's `checked` away
        _take_over_typing()
        does(app)

    return act


def _take_over_typing() -> None:
    """Take over what is being typed into a field, which neither a menu nor a shortcut leaves."""
    field = QApplication.focusWidget()
    if isinstance(field, QLineEdit | QAbstractSpinBox | QComboBox):
        field.clearFocus()
        field.setFocus()

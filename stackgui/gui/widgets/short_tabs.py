"""Tabs that shorten before they have to scroll."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QStyleOptionTab, QTabBar, QTabWidget, QWidget

from stackgui.gui.widgets.theme import Space


class Length(IntEnum):
    """How much the tabs show, from most to least."""

    FULL = 0
    TITLES = 1
    ICONS = 2
    """And the title of the tab in front."""


class ShortTabBar(QTabBar):
    """Leaves out the icons where not all tabs fit, and then all titles but that of the tab in front.

    Tooltips and screen readers say all titles.
    """

    @property
    def length(self) -> Length:
        """How much the tabs show."""
        tabs = range(self.count())
        for length in (Length.FULL, Length.TITLES):
            if sum(self._size(at, length).width() for at in tabs) <= self.width():
                return length
        return Length.ICONS

    def _size(self, at: int, length: Length) -> QSize:
        size = super().tabSizeHint(at)
        if self.tabIcon(at).isNull():
            return size
        icon_px = self.iconSize().width()
        if length is Length.TITLES:
            size.setWidth(size.width() - icon_px - Space.XS)
        elif length is Length.ICONS and at != self.currentIndex():
            size.setWidth(icon_px + Space.L)
        return size

    def event(self, event: QEvent) -> bool:
        """Take the keyboard with an access key, which Qt leaves where it was, far from the tab."""
        taken = super().event(event)
        if event.type() is QEvent.Type.Shortcut:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return taken

    def tabSizeHint(self, at: int) -> QSize:
        """Return the size of the tab with what it shows."""
        return self._size(at, self.length)

    def minimumTabSizeHint(self, at: int) -> QSize:
        """Return the same, so that the bar scrolls rather than cut titles."""
        return self.tabSizeHint(at)

    def initStyleOption(self, option: QStyleOptionTab, at: int) -> None:
        """Leave out what there is no room for."""
        super().initStyleOption(option, at)
        length = self.length
        if self.tabIcon(at).isNull() or length is Length.FULL:
            return
        if length is Length.TITLES:
            option.icon = QIcon()
        elif at != self.currentIndex():
            option.text = ""


class ShortTabs(QTabWidget):
    """A tab widget with such a bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabBar(ShortTabBar(self))
        self.setDocumentMode(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)

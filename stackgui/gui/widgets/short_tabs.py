"""Tabs that shorten to their icons before they have to scroll."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStyleOptionTab, QTabBar, QTabWidget, QWidget

from stackgui.gui.widgets.theme import Space


class ShortTabBar(QTabBar):
    """Where not all titles fit, only the tab in front shows its own; the others show their icons.

    Tooltips and screen readers say all titles.
    """

    @property
    def is_short(self) -> bool:
        """Whether titles are left out."""
        full_px = sum(super(ShortTabBar, self).tabSizeHint(at).width() for at in range(self.count()))
        return full_px > self.width()

    def shows_title(self, at: int) -> bool:
        """Return whether the tab shows its title."""
        return at == self.currentIndex() or self.tabIcon(at).isNull() or not self.is_short

    def tabSizeHint(self, at: int) -> QSize:
        """Return the size of the tab with what it shows."""
        size = super().tabSizeHint(at)
        if not self.shows_title(at):
            size.setWidth(self.iconSize().width() + Space.L)
        return size

    def minimumTabSizeHint(self, at: int) -> QSize:
        """Return the same, so that the bar scrolls rather than cut titles."""
        return self.tabSizeHint(at)

    def initStyleOption(self, option: QStyleOptionTab, at: int) -> None:
        """Leave the title out where there is no room."""
        super().initStyleOption(option, at)
        if not self.shows_title(at):
            option.text = ""


class ShortTabs(QTabWidget):
    """A tab widget with such a bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabBar(ShortTabBar(self))
        self.setDocumentMode(True)

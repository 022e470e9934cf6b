"""Tabs that shorten before they have to scroll."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QApplication,
    QProxyStyle,
    QStyle,
    QStyleOption,
    QStyleOptionTab,
    QTabBar,
    QTabWidget,
    QWidget,
)

from stackgui.gui.widgets.theme import Space

PADDING_PX = 12
"""Left and right of what a tab shows, together; what styles like best is so much that words have no room."""


class _CloseTabs(QProxyStyle):
    """The style of the program, with less room inside of tabs."""

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        """Return the padding of tabs, or what the style says."""
        if metric is QStyle.PixelMetric.PM_TabBarTabHSpace:
            return PADDING_PX
        return super().pixelMetric(metric, option, widget)


@dataclass(frozen=True, slots=True)
class _Fitted:
    """What fits into a bar.

    Attributes
    ----------
    has_icons : bool
        Whether there is room for all icons and titles.
    titled_px : tuple of int
        Width of each tab with its title alone.
    short_px : tuple of int
        Width of each tab with its icon and short text.
    shortened : frozenset of int
        The tabs that show their titles only while they are in front, if not all fit.
    """

    has_icons: bool
    titled_px: tuple[int, ...]
    short_px: tuple[int, ...]
    shortened: frozenset[int]


class ShortTabBar(QTabBar):
    """Leaves out the icons where not all tabs fit, and then the titles of one tab after the other.

    A tab without its title shows its icon and a short text, which may be a number. The tab in front always
    shows its title. Which others do does not depend on that: only two tabs change when another one comes to
    the front. Tooltips and screen readers say all titles.

    Attributes
    ----------
    rare : collection of int
        Tabs that lose their titles before the others. Long titles go before short ones, so that few have
        to go.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rare: Collection[int] = ()
        self._style_name = ""
        self._fit: _Fitted | None = None
        self._fit_key: tuple[object, ...] = ()
        self._follow_style()
        # Qt looks at the size of the tab that comes to the front only, not at that of the one before.
        self.currentChanged.connect(lambda: self.setIconSize(self.iconSize()))

    @property
    def has_icons(self) -> bool:
        """Whether there is room for all icons and titles."""
        return self._fitted().has_icons

    @property
    def shortened(self) -> frozenset[int]:
        """The tabs that show their titles only while they are in front."""
        return self._fitted().shortened

    def _fitted(self) -> _Fitted:
        """Return what fits, measured anew only when something differs from which it follows.

        Qt asks for the sizes of all tabs several times for each that it paints.
        """
        tabs = [(self.tabText(at), self.tabData(at)) for at in self._tabs]
        key = (self.width(), self.iconSize().width(), self.font().key(), self._style_name, self.rare, tabs)
        if self._fit is None or key != self._fit_key:
            self._fit, self._fit_key = self._fit_now(), key
        return self._fit

    def _fit_now(self) -> _Fitted:
        full = tuple(super(ShortTabBar, self).tabSizeHint(at).width() for at in self._tabs)
        titled = tuple(px - self.iconSize().width() - Space.XS for px in full)
        short = tuple(self._short_px(at) for at in self._tabs)
        return _Fitted(sum(full) <= self.width(), titled, short, self._to_shorten(titled, short))

    def _to_shorten(self, titled: Sequence[int], short: Sequence[int]) -> frozenset[int]:
        order = sorted(self._tabs, key=lambda at: (at not in self.rare, short[at] - titled[at]))
        for count in range(len(order)):
            found = order[:count]
            in_front = max((titled[at] - short[at] for at in found), default=0)
            if in_front + sum(short[at] if at in found else titled[at] for at in self._tabs) <= self.width():
                return frozenset(found)
        return frozenset(order)

    def shows_title(self, at: int) -> bool:
        """Return whether the title of this tab can be read."""
        return at == self.currentIndex() or at not in self.shortened

    @property
    def _tabs(self) -> range:
        return range(self.count())

    def _short_px(self, at: int) -> int:
        """Return the width of a tab with its icon and short text."""
        text = self._short_text(at)
        text_px = Space.XS + self.fontMetrics().horizontalAdvance(text) if text else 0
        return self.iconSize().width() + text_px + PADDING_PX

    def _short_text(self, at: int) -> str:
        return str(self.tabData(at) or "")

    def _follow_style(self) -> None:
        """Look as the program does, which may change with the theme."""
        name = QApplication.style().name()
        if name != self._style_name:
            self._style_name = name
            style = _CloseTabs(name)
            style.setParent(self)
            self.setStyle(style)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme: Qt tells of another palette, but of no other style where a widget has its own."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._follow_style()

    def event(self, event: QEvent) -> bool:
        """Take the keyboard with an access key, which Qt leaves where it was, far from the tab."""
        taken = super().event(event)
        if event.type() is QEvent.Type.Shortcut:
            self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return taken

    def tabSizeHint(self, at: int) -> QSize:
        """Return the size of the tab with what it shows."""
        size = super().tabSizeHint(at)
        fitted = self._fitted()
        if not fitted.has_icons:
            size.setWidth((fitted.titled_px if self.shows_title(at) else fitted.short_px)[at])
        return size

    def minimumTabSizeHint(self, at: int) -> QSize:
        """Return the same, so that the bar scrolls rather than cut titles."""
        return self.tabSizeHint(at)

    def initStyleOption(self, option: QStyleOptionTab, at: int) -> None:
        """Leave out what there is no room for."""
        super().initStyleOption(option, at)
        if self.has_icons:
            return
        if self.shows_title(at):
            option.icon = QIcon()
        else:
            option.text = self._short_text(at)


class ShortTabs(QTabWidget):
    """A tab widget with such a bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = ShortTabBar(self)
        self.setTabBar(self.bar)
        self.setDocumentMode(True)
        self.setElideMode(Qt.TextElideMode.ElideNone)

    def set_title(self, at: int, title: str, short: str) -> None:
        """Name a tab, and say what it shows beside its icon where there is no room for `title`."""
        if (self.tabText(at), self.bar.tabData(at)) != (title, short):
            self.bar.setTabData(at, short)
            self.setTabText(at, title)

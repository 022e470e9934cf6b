"""Small pieces that all panels are made of, so that each is named, explained and spaced alike."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from stackgui.gui import theme
from stackgui.gui.theme import ICON_PX, Role, Space

WidgetT = TypeVar("WidgetT", bound=QWidget)


def named(widget: WidgetT, name: str, label: str, tip: str) -> WidgetT:
    """Give a widget its object name, its accessible name, and the sentence shown on hover.

    Returns
    -------
    The widget, so that this can stand around its making.
    """
    widget.setObjectName(name)
    widget.setAccessibleName(label)
    widget.setToolTip(tip)
    return widget


def button(name: str, text: str, icon: str, tip: str) -> QPushButton:
    """A push button; its text, without the mark of the access key, is its accessible name."""
    made = QPushButton(theme.icon(icon), text)
    made.setAutoDefault(False)
    return named(made, name, text.replace("&", "").rstrip("…"), tip)


def column(parent: QWidget | None = None, *, margin: int = 0, spacing: int = Space.S) -> QVBoxLayout:
    """A vertical layout with the house's distances."""
    return _spaced(QVBoxLayout(parent) if parent else QVBoxLayout(), margin, spacing)


def line(parent: QWidget | None = None, *, margin: int = 0, spacing: int = Space.S) -> QHBoxLayout:
    """A horizontal layout with the house's distances."""
    return _spaced(QHBoxLayout(parent) if parent else QHBoxLayout(), margin, spacing)


LayoutT = TypeVar("LayoutT", bound=QBoxLayout)


def _spaced(layout: LayoutT, margin: int, spacing: int) -> LayoutT:
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(spacing)
    return layout


class Words(QLabel):
    """Plain text that wraps and can be selected; file names in it are never read as markup."""

    def __init__(self, name: str, *, bold: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if bold:
            font = self.font()
            font.setBold(True)
            self.setFont(font)


class Mark(QLabel):
    """An icon that says how things stand; the words beside it say the same."""

    ICONS = {Role.INFO: "info", Role.SUCCESS: "success", Role.WARNING: "warning", Role.ERROR: "error"}

    def __init__(self, name: str) -> None:
        super().__init__()
        self._role = Role.INFO
        self.setObjectName(name)
        self.setFixedSize(ICON_PX, ICON_PX)

    def set_role(self, role: Role) -> None:
        """Show the icon of `role`."""
        self._role = role
        self.setAccessibleName(role.value)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette from light to dark."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        icon = theme.icon(self.ICONS[self._role], self._role)
        self.setPixmap(icon.pixmap(QSize(ICON_PX, ICON_PX), self.devicePixelRatioF()))

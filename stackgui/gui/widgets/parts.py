"""Building blocks of all panels, which give them consistent names, tooltips and spacing."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from stackgui.gui.widgets import theme
from stackgui.gui.widgets.theme import ICON_PX, Role, Space

WidgetT = TypeVar("WidgetT", bound=QWidget)
PRIMARY_PX = QSize(150, 40)
GROUND_DARKER = 135


def named(widget: WidgetT, name: str, label: str, tip: str) -> WidgetT:
    """Set a widget's object name, accessible name and tooltip.

    Returns
    -------
    The widget, so that the call can wrap its constructor.
    """
    widget.setObjectName(name)
    widget.setAccessibleName(label)
    widget.setToolTip(tip)
    return widget


def button(name: str, text: str, icon: str, tip: str) -> QPushButton:
    """Return a push button; its text without the access key's mark is its accessible name."""
    made = QPushButton(theme.icon(icon), text)
    made.setAutoDefault(False)
    return named(made, name, text.replace("&", "").rstrip("…"), tip)


def column(parent: QWidget | None = None, *, margin: int = 0, spacing: int = Space.S) -> QVBoxLayout:
    """Return a vertical layout with standard spacing."""
    return _spaced(QVBoxLayout(parent) if parent else QVBoxLayout(), margin, spacing)


def line(parent: QWidget | None = None, *, margin: int = 0, spacing: int = Space.S) -> QHBoxLayout:
    """Return a horizontal layout with standard spacing."""
    return _spaced(QHBoxLayout(parent) if parent else QHBoxLayout(), margin, spacing)


def choices_form(parent: QWidget | None = None) -> QFormLayout:
    """Return a compact form whose fields grow to the available width."""
    form = QFormLayout(parent) if parent else QFormLayout()
    form.setVerticalSpacing(Space.XS)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


LayoutT = TypeVar("LayoutT", bound=QBoxLayout)


def _spaced(layout: LayoutT, margin: int, spacing: int) -> LayoutT:
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(spacing)
    return layout


def set_quietly(box: QSpinBox | QDoubleSpinBox, value: float) -> None:
    """Show `value` without emitting a signal, and without disturbing text being typed."""
    if box.value() == value:
        return
    box.blockSignals(True)
    box.setValue(value)  # type: ignore[arg-type]
    box.blockSignals(False)


class PrimaryButton(QPushButton):
    """The window's main button, in the accent colour."""

    def __init__(self, name: str, text: str, icon: str, tip: str) -> None:
        super().__init__(text)
        self._icon_name = icon
        self.setMinimumSize(PRIMARY_PX)
        font = self.font()
        font.setBold(True)
        self.setFont(font)
        named(self, name, text.replace("&", ""), tip)
        self._colour()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette, and drop the colour while disabled."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.EnabledChange, QEvent.Type.ApplicationPaletteChange}:
            self._colour()

    def _colour(self) -> None:
        palette = QApplication.palette()
        mode = QIcon.Mode.Disabled
        if self.isEnabled():
            mode = QIcon.Mode.Selected
            # A style lightens a button's colour, and the text on it is white in most palettes.
            ground = palette.color(QPalette.ColorRole.Highlight).darker(GROUND_DARKER)
            palette.setColor(QPalette.ColorRole.Button, ground)
            palette.setColor(QPalette.ColorRole.ButtonText, palette.color(QPalette.ColorRole.HighlightedText))
        self.setPalette(palette)
        drawn = theme.icon(self._icon_name).pixmap(QSize(ICON_PX, ICON_PX), self.devicePixelRatioF(), mode)
        self.setIcon(QIcon(drawn))


class Words(QLabel):
    """Selectable plain text that wraps; file names in it are never read as markup."""

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


ICONS = {Role.INFO: "info", Role.SUCCESS: "success", Role.WARNING: "warning", Role.ERROR: "error"}


class Mark(QLabel):
    """A status icon; the text beside it says the same."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._role = Role.INFO
        self.setObjectName(name)
        self.setFixedSize(ICON_PX, ICON_PX)

    def set_role(self, role: Role) -> None:
        """Show the icon of `role`."""
        if role is self._role and not self.pixmap().isNull():
            return
        self._role = role
        self.setAccessibleName(role.value)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette from light to dark."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()

    def _draw(self) -> None:
        icon = theme.icon(ICONS[self._role], self._role)
        self.setPixmap(icon.pixmap(QSize(ICON_PX, ICON_PX), self.devicePixelRatioF()))

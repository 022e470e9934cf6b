"""Building blocks of all panels, which give them consistent names, tooltips and spacing."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QBoxLayout,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QStyle,
    QStyleOptionButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from stackgui.core.base.wording import say
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.contrast import TEXT, mix, told_from
from stackgui.gui.widgets.theme import ICON_PX, Role, Space
from stackgui.gui.widgets.wheel import WheelScrolls

WidgetT = TypeVar("WidgetT", bound=QWidget)
PRIMARY_PX = QSize(150, 40)
EDGE_PX = 2.0


def named(widget: WidgetT, name: str, label: str, tip: str) -> WidgetT:
    """Set a widget's object name, accessible name and tooltip; the wheel changes no field by the way.

    Returns
    -------
    The widget, so that the call can wrap its constructor.
    """
    widget.setObjectName(name)
    widget.setAccessibleName(label)
    widget.setToolTip(tip)
    if isinstance(widget, QComboBox | QAbstractSpinBox):
        WheelScrolls(widget)
    return widget


def button(name: str, text: str, icon: str, tip: str) -> QPushButton:
    """Return a push button; its text without the access key's mark is its accessible name."""
    made = QPushButton(theme.icon(icon), text)
    made.setAutoDefault(False)
    return named(made, name, text.replace("&", "").rstrip("…"), tip)


def show_pause(made: QPushButton, *, is_paused: bool, trouble: str) -> None:
    """Let a button say what it does: pause, go on, or try again after `trouble`."""
    text, icon = (
        (tr("Tr&y again"), "retry")
        if is_paused and trouble
        else (tr("Go &on"), "play")
        if is_paused
        else (tr("&Pause"), "pause")
    )
    if text != made.text():
        made.setText(text)
        made.setIcon(theme.icon(icon))
        made.setAccessibleName(text.replace("&", ""))


class ToolButton(QToolButton):
    """A small button; one that stays pressed has an edge, since some styles hardly darken it."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button, and its edge."""
        super().paintEvent(event)
        if self.isChecked():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            role = Role.ACCENT if self.isEnabled() else Role.MUTED
            painter.setPen(QPen(theme.colour(role, self.palette()), EDGE_PX))
            inside = QRectF(self.rect()).adjusted(EDGE_PX / 2, EDGE_PX / 2, -EDGE_PX / 2, -EDGE_PX / 2)
            painter.drawRoundedRect(inside, Space.XS, Space.XS)
            painter.end()


def tool(name: str, label: str, icon: str, tip: str) -> QToolButton:
    """Return a flat button with nothing but an icon."""
    made = named(ToolButton(), name, label, tip)
    made.setIcon(theme.icon(icon))
    made.setAutoRaise(True)
    return made


def say_copied(made: QPushButton) -> None:
    """Let a button say that it has copied something, as wide as before: nothing moves beside it."""
    made.setMinimumWidth(made.width())
    made.setText(tr("Copied"))


def scrolling(name: str, label: str, inner: QWidget) -> QScrollArea:
    """Return an area without a frame in which `inner` scrolls."""
    made = named(_Scrolling(), name, label, "")
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setWidgetResizable(True)
    made.setWidget(inner)
    return made


class _Scrolling(QScrollArea):
    """Takes the keyboard only while there is something to scroll."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.verticalScrollBar().rangeChanged.connect(self._on_range)

    def _on_range(self, least: int, most: int) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if most > least else Qt.FocusPolicy.NoFocus)


def clearable(field: QLineEdit) -> QLineEdit:
    """Give a field a button that clears it, and return it."""
    field.setClearButtonEnabled(True)
    for each in field.findChildren(QToolButton):
        each.setAccessibleName(tr("Clear"))
    return field


def column(parent: QWidget | None = None, *, margin: int = 0, spacing: int = Space.S) -> QVBoxLayout:
    """Return a vertical layout with standard spacing."""
    return _spaced(QVBoxLayout(parent) if parent else QVBoxLayout(), margin, spacing)


def line(parent: QWidget | None = None, *, margin: int = 0, spacing: int = Space.S) -> QHBoxLayout:
    """Return a horizontal layout with standard spacing."""
    return _spaced(QHBoxLayout(parent) if parent else QHBoxLayout(), margin, spacing)


class ChoicesForm(QFormLayout):
    """A compact form whose fields grow to the available width, and may take several lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setVerticalSpacing(Space.XS)
        self.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)

    def setGeometry(self, area: QRect) -> None:
        """Place the rows by their heights at this width.

        Qt keeps the heights of the width that it was asked about last, but may take them for those at this
        width, so that rows of several lines cover each other. Asking about other widths makes it forget them.
        """
        for other in (1, 2):
            self.heightForWidth(area.width() + other)
        super().setGeometry(area)


def choices_form(parent: QWidget | None = None) -> QFormLayout:
    """Return a compact form whose fields grow to the available width."""
    return ChoicesForm(parent)


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


def set_progress(bar: QProgressBar, value: int) -> None:
    """Show `value` with what else is painted next; `QProgressBar.setValue` alone would paint at once."""
    bar.setUpdatesEnabled(False)
    bar.setValue(value)
    bar.setUpdatesEnabled(True)


def show_busy(bar: QProgressBar) -> None:
    """Let `bar` say that something goes on whose end is unknown: by motion, or empty where motion is off."""
    bar.setRange(0, 0 if theme.has_motion() else 1)


class PrimaryButton(QPushButton):
    """The window's main button, in the colour of what is selected, whatever the style."""

    def __init__(self, name: str, text: str, icon: str, tip: str) -> None:
        super().__init__(theme.icon(icon), text)
        self.setMinimumSize(PRIMARY_PX)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        font = self.font()
        font.setBold(True)
        self.setFont(font)
        named(self, name, text.replace("&", ""), tip)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw background, icon and text."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        ground, ink, edge = self._colours(option.state)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), Space.XS, Space.XS)
        words_px = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.text()).width()
        inner = QRect(0, 0, ICON_PX + Space.S + words_px, self.height())
        inner.moveCenter(self.rect().center())
        drawing = QRect(inner.left(), (self.height() - ICON_PX) // 2, ICON_PX, ICON_PX)
        mode = QIcon.Mode.Selected if self.isEnabled() else QIcon.Mode.Disabled
        self.icon().paint(painter, drawing, Qt.AlignmentFlag.AlignCenter, mode)
        painter.setPen(ink)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextShowMnemonic
        painter.drawText(inner.adjusted(ICON_PX + Space.S, 0, 0, 0), middle, self.text())
        painter.end()

    def _colours(self, state: QStyle.StateFlag) -> tuple[QColor, QColor, QColor]:
        """Return the colours of background, text and edge."""
        palette = self.palette()
        if not self.isEnabled():
            ink = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
            return (
                mix(palette.window().color(), palette.windowText().color(), 0.06),
                ink,
                theme.outline(palette),
            )
        ground, ink = palette.highlight().color(), palette.highlightedText().color()
        if state & QStyle.StateFlag.State_Sunken:
            ground = told_from(ground.darker(125), ink, least=TEXT)
        elif state & QStyle.StateFlag.State_MouseOver:
            ground = told_from(ground.lighter(110), ink, least=TEXT)
        return ground, ink, ground


class Words(theme.Wrapped):
    """Selectable plain text that wraps; file names in it are never read as markup."""

    def __init__(self, name: str, *, bold: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if bold:
            font = self.font()
            font.setBold(True)
            self.setFont(font)


ICONS = {Role.INFO: "info", Role.SUCCESS: "success", Role.WARNING: "warning", Role.ERROR: "error"}

NAMES = {
    Role.INFO: say("info"),
    Role.SUCCESS: say("success"),
    Role.WARNING: say("warning"),
    Role.ERROR: say("error"),
}
"""What screen readers say of each icon."""


class Icon(QLabel):
    """An icon in the colour of `role`, sharp on every screen; the text beside it says the same.

    Parameters
    ----------
    icon
        Icon name; nothing is drawn for ``""``.
    role
    side_px
    """

    def __init__(self, icon: str, role: Role, side_px: int = ICON_PX) -> None:
        super().__init__()
        self._icon, self._role = icon, role
        self.setFixedSize(side_px, side_px)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the icon."""
        if self._icon:
            painter = QPainter(self)
            theme.paint_icon(
                painter, QRectF(self.rect()), self._icon, theme.colour(self._role, self.palette())
            )
            painter.end()


class Mark(Icon):
    """A status icon."""

    def __init__(self, name: str) -> None:
        super().__init__("", Role.INFO)
        self.setObjectName(name)

    def set_role(self, role: Role) -> None:
        """Show the icon of `role`."""
        self._icon, self._role = ICONS[role], role
        self.setAccessibleName(tr(NAMES[role]))
        self.update()

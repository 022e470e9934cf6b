"""A group of icon buttons, exactly one of which is pressed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QButtonGroup,
    QLayout,
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QToolButton,
    QWidget,
)

from stackgui.gui.widgets import theme
from stackgui.gui.widgets.contrast import mix
from stackgui.gui.widgets.flow import Flow
from stackgui.gui.widgets.parts import line
from stackgui.gui.widgets.theme import Role, Space

Choice = tuple[str, str, str, str]
"""Value, label, icon name, tooltip."""

DRAWING_PX = 22


class _Segment(QToolButton):
    """A button that, when pressed, gets a strong edge and bold words, in every style and theme."""

    def sizeHint(self) -> QSize:
        """Return the size of the icon and of its label, if any."""
        if not self._labelled():
            return QSize(DRAWING_PX + Space.M, DRAWING_PX + Space.M)
        words = QFontMetrics(_bold(self)).size(0, self.text())
        return QSize(
            max(words.width(), DRAWING_PX) + Space.S, DRAWING_PX + words.height() + Space.XS + Space.M
        )

    def minimumSizeHint(self) -> QSize:
        """Return the size hint, since nothing may be cut off."""
        return self.sizeHint()

    def _labelled(self) -> bool:
        return self.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonTextUnderIcon

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw background, icon and label."""
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = self.isChecked() and self.isEnabled() and theme.is_high_contrast(self.palette())
        self._paint_ground(painter, bool(option.state & QStyle.StateFlag.State_MouseOver), strong=strong)
        drawing = QRect(0, 0, DRAWING_PX, DRAWING_PX)
        drawing.moveCenter(self.rect().center())
        if self._labelled():
            drawing.moveTop(Space.XS + 2)
            words = QRect(0, drawing.bottom(), self.width(), self.height() - drawing.bottom() - 2)
            ink = QPalette.ColorRole.HighlightedText if strong else QPalette.ColorRole.ButtonText
            painter.setPen(self.palette().color(ink))
            if self.isChecked():
                painter.setFont(_bold(self))
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
        mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
        mode = QIcon.Mode.Selected if strong else mode
        self.icon().paint(painter, drawing, Qt.AlignmentFlag.AlignCenter, mode)
        painter.end()

    def _paint_ground(self, painter: QPainter, hovered: bool, *, strong: bool) -> None:
        palette = self.palette()
        role = Role.ACCENT if self.isEnabled() else Role.MUTED
        ground, edge, edge_px = palette.button().color(), theme.outline(palette), 1.0
        if self.isChecked():
            ground, edge, edge_px = theme.tint(role, palette), theme.colour(role, palette), 2.0
            ground = palette.highlight().color() if strong else ground
        elif hovered and self.isEnabled():
            ground = mix(ground, theme.colour(Role.ACCENT, palette), 0.08)
        painter.setPen(QPen(edge, edge_px))
        painter.setBrush(ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), Space.XS, Space.XS)


def _bold(widget: QWidget) -> QFont:
    font = QFont(widget.font())
    font.setBold(True)
    return font


class ChoiceButtons(QWidget):
    """A group of buttons, exactly one pressed; the arrow keys move between them.

    Parameters
    ----------
    show_labels
        Whether to show the label below the icon; it is the accessible name either way.

    Signals
    -------
    changed(str)
        Value that the person chose; not emitted by `set_value`.
    """

    changed = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, show_labels: bool = True) -> None:
        super().__init__(parent)
        self._show_labels = show_labels
        self._buttons: dict[str, _Segment] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._group.buttonClicked.connect(self._tell)
        # Icons are small enough to stay on one line, which is then as wide as they need.
        self._layout: QLayout = (
            Flow(self, spacing=Space.XS, filled=True) if show_labels else line(self, spacing=Space.XS // 2)
        )

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Replace the buttons and press the first; they take several lines where one is too short."""
        for button in self._buttons.values():
            self._group.removeButton(button)
            button.deleteLater()
        self._buttons.clear()
        for choice in choices:
            self._layout.addWidget(self._add(choice))
        self.set_value(next(iter(self._buttons)))

    def _add(self, choice: Choice) -> _Segment:
        value, label, icon_name, tooltip = choice
        button = _Segment(self)
        button.setObjectName(f"{self.objectName()}.{value}")
        button.setAccessibleName(label)
        button.setText(label)
        button.setToolTip(tooltip)
        button.setIcon(theme.icon(icon_name))
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAttribute(Qt.WidgetAttribute.WA_Hover)
        if self._show_labels:
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._buttons[value] = button
        self._group.addButton(button)
        return button

    def value(self) -> str:
        """Return the value of the pressed button."""
        return next(value for value, button in self._buttons.items() if button.isChecked())

    def set_value(self, value: str) -> None:
        """Press the button of `value`.

        Raises
        ------
        KeyError
            When no button has that value.
        """
        self._buttons[value].setChecked(True)

    def _tell(self) -> None:
        self.changed.emit(self.value())

"""A drop-down that may be narrower than its entries."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QHelpEvent, QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter, QToolTip

from stackgui.gui.widgets.parts import named
from stackgui.gui.widgets.tips import plain_tip

MARGIN_PX = 4
"""What styles leave free beside the chosen entry."""

AROUND_PX = 32
"""What the list of entries needs beside the longest: margins, and a bar to scroll."""


class DropDown(QComboBox):
    """Ends an entry that is cut off in an ellipsis, and tells it in full on hover and in its list."""

    def shown_text(self) -> str:
        """Return the chosen entry as far as there is room for it."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        icon_px = 0 if option.currentIcon.isNull() else option.iconSize.width() + 4
        return self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room.width() - icon_px - MARGIN_PX
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the field with the shortened entry."""
        if self.isEditable():
            super().paintEvent(event)
            return
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        option.currentText = self.shown_text()
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def showPopup(self) -> None:
        """Open the list, wide enough for every entry."""
        widest_px = self.screen().availableGeometry().width() // 2
        self.view().setMinimumWidth(min(self.view().sizeHintForColumn(0) + AROUND_PX, widest_px))
        super().showPopup()

    def event(self, event: QEvent) -> bool:
        """Tell the chosen entry in full before the sentence about the field, where it is cut off."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._is_cut_off():
            tip = f"{self.currentText()}\n{self.toolTip()}".rstrip()
            QToolTip.showText(event.globalPos(), plain_tip(tip), self)
            return True
        return super().event(event)

    def _is_cut_off(self) -> bool:
        return not self.isEditable() and self.shown_text() != self.currentText()


def narrow_drop_down(name: str, label: str, tip: str, least_chars: int) -> DropDown:
    """Return a drop-down that no long entry widens, so that the window stays as narrow as it is."""
    made = named(DropDown(), name, label, tip)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(least_chars)
    return made

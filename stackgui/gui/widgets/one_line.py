"""Secondary text that stays on one line, however little room there is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from stackgui.gui.widgets.theme import SoftLabel
from stackgui.gui.widgets.tips import plain_tip


class OneLine(SoftLabel):
    """Secondary text on one line; what does not fit is left out, and the tooltip says all."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setWordWrap(False)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def minimumSizeHint(self) -> QSize:
        """Return a line of any width."""
        return QSize(1, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw as much of the text as fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.contentsRect(), int(self.alignment()), self._shown())
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Say all of the text where it is not shown in full."""
        if isinstance(event, QHelpEvent):
            told = plain_tip(self.text()) if self._shown() != self.text() else ""
            told = self.toolTip() or told
            QToolTip.showText(event.globalPos(), told, self)
            return True
        return super().event(event)

    def _shown(self) -> str:
        room_px = self.contentsRect().width()
        return self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room_px)

"""A label that changes several times a second, without moving what lies around it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget


class Steady(QWidget):
    """Holds a wrapping label; what lies around is laid out again only when the text needs another height.

    A label in a layout has the whole window laid out each time its text changes.

    Parameters
    ----------
    label
    """

    def __init__(self, label: QLabel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self._needed_px = (-1, -1)
        label.setParent(self)
        self.setSizePolicy(label.sizePolicy())

    def hasHeightForWidth(self) -> bool:
        """Return what the label does."""
        return self._label.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        """Return the height of the text at `width`."""
        return self._label.heightForWidth(width)

    def sizeHint(self) -> QSize:
        """Return what the label would like best."""
        return self._label.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Return what the label needs."""
        return self._label.minimumSizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the label all the room."""
        super().resizeEvent(event)
        self._label.setGeometry(self.rect())
        self._needed_px = self._needs()

    def event(self, event: QEvent) -> bool:
        """Ask for another size if the new text needs it."""
        if event.type() is QEvent.Type.LayoutRequest:
            needed_px, before_px = self._needs(), self._needed_px
            self._needed_px = needed_px
            if needed_px != before_px:
                self.updateGeometry()
        return super().event(event)

    def _needs(self) -> tuple[int, int]:
        """Return the height of the text here, and the width if that is more than there is."""
        if self._label.wordWrap():  # to ask for its least width has all of the text laid out once more
            longest = max(QLabel.text(self._label).split(" "), key=len)
            return self.heightForWidth(self.width()), max(self.width(), self._advance_px(longest))
        return -1, max(self.width(), self.minimumSizeHint().width())

    def _advance_px(self, word: str) -> int:
        return self._label.fontMetrics().horizontalAdvance(word)

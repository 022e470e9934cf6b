"""Lets the mouse wheel scroll the page where it would change a value by the way."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget


class WheelScrolls(QObject):
    """Lets a field obey the wheel only while it has the keyboard; otherwise what it lies in scrolls."""

    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._field = field
        # Or else the wheel itself would give it the keyboard.
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Hold the wheel back, and hand it on to what lies behind."""
        if event.type() is QEvent.Type.Wheel and not self._field.hasFocus():
            event.ignore()
            return True
        return False

"""Return presses the button that has the keyboard, as the space bar does, whatever the desktop is."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog
from shiboken6 import isValid

RETURN = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
BARE = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class ReturnPresses(QObject):
    """Watches the button that has the keyboard. In dialogs Return belongs to their default button."""

    def __init__(self, qt: QApplication) -> None:
        super().__init__(qt)
        self._button: QAbstractButton | None = None
        # No argument: see `FocusRings`.
        qt.focusChanged.connect(self.follow)

    def follow(self) -> None:
        """Watch what has the keyboard now, if it is a button."""
        if self._button is not None and isValid(self._button):
            self._button.removeEventFilter(self)
        now = QApplication.focusWidget()
        watched = isinstance(now, QAbstractButton) and not isinstance(now.window(), QDialog)
        self._button = now if watched and isinstance(now, QAbstractButton) else None
        if self._button is not None:
            self._button.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Press the button."""
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return False
        if event.key() not in RETURN or event.modifiers() not in BARE or watched is not self._button:
            return False
        if not event.isAutoRepeat():
            assert self._button is not None
            self._button.click()
        return True


def press_by_return(qt: QApplication) -> None:
    """Let Return press buttons in all windows of `qt`, now and later."""
    if qt.findChild(ReturnPresses) is None:
        ReturnPresses(qt)

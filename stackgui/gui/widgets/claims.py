"""Keys that a part of the window keeps to itself while it has the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent


def claims(event: QEvent, key: Qt.Key) -> bool:
    """Return whether `event` asks if `key` is a shortcut of the window; it then is none.

    For use in `QWidget.event`: a widget that answers so gets the key itself.
    """
    if event.type() is not QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() != key or event.modifiers():
        return False
    event.accept()
    return True

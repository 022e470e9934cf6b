"""A window beside the work: help, settings, and what the program is made of."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


class SideWindow(QWidget):
    """A window that leaves the others usable, and closes with Esc.

    Parameters
    ----------
    parent
    name
        Object name.
    title
    size_px
        Its size at first.
    """

    def __init__(self, parent: QWidget, name: str, title: str, size_px: QSize) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.resize(size_px)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Cancel), self, self.close)

    def bring(self) -> None:
        """Show it in front of the others."""
        self.show()
        self.raise_()
        self.activateWindow()

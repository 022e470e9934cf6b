"""A window beside the work: help, settings, and what the program is made of."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from stackgui.gui.app.desktop import Desktop
from stackgui.gui.app.room import keep_new_on_screen
from stackgui.gui.widgets import eye_order
from stackgui.gui.widgets.message_bar import MessageBar


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

    Attributes
    ----------
    message : MessageBar
        Over the foot of what `hold` shows; what concerns this window is not said behind it.
    desktop : Desktop
    """

    def __init__(self, parent: QWidget, name: str, title: str, size_px: QSize) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName(name)
        self.setWindowTitle(title)
        self.resize(size_px)
        self.message = MessageBar()
        self.desktop = Desktop(self.message)
        self._is_placed = False
        QShortcut(QKeySequence(QKeySequence.StandardKey.Cancel), self, self.close)

    def hold(self, panel: QWidget) -> None:
        """Fill the window with `panel`."""
        over = QGridLayout(self)
        over.setContentsMargins(0, 0, 0, 0)
        over.addWidget(panel, 0, 0)
        over.addWidget(self.message, 0, 0, Qt.AlignmentFlag.AlignBottom)

    def showEvent(self, event: QShowEvent) -> None:
        """Stay on the screen."""
        super().showEvent(event)
        if not event.spontaneous():
            keep_new_on_screen(self)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go on as the eye does, as in the main window."""
        return eye_order.go(self, forward=forward)

    def bring(self) -> None:
        """Show it in front of the others, at first in the middle of the main window."""
        if not self._is_placed:
            self._is_placed = True
            parent = self.parentWidget()
            assert parent is not None
            place = self.geometry()
            place.moveCenter(parent.geometry().center())
            self.setGeometry(place)
        self.show()
        self.raise_()
        self.activateWindow()

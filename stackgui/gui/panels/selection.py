"""What can be done with pictures that were picked out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from stackgui.core.selection import Selection
from stackgui.core.units import format_count
from stackgui.gui.panels.parts import Words, button, line


class SelectionBar(QWidget):
    """One line: how many pictures were picked out and what they have in common, and what to do with them.

    Signals
    -------
    list_wanted()
        Save the list of files.
    dropped()
        Pick nothing any more.
    """

    list_wanted = Signal()
    dropped = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._line = Words(f"{name}.line")
        self._list = button(
            f"{name}.list", "Save list…", "save", "Saves the names of these files as a list, CSV."
        )
        self._drop = button(f"{name}.drop", "All pictures", "close", "Goes back to all pictures.")
        layout = line(self)
        layout.addWidget(self._line, 1)
        for each in (self._list, self._drop):
            layout.addWidget(each)
        self._list.clicked.connect(self.list_wanted)
        self._drop.clicked.connect(self.dropped)

    def set_selection(self, selection: Selection) -> None:
        """Show what was picked out."""
        self._line.setText(f"{format_count(len(selection), 'picture')} {selection.title}")

"""The bar with the actions for selected pictures."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from stackgui.core.base.units import format_count
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.flow import Flow
from stackgui.gui.widgets.parts import Words, button, line


class SelectionBar(QWidget):
    """One line: the number of selected pictures, what they have in common, and buttons for them.

    Signals
    -------
    exclude_wanted(bool)
        Exclude them from the stack, or include them again.
    list_wanted()
        Save the list of files.
    dropped()
        Clear the selection.
    """

    exclude_wanted = Signal(bool)
    list_wanted = Signal()
    dropped = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self._line = Words(f"{name}.line")
        self._exclude = button(
            f"{name}.exclude",
            tr("Leave out"),
            "minus",
            tr("Leaves these pictures out of the stack; their files stay."),
        )
        self._include = button(
            f"{name}.include", tr("Take in"), "plus", tr("Puts these pictures back into the stack.")
        )
        self._list = button(
            f"{name}.list", tr("Save list…"), "save", tr("Saves the names of these files as a CSV list.")
        )
        self._drop = button(f"{name}.drop", tr("All pictures"), "close", tr("Goes back to all pictures."))
        layout, deeds = line(self), Flow()
        for each in (self._exclude, self._include, self._list, self._drop):
            deeds.addWidget(each)
        layout.addWidget(self._line, 1)
        layout.addLayout(deeds)
        self._include.hide()
        self._exclude.clicked.connect(lambda: self.exclude_wanted.emit(True))
        self._include.clicked.connect(lambda: self.exclude_wanted.emit(False))
        self._list.clicked.connect(self.list_wanted)
        self._drop.clicked.connect(self.dropped)

    def present(self, screen: Screen) -> None:
        """Show the selection, and how many of its samples are excluded."""
        selection, catalog = screen.selection, screen.catalog
        if selection is None or catalog is None:
            return
        excluded = int(np.count_nonzero(screen.options.exclude.mask(catalog)[selection.samples]))
        pictures = format_count(len(selection), "picture")
        told = tr("{pictures} {which}", pictures=pictures, which=selection.title)
        if excluded:
            told = tr("{told}, {excluded:,} left out", told=told, excluded=excluded)
        self._line.setText(told)
        self._exclude.setVisible(excluded < len(selection))
        self._include.setVisible(excluded == len(selection))

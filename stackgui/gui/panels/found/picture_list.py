"""A table of all pictures, of the plan or of a finished stack."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from stackgui.core.plan.listing import Order, Wanted
from stackgui.core.plan.plan import Plan
from stackgui.gui.panels.found.pictures_filter import TYPED_MS, search_field
from stackgui.gui.panels.found.problems import file_table
from stackgui.gui.texts import picture_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.claims import claims
from stackgui.gui.widgets.parts import Words, button, column, line
from stackgui.gui.widgets.picture_rows import PictureRows
from stackgui.gui.widgets.theme import SoftLabel, Space

COLUMNS_PX = (64, 260, 96, 72, 104)


class PictureList(QWidget):
    """A table that can be searched and sorted, and saved as CSV.

    Signals
    -------
    wanted_changed(Wanted)
        List other pictures, or in another order.
    save_wanted()
        Save what is listed.
    closed()
    """

    wanted_changed = Signal(object)
    save_wanted = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("list")
        self.plan: Plan | None = None
        self._wanted = Wanted()
        self._title = Words("list.title", bold=True)
        self._search = search_field("list.search")
        self._count = SoftLabel()
        self._count.setObjectName("list.count")
        self._count.setWordWrap(False)
        self._save = button(
            "list.save", tr("Save as CSV…"), "save", tr("Saves what is listed here, for a spreadsheet.")
        )
        self._close = button("list.close", tr("Back"), "close", tr("Closes the list (Esc)."))
        self._rows = PictureRows(self)
        self._table = file_table(self._rows, "list.table", tr("Pictures"), COLUMNS_PX[0], COLUMNS_PX[1])
        for place, width in enumerate(COLUMNS_PX):
            self._table.setColumnWidth(place, width)
        self._table.horizontalHeader().setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        self._table.setSortingEnabled(True)
        self._typed = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._lay_out()
        self._search.textChanged.connect(lambda _text: self._typed.start())
        self._typed.timeout.connect(self._read)
        self._rows.sort_wanted.connect(self._sort)
        self._save.clicked.connect(self.save_wanted)
        self._close.clicked.connect(self.closed)

    def _lay_out(self) -> None:
        head = line()
        head.addWidget(self._title, 1)
        head.addWidget(self._save)
        head.addWidget(self._close)
        search = line()
        search.addWidget(self._search, 1)
        search.addWidget(self._count)
        layout = column(self, margin=Space.M)
        layout.addLayout(head)
        layout.addLayout(search)
        layout.addWidget(self._table, 1)

    def event(self, event: QEvent) -> bool:
        """Keep Esc from closing a card of the window."""
        return claims(event, Qt.Key.Key_Escape) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the list on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    @property
    def samples(self) -> NDArray[np.int64]:
        """Return what is listed."""
        return self._rows.samples

    def show_plan(self, title: str, plan: Plan) -> None:
        """Show the pictures of `plan`, which follow."""
        self.plan = plan
        self._title.setText(title)
        self._rows.set_plan(plan)
        self._search.clear()
        self._table.setFocus()

    def show_rows(self, samples: NDArray[np.int64]) -> None:
        """List `samples`, in this order."""
        self._rows.set_samples(samples)
        if self.plan is not None:
            self._count.setText(picture_texts.found(len(self._rows.samples), len(self.plan.catalog)))

    def let_go(self) -> None:
        """Show nothing."""
        self.plan = None
        self._rows.set_plan(None)

    def _read(self) -> None:
        self._tell(replace(self._wanted, text=self._search.text()))

    def _sort(self, order: str, descending: bool) -> None:
        self._tell(replace(self._wanted, order=Order(order), descending=descending))

    def _tell(self, wanted: Wanted) -> None:
        if wanted != self._wanted:
            self._wanted = wanted
            self.wanted_changed.emit(wanted)

"""The window that shows the figures behind the plots as tables."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QSplitter, QTableView, QWidget

from stackgui.core.base.wording import say
from stackgui.gui.app.side_window import SideWindow
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.parts import Words, button, column, line, named
from stackgui.gui.widgets.sheet import Sheet, SheetModel
from stackgui.gui.widgets.theme import Space

SIZE_PX = QSize(760, 480)
LIST_PX = 220
NOTHING = say("There is no plot with figures in front.")


class SheetWindow(SideWindow):
    """A list of the plots in front, and the table of the chosen one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "sheets", tr("Plots as tables"), SIZE_PX)
        self._sheets: Sequence[Sheet] = ()
        self._list = named(QListWidget(), "sheets.list", tr("Plots"), "")
        self._table = named(QTableView(), "sheets.table", tr("Figures"), "")
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setTabKeyNavigation(False)
        self._table.horizontalHeader().setStretchLastSection(True)
        line_px = self._table.fontMetrics().height() + Space.S
        self._table.verticalHeader().setDefaultSectionSize(line_px)
        self._nothing = Words("sheets.nothing")
        self._nothing.setText(tr(NOTHING))
        self._copy = button(
            "sheets.copy",
            tr("&Copy the table"),
            "copy",
            tr("Copies it so that it can be pasted into a spreadsheet."),
        )
        close = button("sheets.close", tr("C&lose"), "close", tr("Closes this window."))
        split = QSplitter()
        split.addWidget(self._list)
        split.addWidget(self._table)
        split.setSizes([LIST_PX, SIZE_PX.width() - LIST_PX])
        layout = column(self, margin=Space.M, spacing=Space.M)
        layout.addWidget(self._nothing)
        layout.addWidget(split, 1)
        foot = line()
        foot.addWidget(self._copy)
        foot.addStretch(1)
        foot.addWidget(close)
        layout.addLayout(foot)
        self._list.currentRowChanged.connect(self._show)
        self._copy.clicked.connect(self._copy_table)
        close.clicked.connect(self.close)

    def set_sheets(self, sheets: Sequence[Sheet], first: int) -> None:
        """Offer `sheets`, and show the one at `first`."""
        self._sheets = sheets
        self._list.clear()
        self._list.addItems([sheet.title for sheet in sheets])
        self._nothing.setVisible(not sheets)
        self._list.setCurrentRow(first if sheets else -1)
        self._copy.setEnabled(bool(sheets))

    def _show(self, row: int) -> None:
        before = self._table.model()
        self._table.setModel(SheetModel(self._sheets[row], self) if row >= 0 else None)
        if before is not None:
            before.deleteLater()
        if row >= 0:
            self._table.setAccessibleName(self._sheets[row].title)
            self._table.resizeColumnsToContents()

    def _copy_table(self) -> None:
        QGuiApplication.clipboard().setText(self._sheets[self._list.currentRow()].text())

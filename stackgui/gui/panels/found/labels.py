"""The tab Labels: the labels, and how many rows of each go to which dataset split."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from stackgui.core.plan.plan import Plan
from stackgui.core.plan.split_table import split_table
from stackgui.core.plan.taken import parts_taken
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.texts.label_texts import counts_of, labels_line
from stackgui.gui.widgets.label_bars import LabelBars
from stackgui.gui.widgets.parts import Words, column, line, named
from stackgui.gui.widgets.tables import SplitRows
from stackgui.gui.widgets.theme import SoftLabel, Space


class LabelsPage(Tab):
    """Pictures of each label, and how many of them go to each dataset split."""

    TITLE = "&Labels"
    ICON = "label"
    HELP = "numbers"
    TIP = "How many pictures each label has, and how they are split."

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("labels")
        self._plan: Plan | None = None
        self._is_counted = True
        self._line = Words("labels.line")
        self._split_line = SoftLabel()
        self._split_line.setObjectName("labels.split.line")
        self._bars = LabelBars()
        self._rows = SplitRows(self)
        self._table = self._make_table()
        below = line()
        below.addWidget(self._bars, 1)
        below.addWidget(self._table, 1)
        layout = column(self, margin=Space.M)
        layout.addWidget(self._line)
        layout.addWidget(self._split_line)
        layout.addLayout(below, 1)

    def _make_table(self) -> QTableView:
        table = named(QTableView(), "labels.table", "What goes where", "Rows of each label in each part.")
        table.setModel(self._rows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + Space.S)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        return table

    def present(self, screen: Screen) -> None:
        """Count the labels of `screen`, or wait until the tab is visible."""
        if screen.plan is self._plan:
            return
        self._plan, self._is_counted = screen.plan, False
        if self.isVisible():
            self._count()

    def showEvent(self, event: QShowEvent) -> None:
        """Count the labels if they changed while the tab was hidden."""
        super().showEvent(event)
        self._count()

    def _count(self) -> None:
        if self._is_counted:
            return
        plan, self._is_counted = self._plan, True
        counts = counts_of(plan)
        self._line.setText(labels_line(plan, counts))
        self._bars.set_counts(counts)
        self._rows.set_table(None if plan is None else split_table(plan))
        self._table.setVisible(plan is not None and bool(plan.parts))
        self._bars.setVisible(bool(counts) or self._table.isHidden())
        self._split_line.setText(_split_line(plan))


def _split_line(plan: Plan | None) -> str:
    if plan is None:
        return ""
    if not plan.parts:
        return "The rows are not split; choose train, validation and test under “More choices”."
    return f"Parts: {parts_taken(plan).text}."

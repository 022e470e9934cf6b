"""A table and the choices about what it lists, arranged by the room there is."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QComboBox,
    QFormLayout,
    QLabel,
    QTableView,
    QWidget,
)

from stackgui.gui.widgets.boxes import BoxDelegate
from stackgui.gui.widgets.parts import choices_form, line, named
from stackgui.gui.widgets.theme import Space

LEAST_ROWS = 5
"""Rows of a table that are in sight, its header among them."""

AROUND_PX = 40
"""What a drop-down needs beside its longest entry."""


class TableAndFields(QWidget):
    """A table with its fields beside it, or below it where something would be cut off.

    Captions stand above their fields beside a table, and wherever long entries need the room.

    Parameters
    ----------
    table
        The table, or what holds it.
    table_px
        Width in which the table cuts off no usual name.

    Attributes
    ----------
    form : QFormLayout
        Where fields are to be added.
    """

    def __init__(self, table: QWidget, table_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table, self._table_px = table, table_px
        self._fields = QWidget()
        self.form = choices_form(self._fields)
        self.form.setContentsMargins(0, 0, 0, 0)
        self._layout = line(self, spacing=Space.M)
        self._layout.addWidget(table, 3)
        self._layout.addWidget(self._fields, 2, Qt.AlignmentFlag.AlignTop)

    def show_parts(self, *, table: bool, fields: bool) -> None:
        """Show the table, the fields, or both."""
        self._table.setVisible(table)
        self._fields.setVisible(fields)
        self.setVisible(table or fields)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange table and fields anew."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        fields_px, wide_px = self._fields_px(), self.contentsRect().width()
        needed_px = max(self._table_px, 3 * fields_px // 2) + fields_px + Space.M
        beside = not self._table.isHidden() and wide_px >= needed_px
        above = beside or wide_px < self._captions_px() + Space.S + fields_px
        self._layout.setDirection(
            QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        )
        self._layout.setStretch(1, 2 if beside else 0)
        self.form.setRowWrapPolicy(
            QFormLayout.RowWrapPolicy.WrapAllRows if above else QFormLayout.RowWrapPolicy.DontWrapRows
        )

    def _captions_px(self) -> int:
        """Return the width of the widest caption."""
        captions = self._fields.findChildren(QLabel)
        return max((label.sizeHint().width() for label in captions), default=0)

    def _fields_px(self) -> int:
        """Return the width in which no entry of a field is cut off."""
        boxes = self._fields.findChildren(QComboBox)
        entries = [box.itemText(at) for box in boxes for at in range(box.count())]
        widest = max(map(self.fontMetrics().horizontalAdvance, entries), default=0)
        return max(widest + AROUND_PX, self._fields.minimumSizeHint().width())


def table_of(rows: QAbstractItemModel, name: str, label: str, tip: str) -> QTableView:
    """Return a table of `rows`, whose cells are typed into after a double click."""
    table = named(QTableView(), name, label, tip)
    table.setModel(rows)
    table.setItemDelegate(BoxDelegate(table))
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setEditTriggers(
        QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
    )
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + Space.S)
    table.setMinimumHeight(LEAST_ROWS * table.verticalHeader().defaultSectionSize())
    return table

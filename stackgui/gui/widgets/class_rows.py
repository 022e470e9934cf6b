"""The classes of annotations as a table: which are drawn, how many objects each has, what each becomes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from stackgui.core.base.text import printable
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.overlay import EDGE_PX, LINE_PX, class_colour, class_pattern, overlay
from stackgui.gui.widgets.tables import Cells, Index, Rows

SWATCH_PX = 16
NAME, COUNT, NEW = range(3)


class ClassRows(Rows):
    """One row for each class in the annotation files.

    Signals
    -------
    renamed(str, str)
        A class in the files, and what it is called in the stack; ``""`` leaves it out.
    """

    renamed = Signal(str, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__((tr("Class"), tr("Objects"), tr("In the stack")), parent)
        self._names: tuple[str, ...] = ()
        self._counts: tuple[int, ...] = ()
        self._new: tuple[str, ...] = ()
        self._numbers: tuple[int, ...] = ()
        overlay().changed.connect(self._drawn_anew)

    def set_classes(
        self, names: Sequence[str], counts: Sequence[int], new: Sequence[str], numbers: Sequence[int]
    ) -> None:
        """Show classes.

        Parameters
        ----------
        names, counts
            The classes in the files, and how many objects each has.
        new
            What each is called in the stack; ``""`` for those that are left out.
        numbers
            The number of each in the stack; negative for those that are left out.
        """
        self.beginResetModel()
        self._names, self._counts = tuple(names), tuple(counts)
        self._new, self._numbers = tuple(new), tuple(numbers)
        self.endResetModel()

    def _drawn_anew(self) -> None:
        if self._names:
            self.dataChanged.emit(self.index(0, NAME), self.index(len(self._names) - 1, NAME))

    def length(self) -> int:
        """Return one row for each class."""
        return len(self._names)

    def cells(self, row: int) -> Cells:
        """Return the class, its objects, and what it is called in the stack."""
        new = printable(self._new[row]) if self._new[row] else tr("left out")
        return printable(self._names[row]), tr("{count:,}", count=self._counts[row]), new

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let classes be switched on and off, and be renamed."""
        flags = super().flags(index)
        if index.column() == NAME:
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == NEW else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return the cell as in any table, with the colour of the class and whether it is drawn."""
        row, column = index.row(), index.column()
        match column, role:
            case 0, Qt.ItemDataRole.CheckStateRole:
                shown = self._new[row] not in overlay().hidden
                found: Any = Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked
            case 0, Qt.ItemDataRole.DecorationRole:
                found = swatch(self._numbers[row])
            case 0, Qt.ItemDataRole.ToolTipRole:
                found = tr("Drawn over pictures if it is ticked.")
            case 1, Qt.ItemDataRole.TextAlignmentRole:
                found = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            case 2, Qt.ItemDataRole.EditRole:
                found = self._new[row]
            case 2, Qt.ItemDataRole.ToolTipRole:
                found = tr("Double-click to rename it, to merge it with another, or to leave it out (empty).")
            case _:
                found = super().data(index, role)
        return found

    def setData(self, index: QModelIndex | Any, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: ANN401 - Qt's signature
        """Switch a class on or off, or rename it."""
        row, column = index.row(), index.column()
        if column == NAME and role == Qt.ItemDataRole.CheckStateRole:
            name, on = self._new[row], Qt.CheckState(value) is Qt.CheckState.Checked
            overlay().hide_classes(overlay().hidden - {name} if on else overlay().hidden | {name})
            return True
        if column == NEW and role == Qt.ItemDataRole.EditRole and str(value).strip() != self._new[row]:
            self.renamed.emit(self._names[row], str(value).strip())
            return True
        return False


def swatch(number: int) -> QPixmap:
    """Return a small box in the colour and pattern of a class; an empty picture for one that is left out."""
    made = QPixmap(QSize(SWATCH_PX, SWATCH_PX))
    made.fill(QColor(0, 0, 0, 0))
    if number < 0:
        return made
    painter = QPainter(made)
    place = QRectF(2.5, 2.5, SWATCH_PX - 5, SWATCH_PX - 5)
    painter.setPen(QPen(QColor("#000000"), LINE_PX + 2 * EDGE_PX))
    painter.drawRect(place)
    painter.setPen(QPen(class_colour(number), LINE_PX, class_pattern(number)))
    painter.drawRect(place)
    painter.end()
    return made

"""The values found in masks as a table: how many masks hold each, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPixmap

from stackgui.core.base.text import printable
from stackgui.core.catalog.mask_classes import COLOUR, MAX_NUMBER, spelled
from stackgui.core.plan.mask_table import MaskValue
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.class_rows import SWATCH_PX
from stackgui.gui.widgets.overlay import mask_colour, overlay
from stackgui.gui.widgets.tables import Cells, Index, Rows

_GREYS = 256
VALUE, MASKS, SHARE, NUMBER, NAME = range(5)


class MaskRows(Rows):
    """One row for each value in masks.

    Signals
    -------
    numbered(int, object)
        A row, and the number that its value gets in the stack; None if it does not count.
    named(int, str)
        A row, and the name that its class gets; ``""`` if it does not count.
    """

    numbered = Signal(int, object)
    named = Signal(int, str)

    def __init__(self, parent: QObject) -> None:
        titles = (tr("In the file"), tr("Masks"), tr("Area"), tr("Number"), tr("Name"))
        super().__init__(titles, parent)
        self._values: tuple[MaskValue, ...] = ()
        self._are_colours = False
        overlay().changed.connect(self._drawn_anew)

    def set_values(self, values: Sequence[MaskValue]) -> None:
        """Show `values`; where only numbers and names change, selection and place stay."""
        keys = [each.key for each in values]
        self._are_colours = any(key >= COLOUR for key in keys)
        if keys == [each.key for each in self._values]:
            self._values = tuple(values)
            if keys:
                self.dataChanged.emit(self.index(0, 0), self.index(len(keys) - 1, NAME))
            return
        self.beginResetModel()
        self._values = tuple(values)
        self.endResetModel()

    def _drawn_anew(self) -> None:
        if self._values:
            self.dataChanged.emit(self.index(0, VALUE), self.index(len(self._values) - 1, VALUE))

    def length(self) -> int:
        """Return one row for each value."""
        return len(self._values)

    def cells(self, row: int) -> Cells:
        """Return the value, how many masks and how much of them have it, and what becomes of it."""
        each = self._values[row]
        if each.number is None:
            number, name = "–", tr("does not count") if each.is_known else tr("no class: such masks fail")
        else:
            number, name = str(each.number), printable(each.name)
        share = tr("{share:.3g} %", share=100 * each.share)
        return self._spelled(each.key), tr("{count:,}", count=each.masks), share, number, name

    def _spelled(self, key: int) -> str:
        """Return a value as people write it: in the midst of colours, a grey is one too."""
        return f"#{key:02x}{key:02x}{key:02x}" if self._are_colours and 0 <= key < _GREYS else spelled(key)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let classes be switched on and off, and get other numbers and names."""
        flags = super().flags(index)
        if index.column() == VALUE and self._values[index.row()].number:
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() in {NUMBER, NAME} else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return the cell as in any table, with the colours of the value and whether it is drawn."""
        each = self._values[index.row()]
        match index.column(), role:
            case 0, Qt.ItemDataRole.CheckStateRole if each.number:
                shown = each.number not in overlay().hidden_masks
                found: Any = Qt.CheckState.Checked if shown else Qt.CheckState.Unchecked
            case 0, Qt.ItemDataRole.DecorationRole:
                found = _swatch(each)
            case 0, Qt.ItemDataRole.ToolTipRole:
                found = tr("Drawn over pictures in this colour if it is ticked.")
            case 1 | 2 | 3, Qt.ItemDataRole.TextAlignmentRole:
                found = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            case 3, Qt.ItemDataRole.EditRole:
                found = "" if each.number is None else str(each.number)
            case 4, Qt.ItemDataRole.EditRole:
                found = each.name
            case 3, Qt.ItemDataRole.ToolTipRole:
                found = tr("Double-click to change it, to join it with another, or to ignore it (empty).")
            case 4, Qt.ItemDataRole.ToolTipRole:
                found = tr("Double-click to name it, to join it with another, or to ignore it (empty).")
            case _:
                found = super().data(index, role)
        return found

    def setData(self, index: QModelIndex | Any, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: ANN401 - Qt's signature
        """Switch a class on or off, or give it another number or name."""
        row, column, text = index.row(), index.column(), str(value).strip()
        each = self._values[row]
        if column == VALUE and role == Qt.ItemDataRole.CheckStateRole and each.number:
            on = Qt.CheckState(value) is Qt.CheckState.Checked
            hidden = overlay().hidden_masks
            overlay().hide_mask_numbers(hidden - {each.number} if on else hidden | {each.number})
            return True
        if role != Qt.ItemDataRole.EditRole or column not in {NUMBER, NAME}:
            return False
        if column == NAME:
            if text != each.name:
                self.named.emit(row, text)
            return text != each.name
        number = int(text) if text.isascii() and text.isdecimal() and int(text) <= MAX_NUMBER else None
        if (text and number is None) or (number == each.number and each.is_known):
            return False
        self.numbered.emit(row, number)
        return True


def _swatch(value: MaskValue) -> QPixmap:
    """Return a small box in the colour in which a class is drawn; its lower half has that of the file."""
    made = QPixmap(QSize(SWATCH_PX, SWATCH_PX))
    made.fill(QColor(0, 0, 0, 0))
    if not value.number and value.key < COLOUR:
        return made
    painter = QPainter(made)
    place = QRectF(1.5, 1.5, SWATCH_PX - 3, SWATCH_PX - 3)
    if value.number is not None:
        painter.fillRect(place, mask_colour(value.number))
    if value.key >= COLOUR:
        painter.fillRect(place.adjusted(0, place.height() / 2, 0, 0), QColor(spelled(value.key)))
    painter.setPen(QColor("#808080"))
    painter.drawRect(place)
    painter.end()
    return made

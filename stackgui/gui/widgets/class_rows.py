"""The classes of annotations as a table: which are drawn, how many objects each has, what each becomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QMouseEvent, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from stackgui.core.base.text import printable
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.overlay import EDGE_PX, LINE_PX, class_colour, class_pattern, overlay
from stackgui.gui.widgets.tables import Cells, Index, Rows
from stackgui.gui.widgets.theme import icon

SWATCH_PX = 16
SHOWN, NAME, COUNT, NEW = range(4)
_CHECKED, _UNCHECKED = Qt.CheckState.Checked, Qt.CheckState.Unchecked
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class ClassRows(Rows):
    """One row for each class in the annotation files.

    Signals
    -------
    renamed(str, str)
        A class in the files, and what it is called in the stack; ``""`` leaves it out.
    """

    renamed = Signal(str, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__((tr("Shown"), tr("Class"), tr("Objects"), tr("In the stack")), parent)
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
            self.dataChanged.emit(self.index(0, SHOWN), self.index(len(self._names) - 1, SHOWN))

    def length(self) -> int:
        """Return one row for each class."""
        return len(self._names)

    def cells(self, row: int) -> Cells:
        """Return the class, its objects, and what becomes of it in the stack."""
        return "", printable(self._names[row]), tr("{count:,}", count=self._counts[row]), self._outcome(row)

    def _outcome(self, row: int) -> str:
        """Say what becomes of a class."""
        old, new = self._names[row], self._new[row]
        if not new:
            return tr("left out")
        if new == old:
            return tr("kept")
        if Counter(self._new)[new] > 1:
            return tr("merged into {name}", name=printable(new))
        return tr("renamed {name}", name=printable(new))

    def _is_shown(self, row: int) -> bool:
        return self._new[row] not in overlay().hidden

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let classes be shown and hidden, left out and renamed."""
        flags = super().flags(index)
        if index.column() == NEW:
            return flags | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEditable
        if index.column() == SHOWN and self._new[index.row()]:
            return flags | Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return the cell as in any table, with the colour of the class and whether it is drawn and taken."""
        row = index.row()
        match index.column(), role:
            case 0, _ if role in _OF_THE_EYE:
                found: Any = self._eye(row, role)
            case 1, Qt.ItemDataRole.DecorationRole:
                found = swatch(self._numbers[row])
            case 2, Qt.ItemDataRole.TextAlignmentRole:
                found = _RIGHT
            case 3, Qt.ItemDataRole.CheckStateRole:
                found = _CHECKED if self._new[row] else _UNCHECKED
            case 3, Qt.ItemDataRole.EditRole:
                found = self._new[row]
            case 3, Qt.ItemDataRole.ToolTipRole:
                found = tr("Without the tick it is left out. Double-click to rename or to merge it.")
            case _:
                found = super().data(index, role)
        return found

    def _eye(self, row: int, role: int) -> Any:  # noqa: ANN401 - as `data`
        """Return what is to be said of whether a class is drawn."""
        if not self._new[row]:
            return None
        is_shown = self._is_shown(row)
        match role:
            case Qt.ItemDataRole.CheckStateRole:
                return _CHECKED if is_shown else _UNCHECKED
            case Qt.ItemDataRole.DecorationRole:
                return icon("eye" if is_shown else "eye-off")
            case Qt.ItemDataRole.AccessibleTextRole:
                return tr("shown") if is_shown else tr("hidden")
            case _:
                return tr("Whether it is drawn over pictures. The stack stays the same.")

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's signature
        """Return the title of a column, or what it decides."""
        if role == Qt.ItemDataRole.ToolTipRole and orientation is Qt.Orientation.Horizontal:
            return {
                SHOWN: tr("Which classes are drawn over pictures. The stack stays the same."),
                NEW: tr("What becomes of each class in the stack."),
            }.get(section)
        return super().headerData(section, orientation, role)

    def setData(self, index: QModelIndex | Any, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: ANN401 - Qt's signature
        """Show or hide a class, leave it out or take it back, or rename it."""
        row = index.row()
        name = self._new[row]
        match index.column(), role:
            case 0, Qt.ItemDataRole.CheckStateRole:
                is_on = Qt.CheckState(value) is _CHECKED
                overlay().hide_classes(overlay().hidden - {name} if is_on else overlay().hidden | {name})
            case 3, Qt.ItemDataRole.CheckStateRole:
                self.renamed.emit(
                    self._names[row], self._names[row] if Qt.CheckState(value) is _CHECKED else ""
                )
            case 3, Qt.ItemDataRole.EditRole if str(value).strip() != name:
                self.renamed.emit(self._names[row], str(value).strip())
            case _:
                return False
        return True


_OF_THE_EYE = (
    Qt.ItemDataRole.CheckStateRole,
    Qt.ItemDataRole.DecorationRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.ToolTipRole,
)


class EyeDelegate(QStyledItemDelegate):
    """Shows with an eye, not with a tick, whether something is drawn; a click or the space bar changes it."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Leave out the tick, and the eye, which is painted in the middle."""
        super().initStyleOption(option, index)
        feature = QStyleOptionViewItem.ViewItemFeature
        option.features &= ~(feature.HasCheckIndicator | feature.HasDecoration)
        option.icon = QIcon()  # which is painted even so, into no place

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a cell with its eye."""
        super().paint(painter, option, index)
        if (eye := index.data(Qt.ItemDataRole.DecorationRole)) is not None:
            place = QRect(0, 0, SWATCH_PX, SWATCH_PX)
            place.moveCenter(option.rect.center())
            eye.paint(painter, place)

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Show or hide what was clicked, or what the space bar was pressed on."""
        is_click = (
            isinstance(event, QMouseEvent)
            and event.type() is QEvent.Type.MouseButtonRelease
            and event.button() is Qt.MouseButton.LeftButton
        )
        is_key = isinstance(event, QKeyEvent) and event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Select}
        if not (is_click or is_key) or not index.flags() & Qt.ItemFlag.ItemIsUserCheckable:
            return super().editorEvent(event, model, option, index) if not is_click else False
        is_on = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is _CHECKED
        return model.setData(index, _UNCHECKED if is_on else _CHECKED, Qt.ItemDataRole.CheckStateRole)


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

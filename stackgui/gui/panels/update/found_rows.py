"""The list of what an update has found: each row as it stands in the stack, beside what is there now."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from stackgui.core.base.text import printable
from stackgui.core.run.found_pictures import FoundPicture, FoundPictures
from stackgui.core.run.progress import RowThumb
from stackgui.core.run.update_report import UpdateReport
from stackgui.gui.panels.found.problems import file_table
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.update_texts import kind_words
from stackgui.gui.widgets.row_picture import RowPicture
from stackgui.gui.widgets.row_strip import describe
from stackgui.gui.widgets.tables import Cells, Index, Rows
from stackgui.gui.widgets.theme import Space
from stackgui.gui.widgets.thumb_cell import paint_picture
from stackgui.gui.widgets.tips import plain_tip

WHAT, BEFORE, NOW, FILE = range(4)
PICTURE_ROLE = int(Qt.ItemDataRole.UserRole)
PICTURE_PX, WHAT_PX, COLUMN_PX = 72, 120, 104
KEPT = 400
"""Lines whose pictures are kept; more than fit on any screen."""

Pictures = tuple[RowPicture | None, RowPicture | None]


class FoundRows(Rows):
    """The pictures that are new, changed, gone and so on, with how they look as far as that is known."""

    def __init__(self, parent: QObject) -> None:
        super().__init__((tr("What"), tr("In the stack"), tr("In the folders"), tr("File")), parent)
        self._found: tuple[tuple[str, str], ...] = ()
        self._lines = range(0)
        self._pictures: FoundPictures | None = None
        self._known: OrderedDict[int, Pictures] = OrderedDict()

    def set_report(self, report: UpdateReport | None) -> None:
        """List what `report` has found."""
        self.beginResetModel()
        found = {} if report is None else report.found
        self._found = tuple((kind, name) for kind, names in found.items() for name in names)
        self._pictures = None if report is None else report.pictures
        self._known.clear()
        self._lines = range(len(self._found))
        self.endResetModel()

    def list_only(self, kind: str) -> None:
        """List pictures of one kind, or of all for ``""``."""
        places = [place for place, (each, _name) in enumerate(self._found) if kind in {"", each}]
        self.beginResetModel()
        # Pictures of one kind stand one after the other.
        self._lines = range(places[0], places[-1] + 1) if places else range(0)
        self.endResetModel()

    def show_pictures(self, pictures: Iterable[FoundPicture]) -> None:
        """Show how some pictures look."""
        for each in pictures:
            self._known[each.index] = (_drawn(each.before), _drawn(each.now))
            if each.index in self._lines:
                line = self._lines.index(each.index)
                self.dataChanged.emit(self.index(line, BEFORE), self.index(line, NOW))
        while len(self._known) > KEPT:
            self._known.popitem(last=False)

    def missing(self, first: int, last: int) -> list[int]:
        """Return the pictures in the lines from `first` to `last` of which it is not known how they look."""
        if self._pictures is None:
            return []
        return [index for index in self._lines[max(0, first) : last + 1] if index not in self._known]

    def length(self) -> int:
        """Return the number of lines."""
        return len(self._lines)

    def cells(self, row: int) -> Cells:
        """Return what has become of a picture, its row, and its name."""
        index, found, place = self._lines[row], self._pictures, ""
        kind, name = self._found[index]
        if found is not None and found.has_row(index):
            place = tr("row {row:,}", row=int(found.all_rows[index]))
        return tr(kind_words(kind)), place, "", printable(name)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return the cell as in any table, with its picture, which is told in words too."""
        if index.column() in {BEFORE, NOW}:
            known = self._known.get(self._lines[index.row()], (None, None))
            picture = known[index.column() - BEFORE]
            if role == PICTURE_ROLE:
                return picture
            if picture is not None and role == Qt.ItemDataRole.AccessibleTextRole:
                return describe(picture.thumb)
            if picture is not None and role == Qt.ItemDataRole.ToolTipRole:
                return plain_tip(describe(picture.thumb))
        return super().data(index, role)


class _PictureDelegate(QStyledItemDelegate):
    """Draws a row, or its number until it is known."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        picture = index.data(PICTURE_ROLE)
        if not isinstance(picture, RowPicture):
            super().paint(painter, option, index)
            return
        # The background says which line is chosen.
        empty = self.parent()
        assert isinstance(empty, QTableView)
        self.initStyleOption(option, index)
        option.text = ""
        style = empty.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, option, painter, empty)
        area = QRect(0, 0, PICTURE_PX, PICTURE_PX)
        area.moveCenter(option.rect.center())
        paint_picture(painter, area, option.palette, picture)


def found_table(rows: FoundRows) -> QTableView:
    """Return the table of what an update has found."""
    table = file_table(rows, "update.table", tr("What has changed"), WHAT_PX, COLUMN_PX)
    for column in (BEFORE, NOW):
        # Languages differ in how much room the title takes, which is bold while a line is chosen.
        title_px = table.fontMetrics().horizontalAdvance(rows.headerData(column, Qt.Orientation.Horizontal))
        table.setColumnWidth(column, max(COLUMN_PX, round(1.1 * title_px) + 2 * Space.M))
    table.verticalHeader().setDefaultSectionSize(PICTURE_PX + Space.S)
    table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
    delegate = _PictureDelegate(table)
    for column in (BEFORE, NOW):
        table.setItemDelegateForColumn(column, delegate)
    return table


def visible_lines(table: QTableView) -> tuple[int, int]:
    """Return the first and last visible line; the last is before the first if there are none."""
    first = table.rowAt(0)
    if first < 0 or not table.isVisible():
        return 0, -1
    last = table.rowAt(table.viewport().height() - 1)
    return first, last if last >= 0 else table.model().rowCount() - 1


def _drawn(thumb: RowThumb | None) -> RowPicture | None:
    return None if thumb is None else RowPicture(thumb)

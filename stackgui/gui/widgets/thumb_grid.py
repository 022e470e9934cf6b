"""A grid of thumbnails that requests only the visible ones."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter, QPalette, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from stackgui.core.base.text import printable
from stackgui.core.run.run import NO_ROW, RowThumb
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.contrast import mix
from stackgui.gui.widgets.row_picture import RowPicture
from stackgui.gui.widgets.row_strip import describe
from stackgui.gui.widgets.theme import Space
from stackgui.gui.widgets.tips import plain_tip

PICTURE_PX = 112
KEPT_THUMBS = 2_000
SETTLE_MS = 80  # so that pictures scrolled past are not requested

Index = QModelIndex | QPersistentModelIndex
_PICTURE_ROLE = int(Qt.ItemDataRole.UserRole)


class _ThumbModel(QAbstractTableModel):
    """A number of cells in lines and columns, and a cache of their thumbnails that drops the oldest first.

    It is a table because a wrapping list is laid out entry by entry, which takes a second for a million.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.count = 0
        self.columns = 1
        self._known: OrderedDict[int, RowPicture] = OrderedDict()

    def set_shape(self, count: int, columns: int) -> None:
        self.beginResetModel()
        self.count, self.columns = count, columns
        self.endResetModel()

    def forget(self) -> None:
        self._known.clear()

    def set_thumb(self, position: int, thumb: RowThumb | None) -> None:
        self._known.pop(position, None)
        if thumb is not None:
            self._known[position] = RowPicture(thumb)
        while len(self._known) > KEPT_THUMBS:
            self._known.popitem(last=False)
        where = self.at(position)
        self.dataChanged.emit(where, where)

    def at(self, position: int) -> QModelIndex:
        return self.index(*divmod(position, self.columns)) if 0 <= position < self.count else QModelIndex()

    def position(self, index: Index) -> int:
        return index.row() * self.columns + index.column()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else -(-self.count // self.columns)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.columns

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) if self.position(index) < self.count else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        picture = self._known.get(self.position(index))
        if picture is None:
            return None
        if role == _PICTURE_ROLE:
            return picture
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return printable(picture.thumb.name)
        return plain_tip(describe(picture.thumb)) if role == Qt.ItemDataRole.ToolTipRole else None


class _ThumbDelegate(QStyledItemDelegate):
    """Draws a row above its file name and row number."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        if not index.flags():
            return
        cell = option.rect.adjusted(Space.XS, Space.XS, -Space.XS, -Space.XS)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            _paint_marked(painter, cell, option.palette)
        inner = cell.adjusted(Space.XS, Space.XS, -Space.XS, -Space.XS)
        area = QRect(inner.left(), inner.top(), inner.width(), PICTURE_PX)
        picture = index.data(_PICTURE_ROLE)
        if picture is None:
            _paint_waiting(painter, area, option.palette)
        else:
            frame = picture.frame(QRectF(area))
            frame.moveBottom(area.bottom())
            picture.paint(painter, frame, option.palette)
            _paint_caption(painter, area, option, picture.thumb)
        painter.restore()


def _paint_marked(painter: QPainter, cell: QRect, palette: QPalette) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(palette.highlight().color(), 1.5))
    painter.setBrush(mix(palette.base().color(), palette.highlight().color(), 0.2))
    painter.drawRoundedRect(QRectF(cell).adjusted(0.5, 0.5, -0.5, -0.5), Space.XS, Space.XS)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _paint_waiting(painter: QPainter, area: QRect, palette: QPalette) -> None:
    side = PICTURE_PX * 3 // 4
    place = QRectF(0, 0, side, side)
    place.moveCenter(QRectF(area).center())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mix(palette.base().color(), palette.text().color(), 0.06))
    painter.drawRoundedRect(place, Space.XS, Space.XS)


def _paint_caption(painter: QPainter, area: QRect, option: QStyleOptionViewItem, thumb: RowThumb) -> None:
    line_px = option.fontMetrics.height()
    line = QRect(area.left(), area.bottom() + Space.XS, area.width(), line_px)
    name = printable(thumb.name.rsplit("/", 1)[-1])
    shown = option.fontMetrics.elidedText(name, Qt.TextElideMode.ElideMiddle, line.width())
    painter.setPen(option.palette.text().color())
    painter.drawText(line, Qt.AlignmentFlag.AlignCenter, shown)
    painter.setPen(theme.soft_text(option.palette))
    blank = "left out" if thumb.row == NO_ROW else "stays blank"
    below = blank if thumb.reason else f"row {thumb.row:,}"
    painter.drawText(line.translated(0, line_px), Qt.AlignmentFlag.AlignCenter, below)


class _GridView(QTableView):
    """A table without grid lines, in which the left and right keys wrap to the next line.

    Signals
    -------
    resized()
    """

    resized = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setShowGrid(False)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always visible, because hiding it would change how many columns fit.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(_ThumbDelegate(self))
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(self.cell().height())
        self.verticalScrollBar().setSingleStep(self.cell().height() // 4)

    def cell(self) -> QSize:
        """Return the minimum size of a cell."""
        words_px = 2 * self.fontMetrics().height()
        return QSize(PICTURE_PX + 2 * Space.S, PICTURE_PX + words_px + Space.XS + 2 * Space.S)

    def fitting_columns(self) -> int:
        """Return the number of columns that fit."""
        return max(1, self.viewport().width() // self.cell().width())

    def moveCursor(self, action: QTableView.CursorAction, keys: Qt.KeyboardModifier) -> QModelIndex:
        """Return the cell that a key moves to."""
        onward = {
            QTableView.CursorAction.MoveLeft: QTableView.CursorAction.MovePrevious,
            QTableView.CursorAction.MoveRight: QTableView.CursorAction.MoveNext,
        }
        return super().moveCursor(onward.get(action, action), keys)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Emit `resized`, because another number of columns may fit."""
        super().resizeEvent(event)
        self.resized.emit()


class ThumbGrid(QWidget):
    """Thumbnails of many samples.

    Signals
    -------
    visible_changed(int, int)
        First and last visible index, for which the owner should supply thumbnails; emitted once scrolling
        has settled.
    selected(int)
        Index that the person chose.
    """

    visible_changed = Signal(int, int)
    selected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _ThumbModel(self)
        self._view = _GridView(self)
        self._view.setObjectName("thumbGrid")
        self._view.setAccessibleName("Pictures as their rows will be")
        self._view.setModel(self._model)
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._tell_visible)
        self._view.resized.connect(self._reshape)
        self._view.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._view.selectionModel().currentChanged.connect(self._tell_selected)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self.setFocusProxy(self._view)

    def set_count(self, count: int) -> None:
        """Show `count` samples without thumbnails; keep the scroll position if the count is unchanged."""
        self._model.forget()
        if count == self._model.count:
            self._view.viewport().update()
        else:
            self._model.set_shape(count, self._model.columns)
        self._settle.start()

    def set_thumb(self, index: int, thumb: RowThumb | None) -> None:
        """Show `thumb` at `index`; None removes it."""
        self._model.set_thumb(index, thumb)

    def visible_range(self) -> tuple[int, int] | None:
        """Return the first and last visible index, or None if there are none."""
        first = self._view.rowAt(0)
        if first < 0:
            return None
        last = self._view.rowAt(self._view.viewport().height() - 1)
        lines = self._model.rowCount() if last < 0 else last + 1
        columns = self._model.columns
        return first * columns, min(self._model.count, lines * columns) - 1

    def _reshape(self) -> None:
        """Fit the number of columns to the width, and keep the same pictures in view."""
        columns = self._view.fitting_columns()
        if columns != self._model.columns:
            visible, current = self.visible_range(), self._view.currentIndex()
            marked = self._model.position(current) if current.isValid() else -1
            self._model.set_shape(self._model.count, columns)
            if marked >= 0:
                self._view.setCurrentIndex(self._model.at(marked))
            if visible:
                self._view.scrollTo(self._model.at(visible[0]), QTableView.ScrollHint.PositionAtTop)
        self._settle.start()

    def _scrolled(self, _value: int) -> None:
        # Not connected to the timer directly, which would read the value as an interval.
        self._settle.start()

    def _tell_visible(self) -> None:
        if self.isVisible() and (visible := self.visible_range()):
            self.visible_changed.emit(*visible)

    def _tell_selected(self, current: QModelIndex) -> None:
        if current.isValid():
            self.selected.emit(self._model.position(current))

    def showEvent(self, event: QShowEvent) -> None:
        """Report the visible range, because hidden grids do not."""
        super().showEvent(event)
        self._settle.start()

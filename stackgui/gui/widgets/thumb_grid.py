"""A grid of thumbnails of which only the visible ones are ever asked for."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter, QPalette, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from stackgui.core.run import RowThumb
from stackgui.gui import theme
from stackgui.gui.theme import Space
from stackgui.gui.widgets.row_picture import RowPicture
from stackgui.gui.widgets.row_strip import describe

PICTURE_PX = 112
KEPT_THUMBS = 2_000
SETTLE_MS = 80  # scrolling past a picture does not ask for it

Index = QModelIndex | QPersistentModelIndex
_PICTURE_ROLE = int(Qt.ItemDataRole.UserRole)


class _ThumbModel(QAbstractListModel):
    """A count, and the thumbnails that are known; the oldest are forgotten first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._count = 0
        self._known: OrderedDict[int, RowPicture] = OrderedDict()

    def set_count(self, count: int) -> None:
        self.beginResetModel()
        self._count = count
        self._known.clear()
        self.endResetModel()

    def set_thumb(self, position: int, thumb: RowThumb | None) -> None:
        self._known.pop(position, None)
        if thumb is not None:
            self._known[position] = RowPicture(thumb)
        while len(self._known) > KEPT_THUMBS:
            self._known.popitem(last=False)
        where = self.index(position)
        self.dataChanged.emit(where, where)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        picture = self._known.get(index.row())
        if role == _PICTURE_ROLE:
            return picture
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return picture.thumb.name if picture else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            return describe(picture.thumb) if picture else None
        return None


class _ThumbDelegate(QStyledItemDelegate):
    """Draws a row with the file's name and the row's number below."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """The same for all, so that the view need not ask each."""
        return QSize(PICTURE_PX + Space.L, PICTURE_PX + Space.L + Space.XS + 2 * option.fontMetrics.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        cell = option.rect.adjusted(Space.XS, Space.XS, -Space.XS, -Space.XS)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(option.palette.highlight().color(), 1.5))
            painter.setBrush(
                theme.mix(option.palette.base().color(), option.palette.highlight().color(), 0.2)
            )
            painter.drawRoundedRect(QRectF(cell).adjusted(0.5, 0.5, -0.5, -0.5), Space.XS, Space.XS)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        inner = cell.adjusted(Space.XS, Space.XS, -Space.XS, -Space.XS)
        picture = index.data(_PICTURE_ROLE)
        area = QRect(inner.left(), inner.top(), inner.width(), PICTURE_PX - Space.S)
        if picture is None:
            self._paint_waiting(painter, area, option.palette)
        else:
            picture.paint(painter, QRectF(area), option.palette)
            self._paint_caption(painter, inner, option, picture.thumb)
        painter.restore()

    @staticmethod
    def _paint_waiting(painter: QPainter, area: QRect, palette: QPalette) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.mix(palette.base().color(), palette.text().color(), 0.06))
        painter.drawRoundedRect(area, Space.XS, Space.XS)

    @staticmethod
    def _paint_caption(
        painter: QPainter, inner: QRect, option: QStyleOptionViewItem, thumb: RowThumb
    ) -> None:
        line_px = option.fontMetrics.height()
        first = QRect(inner.left(), inner.top() + PICTURE_PX - Space.XS, inner.width(), line_px)
        name = option.fontMetrics.elidedText(
            thumb.name.rsplit("/", 1)[-1], Qt.TextElideMode.ElideMiddle, first.width()
        )
        painter.setPen(option.palette.text().color())
        painter.drawText(first, Qt.AlignmentFlag.AlignCenter, name)
        painter.setPen(theme.soft_text(option.palette))
        below = "not readable" if thumb.reason else f"row {thumb.row:,}"
        painter.drawText(first.translated(0, line_px), Qt.AlignmentFlag.AlignCenter, below)


class ThumbGrid(QWidget):
    """Thumbnails of many samples.

    Signals
    -------
    visible_changed(int, int)
        First and last index in view that the owner may supply thumbnails for; after scrolling has settled.
    selected(int)
        The index that the person chose.
    """

    visible_changed = Signal(int, int)
    selected = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _ThumbModel(self)
        self._view = self._make_view()
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._tell_visible)
        self._view.verticalScrollBar().valueChanged.connect(self._settle.start)
        self._view.selectionModel().currentChanged.connect(self._tell_selected)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self.setFocusProxy(self._view)

    def _make_view(self) -> QListView:
        view = QListView(self)
        view.setObjectName("thumbGrid")
        view.setAccessibleName("Pictures as their rows will be")
        # A wrapping list and not the icon mode, which keeps an object and a search tree for every entry.
        view.setFlow(QListView.Flow.LeftToRight)
        view.setWrapping(True)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setUniformItemSizes(True)
        view.setLayoutMode(QListView.LayoutMode.SinglePass)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setItemDelegate(_ThumbDelegate(view))
        view.setModel(self._model)
        return view

    def set_count(self, count: int) -> None:
        """Show `count` samples, none of which has a thumbnail yet."""
        self._model.set_count(count)
        self._settle.start()

    def set_thumb(self, index: int, thumb: RowThumb | None) -> None:
        """Show `thumb` at `index`, or forget what was there."""
        self._model.set_thumb(index, thumb)

    def visible_range(self) -> tuple[int, int] | None:
        """First and last index in view, or None when there is none."""
        count = self._model.rowCount()
        area = self._view.viewport().rect()
        first = self._view.indexAt(QPoint(Space.XS, Space.XS))
        if not count or not first.isValid():
            return None
        cell = self._view.visualRect(first)
        columns = max(1, area.width() // max(1, cell.width()))
        lines = -(-(area.height() - cell.top()) // max(1, cell.height()))
        return first.row(), min(count - 1, first.row() + columns * lines - 1)

    def _tell_visible(self) -> None:
        if self.isVisible() and (visible := self.visible_range()):
            self.visible_changed.emit(*visible)

    def _tell_selected(self, current: QModelIndex) -> None:
        if current.isValid():
            self.selected.emit(current.row())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More may be visible now."""
        super().resizeEvent(event)
        self._settle.start()

    def showEvent(self, event: QShowEvent) -> None:
        """The owner may have waited for this."""
        super().showEvent(event)
        self._settle.start()

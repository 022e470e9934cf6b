"""The view of a grid of thumbnails: how its cells are drawn, and how they are marked by mouse and keys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QHeaderView,
    QRubberBand,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from stackgui.core.base.text import printable
from stackgui.core.plan.plan import NO_ROW
from stackgui.core.run.progress import RowThumb
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.claims import claims
from stackgui.gui.widgets.marks import Marking
from stackgui.gui.widgets.overlay import overlay
from stackgui.gui.widgets.thumb_cell import cell_size, paint_cell, paint_picture
from stackgui.gui.widgets.thumb_model import MARKED_ROLE, PICTURE_ROLE, Index, ThumbModel

SCROLL_MS = 30
LEFT_OUT_OPACITY = 0.45


class _ThumbDelegate(QStyledItemDelegate):
    """Draws a row above its file name and row number."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        if not index.flags():
            return
        picture = index.data(PICTURE_ROLE)
        paint_cell(
            painter,
            option.rect,
            option.palette,
            picture and (lambda area: paint_picture(painter, area, option.palette, picture)),
            ("", "") if picture is None else _words(picture.thumb),
            marked=bool(index.data(MARKED_ROLE)),
            current=bool(option.state & QStyle.StateFlag.State_HasFocus),
        )


def _words(thumb: RowThumb) -> tuple[str, str]:
    blank = tr("left out") if thumb.row == NO_ROW else tr("stays empty")
    below = blank if thumb.reason else tr("row {row:,}", row=thumb.row)
    return printable(thumb.name.rsplit("/", 1)[-1]), below


_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class ThumbView(QTableView):
    """A table without grid lines whose cells are marked as in a file manager.

    Qt's own selection is of no use here: its spans are rectangles of the table, not runs of its cells.

    Signals
    -------
    resized()
    marked()
        The marks, or the current cell, have changed.
    opened(int)
        Position that was double-clicked, or where Enter was pressed.
    delete_wanted()
        Delete was pressed.
    """

    resized = Signal()
    marked = Signal()
    opened = Signal(int)
    delete_wanted = Signal()

    def __init__(self, cells: ThumbModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._cells = cells
        self.setModel(cells)
        self.setShowGrid(False)
        self.setSelectionMode(QTableView.SelectionMode.NoSelection)
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
        self._band = QRubberBand(QRubberBand.Shape.Rectangle, self.viewport())
        self._pressed: QPoint | None = None
        self._pointer = QPoint()
        self._keeps = False
        self._scroll = QTimer(self, interval=SCROLL_MS)
        self._scroll.timeout.connect(self._scroll_on)
        overlay().changed.connect(self.viewport().update)

    def cell(self) -> QSize:
        """Return the minimum size of a cell."""
        return cell_size(self.fontMetrics())

    def fitting_columns(self) -> int:
        """Return the number of columns that fit."""
        return max(1, self.viewport().width() // self.cell().width())

    def go(self, position: int, how: Marking) -> None:
        """Make `position` the current cell, bring it into view, and mark it as `how` says."""
        self._cells.marks.go(position, how)
        self.show_current()
        self.viewport().update()
        self.marked.emit()

    def show_current(self) -> None:
        """Let Qt know of the current cell, and bring it into view."""
        self.setCurrentIndex(self._cells.at(self._cells.marks.current))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Emit `resized`, because another number of columns may fit."""
        super().resizeEvent(event)
        self.resized.emit()

    # Keys

    def event(self, event: QEvent) -> bool:
        """Keep Esc from closing a card of the window where it takes the marks away."""
        return (len(self._cells.marks) > 1 and claims(event, Qt.Key.Key_Escape)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move and mark by the keys of a file manager."""
        marks, keys = self._cells.marks, event.modifiers()
        to = self._target(event.key())
        if to is not None and self._cells.count:
            self.go(to, Marking.of(span=bool(keys & _SHIFT), keep=bool(keys & _CTRL), moves=True))
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            marks.mark_all()
            self._tell_marked()
        elif event.matches(QKeySequence.StandardKey.Delete):
            self.delete_wanted.emit()
        elif marks.current >= 0 and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not keys & _CTRL:
            self.opened.emit(marks.current)
        elif marks.current >= 0 and event.key() == Qt.Key.Key_Space:
            self.go(marks.current, Marking.TOGGLE)
        elif event.key() == Qt.Key.Key_Escape and len(marks) > 1:
            marks.clear()
            self._tell_marked()
        else:
            event.ignore()

    def _target(self, key: int) -> int | None:
        """Return where a key moves to, or None if it is none of those that move."""
        columns, last = self._cells.columns, self._cells.count - 1
        page = columns * max(1, self.viewport().height() // self.cell().height())
        now = self._cells.marks.current
        if key == Qt.Key.Key_Home or (now < 0 and key in _STEPS):
            return 0
        if key == Qt.Key.Key_End:
            return last
        if key not in _STEPS:
            return None
        cells, lines, pages = _STEPS[Qt.Key(key)]
        to = now + (-cells if self.isRightToLeft() else cells) + lines * columns + pages * page
        # A step up or down from the first or last line stays where it is; a page goes as far as there is.
        return now if lines and not 0 <= to <= last else min(max(to, 0), last)

    # Mouse

    def _position_at(self, point: QPoint) -> int:
        return self._cells.position(self.indexAt(point))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Mark the cell under the pointer; a press beside all cells clears the marks."""
        position, keys = self._position_at(event.position().toPoint()), event.modifiers()
        span, keep = bool(keys & _SHIFT), bool(keys & _CTRL)
        is_left = event.button() is Qt.MouseButton.LeftButton
        if position >= 0 and (is_left or position not in self._cells.marks):
            self.go(position, Marking.of(span=span and is_left, keep=keep and is_left))
        elif position < 0 and not (span or keep):
            self._cells.marks.clear()
            self._tell_marked()
        if is_left:
            self._pressed = self._in_content(event.position().toPoint())
            self._keeps = keep or span
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the rubber band."""
        self._pointer = event.position().toPoint()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        moved = (self._in_content(self._pointer) - self._pressed).manhattanLength()
        if self._band.isVisible() or moved >= QApplication.startDragDistance():
            self._draw_band()
            outside = not 0 <= self._pointer.y() < self.viewport().height()
            if outside and not self._scroll.isActive():
                self._scroll.start()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """End the rubber band."""
        self._scroll.stop()
        self._pressed = None
        if self._band.isVisible():
            self._band.hide()
            self._cells.marks.end_band()
            self._tell_marked()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the cell under the pointer."""
        position = self._position_at(event.position().toPoint())
        if position >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit(position)

    def _in_content(self, point: QPoint) -> QPoint:
        return QPoint(point.x(), point.y() + self.verticalScrollBar().value())

    def _draw_band(self) -> None:
        assert self._pressed is not None
        scrolled = QPoint(0, self.verticalScrollBar().value())
        band = QRect(self._pressed, self._in_content(self._pointer)).normalized()
        self._band.setGeometry(band.translated(-scrolled))
        self._band.show()
        self._cells.marks.band(self._inside(band), keep=self._keeps)
        self.viewport().update()

    def _inside(self, band: QRect) -> NDArray[np.int64]:
        """Return the positions whose cells a rectangle of the whole content touches."""
        high, wide = self.cell().height(), self.viewport().width() / self._cells.columns
        lines = np.arange(max(0, band.top() // high), min(band.bottom() // high + 1, self._cells.rowCount()))
        first, last = int(band.left() / wide), int(band.right() / wide)
        if self.isRightToLeft():  # the first column is at the right
            first, last = self._cells.columns - 1 - last, self._cells.columns - 1 - first
        columns = np.arange(max(0, first), min(last + 1, self._cells.columns))
        inside = (lines[:, None] * self._cells.columns + columns).ravel()
        return inside[inside < self._cells.count]

    def _scroll_on(self) -> None:
        """Scroll as far as the pointer is outside, while the rubber band is drawn."""
        beyond = min(self._pointer.y(), 0) + max(self._pointer.y() - self.viewport().height(), 0)
        if not beyond:
            self._scroll.stop()
            return
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + beyond)
        self._draw_band()

    def _tell_marked(self) -> None:
        self.viewport().update()
        self.marked.emit()


_STEPS = {
    Qt.Key.Key_Left: (-1, 0, 0),
    Qt.Key.Key_Right: (1, 0, 0),
    Qt.Key.Key_Up: (0, -1, 0),
    Qt.Key.Key_Down: (0, 1, 0),
    Qt.Key.Key_PageUp: (0, 0, -1),
    Qt.Key.Key_PageDown: (0, 0, 1),
}
"""For each key that moves: cells, lines and pages."""

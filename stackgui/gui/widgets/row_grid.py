"""A grid of any number of rows, of which only those that are seen cost anything."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QToolTip, QWidget

from stackgui.core.viewing.found import FoundRows
from stackgui.core.viewing.opened import GridRow
from stackgui.gui.widgets.claims import claims
from stackgui.gui.widgets.grid_layout import GridLayout
from stackgui.gui.widgets.marks import Marking, Marks
from stackgui.gui.widgets.overlay import overlay
from stackgui.gui.widgets.shown_row import ShownRow
from stackgui.gui.widgets.thumb_cell import PICTURE_PX, cell_content, cell_size, paint_content, paint_ground
from stackgui.gui.widgets.tips import plain_tip

KEPT = 400
"""Thumbnails that are kept; more than fit on any screen."""

SETTLE_MS = 40
"""So that rows scrolled past are not read."""

DRAWN_AT_ONCE = 4
"""New pictures for each time the grid is drawn: many at once would hold up the scrolling."""

EXCLUDED_OPACITY = 0.4
_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_MOVES = {
    Qt.Key.Key_Left: (-1, 0, 0),
    Qt.Key.Key_Right: (1, 0, 0),
    Qt.Key.Key_Up: (0, -1, 0),
    Qt.Key.Key_Down: (0, 1, 0),
    Qt.Key.Key_PageUp: (0, 0, -1),
    Qt.Key.Key_PageDown: (0, 0, 1),
}
"""For each key that moves: cells, lines and pages."""


_REDRAWN = {QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.DevicePixelRatioChange}


class RowGrid(QAbstractScrollArea):
    """Rows with their pictures, marked as in a file manager.

    Parameters
    ----------
    words
        Returns the two lines below a row's picture, given its number and what is known of it, if anything.

    Signals
    -------
    visible_changed()
        Other rows are seen, once scrolling has settled.
    marked()
        The marks, or the current row, have changed.
    opened(int)
        Row that was double-clicked, or where Enter was pressed.
    dragged(int)
        Row that is dragged out.
    menu_wanted(QPoint)
        Place on the screen for a menu about the marked rows.
    """

    visible_changed = Signal()
    marked = Signal()
    opened = Signal(int)
    dragged = Signal(int)
    menu_wanted = Signal(QPoint)

    def __init__(
        self, words: Callable[[int, GridRow | None], tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words = words
        self.found = FoundRows(0)
        self.marks = Marks()
        self._picture_px = PICTURE_PX
        self._known: OrderedDict[int, ShownRow] = OrderedDict()
        self._pressed: QPoint | None = None
        self._is_new = False
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._tell_visible)
        self._rest = QTimer(self, singleShot=True, interval=0)
        self._rest.timeout.connect(self.viewport().update)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always visible, because hiding it would change how many columns fit.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setAutoFillBackground(True)
        self.viewport().setBackgroundRole(self.palette().ColorRole.Base)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._scrolled())
        overlay().changed.connect(self._draw_anew)

    # What is shown

    def set_found(self, found: FoundRows) -> None:
        """List other rows; what was marked and is still listed stays so."""
        if found.rows is None and self.found.rows is None and found.count == self.found.count:
            self.found, self._is_new = found, False
            return
        marked = self.marked_rows(KEPT)
        current = self.current
        self.found = found
        self.marks.set(found.count, found.positions(marked), found.position(current) if current >= 0 else -1)
        self._fit_bar()
        if self._is_new:
            self._is_new = False
            current = self.marks.current
            self._scroll_to(self.layout_now.revealing(current, 0) if current >= 0 else 0)
        self.marked.emit()

    def expect_others(self) -> None:
        """Begin at the top, or at the current row, with the rows that are listed next."""
        self._is_new = True

    def set_row(self, row: GridRow) -> None:
        """Show what a row is."""
        number = row.facts.row
        if number in self._known and self._known[number].row is row:
            return
        self._known.pop(number, None)
        self._known[number] = ShownRow(row, self._words(number, row))
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        self.viewport().update()

    def forget(self) -> None:
        """Drop all thumbnails, because the rows have changed."""
        self._known.clear()
        self._settle.start()
        self.viewport().update()

    @property
    def picture_px(self) -> int:
        """Return the longer side of pictures."""
        return self._picture_px

    @property
    def current(self) -> int:
        """Return the row that the keys act on, or -1."""
        place = self.marks.current
        return self.found.row(place) if 0 <= place < self.found.count else -1

    def marked_rows(self, most: int) -> list[int]:
        """Return the first of the marked rows, in the order in which they are shown."""
        places = self.marks.first(most)
        rows: list[int] = (places if self.found.rows is None else self.found.rows[places]).tolist()
        return rows

    @property
    def missing(self) -> list[int]:
        """Return the visible rows whose thumbnails are not known."""
        rows = self.found.some(*self.layout_now.visible(self.offset))
        for row in rows:
            if row in self._known:
                self._known.move_to_end(row)
        return [row for row in rows if row not in self._known]

    def go_to(self, position: int, how: Marking = Marking.ONLY) -> None:
        """Make a position the current one, bring it into view, and mark it as `how` says."""
        if 0 <= position < self.found.count:
            self.marks.go(position, how)
            self._scroll_to(self.layout_now.revealing(position, self.offset))
            self.viewport().update()
            self.marked.emit()

    # Geometry

    @property
    def layout_now(self) -> GridLayout:
        """Return where the cells are."""
        cell, view = cell_size(self.fontMetrics(), self._picture_px), self.viewport().size()
        return GridLayout(self.found.count, cell.width(), cell.height(), view.width(), view.height())

    @property
    def offset(self) -> int:
        """Return how far the content is scrolled, in pixels."""
        return self.layout_now.offset(self.verticalScrollBar().value())

    def _scroll_to(self, offset: int) -> None:
        self.verticalScrollBar().setValue(self.layout_now.step(offset))

    def _fit_bar(self) -> None:
        layout, bar = self.layout_now, self.verticalScrollBar()
        bar.setRange(0, layout.steps)
        bar.setPageStep(max(1, min(layout.height, layout.steps)))
        bar.setSingleStep(max(1, layout.step(layout.cell_height // 4)))
        self._settle.start()
        self.viewport().update()

    def _scrolled(self) -> None:
        self._settle.start()
        self.viewport().update()

    def read_visible(self) -> None:
        """Ask for the thumbnails of what is seen."""
        self._settle.start()

    def _tell_visible(self) -> None:
        if self.isVisible() and self.found.count:
            # What is drawn takes far more memory than what is known.
            seen = set(self.found.some(*self.layout_now.visible(self.offset)))
            for row, known in self._known.items():
                if row not in seen:
                    known.drop()
            self.visible_changed.emit()

    def _visual(self, cell: tuple[int, int, int, int]) -> QRect:
        """Return where a cell is drawn: the first column is at the right where people read from there."""
        left, top, width, height = cell
        left = self.viewport().width() - left - width if self.isRightToLeft() else left
        return QRect(left, top, width, height)

    def _position_at(self, point: QPoint) -> int:
        x = self.viewport().width() - 1 - point.x() if self.isRightToLeft() else point.x()
        return self.layout_now.position(x, point.y(), self.offset)

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the visible rows."""
        painter = QPainter(self.viewport())
        layout, offset = self.layout_now, self.offset
        first, last = layout.visible(offset)
        new = 0
        for position, row in enumerate(self.found.some(first, last), first):
            place = self._visual(layout.cell(position, offset))
            if not place.intersects(event.rect()):
                continue
            known = self._known.get(row)
            if known is not None and not known.is_drawn(
                cell_content(place).width(), self.devicePixelRatioF()
            ):
                new += 1
                known = known if new <= DRAWN_AT_ONCE else None
            self._paint_cell(painter, place, position, row, known)
        painter.end()
        if new > DRAWN_AT_ONCE:
            self._rest.start()

    def _paint_cell(
        self, painter: QPainter, place: QRect, position: int, row: int, known: ShownRow | None
    ) -> None:
        palette = self.palette()
        painter.setOpacity(EXCLUDED_OPACITY if known and known.row.facts.is_excluded else 1.0)
        paint_ground(
            painter, place, palette, marked=position in self.marks,
            current=position == self.marks.current and self.hasFocus(),
        )  # fmt: skip
        area = cell_content(place)
        if known is not None:
            painter.drawPixmap(area.topLeft(), known.drawing(area.size(), self._picture_px, self))
        else:
            words = self._words(row, None)
            paint_content(painter, area, palette, None, words, picture_px=self._picture_px)

    def _draw_anew(self) -> None:
        for each in self._known.values():
            each.drop()
        self.viewport().update()

    def changeEvent(self, event: QEvent) -> None:
        """Draw anew when the palette, the font or the screen has changed."""
        super().changeEvent(event)
        if event.type() in _REDRAWN:
            self._draw_anew()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew, and keep the same rows in view."""
        super().resizeEvent(event)
        old = event.oldSize()
        before = replace(self.layout_now, width=old.width(), height=old.height())
        first = before.visible(before.offset(self.verticalScrollBar().value()))[0] if old.isValid() else 0
        self._fit_bar()
        if first and self.layout_now.columns != before.columns:
            self._scroll_to(first // self.layout_now.columns * self.layout_now.cell_height)

    def showEvent(self, event: QShowEvent) -> None:
        """Report what is seen, because hidden grids do not."""
        super().showEvent(event)
        self._settle.start()

    def event(self, event: QEvent) -> bool:
        """Keep Esc from closing the window where it takes the marks away."""
        return (len(self.marks) > 1 and claims(event, Qt.Key.Key_Escape)) or super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell what is under the pointer."""
        if isinstance(event, QHelpEvent):
            position = self._position_at(event.pos())
            words = "" if position < 0 else self._told(self.found.row(position))
            QToolTip.showText(event.globalPos(), plain_tip(words) if words else "", self)
            return True
        return super().viewportEvent(event)

    def _told(self, row: int) -> str:
        known = self._known.get(row)
        return "\n".join(filter(None, known.words if known else self._words(row, None)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move and mark by the keys of a file manager."""
        keys, key = event.modifiers(), Qt.Key(event.key())
        to = self._target(key)
        if to is not None and self.found.count:
            self.go_to(to, Marking.of(span=bool(keys & _SHIFT), keep=bool(keys & _CTRL), moves=True))
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.marks.mark_all()
            self._tell_marked()
        elif self.current >= 0 and key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit(self.current)
        elif self.current >= 0 and key == Qt.Key.Key_Space:
            self.go_to(self.marks.current, Marking.TOGGLE)
        elif key == Qt.Key.Key_Escape and len(self.marks) > 1:
            self.marks.clear()
            self._tell_marked()
        else:
            event.ignore()

    def _target(self, key: Qt.Key) -> int | None:
        """Return the position that a key moves to, or None if it is none of those that move."""
        if key in {Qt.Key.Key_Home, Qt.Key.Key_End}:
            return 0 if key == Qt.Key.Key_Home else self.found.count - 1
        if key not in _MOVES:
            return None
        cells, lines, pages = _MOVES[key]
        return self.layout_now.moved(
            self.marks.current, -cells if self.isRightToLeft() else cells, lines, pages
        )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Mark the row under the pointer; a press beside all rows clears the marks."""
        point, keys = event.position().toPoint(), event.modifiers()
        position, is_left = self._position_at(point), event.button() is Qt.MouseButton.LeftButton
        if position >= 0 and (is_left or position not in self.marks):
            span, keep = bool(keys & _SHIFT) and is_left, bool(keys & _CTRL) and is_left
            self.go_to(position, Marking.of(span=span, keep=keep))
        elif position < 0 and is_left:
            self.marks.clear()
            self._tell_marked()
        self._pressed = point if is_left and position >= 0 else None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Begin to drag the row out."""
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        moved = (event.position().toPoint() - self._pressed).manhattanLength()
        if moved >= QApplication.startDragDistance() and self.current >= 0:
            self._pressed = None
            self.dragged.emit(self.current)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Forget the press."""
        self._pressed = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the row under the pointer."""
        position = self._position_at(event.position().toPoint())
        if position >= 0 and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit(self.found.row(position))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu about the marked rows."""
        if len(self.marks):
            self.menu_wanted.emit(event.globalPos())

    def _tell_marked(self) -> None:
        self.viewport().update()
        self.marked.emit()

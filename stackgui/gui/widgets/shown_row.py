"""A row of a grid of which something is known, with its picture and words once they have been drawn."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from stackgui.core.viewing.opened import GridRow
from stackgui.gui.widgets.row_picture import RowPicture
from stackgui.gui.widgets.thumb_cell import paint_content, paint_picture


class ShownRow:
    """What is known of a row, and the words below its picture.

    It is drawn once for each width of a cell: hatching, boxes and text take longer than all else.
    """

    def __init__(self, row: GridRow, words: tuple[str, str]) -> None:
        self.row = row
        self.words = words
        self._drawn: QPixmap | None = None

    def is_drawn(self, width: int, ratio: float) -> bool:
        """Return whether it has been drawn for a cell of this inner width, in pixels of the window."""
        return self._drawn is not None and self._drawn.width() == round(width * ratio)

    def drop(self) -> None:
        """Drop the drawing, which takes far more memory than what is known."""
        self._drawn = None

    def drawing(self, size: QSize, picture_px: int, grid: QWidget) -> QPixmap:
        """Return the content of a cell of `grid`, drawn if it has not been."""
        ratio = grid.devicePixelRatioF()
        if self._drawn is not None and self.is_drawn(size.width(), ratio):
            return self._drawn
        made = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter, palette = QPainter(made), grid.palette()
        painter.setFont(grid.font())

        def draw(area: QRect) -> None:
            middle = QRect(area.left() + (area.width() - picture_px) // 2, area.top(), picture_px, picture_px)
            paint_picture(painter, middle, palette, RowPicture(self.row.thumb))

        paint_content(painter, QRect(QPoint(), size), palette, draw, self.words, picture_px=picture_px)
        painter.end()
        self._drawn = made
        return made

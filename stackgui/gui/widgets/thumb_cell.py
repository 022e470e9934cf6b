"""How a cell of a grid of thumbnails is drawn, in every grid of the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPalette, QPen

from stackgui.gui.widgets import theme
from stackgui.gui.widgets.contrast import mix
from stackgui.gui.widgets.row_picture import RowPicture
from stackgui.gui.widgets.theme import Space

PICTURE_PX = 112


def cell_size(metrics: QFontMetrics, picture_px: int = PICTURE_PX) -> QSize:
    """Return the least size of a cell with a picture of `picture_px` and two lines of text."""
    words_px = 2 * metrics.height()
    return QSize(picture_px + 2 * Space.S, picture_px + words_px + Space.XS + 2 * Space.S)


def paint_cell(
    painter: QPainter,
    cell: QRect,
    palette: QPalette,
    draw: Callable[[QRect], object] | None,
    words: tuple[str, str],
    *,
    picture_px: int = PICTURE_PX,
    marked: bool = False,
    current: bool = False,
) -> None:
    """Draw a row above two lines of text, or that it is still to come.

    Parameters
    ----------
    painter, cell, palette
    draw
        Draws the row into an area; None while it is still to come.
    words
        What is written below the picture, on two lines.
    picture_px
        Longer side of the picture at most.
    marked, current
        Whether the cell is marked, and whether the keys act on it.
    """
    painter.save()
    paint_ground(painter, cell, palette, marked=marked, current=current)
    paint_content(painter, cell_content(cell), palette, draw, words, picture_px=picture_px)
    painter.restore()


def cell_content(cell: QRect) -> QRect:
    """Return where the content of a cell is drawn: inside its mark, at some distance."""
    margin = 2 * Space.XS
    return cell.adjusted(margin, margin, -margin, -margin)


def paint_ground(painter: QPainter, cell: QRect, palette: QPalette, *, marked: bool, current: bool) -> None:
    """Draw what marks a cell."""
    inside = cell.adjusted(Space.XS, Space.XS, -Space.XS, -Space.XS)
    if marked:
        _paint_marked(painter, inside, palette)
    if current:
        _paint_current(painter, inside, palette)


def paint_content(
    painter: QPainter,
    area: QRect,
    palette: QPalette,
    draw: Callable[[QRect], object] | None,
    words: tuple[str, str],
    *,
    picture_px: int = PICTURE_PX,
) -> None:
    """Draw what `paint_cell` draws into `area`, but no marks."""
    picture = QRect(area.left(), area.top(), area.width(), picture_px)
    if draw is None:
        _paint_waiting(painter, picture, palette, picture_px)
    else:
        draw(picture)
    _paint_words(painter, picture, palette, words)


def paint_picture(painter: QPainter, area: QRect, palette: QPalette, picture: RowPicture) -> None:
    """Draw a row at the foot of an area, as large as fits."""
    frame = picture.frame(QRectF(area))
    frame.moveBottom(QRectF(area).bottom())  # that of whole pixels is the last line of its own
    picture.paint(painter, frame, palette)


def _paint_marked(painter: QPainter, cell: QRect, palette: QPalette) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(palette.highlight().color(), 1.5))
    painter.setBrush(mix(palette.base().color(), palette.highlight().color(), 0.2))
    painter.drawRoundedRect(QRectF(cell).adjusted(0.5, 0.5, -0.5, -0.5), Space.XS, Space.XS)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _paint_current(painter: QPainter, cell: QRect, palette: QPalette) -> None:
    painter.setPen(QPen(palette.text().color(), 1, Qt.PenStyle.DotLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(cell.adjusted(2, 2, -3, -3))


def _paint_waiting(painter: QPainter, area: QRect, palette: QPalette, picture_px: int) -> None:
    side = picture_px * 3 // 4
    place = QRectF(0, 0, side, side)
    place.moveCenter(QRectF(area).center())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mix(palette.base().color(), palette.text().color(), 0.06))
    painter.drawRoundedRect(place, Space.XS, Space.XS)


def _paint_words(painter: QPainter, area: QRect, palette: QPalette, words: tuple[str, str]) -> None:
    metrics = painter.fontMetrics()
    line_px = metrics.height()
    line = QRect(area.left(), area.bottom() + Space.XS, area.width(), line_px)
    # Names often differ at their ends only; the second line begins with what matters most, such as the row.
    ways = Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight
    for place, (text, way) in enumerate(zip(words, ways, strict=True)):
        shown = metrics.elidedText(text, way, line.width())
        painter.setPen(theme.soft_text(palette) if place else palette.text().color())
        painter.drawText(line.translated(0, place * line_px), Qt.AlignmentFlag.AlignCenter, shown)

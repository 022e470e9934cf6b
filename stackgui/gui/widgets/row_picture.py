"""A row drawn as it lies in its array, with padding that cannot be taken for black picture."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPalette, QPen, QPixmap

from stackgui.core.run import RowThumb
from stackgui.gui import images, theme
from stackgui.gui.theme import Role

HATCH_PX = 6
BLANK_MARK_PX = 22


def hatch(ground: QColor, ink: QColor, scale: float = 1.0) -> QBrush:
    """Slanted lines of `ink` on `ground`; `scale` is the screen's device pixel ratio."""
    tile = QPixmap(round(HATCH_PX * scale), round(HATCH_PX * scale))
    tile.setDevicePixelRatio(scale)
    tile.fill(ground)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 1))
    # Three lines, so that the slant goes on across the edges of the tile.
    for shift in (-HATCH_PX, 0, HATCH_PX):
        painter.drawLine(QLineF(shift - 1, HATCH_PX + 1, shift + HATCH_PX + 1, -1))
    painter.end()
    return QBrush(tile)


def padding_hatch(palette: QPalette, scale: float = 1.0) -> QBrush:
    """How padding looks everywhere in the window."""
    base, text = palette.base().color(), palette.text().color()
    return hatch(theme.mix(base, text, 0.06), theme.mix(base, text, 0.3), scale)


def blank_hatch(palette: QPalette, scale: float = 1.0) -> QBrush:
    """How a row looks that stayed blank."""
    base, error = palette.base().color(), theme.colour(Role.ERROR, palette)
    return hatch(theme.mix(base, error, 0.12), theme.mix(base, error, 0.45), scale)


class RowPicture:
    """A row's thumbnail, ready to be painted at any size.

    Parameters
    ----------
    thumb : RowThumb
    """

    def __init__(self, thumb: RowThumb) -> None:
        self.thumb = thumb
        drawn = thumb.pixels.size > 0 and not thumb.reason
        self._image = images.to_qimage(thumb.pixels) if drawn else None

    def frame(self, area: QRectF) -> QRectF:
        """The largest rectangle of the row's shape in the middle of `area`."""
        height, width = (max(1, side) for side in self.thumb.row_px)
        scale = min(area.width() / width, area.height() / height)
        frame = QRectF(0, 0, max(1.0, width * scale), max(1.0, height * scale))
        frame.moveCenter(area.center())
        return QRectF(frame.toAlignedRect() & area.toAlignedRect())

    def paint(self, painter: QPainter, area: QRectF, palette: QPalette) -> None:
        """Draw the row into the middle of `area`, as large as it fits."""
        frame = self.frame(area)
        scale = painter.device().devicePixelRatioF()
        painter.save()
        painter.setBrushOrigin(frame.topLeft())
        painter.fillRect(frame, padding_hatch(palette, scale) if self._image else blank_hatch(palette, scale))
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._placed(frame), self._image)
        else:
            self._paint_blank_mark(painter, frame, palette)
        edge = theme.outline(palette) if self._image else theme.colour(Role.ERROR, palette)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.restore()

    def _placed(self, frame: QRectF) -> QRectF:
        """Where the picture lies in `frame`, on whole pixels."""
        top, left, height, width = self.thumb.placement
        row_height, row_width = (max(1, side) for side in self.thumb.row_px)
        across, down = frame.width() / row_width, frame.height() / row_height
        x, y = round(frame.left() + left * across), round(frame.top() + top * down)
        right, bottom = frame.left() + (left + width) * across, frame.top() + (top + height) * down
        return QRectF(QRect(x, y, max(1, round(right) - x), max(1, round(bottom) - y)))

    @staticmethod
    def _paint_blank_mark(painter: QPainter, frame: QRectF, palette: QPalette) -> None:
        side = min(BLANK_MARK_PX, frame.width() - 2, frame.height() - 2)
        mark = QRectF(0, 0, side, side)
        mark.moveCenter(frame.center())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.base())
        painter.drawEllipse(mark)
        theme.paint_icon(painter, mark.adjusted(1, 1, -1, -1), "error", theme.colour(Role.ERROR, palette))

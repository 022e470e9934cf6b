"""The drawing of a row as it is in its array, with padding hatched so that it differs from black pixels."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPalette, QPen, QPixmap, QPixmapCache

from stackgui.core.plan.plan import NO_ROW
from stackgui.core.run.progress import RowThumb
from stackgui.gui.widgets import images, theme
from stackgui.gui.widgets.contrast import mix
from stackgui.gui.widgets.overlay import mask_image, overlay, paint_marks
from stackgui.gui.widgets.theme import Role

HATCH_PX = 6
BLANK_MARK_PX, MIN_MARK_PX = 22, 6
CUT_OFF_OPACITY = 0.35


def hatch(ground: QColor, ink: QColor, scale: float = 1.0) -> QBrush:
    """Return a brush of slanted lines of `ink` on `ground`; `scale` is the device pixel ratio."""
    # Painting a tile takes longer than many a row.
    key = f"hatch {ground.name()} {ink.name()} {scale}"
    tile = QPixmap()
    if QPixmapCache.find(key, tile):
        return QBrush(tile)
    tile = QPixmap(round(HATCH_PX * scale), round(HATCH_PX * scale))
    tile.setDevicePixelRatio(scale)
    tile.fill(ground)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, 1))
    # Three lines, so that the slant continues across the edges of the tile.
    for shift in (-HATCH_PX, 0, HATCH_PX):
        painter.drawLine(QLineF(shift - 1, HATCH_PX + 1, shift + HATCH_PX + 1, -1))
    painter.end()
    QPixmapCache.insert(key, tile)
    return QBrush(tile)


def padding_hatch(palette: QPalette, scale: float = 1.0) -> QBrush:
    """Return the brush for padding, the same everywhere in the window."""
    base, text = palette.base().color(), palette.text().color()
    return hatch(mix(base, text, 0.06), mix(base, text, 0.3), scale)


def blank_hatch(palette: QPalette, scale: float = 1.0) -> QBrush:
    """Return the brush for a blank row."""
    base, error = palette.base().color(), theme.colour(Role.ERROR, palette)
    return hatch(mix(base, error, 0.12), mix(base, error, 0.45), scale)


class RowPicture:
    """The thumbnail of a row, ready to be painted at any size.

    Parameters
    ----------
    thumb : RowThumb
    """

    def __init__(self, thumb: RowThumb) -> None:
        self.thumb = thumb
        drawn = thumb.pixels.size > 0 and not thumb.reason
        self._image = images.to_qimage(thumb.pixels) if drawn else None
        self._mask = mask_image(thumb.mask) if drawn and thumb.mask is not None and thumb.mask.size else None
        self._uncut = images.to_qimage(thumb.uncut.pixels) if thumb.uncut else None

    def frame(self, area: QRectF) -> QRectF:
        """Return where the row is drawn in `area`, as large as fits together with what is cut off."""
        return self._in_area(area, self._row())

    def _in_area(self, area: QRectF, place: QRectF) -> QRectF:
        """Map `place`, in pixels of the row's thumbnail, to whole pixels of `area`."""
        shown = self._shown()
        scale = min(area.width() / shown.width(), area.height() / shown.height())
        drawn = QRectF(0, 0, max(1.0, place.width() * scale), max(1.0, place.height() * scale))
        drawn.moveCenter(area.center() - (shown.center() - place.center()) * scale)
        return QRectF(drawn.toAlignedRect() & area.toAlignedRect())

    def _row(self) -> QRectF:
        height, width = (max(1, side) for side in self.thumb.row_px)
        return QRectF(0, 0, width, height)

    def _whole(self) -> QRectF:
        """Return where the whole sample would be, in pixels of the row's thumbnail."""
        uncut = self.thumb.uncut
        if uncut is None:
            return QRectF()
        height, width = uncut.pixels.shape[:2]
        return QRectF(
            self.thumb.placement[1] - uncut.left, self.thumb.placement[0] - uncut.top, width, height
        )

    def _shown(self) -> QRectF:
        return self._row() | self._whole()

    def paint(self, painter: QPainter, area: QRectF, palette: QPalette) -> None:
        """Draw the row in the middle of `area`, as large as fits."""
        frame = self.frame(area)
        scale = painter.device().devicePixelRatioF()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._uncut is not None:
            self._paint_cut_off(painter, self._in_area(area, self._whole()), palette)
        painter.setBrushOrigin(frame.topLeft())
        painter.fillRect(
            frame, blank_hatch(palette, scale) if self._failed else padding_hatch(palette, scale)
        )
        if self._image is not None:
            top, left, height, width = self.thumb.placement
            place = self._in_frame(frame, QRectF(left, top, width, height))
            painter.drawImage(place, self._image)
            if self._mask is not None and overlay().is_on:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
                painter.drawImage(place, self._mask)
        else:
            self._paint_mark(painter, frame, palette)
        edge = theme.colour(Role.ERROR, palette) if self._failed else theme.outline(palette)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5))
        if self.thumb.marks is not None and self._image is not None:
            paint_marks(painter, self.thumb.marks, frame, frame | self._in_area(area, self._shown()))
        painter.restore()

    def _in_frame(self, frame: QRectF, place: QRectF) -> QRectF:
        """Map `place`, in pixels of the row's thumbnail, into `frame`, where the row is drawn."""
        row = self._row()
        across, down = frame.width() / row.width(), frame.height() / row.height()
        x, y = round(frame.left() + place.left() * across), round(frame.top() + place.top() * down)
        right, bottom = frame.left() + place.right() * across, frame.top() + place.bottom() * down
        return QRectF(QRect(x, y, max(1, round(right) - x), max(1, round(bottom) - y)))

    def _paint_cut_off(self, painter: QPainter, place: QRectF, palette: QPalette) -> None:
        """Draw what is cut off, dimmed and with a dashed edge."""
        assert self._uncut is not None
        painter.fillRect(place, palette.base())
        painter.setOpacity(CUT_OFF_OPACITY)
        painter.drawImage(place, self._uncut)
        painter.setOpacity(1.0)
        painter.setPen(QPen(palette.text().color(), 1, Qt.PenStyle.DashLine))
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))

    @property
    def _failed(self) -> bool:
        """Whether its row stays blank; an excluded sample has no row."""
        return self._image is None and self.thumb.row != NO_ROW

    def _paint_mark(self, painter: QPainter, frame: QRectF, palette: QPalette) -> None:
        """Draw a mark that shows why there is no picture, by its shape and not by colour alone."""
        side = min(BLANK_MARK_PX, frame.width() - 2, frame.height() - 2)
        if side < MIN_MARK_PX:
            return  # a row this low or narrow has no room for it; its hatching says the same
        mark = QRectF(0, 0, side, side)
        mark.moveCenter(frame.center())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.base())
        painter.drawEllipse(mark)
        name, ink = (
            ("error", theme.colour(Role.ERROR, palette))
            if self._failed
            else ("minus", theme.soft_text(palette))
        )
        theme.paint_icon(painter, mark.adjusted(1, 1, -1, -1), name, ink)

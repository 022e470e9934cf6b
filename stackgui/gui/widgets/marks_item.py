"""Objects over a picture in a graphics scene, with lines of the same width at every zoom."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPainterPath, QTransform
from PySide6.QtWidgets import QApplication, QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from stackgui.core.plan.row_marks import RowMarks
from stackgui.gui.widgets.overlay import overlay, paint_marks
from stackgui.gui.widgets.row_picture import padding_hatch


class MarksItem(QGraphicsObject):
    """Draws the objects of a picture that fills a rectangle of the scene."""

    def __init__(self) -> None:
        super().__init__()
        self._marks: RowMarks | None = None
        self._mask: QImage | None = None
        self._kept: QRectF | None = None
        self._place = QRectF()
        overlay().changed.connect(self._anew)

    def _anew(self) -> None:
        self.update()

    def set_marks(
        self, marks: RowMarks | None, mask: QImage | None, place: QRectF, kept: QRectF | None = None
    ) -> None:
        """Draw `marks` and a `mask` over the picture at `place`, and hatch what is not `kept` of it."""
        self.prepareGeometryChange()
        self._marks, self._mask, self._place, self._kept = marks, mask, place, kept

    def boundingRect(self) -> QRectF:
        """Return the rectangle of the picture."""
        return self._place

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        """Draw the objects, each with the name of its class."""
        # A pixel of the screen in pixels of the scene, which is zoomed alike in both directions.
        screen_px = 1.0 / max(painter.worldTransform().m11(), 1e-6)
        if self._kept is not None:
            self._hatch(painter, self._kept, screen_px)
        if self._mask is not None and overlay().is_on:
            painter.drawImage(self._place, self._mask)
        if self._marks is not None:
            paint_marks(painter, self._marks, self._place, self._place, screen_px=screen_px, named=True)

    def _hatch(self, painter: QPainter, kept: QRectF, screen_px: float) -> None:
        """Hatch the padding, with lines of the same width at every zoom."""
        padding = QPainterPath()
        padding.addRect(self._place)
        inside = QPainterPath()
        inside.addRect(kept)
        brush = padding_hatch(QApplication.palette(), painter.device().devicePixelRatioF())
        brush.setTransform(QTransform.fromScale(screen_px, screen_px))
        painter.fillPath(padding.subtracted(inside), brush)

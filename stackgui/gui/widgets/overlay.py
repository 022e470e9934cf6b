"""Boxes, polygons and keypoints drawn over pictures, in colours that colour-blind eyes tell apart."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPainterPath, QPen, QPolygonF

from stackgui.core.base.text import printable
from stackgui.core.plan.row_marks import RowMarks
from stackgui.core.viewing import class_colours
from stackgui.core.viewing.class_colours import CLASS_COLOURS, mask_pixels
from stackgui.gui.widgets.images import to_qimage

_PATTERNS = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DotLine)
"""Classes beyond the colours differ by these."""

LINE_PX, EDGE_PX = 1.5, 1.1
FILL_OPACITY, LOST_OPACITY = 0.25, 0.75
DOT_PX = 2.5
MIN_NAMED_PX = 34
"""Boxes narrower than this on the screen are not labelled with their class."""


def class_colour(number: int) -> QColor:
    """Return the colour of a class; white for objects without one."""
    return QColor(class_colours.class_colour(number))


def class_pattern(number: int) -> Qt.PenStyle:
    """Return the pattern of a class's lines, which tells classes of one colour apart."""
    return _PATTERNS[max(number, 0) // len(CLASS_COLOURS) % len(_PATTERNS)]


def mask_colour(number: int) -> QColor:
    """Return the colour of a class of masks; 0, usually the background, is clear."""
    return class_colour(number - 1) if number > 0 else QColor(0, 0, 0, 0)


class Overlay(QObject):
    """Which objects are drawn over pictures; the same everywhere in the window.

    Signals
    -------
    changed()
        Pictures have to be drawn anew.

    Attributes
    ----------
    is_on : bool
    hidden : frozenset of str
        Classes that are not drawn.
    hidden_masks : frozenset of int
        Numbers in masks that are not drawn.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.is_on = True
        self.hidden: frozenset[str] = frozenset()
        self.hidden_masks: frozenset[int] = frozenset()
        self._sources: tuple[str, ...] = ()

    def follow(self, sources: tuple[str, ...]) -> None:
        """Forget what is hidden once the pictures are others, whose classes are others too."""
        if sources != self._sources:
            self._sources = sources
            self.hide_classes(frozenset())
            self.hide_mask_numbers(frozenset())

    def show(self, *, wanted: bool) -> None:
        """Draw objects, or do not."""
        if wanted != self.is_on:
            self.is_on = wanted
            self.changed.emit()

    def hide_classes(self, names: frozenset[str]) -> None:
        """Draw the objects of all classes but these."""
        if names != self.hidden:
            self.hidden = names
            self.changed.emit()

    def hide_mask_numbers(self, numbers: frozenset[int]) -> None:
        """Draw the areas of all classes of masks but these."""
        if numbers != self.hidden_masks:
            self.hidden_masks = numbers
            self.changed.emit()

    def shows(self, marks: RowMarks, index: int) -> bool:
        """Return whether an object is drawn."""
        number = int(marks.category[index])
        return self.is_on and (number < 0 or marks.classes[number] not in self.hidden)


@lru_cache(maxsize=1)
def overlay() -> Overlay:
    """Return the one overlay of the window."""
    return Overlay()


def mask_image(mask: NDArray[np.integer]) -> QImage:
    """Return a mask as an image to be laid over its picture; see `mask_pixels`."""
    return to_qimage(mask_pixels(mask, tuple(overlay().hidden_masks)))


def paint_marks(
    painter: QPainter,
    marks: RowMarks,
    frame: QRectF,
    area: QRectF,
    *,
    screen_px: float = 1.0,
    named: bool = False,
) -> None:
    """Draw the objects of a row.

    Parameters
    ----------
    painter
    marks
    frame
        Where the row is drawn.
    area
        Nothing is drawn outside it.
    screen_px
        Length of a pixel of the screen in the painter's coordinates.
    named
        Whether to write the class into every box that has room for it.
    """
    if not len(marks) or not overlay().is_on:
        return
    painter.save()
    painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    placed = _Placed(marks, frame, screen_px)
    for index in range(len(marks)):
        if overlay().shows(marks, index):
            placed.paint(painter, index)
    if named:
        for index in range(len(marks)):
            if overlay().shows(marks, index):
                placed.paint_name(painter, index)
    painter.restore()


class _Placed:
    """The objects of a row where the row is drawn."""

    def __init__(self, marks: RowMarks, frame: QRectF, screen_px: float) -> None:
        self._marks, self._px = marks, screen_px
        height, width = marks.size
        self._across, self._down = frame.width() / max(1, width), frame.height() / max(1, height)
        self._left, self._top = frame.left(), frame.top()

    def _point(self, x: float, y: float) -> QPointF:
        return QPointF(self._left + x * self._across, self._top + y * self._down)

    def _rect(self, box: list[float]) -> QRectF:
        return QRectF(self._point(box[0], box[1]), self._point(box[2], box[3]))

    def paint(self, painter: QPainter, index: int) -> None:
        marks, number = self._marks, int(self._marks.category[index])
        colour, kept = class_colour(number), bool(marks.is_kept[index])
        path = self._outline(index, kept=kept)
        if kept and marks.ring_starts[index] < marks.ring_starts[index + 1]:
            filling = QColor(colour)
            filling.setAlphaF(FILL_OPACITY)
            painter.fillPath(path, filling)
        pattern = class_pattern(number) if kept else Qt.PenStyle.DashLine
        painter.setOpacity(1.0 if kept else LOST_OPACITY)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        edge = QColor("#000000") if colour.lightnessF() > 0.4 else QColor("#FFFFFF")  # noqa: PLR2004
        painter.setPen(self._pen(edge, LINE_PX + 2 * EDGE_PX, Qt.PenStyle.SolidLine if kept else pattern))
        painter.drawPath(path)
        painter.setPen(self._pen(colour, LINE_PX, pattern))
        painter.drawPath(path)
        if not kept:
            box = self._rect(marks.whole[index].tolist())
            painter.drawLine(box.topLeft(), box.bottomRight())
        self._paint_keypoints(painter, index, colour, edge)
        painter.setOpacity(1.0)

    def _pen(self, colour: QColor, wide: float, pattern: Qt.PenStyle) -> QPen:
        pen = QPen(colour, wide * self._px, pattern)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        return pen

    def _outline(self, index: int, *, kept: bool) -> QPainterPath:
        """Return the polygons of an object, or else its box: what is visible of it, or all if it is lost."""
        marks, path = self._marks, QPainterPath()
        rings = range(int(marks.ring_starts[index]), int(marks.ring_starts[index + 1]))
        for ring in rings:
            points = [self._point(x, y) for x, y in marks.rings[ring].tolist()]
            path.addPolygon(QPolygonF([*points, *points[:1]]))
        if not rings:
            path.addRect(self._rect((marks.box if kept else marks.whole)[index].tolist()))
        return path

    def _paint_keypoints(self, painter: QPainter, index: int, colour: QColor, edge: QColor) -> None:
        radius = DOT_PX * self._px
        painter.setPen(self._pen(edge, EDGE_PX, Qt.PenStyle.SolidLine))
        painter.setBrush(colour)
        for x, y, seen in self._marks.keypoints[index].tolist():
            if seen:
                painter.drawEllipse(self._point(x, y), radius, radius)

    def paint_name(self, painter: QPainter, index: int) -> None:
        marks, number = self._marks, int(self._marks.category[index])
        box = self._rect(marks.box[index].tolist())
        if number < 0 or not marks.is_kept[index] or box.width() < MIN_NAMED_PX * self._px:
            return
        font = QFont(painter.font())
        font.setPixelSize(max(1, round(12 * self._px)))
        metrics = QFontMetricsF(font)
        text = metrics.elidedText(
            printable(marks.classes[number]), Qt.TextElideMode.ElideRight, max(box.width(), 1.0)
        )
        place = QRectF(
            box.left(), box.top(), metrics.horizontalAdvance(text) + 6 * self._px, metrics.height()
        )
        colour = class_colour(number)
        painter.fillRect(place, colour)
        painter.setFont(font)
        painter.setPen(QColor("#000000") if colour.lightnessF() > 0.4 else QColor("#FFFFFF"))  # noqa: PLR2004
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

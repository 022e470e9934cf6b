"""pyqtgraph items for the size plot: axes in pixels, and a plane on which sizes can be selected."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseDragEvent
from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor

from stackgui.core.catalog.selection import SizeRange
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.contrast import mix
from stackgui.gui.widgets.size_density import Scale

UPRIGHT, LEVEL = 90, 0
"""Angles of lines, in degrees."""

ANCHORS = {UPRIGHT: [(0, 1), (1, 1)], LEVEL: [(0, 0), (0, 1)]}
LABELLED_AT = 0.01
"""Words begin beside an axis, so that a small plot cuts none off."""
FAR_AT = 0.6
"""Where words go that would cover others there: so far below the grip that a small plot shows both."""

GRIP_PX = 10

KEPT_LABELS = 1000
"""Labels of ticks that an axis keeps; it writes some seventy whenever it is drawn."""

TICKS_PX = 60
"""Approximate width of the label of a tick."""


class PixelAxis(pg.AxisItem):  # type: ignore[misc] # pyqtgraph has no types
    """An axis labelled in pixels, on either scale."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self._pixels = Scale()
        self._labels: dict[float, str] = {}

    def set_pixels(self, scale: Scale) -> None:
        """Interpret places on the axis by `scale`."""
        self._pixels = scale
        self._labels = {}
        self.picture = None
        self.update()

    def tickValues(self, low: float, high: float, length_px: float) -> list[tuple[float, list[float]]]:
        """Return the ticks: the usual ones, or 1, 2 and 5 times each power of ten on a logarithmic scale."""
        if not self._pixels.logarithmic:
            ticks: list[tuple[float, list[float]]] = super().tickValues(low, high, length_px)
            return ticks
        powers = range(math.floor(low), math.ceil(high) + 1)
        steps = (1, 2, 5) if (high - low) * TICKS_PX * 3 < length_px * 1.5 else (1,)
        places = [power + math.log10(step) for power in powers for step in steps]
        return [(1.0, [place for place in places if place >= 0])]

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        """Return the labels of the ticks."""
        if len(self._labels) > KEPT_LABELS:
            self._labels = {}
        return [self._labels.get(value) or self._label(value) for value in values]

    def _label(self, place: float) -> str:
        label = self._labels[place] = tr("{side:,.0f}", side=float(self._pixels.side_px(place)))
        return label


class SizeBox(pg.ViewBox):  # type: ignore[misc]
    """A plane on which the left button draws a rectangle; the other buttons and Shift pan.

    Signals
    -------
    band_drawn(QRectF, bool)
        Rectangle in places on the axes, and whether the button was released.
    """

    band_drawn = Signal(QRectF, bool)

    def mouseDragEvent(self, event: MouseDragEvent, axis: int | None = None) -> None:
        """Draw the rectangle, or pass the drag on to pyqtgraph."""
        moves = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.button() is not Qt.MouseButton.LeftButton or moves or axis is not None:
            super().mouseDragEvent(event, axis)
            return
        event.accept()
        corners = self.mapToView(event.buttonDownPos()), self.mapToView(event.pos())
        self.band_drawn.emit(QRectF(*corners).normalized(), event.isFinish())


class TargetLine(pg.InfiniteLine):  # type: ignore[misc]
    """A line that can be dragged, with a grip and words beside it.

    Parameters
    ----------
    angle
        `UPRIGHT` or `LEVEL`.
    """

    def __init__(self, angle: int) -> None:
        super().__init__(angle=angle, movable=True)
        self.label = _LineLabel(self, position=LABELLED_AT, anchors=ANCHORS[angle])
        self.addMarker("<|>", position=0.98, size=GRIP_PX)

    def lie_at(self, place: float, words: str) -> None:
        """Move to `place` without telling it, and say `words`; most steps of a drag leave one line alone."""
        if self.value() != place or self.label.format != words:
            with QSignalBlocker(self):
                self.setValue(place)
            self.label.setFormat(words)


class _LineLabel(pg.InfLineLabel):  # type: ignore[misc]
    """Words beside a line, which can be read in full or not at all."""

    _others: _LineLabel | None = None
    _giving_way: _LineLabel | None = None

    def keep_clear_of(self, others: _LineLabel) -> None:
        """Move along the line where these words would cover `others`."""
        self._others, others._giving_way = others, self

    def updatePosition(self) -> None:
        """Follow the line, and vanish with it where it lies beyond the edge."""
        self.orthoPos = LABELLED_AT
        super().updatePosition()
        if self._others is not None and self.sceneBoundingRect().intersects(self._others.sceneBoundingRect()):
            self.orthoPos = FAR_AT
            super().updatePosition()
        if self._giving_way is not None:
            self._giving_way.updatePosition()
        box = self.line.getViewBox()
        if isinstance(box, pg.ViewBox):  # before that, it is the whole scene
            least, most = box.viewRange()[0 if self.line.angle == UPRIGHT else 1]
            # Hidden, it would not follow any more.
            self.setOpacity(1.0 if least <= self.line.value() <= most else 0.0)


def band_around(picked: SizeRange, scale: Scale) -> QRectF:
    """Return the frame around `picked`: half a pixel wider on each side, so that one size has one too."""
    left, right, bottom, top = (
        scale.place(side)
        for side in (
            picked.least_width - 0.5,
            picked.most_width + 0.5,
            picked.least_height - 0.5,
            picked.most_height + 0.5,
        )
    )
    return QRectF(QPointF(left, bottom), QPointF(right, top))


def range_in(band: QRectF, scale: Scale) -> SizeRange | None:
    """Return the whole pixels between the edges of `band`, or None if there are none."""
    side_px = scale.side_px
    least_height, most_height = math.ceil(side_px(band.top())), math.floor(side_px(band.bottom()))
    least_width, most_width = math.ceil(side_px(band.left())), math.floor(side_px(band.right()))
    if most_height < max(least_height, 1) or most_width < max(least_width, 1):
        return None
    return SizeRange(max(least_height, 1), most_height, max(least_width, 1), most_width)


def with_alpha(colour: QColor, alpha: float) -> QColor:
    """Return `colour`, seen through as far as `alpha` says."""
    soft = QColor(colour)
    soft.setAlphaF(alpha)
    return soft


def shading(ground: QColor, ink: QColor) -> np.ndarray:
    """Return RGBA for shades 0 to 1, shape (256, 4); empty bins are transparent and show the target below."""
    table = np.empty((256, 4), np.uint8)
    for level in range(256):
        shade = mix(ground, ink, level / 255)
        table[level] = (shade.red(), shade.green(), shade.blue(), 0 if level == 0 else 255)
    return table

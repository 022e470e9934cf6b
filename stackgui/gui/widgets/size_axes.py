"""Parts of pyqtgraph for the size plot: axes in pixels, and a plane on which sizes are picked out."""

from __future__ import annotations

import math

import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseDragEvent
from PySide6.QtCore import QRectF, Qt, Signal

from stackgui.gui.widgets.size_density import Scale

TICKS_PX = 60
"""About as much room as the figure at a tick needs."""


class PixelAxis(pg.AxisItem):  # type: ignore[misc] # pyqtgraph has no types
    """An axis that tells sides in pixels, whichever scale they are drawn on."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self._pixels = Scale()

    def set_pixels(self, scale: Scale) -> None:
        """Take the places on the axis for those of `scale`."""
        self._pixels = scale
        self.picture = None
        self.update()

    def tickValues(self, low: float, high: float, length_px: float) -> list[tuple[float, list[float]]]:
        """Where ticks stand: without logarithms as ever, else at 1, 2 and 5 of each power of ten."""
        if not self._pixels.logarithmic:
            ticks: list[tuple[float, list[float]]] = super().tickValues(low, high, length_px)
            return ticks
        powers = range(math.floor(low), math.ceil(high) + 1)
        steps = (1, 2, 5) if (high - low) * TICKS_PX * 3 < length_px * 1.5 else (1,)
        places = [power + math.log10(step) for power in powers for step in steps]
        return [(1.0, [place for place in places if place >= 0])]

    def tickStrings(self, values: list[float], _scale: float, _spacing: float) -> list[str]:
        """What stands at the ticks."""
        return [f"{self._pixels.side_px(value):,.0f}" for value in values]


class SizeBox(pg.ViewBox):  # type: ignore[misc]
    """A plane on which the left button draws a band around sizes; the other buttons and Shift move it.

    Signals
    -------
    band_drawn(QRectF, bool)
        The band in places on the axes, and whether the button was let go.
    """

    band_drawn = Signal(QRectF, bool)

    def mouseDragEvent(self, event: MouseDragEvent, axis: int | None = None) -> None:
        """Draw the band, or leave the dragging to the plane."""
        moves = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.button() is not Qt.MouseButton.LeftButton or moves or axis is not None:
            super().mouseDragEvent(event, axis)
            return
        event.accept()
        corners = self.mapToView(event.buttonDownPos()), self.mapToView(event.pos())
        self.band_drawn.emit(QRectF(*corners).normalized(), event.isFinish())

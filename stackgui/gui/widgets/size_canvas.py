"""The drawing of the size plot. Imports pyqtgraph; only `size_plot` imports this, and only when it must."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSignalBlocker, QTimer, Signal
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stackgui.core.size import MAX_SIDE_PX
from stackgui.core.statistics import SizeCounts
from stackgui.gui import theme
from stackgui.gui.theme import Role
from stackgui.gui.widgets.size_density import Window, along, bar_lengths, density, nearest, shades

MOST_POINTS = 2_000  # above it, bins say more than points, and cost less
BIN_PX = 3
HISTOGRAM_PX = 56
AXIS_LEFT_PX, AXIS_BOTTOM_PX = 56, 38
POINTER_REACH_PX = 10
GRIP_PX = 10
RING_PX = 18
REBIN_MS = 30


class SizeCanvas(QWidget):
    """Density, histograms and target of one set of sizes.

    Signals
    -------
    target_dragged(int, int)
        Height and width in pixels.
    pointed_at(int, int, int)
        Height, width and count of the size under the pointer; count 0 for none.
    """

    target_dragged = Signal(int, int)
    pointed_at = Signal(int, int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sizes: SizeCounts | None = None
        self._target: tuple[int, int] | None = None
        self._graphics = pg.GraphicsLayoutWidget(self)
        self._graphics.setObjectName("sizePlot.canvas")
        self._graphics.ci.layout.setSpacing(2)
        self._graphics.ci.layout.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._graphics)
        self._make_plots()
        self._make_items()
        self._rebin = QTimer(self, singleShot=True, interval=REBIN_MS)
        self._rebin.timeout.connect(self._fill)
        self._plot.vb.sigRangeChanged.connect(self._on_range_changed)
        self._graphics.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._graphics.scene().sigMouseClicked.connect(self._on_mouse_clicked)
        self._colour()

    def _make_plots(self) -> None:
        """The large plot, with a histogram above it and one at its right."""
        self._across = self._graphics.addPlot(row=0, col=0)
        self._plot = self._graphics.addPlot(row=1, col=0)
        self._down = self._graphics.addPlot(row=1, col=1)
        self._across.setMaximumHeight(HISTOGRAM_PX)
        self._down.setMaximumWidth(HISTOGRAM_PX)
        self._across.setXLink(self._plot)
        self._down.setYLink(self._plot)
        for plot in (self._across, self._plot, self._down):
            plot.hideButtons()
            plot.setMenuEnabled(False)
            plot.vb.setDefaultPadding(0)
        for plot in (self._across, self._down):
            plot.setMouseEnabled(x=False, y=False)
            for side in ("left", "bottom"):
                plot.getAxis(side).setTicks([])
        # The same room beside both plots of a line, so that a bar stands where its pictures are.
        for plot in (self._across, self._plot):
            plot.getAxis("left").setWidth(AXIS_LEFT_PX)
        for plot in (self._plot, self._down):
            plot.getAxis("bottom").setHeight(AXIS_BOTTOM_PX)
        self._plot.setLabel("bottom", "width in pixels")
        self._plot.setLabel("left", "height in pixels")
        self._plot.vb.setLimits(xMin=0, yMin=0, xMax=MAX_SIDE_PX, yMax=MAX_SIDE_PX, minXRange=8, minYRange=8)

    def _make_items(self) -> None:
        self._image = pg.ImageItem(axisOrder="row-major")
        self._points = pg.ScatterPlotItem(pxMode=True)
        self._ring = pg.ScatterPlotItem(pxMode=True, size=RING_PX, brush=None)
        self._width_bars = pg.BarGraphItem(x=[0], height=[0], width=1)
        self._height_bars = pg.BarGraphItem(x0=[0], y=[0], width=[0], height=1)
        self._target_area = pg.QtWidgets.QGraphicsRectItem()
        self._width_line = pg.InfiniteLine(angle=90, movable=True, label="", labelOpts={"position": 0.07})
        self._height_line = pg.InfiniteLine(angle=0, movable=True, label="", labelOpts={"position": 0.07})
        for item in (
            self._target_area,
            self._image,
            self._points,
            self._ring,
            self._width_line,
            self._height_line,
        ):
            self._plot.addItem(item, ignoreBounds=True)
        self._across.addItem(self._width_bars)
        self._down.addItem(self._height_bars)
        self._across.setYRange(0, 1, padding=0)
        self._down.setXRange(0, 1, padding=0)
        for line in (self._width_line, self._height_line):
            line.setBounds((1, MAX_SIDE_PX))
            line.addMarker("<|>", position=0.98, size=GRIP_PX)
            line.sigDragged.connect(self._on_dragged)

    # Values

    def set_sizes(self, sizes: SizeCounts, target: tuple[int, int] | None) -> None:
        """Show `sizes` and the target's height and width, all in view."""
        self._sizes = sizes
        self._ring.clear()
        self.set_target(target)
        self.show_all()
        self._fill()

    def set_target(self, target: tuple[int, int] | None) -> None:
        """Show the target's height and width, or none."""
        self._target = target
        for item in (self._target_area, self._width_line, self._height_line):
            item.setVisible(target is not None)
        if target is None:
            return
        height, width = target
        with QSignalBlocker(self._width_line), QSignalBlocker(self._height_line):
            self._width_line.setValue(width)
            self._height_line.setValue(height)
        self._target_area.setRect(QRectF(0, 0, width, height))
        self._width_line.label.setFormat(f"{width:,} wide")
        self._height_line.label.setFormat(f"{height:,} high")

    def show_all(self) -> None:
        """Bring all sizes and the target into view."""
        if self._sizes is not None:
            window = Window.around(self._sizes, self._target)
            self._plot.setRange(
                xRange=(window.left, window.right), yRange=(window.bottom, window.top), padding=0
            )

    # Drawing

    def _window(self) -> Window:
        (left, right), (bottom, top) = self._plot.vb.viewRange()
        return Window(left, right, bottom, top)

    def _fill(self) -> None:
        """Count what is in view, in bins of a few pixels of the screen."""
        if self._sizes is None:
            return
        window = self._window()
        area = self._plot.vb.boundingRect()
        columns, rows = max(8, int(area.width() / BIN_PX)), max(8, int(area.height() / BIN_PX))
        few = len(self._sizes.count) <= MOST_POINTS
        self._image.setVisible(not few)
        self._points.setVisible(few)
        if few:
            self._fill_points()
        else:
            found = shades(density(self._sizes, window, (rows, columns)))
            self._image.setImage(found, autoLevels=False, levels=(0.0, 1.0))
            self._image.setRect(
                QRectF(window.left, window.bottom, window.right - window.left, window.top - window.bottom)
            )
        self._fill_bars(window, columns // 3, rows // 3)

    def _fill_points(self) -> None:
        assert self._sizes is not None
        shade = shades(self._sizes.count.astype(np.float32))
        ink = theme.colour(Role.ACCENT, self.palette())
        brushes = [_with_alpha(ink, 0.3 + 0.5 * float(value)) for value in shade]
        self._points.setData(
            x=self._sizes.width, y=self._sizes.height, size=5 + 9 * shade, brush=brushes, pen=pg.mkPen(ink)
        )

    def _fill_bars(self, window: Window, columns: int, rows: int) -> None:
        assert self._sizes is not None
        widths = along(self._sizes.width, self._sizes.count, window.left, window.right, columns)
        heights = along(self._sizes.height, self._sizes.count, window.bottom, window.top, rows)
        wide, high = (window.right - window.left) / columns, (window.top - window.bottom) / rows
        x = window.left + wide * (np.arange(columns) + 0.5)
        y = window.bottom + high * (np.arange(rows) + 0.5)
        self._width_bars.setOpts(x=x, height=bar_lengths(widths), width=wide, y0=0)
        self._height_bars.setOpts(x0=np.zeros(rows), y=y, width=bar_lengths(heights), height=high)

    def _colour(self) -> None:
        """Take all colours from the palette."""
        palette = self.palette()
        ink, accent = theme.soft_text(palette), theme.colour(Role.ACCENT, palette)
        target = theme.colour(Role.ERROR, palette)
        self._graphics.setBackground(palette.base().color())
        for plot in (self._across, self._plot, self._down):
            for side in ("left", "bottom"):
                plot.getAxis(side).setPen(theme.outline(palette))
                plot.getAxis(side).setTextPen(ink)
        for plot, side in ((self._across, "left"), (self._down, "bottom")):
            plot.getAxis(side).setPen(pg.mkPen(None))
        self._image.setLookupTable(_shading(palette.base().color(), accent))
        for bars in (self._width_bars, self._height_bars):
            bars.setOpts(brush=theme.mix(palette.base().color(), accent, 0.6), pen=None)
        self._ring.setPen(pg.mkPen(palette.text().color(), width=1.5))
        self._target_area.setPen(pg.mkPen(None))
        self._target_area.setBrush(_with_alpha(target, 0.06))
        for line in (self._width_line, self._height_line):
            line.setPen(pg.mkPen(target, width=2))
            line.setHoverPen(pg.mkPen(target, width=4))
            line.label.setColor(palette.text().color())
            line.label.fill = pg.mkBrush(_with_alpha(palette.base().color(), 0.85))
        if self._sizes is not None:
            self._fill()

    # What the person does

    def _on_range_changed(self, *_ranges: object) -> None:
        self._rebin.start()

    def _on_dragged(self) -> None:
        height, width = round(self._height_line.value()), round(self._width_line.value())
        self.set_target((height, width))
        self.target_dragged.emit(height, width)

    def _on_mouse_moved(self, position: QPointF) -> None:
        found = self._size_at(position)
        if self._sizes is None or found is None:
            self._ring.clear()
            self.pointed_at.emit(0, 0, 0)
            return
        height, width = int(self._sizes.height[found]), int(self._sizes.width[found])
        self._ring.setData(x=[width], y=[height])
        self.pointed_at.emit(height, width, int(self._sizes.count[found]))

    def _size_at(self, position: QPointF) -> int | None:
        """Index of the size under a point of the scene, or None."""
        if self._sizes is None or not self._plot.vb.sceneBoundingRect().contains(position):
            return None
        point = self._plot.vb.mapSceneToView(position)
        across, down = self._plot.vb.viewPixelSize()
        return nearest(
            self._sizes, point.y(), point.x(), (POINTER_REACH_PX * down, POINTER_REACH_PX * across)
        )

    def _on_mouse_clicked(self, event: QMouseEvent) -> None:
        if event.double():  # type: ignore[attr-defined] # pyqtgraph's own event
            self.show_all()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() in {
            QEvent.Type.PaletteChange,
            QEvent.Type.StyleChange,
            QEvent.Type.EnabledChange,
        }:
            self._colour()


def _with_alpha(colour: QColor, alpha: float) -> QColor:
    soft = QColor(colour)
    soft.setAlphaF(alpha)
    return soft


def _shading(ground: QColor, ink: QColor) -> np.ndarray:
    """RGBA for shades 0 to 1, shape (256, 4); nothing is transparent, so that the target shines through."""
    table = np.empty((256, 4), np.uint8)
    for level in range(256):
        shade = theme.mix(ground, ink, level / 255)
        table[level] = (shade.red(), shade.green(), shade.blue(), 0 if level == 0 else 255)
    return table

"""The drawing of the size plot. Imports pyqtgraph, so only `size_plot` imports this, as late as possible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from stackgui.core.base.size import MAX_SIDE_PX
from stackgui.core.base.units import format_count
from stackgui.core.catalog.selection import SizeRange
from stackgui.core.catalog.statistics import SizeCounts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.contrast import mix
from stackgui.gui.widgets.size_axes import (
    LEVEL,
    UPRIGHT,
    TargetLine,
    band_around,
    range_in,
    shading,
    with_alpha,
)
from stackgui.gui.widgets.size_density import (
    Places,
    Scale,
    Window,
    along,
    bar_lengths,
    density,
    nearest,
    shades,
)
from stackgui.gui.widgets.size_keys import framed, moved
from stackgui.gui.widgets.size_plots import MAKERS
from stackgui.gui.widgets.theme import Role

MAX_POINTS = 2_000  # beyond this, bins are clearer and faster than points
BIN_PX = 3
POINTER_REACH_PX = 10
RING_PX = 18
REBIN_MS = 30


class SizeCanvas(QWidget):
    """Density, histograms and target of one set of sizes.

    Parameters
    ----------
    plots
        What `MAKERS` made; running through `pieces` makes the rest. Without them, all is made at once.

    Signals
    -------
    target_dragged(int, int)
        Height and width in pixels.
    pointed_at(int)
        Index of the size under the pointer; -1 for none.
    range_picked(SizeRange or None)
        Sizes in the rectangle that the person drew, or the size that was clicked; None for none.
    """

    target_dragged = Signal(int, int)
    pointed_at = Signal(int)
    range_picked = Signal(object)

    def __init__(self, plots: Sequence[pg.PlotItem] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sizes: SizeCounts | None = None
        self._places: Places | None = None
        self._scale = Scale()
        self._target: tuple[int, int] | None = None
        self._shows_all = True
        self._picked: SizeRange | None = None
        self._graphics = pg.GraphicsLayoutWidget(self)
        self._graphics.setObjectName("sizePlot.canvas")
        for inner in (self._graphics, self._graphics.viewport()):
            inner.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys belong to the canvas
        self.setAccessibleName(tr("Size of the rows"))
        self._graphics.ci.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # widths grow to the right
        self._graphics.ci.layout.setSpacing(2)
        self._graphics.ci.layout.setContentsMargins(0, 0, 0, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._graphics)
        self._is_made = False
        self._rebin = QTimer(self, singleShot=True, interval=REBIN_MS)
        self._rebin.timeout.connect(self._fill_anew)
        self._filled: tuple[object, ...] = (None,)
        self.pieces = self._in_pieces(plots or [make() for make in MAKERS])
        if plots is None:
            any(self.pieces)  # all of them

    def _in_pieces(self, plots: Sequence[pg.PlotItem]) -> Iterator[None]:
        self._place_plots(plots)
        yield
        self._make_items()
        self._make_lines()
        yield
        self._connect()
        self._is_made = True
        self._colour()

    def _connect(self) -> None:
        self._plot.vb.sigRangeChangedManually.connect(self._on_zoomed)
        self._plot.vb.sigRangeChanged.connect(self._on_range_changed)
        self._plot.vb.band_drawn.connect(self._on_band_drawn)
        self._graphics.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self._graphics.scene().sigMouseClicked.connect(self._on_mouse_clicked)

    def _place_plots(self, plots: Sequence[pg.PlotItem]) -> None:
        """Put the main plot in the corner between the histogram above it and the one at its right."""
        self._across, self._plot, self._down = plots
        for plot, row, column in ((self._across, 0, 0), (self._plot, 1, 0), (self._down, 1, 1)):
            self._graphics.addItem(plot, row, column)
        self._across.setXLink(self._plot)
        self._down.setYLink(self._plot)

    def _make_items(self) -> None:
        self._image = pg.ImageItem(axisOrder="row-major")
        self._points = pg.ScatterPlotItem(pxMode=True)
        self._ring = pg.ScatterPlotItem(pxMode=True, size=RING_PX, brush=None)
        self._width_bars = pg.BarGraphItem(x=[0], height=[0], width=1)
        self._height_bars = pg.BarGraphItem(x0=[0], y=[0], width=[0], height=1)
        self._target_area = pg.QtWidgets.QGraphicsRectItem()
        self._band = pg.QtWidgets.QGraphicsRectItem()
        for item in (self._target_area, self._image, self._points, self._ring, self._band):
            self._plot.addItem(item, ignoreBounds=True)
        self._across.addItem(self._width_bars)
        self._down.addItem(self._height_bars)
        self._band.hide()

    def _make_lines(self) -> None:
        self._width_line, self._height_line = TargetLine(UPRIGHT), TargetLine(LEVEL)
        self._width_line.label.keep_clear_of(self._height_line.label)
        for line in (self._width_line, self._height_line):
            self._plot.addItem(line, ignoreBounds=True)
            line.sigDragged.connect(self._on_dragged)

    # Values

    def set_sizes(self, sizes: SizeCounts, target: tuple[int, int] | None) -> None:
        """Show `sizes` and the target (height, width), with everything in view."""
        self._sizes = sizes
        self.set_picked(None)
        self.set_target(target)
        self.set_scale(self._scale)

    def set_scale(self, scale: Scale) -> None:
        """Draw everything on axes of `scale`."""
        self._scale = scale
        self._ring.clear()
        # Sides are at least one pixel long, and 8 pixels (or a tenth of a power of ten) are close enough.
        least, closest = (-0.5, 0.1) if scale.logarithmic else (0, 8)
        most = scale.place(MAX_SIDE_PX)
        limits = {"xMin": least, "yMin": least, "xMax": most, "yMax": most}
        self._plot.vb.setLimits(**limits, minXRange=closest, minYRange=closest)
        for side in ("left", "bottom"):
            self._plot.getAxis(side).set_pixels(scale)
        for line in (self._width_line, self._height_line):
            line.setBounds((scale.place(1), most))
        self._place_target(self._target)
        self.set_picked(self._picked)
        if self._sizes is not None:
            self._places = Places.of(self._sizes, scale)
            self.show_all()
            self._fill()

    def set_target(self, target: tuple[int, int] | None) -> None:
        """Show the target (height, width) in pixels, or none."""
        if target is None or target != self._target:  # a drag tells it, and then its plan
            self._place_target(target)
        if target is not None:
            self._keep_in_view(*map(self._scale.place, target))

    def _place_target(self, target: tuple[int, int] | None) -> None:
        self._target = target
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if target is None else Qt.FocusPolicy.StrongFocus)
        for item in (self._target_area, self._width_line, self._height_line):
            item.setVisible(target is not None)
        if target is None:
            return
        height, width = target
        down, across = self._scale.place(height), self._scale.place(width)
        self._width_line.lie_at(across, tr("{width:,} wide", width=width))
        self._height_line.lie_at(down, tr("{height:,} high", height=height))
        least = -1.0 if self._scale.logarithmic else 0.0
        self._target_area.setRect(QRectF(QPointF(least, least), QPointF(across, down)))
        told = tr(
            "{pixels} wide and {height:,} high. The arrow keys change it, with Shift in larger steps. With "
            "Ctrl they draw a frame that picks pictures.", pixels=format_count(width, "pixel"), height=height,
        )  # fmt: skip
        self.setAccessibleDescription(told)

    def set_picked(self, picked: SizeRange | None) -> None:
        """Frame the selected sizes, or none."""
        self._picked = picked
        self._band.setVisible(picked is not None)
        if picked is None:
            return
        self._band.setRect(band_around(picked, self._scale))

    def _keep_in_view(self, down: float, across: float) -> None:
        """Show more if the target lies beyond all that is shown; never under a pointer that drags it."""
        is_dragged = self._width_line.moving or self._height_line.moving
        if self._shows_all and not is_dragged and not self._window().holds(down, across):
            self.show_all()

    def show_all(self) -> None:
        """Bring all sizes and the target into view."""
        self._shows_all = True
        if self._sizes is not None:
            window = Window.around(self._sizes, self._target, self._scale)
            self._plot.setRange(
                xRange=(window.left, window.right), yRange=(window.bottom, window.top), padding=0
            )

    def draw(self, painter: QPainter) -> None:
        """Paint the plot as it is, for saving as a picture."""
        self._graphics.render(painter)

    # Drawing

    def _window(self) -> Window:
        (left, right), (bottom, top) = self._plot.vb.viewRange()
        return Window(left, right, bottom, top)

    def _bins(self) -> tuple[int, int]:
        area = self._plot.vb.boundingRect()
        return max(8, int(area.width() / BIN_PX)), max(8, int(area.height() / BIN_PX))

    def _fill_anew(self) -> None:
        """Draw the visible sizes if others are visible, or there is room for another number of bins."""
        if self._filled[1:] != (self._window(), *self._bins()) or self._filled[0] is not self._places:
            self._fill()

    def _fill(self) -> None:
        """Draw the visible sizes as points, or as bins of a few screen pixels if there are many."""
        if self._places is None:
            return
        window, (columns, rows) = self._window(), self._bins()
        self._filled = (self._places, window, columns, rows)
        few = len(self._places.count) <= MAX_POINTS
        self._image.setVisible(not few)
        self._points.setVisible(few)
        if few:
            self._fill_points()
        else:
            found = shades(density(self._places, window, (rows, columns)))
            self._image.setImage(found, autoLevels=False, levels=(0.0, 1.0))
            self._image.setRect(
                QRectF(window.left, window.bottom, window.right - window.left, window.top - window.bottom)
            )
        self._fill_bars(window, columns // 3, rows // 3)

    def _fill_points(self) -> None:
        assert self._places is not None
        shade = shades(self._places.count.astype(np.float32))
        ink = theme.colour(Role.ACCENT, self.palette())
        brushes = [with_alpha(ink, 0.3 + 0.5 * float(value)) for value in shade]
        self._points.setData(
            x=self._places.across, y=self._places.down, size=5 + 9 * shade, brush=brushes, pen=pg.mkPen(ink)
        )

    def _fill_bars(self, window: Window, columns: int, rows: int) -> None:
        assert self._places is not None
        widths = along(self._places.across, self._places.count, window.left, window.right, columns)
        heights = along(self._places.down, self._places.count, window.bottom, window.top, rows)
        wide, high = (window.right - window.left) / columns, (window.top - window.bottom) / rows
        x = window.left + wide * (np.arange(columns) + 0.5)
        y = window.bottom + high * (np.arange(rows) + 0.5)
        self._width_bars.setOpts(x=x, height=bar_lengths(widths), width=wide, y0=0)
        self._height_bars.setOpts(x0=np.zeros(rows), y=y, width=bar_lengths(heights), height=high)

    def _colour(self) -> None:
        """Set all colours from the palette."""
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
        self._image.setLookupTable(shading(palette.base().color(), accent))
        for bars in (self._width_bars, self._height_bars):
            bars.setOpts(brush=mix(palette.base().color(), accent, 0.6), pen=None)
        self._ring.setPen(pg.mkPen(palette.text().color(), width=1.5))
        self._band.setPen(pg.mkPen(palette.text().color(), width=1.5, style=Qt.PenStyle.DashLine))
        self._band.setBrush(with_alpha(palette.text().color(), 0.06))
        self._target_area.setPen(pg.mkPen(None))
        self._target_area.setBrush(with_alpha(target, 0.06))
        for line in (self._width_line, self._height_line):
            line.setPen(pg.mkPen(target, width=2))
            line.setHoverPen(pg.mkPen(target, width=4))
            line.label.setColor(palette.text().color())
            line.label.fill = pg.mkBrush(with_alpha(palette.base().color(), 0.85))
        self._fill()

    # What the person does

    def _on_range_changed(self, *_ranges: object) -> None:
        self._rebin.start()

    def _on_zoomed(self, *_axes: object) -> None:
        self._shows_all = False  # the person has chosen what to see

    def _on_dragged(self) -> None:
        side_px = self._scale.side_px
        height, width = round(side_px(self._height_line.value())), round(side_px(self._width_line.value()))
        self.set_target((height, width))
        self.target_dragged.emit(height, width)

    def _on_band_drawn(self, band: QRectF, finished: bool) -> None:
        picked = range_in(band, self._scale)
        self.set_picked(picked)
        if finished:
            self.range_picked.emit(picked)

    def _on_mouse_moved(self, position: QPointF) -> None:
        """Emit the size under the pointer, except during a drag."""
        if self._graphics.scene().dragButtons:
            return
        found = self._size_at(position)
        if self._places is None or found is None:
            self._ring.clear()
            self.pointed_at.emit(-1)
            return
        self._ring.setData(x=self._places.across[found : found + 1], y=self._places.down[found : found + 1])
        self.pointed_at.emit(found)

    def _size_at(self, position: QPointF) -> int | None:
        """Return the index of the size at `position` in the scene, or None."""
        if self._places is None or not self._plot.vb.sceneBoundingRect().contains(position):
            return None
        point = self._plot.vb.mapSceneToView(position)
        across, down = self._plot.vb.viewPixelSize()
        return nearest(
            self._places, point.y(), point.x(), (POINTER_REACH_PX * down, POINTER_REACH_PX * across)
        )

    def _on_mouse_clicked(self, event: MouseClickEvent) -> None:
        if event.double():
            self.show_all()
            return
        found = self._size_at(event.scenePos())
        if event.button() is not Qt.MouseButton.LeftButton or self._sizes is None:
            return
        if found is None:
            self.range_picked.emit(None)
            return
        height, width = int(self._sizes.height[found]), int(self._sizes.width[found])
        self.range_picked.emit(SizeRange(height, height, width, width))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the lines by the arrow keys; with Ctrl, the edges of the frame, which Esc takes away."""
        if self._sizes is not None and (frame := framed(self._picked, self._sizes, event)):
            self._pick(frame)
        elif self._picked and event.key() == Qt.Key.Key_Escape:
            self._pick(None)
        elif (target := moved(self._target, event)) is None:
            super().keyPressEvent(event)
        elif target != self._target:
            self.set_target(target)
            self.target_dragged.emit(*target)

    def _pick(self, frame: SizeRange | None) -> None:
        self.set_picked(frame)
        self.range_picked.emit(frame)

    def event(self, event: QEvent) -> bool:
        """Keep Esc for the frame, and tell of the keys once they act here."""
        if event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.pointed_at.emit(-1)
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            event.setAccepted(self._picked is not None and event.key() == Qt.Key.Key_Escape)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """Update the colours when palette, style or enabled state changes."""
        super().changeEvent(event)
        if self._is_made and event.type() in {
            QEvent.Type.PaletteChange,
            QEvent.Type.StyleChange,
            QEvent.Type.EnabledChange,
        }:
            self._colour()

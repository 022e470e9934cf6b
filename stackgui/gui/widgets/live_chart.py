"""A live chart of the memory and speed of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from stackgui.core.base.units import format_bytes, format_rate
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.sheet import Plotted, Sheet
from stackgui.gui.widgets.theme import Role, Space

KEPT_POINTS = 600
SHORTEST_SPAN_S = 5.0
HEADROOM = 1.15
LONGEST_BYTES = 99_900_000_000
"""As wide as any value, so that nothing moves as they change."""


@dataclass(frozen=True, slots=True)
class _Point:
    elapsed_s: float
    memory_bytes: int
    free_memory_bytes: int
    rows_per_s: float


@dataclass(frozen=True, slots=True)
class _Line:
    """One curve: its name, values, colour role, and last value in words."""

    name: str
    values: tuple[float, ...]
    role: Role
    last: str


class LiveChart(Plotted):
    """Three small charts side by side: the program's memory, free memory, and rows per second.

    Each starts at zero and has its own scale; on the scale of free memory, the program's curve would be flat.
    The history is bounded and always covers the whole run: when it is full, every other point is dropped.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: list[_Point] = []
        self._step_s = 0.0
        self.setObjectName("liveChart")
        self.setAccessibleName(tr("Memory and speed of the run"))
        self.setToolTip(
            tr(
                "The program's memory, the memory that is still free, "
                "and how many rows are written per second."
            )
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def add(self, elapsed_s: float, memory_bytes: int, free_memory_bytes: int, rows_per_s: float) -> None:
        """Add the values at `elapsed_s` seconds into the run; times must not decrease."""
        point = _Point(elapsed_s, memory_bytes, free_memory_bytes, rows_per_s)
        # A point closer than the current step replaces the last one, so that the newest value always shows.
        if len(self._points) > 1 and elapsed_s - self._points[-2].elapsed_s < self._step_s:
            self._points[-1] = point
        else:
            self._points.append(point)
        if len(self._points) > KEPT_POINTS:
            self._points = self._points[::2]
            self._step_s = 2 * (elapsed_s - self._points[0].elapsed_s) / KEPT_POINTS
        self.setAccessibleDescription(
            tr(
                "program {memory}, free {free_memory}, {rate}",
                memory=format_bytes(memory_bytes),
                free_memory=format_bytes(free_memory_bytes),
                rate=format_rate(rows_per_s, "row"),
            )
        )
        self.update()

    def clear(self) -> None:
        """Forget the run."""
        self._points.clear()
        self._step_s = 0.0
        self.update()

    def sheet(self) -> Sheet | None:
        """Return the values that are drawn, from the first to the last."""

        def row(place: int) -> tuple[str, ...]:
            point = points[place]
            return (
                tr("{seconds:,.1f} s", seconds=point.elapsed_s),
                tr(format_bytes(point.memory_bytes)),
                tr(format_bytes(point.free_memory_bytes)),
                tr(format_rate(point.rows_per_s, "row")),
            )

        points = tuple(self._points)
        titles = (tr("Time"), tr("Memory of the program"), tr("Free memory"), tr("Speed"))
        return Sheet(self.accessibleName(), titles, len(points), row)

    def sizeHint(self) -> QSize:
        """Return the size of the charts with a line of text above each."""
        return QSize(420, 96)

    def minimumSizeHint(self) -> QSize:
        """Return enough room for the text."""
        return QSize(300, 64)

    def _lines(self) -> tuple[_Line, ...]:
        """Return the curves from left to right."""
        used = tuple(float(point.memory_bytes) for point in self._points)
        free = tuple(float(point.free_memory_bytes) for point in self._points)
        rate = tuple(point.rows_per_s for point in self._points)
        last = self._points[-1] if self._points else _Point(0, 0, 0, 0)
        return (
            _Line(tr("Memory used"), used, Role.ACCENT, tr(format_bytes(last.memory_bytes))),
            _Line(tr("Memory free"), free, Role.SUCCESS, tr(format_bytes(last.free_memory_bytes))),
            _Line(tr("Rows per second"), rate, Role.SECOND, tr("{rate:,.0f}", rate=last.rows_per_s)),
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw all charts."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lines = self._lines()
        wide = (self.width() - Space.M * (len(lines) - 1)) / len(lines)
        rows = self._rows_of_words([line.name for line in lines], wide)
        for place, line in enumerate(lines):
            self._paint_chart(painter, QRectF(place * (wide + Space.M), 0, wide, self.height()), line, rows)
        painter.end()

    def _rows_of_words(self, names: Sequence[str], wide: float) -> int:
        """Return 1 if names and values have room beside each other, whatever the values are; or else 2."""
        written = self.fontMetrics().horizontalAdvance
        longest = max(map(written, names)) + Space.XS + written(tr(format_bytes(LONGEST_BYTES)))
        return 1 if longest <= wide else 2

    def _paint_chart(self, painter: QPainter, area: QRectF, line: _Line, rows: int) -> None:
        words_px = rows * self.fontMetrics().height() + Space.XS
        self._paint_words(painter, QRectF(area.left(), area.top(), area.width(), words_px), line)
        plot = area.adjusted(0.5, words_px + 0.5, -0.5, -0.5)
        ground = QPainterPath()
        ground.addRoundedRect(plot, Space.XS, Space.XS)
        painter.fillPath(ground, self.palette().base())
        painter.save()
        painter.setClipPath(ground)
        self._paint_line(painter, plot.adjusted(0, 1, 0, 0), line)
        painter.restore()
        painter.setPen(QPen(theme.outline(self.palette()), 1))
        painter.drawPath(ground)

    def _paint_words(self, painter: QPainter, area: QRectF, line: _Line) -> None:
        painter.setPen(theme.soft_text(self.palette()))
        value = line.last if line.values else ""
        is_above = area.height() > 2 * self.fontMetrics().height()
        beside = 0 if is_above else self.fontMetrics().horizontalAdvance(value) + Space.XS
        room = int(area.width()) - beside
        name = self.fontMetrics().elidedText(line.name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft, name)
        painter.setPen(self.palette().windowText().color())
        below = area.adjusted(0, self.fontMetrics().height() if is_above else 0, 0, 0)
        painter.drawText(
            below, Qt.AlignmentFlag.AlignLeft if is_above else Qt.AlignmentFlag.AlignRight, value
        )

    def _paint_line(self, painter: QPainter, plot: QRectF, line: _Line) -> None:
        if not line.values:
            return
        path = QPainterPath()
        path.addPolygon(self._curve(plot, line))
        ink = theme.colour(line.role, self.palette())
        ground = QPainterPath(path)
        ground.lineTo(QPointF(path.currentPosition().x(), plot.bottom()))
        ground.lineTo(plot.bottomLeft())
        soft = QColor(ink)
        soft.setAlphaF(0.18)
        painter.fillPath(ground, soft)
        painter.setPen(QPen(ink, 1.6))
        painter.drawPath(path)

    def _curve(self, plot: QRectF, line: _Line) -> QPolygonF:
        """Return the polyline of `line` in `plot`."""
        begin = self._points[0].elapsed_s
        across = plot.width() / max(SHORTEST_SPAN_S, self._points[-1].elapsed_s - begin)
        down = plot.height() / (max(line.values) * HEADROOM or 1.0)
        return QPolygonF(
            [
                QPointF(plot.left() + across * (point.elapsed_s - begin), plot.bottom() - down * value)
                for point, value in zip(self._points, line.values, strict=True)
            ]
        )

"""Memory and speed of a run, drawn while it goes on."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from stackgui.core.units import format_bytes
from stackgui.gui import theme
from stackgui.gui.theme import Role, Space

KEPT_POINTS = 600
SHORTEST_SPAN_S = 5.0


@dataclass(frozen=True, slots=True)
class _Point:
    elapsed_s: float
    memory_bytes: int
    free_memory_bytes: int
    rows_per_s: float


@dataclass(frozen=True, slots=True)
class _Line:
    """One curve: its name, its values, the largest of the scale, its colour, and its last value in words."""

    name: str
    values: tuple[float, ...]
    top: float
    colour: QColor
    last: str
    filled: bool = False


class LiveChart(QWidget):
    """Two small charts side by side: memory (the program's, and what is free), and rows per second.

    The history is bounded and always covers the whole run: when it is full, every second point goes.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: list[_Point] = []
        self._step_s = 0.0
        self.setObjectName("liveChart")
        self.setAccessibleName("Memory and speed of the run")
        self.setToolTip(
            "The program's memory, the memory that is still free, and how many rows are written a second."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def add(self, elapsed_s: float, memory_bytes: int, free_memory_bytes: int, rows_per_s: float) -> None:
        """Add what is true `elapsed_s` seconds into the run; times must not go back."""
        point = _Point(elapsed_s, memory_bytes, free_memory_bytes, rows_per_s)
        # Points closer than the present step replace the last one, so that the newest value always shows.
        if len(self._points) > 1 and elapsed_s - self._points[-2].elapsed_s < self._step_s:
            self._points[-1] = point
        else:
            self._points.append(point)
        if len(self._points) > KEPT_POINTS:
            self._points = self._points[::2]
            self._step_s = 2 * (elapsed_s - self._points[0].elapsed_s) / KEPT_POINTS
        self.setAccessibleDescription(
            f"program {format_bytes(memory_bytes)}, free {format_bytes(free_memory_bytes)}, "
            f"{rows_per_s:,.0f} rows a second"
        )
        self.update()

    def clear(self) -> None:
        """Forget the run."""
        self._points.clear()
        self._step_s = 0.0
        self.update()

    def point_count(self) -> int:
        """How many points are kept."""
        return len(self._points)

    def sizeHint(self) -> QSize:
        """Two charts with a line of words above each."""
        return QSize(360, 96)

    def minimumSizeHint(self) -> QSize:
        """Room for the words."""
        return QSize(240, 64)

    def _lines(self) -> tuple[tuple[_Line, ...], tuple[_Line, ...]]:
        """The curves of the left and of the right chart."""
        memory = tuple(float(point.memory_bytes) for point in self._points)
        free = tuple(float(point.free_memory_bytes) for point in self._points)
        rate = tuple(point.rows_per_s for point in self._points)
        top = max((*memory, *free, 1.0)) * 1.1
        last = self._points[-1] if self._points else _Point(0, 0, 0, 0)
        ink = self.palette()
        left = (
            _Line(
                "program",
                memory,
                top,
                theme.colour(Role.ACCENT, ink),
                format_bytes(last.memory_bytes),
                filled=True,
            ),
            _Line("free", free, top, theme.colour(Role.SUCCESS, ink), format_bytes(last.free_memory_bytes)),
        )
        right = (
            _Line(
                "rows/s",
                rate,
                max((*rate, 1.0)) * 1.1,
                theme.colour(Role.INFO, ink),
                f"{last.rows_per_s:,.0f}",
                filled=True,
            ),
        )
        return left, right

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw both charts."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, right = self._lines()
        cut = (self.width() - Space.L) * 0.6
        self._paint_chart(painter, QRectF(0, 0, cut, self.height()), left)
        self._paint_chart(
            painter, QRectF(cut + Space.L, 0, self.width() - cut - Space.L, self.height()), right
        )
        painter.end()

    def _paint_chart(self, painter: QPainter, area: QRectF, lines: tuple[_Line, ...]) -> None:
        words_px = self.fontMetrics().height() + Space.XS
        self._paint_words(painter, QRectF(area.left(), area.top(), area.width(), words_px), lines)
        plot = area.adjusted(0, words_px, 0, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().base())
        painter.drawRoundedRect(plot, Space.XS, Space.XS)
        painter.save()
        painter.setClipRect(plot)
        for line in lines:
            self._paint_line(painter, plot.adjusted(1, 2, -1, -1), line)
        painter.restore()
        painter.setPen(QPen(theme.outline(self.palette()), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(plot.adjusted(0.5, 0.5, -0.5, -0.5), Space.XS, Space.XS)

    def _paint_words(self, painter: QPainter, area: QRectF, lines: tuple[_Line, ...]) -> None:
        x = area.left()
        for line in lines:
            middle = area.top() + (area.height() - Space.XS) / 2
            painter.setPen(QPen(line.colour, 2.5))
            painter.drawLine(QPointF(x + 1, middle), QPointF(x + Space.M, middle))
            x += Space.L + Space.XS
            for text, ink in (
                (line.name, theme.soft_text(self.palette())),
                (line.last, self.palette().windowText().color()),
            ):
                painter.setPen(ink)
                painter.drawText(QPointF(x, middle + self.fontMetrics().capHeight() / 2), text)
                x += self.fontMetrics().horizontalAdvance(text) + Space.XS
            x += Space.S

    def _paint_line(self, painter: QPainter, plot: QRectF, line: _Line) -> None:
        if not line.values:
            return
        path = QPainterPath(self._place(plot, line, 0))
        for position in range(1, len(line.values)):
            path.lineTo(self._place(plot, line, position))
        if line.filled:
            ground = QPainterPath(path)
            ground.lineTo(QPointF(path.currentPosition().x(), plot.bottom()))
            ground.lineTo(QPointF(plot.left(), plot.bottom()))
            soft = QColor(line.colour)
            soft.setAlphaF(0.18)
            painter.fillPath(ground, soft)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(line.colour, 1.6))
        painter.drawPath(path)

    def _place(self, plot: QRectF, line: _Line, position: int) -> QPointF:
        begin = self._points[0].elapsed_s
        span = max(SHORTEST_SPAN_S, self._points[-1].elapsed_s - begin)
        x = plot.left() + plot.width() * (self._points[position].elapsed_s - begin) / span
        return QPointF(x, plot.bottom() - plot.height() * line.values[position] / line.top)

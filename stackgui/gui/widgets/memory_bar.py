"""A bar that shows how memory or disk space is used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from stackgui.core.base.units import format_bytes, format_count
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.contrast import mix
from stackgui.gui.widgets.row_picture import hatch
from stackgui.gui.widgets.sheet import Plotted, Sheet
from stackgui.gui.widgets.theme import Role, Space

BAR_PX = 20
SWATCH_PX = 10
SMALLEST_PART_PX = 3


@dataclass(frozen=True, slots=True)
class BarPart:
    """One part of a bar.

    Attributes
    ----------
    name : str
        What uses the space, such as ``"array"``.
    size_bytes : int
    role : Role
        Colour role.
    """

    name: str
    size_bytes: int
    role: Role = Role.ACCENT


class MemoryBar(Plotted):
    """The space already in use, then the parts, out of the total.

    The excess over the free space is hatched and stated in words.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: tuple[BarPart, ...] = ()
        self._taken: BarPart | None = None
        self._free = BarPart(tr("free"), 0, Role.MUTED)
        self.setObjectName("memoryBar")
        self.setAccessibleName(tr("Memory"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_parts(self, parts: Sequence[BarPart], taken: BarPart | None, free: BarPart) -> None:
        """Show `parts` after the space `taken` by others, if known, out of what is `free`."""
        before = self.sizeHint()
        self._parts, self._taken, self._free = tuple(parts), taken, free
        told = (f"{part.name}: {tr(format_bytes(part.size_bytes))}" for part in self._all())
        self.setAccessibleDescription("; ".join(told))
        self.setToolTip(self.exact_text())
        if self.sizeHint() != before:
            self.updateGeometry()
        self.update()

    def sheet(self) -> Sheet | None:
        """Return the parts of the bar."""
        rows = [
            (part.name, tr(format_bytes(part.size_bytes)), tr("{count:,}", count=part.size_bytes))
            for part in self._all()
        ]
        return Sheet(
            self.accessibleName(), (tr("What"), tr("Size"), tr("Bytes")), len(rows), rows.__getitem__
        )

    @property
    def over_bytes(self) -> int:
        """Bytes that the parts need beyond what is free."""
        return max(0, self._needed_bytes() - self._free.size_bytes)

    def _needed_bytes(self) -> int:
        return sum(part.size_bytes for part in self._parts)

    def _taken_bytes(self) -> int:
        return self._taken.size_bytes if self._taken else 0

    def _coloured(self) -> tuple[BarPart, ...]:
        """Return the coloured parts in the order of the bar."""
        return (*((self._taken,) if self._taken else ()), *self._parts)

    def _all(self) -> tuple[BarPart, ...]:
        """Return the entries of the legend: the parts, the space taken, the space free."""
        return (*self._parts, *((self._taken,) if self._taken else ()), self._free)

    def sizeHint(self) -> QSize:
        """Return the size of the bar with a legend line for each part."""
        return QSize(240, BAR_PX + Space.S + len(self._all()) * self._line_px())

    def minimumSizeHint(self) -> QSize:
        """Return enough room for the text."""
        return QSize(160, self.sizeHint().height())

    def _line_px(self) -> int:
        return self.fontMetrics().height() + Space.XS

    def _whole_bytes(self) -> int:
        return max(self._taken_bytes() + max(self._needed_bytes(), self._free.size_bytes), 1)

    def _segments(self) -> Iterator[tuple[BarPart, QRectF]]:
        """Yield each part with its rectangle in the bar."""
        x = 0.0
        for part in self._coloured():
            if part.size_bytes:
                wide = max(self.width() * part.size_bytes / self._whole_bytes(), SMALLEST_PART_PX)
                yield part, QRectF(x, 0, wide, BAR_PX)
                x += wide

    def _capacity_x(self) -> float:
        return self.width() * (self._taken_bytes() + self._free.size_bytes) / self._whole_bytes()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bar and its legend."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_bar(painter)
        self._paint_legend(painter)
        painter.end()

    def _paint_bar(self, painter: QPainter) -> None:
        palette = self.palette()
        bar = QRectF(0.5, 0.5, self.width() - 1, BAR_PX - 1)
        shape = QPainterPath()
        shape.addRoundedRect(bar, Space.XS, Space.XS)
        painter.fillPath(shape, mix(palette.window().color(), palette.windowText().color(), 0.08))
        painter.save()
        painter.setClipPath(shape)
        for part, segment in self._segments():
            painter.fillRect(segment, self._brush(part))
            painter.fillRect(
                QRectF(segment.right() - 0.5, segment.top(), 1, segment.height()), palette.window()
            )
        if self.over_bytes:
            self._paint_overflow(painter)
        painter.restore()
        painter.setPen(QPen(theme.outline(palette), 1))
        painter.drawPath(shape)

    def _brush(self, part: BarPart) -> QBrush:
        """Return how `part` is filled: with a pattern of its own beside its colour."""
        palette = self.palette()
        ink = theme.colour(part.role, palette)
        if part.role is Role.SECOND:
            return hatch(palette.base().color(), ink, self.devicePixelRatioF())
        dotted = part.role is Role.MUTED
        return QBrush(ink, Qt.BrushStyle.Dense3Pattern if dotted else Qt.BrushStyle.SolidPattern)

    def _paint_overflow(self, painter: QPainter) -> None:
        palette = self.palette()
        x = self._capacity_x()
        error = theme.colour(Role.ERROR, palette)
        lines = hatch(error, mix(error, palette.window().color(), 0.55), self.devicePixelRatioF())
        painter.fillRect(QRectF(x, 0, self.width() - x, BAR_PX), lines)
        painter.setPen(QPen(palette.windowText().color(), 2))
        painter.drawLine(QLineF(x, 0, x, BAR_PX))

    def _paint_legend(self, painter: QPainter) -> None:
        y = float(BAR_PX + Space.S)
        for part in self._all():
            self._paint_entry(painter, part, QRectF(0, y, self.width(), self._line_px()))
            y += self._line_px()

    def _paint_entry(self, painter: QPainter, part: BarPart, line: QRectF) -> None:
        self._paint_swatch(painter, part, line)
        words = line.adjusted(SWATCH_PX + Space.S, 0, 0, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(self.palette().windowText().color())
        painter.drawText(words, Qt.AlignmentFlag.AlignRight | middle, tr(format_bytes(part.size_bytes)))
        painter.setPen(theme.soft_text(self.palette()))
        over = part is self._free and self.over_bytes
        name = (
            tr("{name}, {over} too little", name=part.name, over=format_bytes(self.over_bytes))
            if over
            else part.name
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | middle, name)

    def _paint_swatch(self, painter: QPainter, part: BarPart, line: QRectF) -> None:
        swatch = QRectF(0.5, line.center().y() - SWATCH_PX / 2, SWATCH_PX, SWATCH_PX)
        painter.setPen(QPen(theme.outline(self.palette()), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush if part is self._free else self._brush(part))
        painter.drawRoundedRect(swatch, 2, 2)

    def exact_text(self) -> str:
        """Return the exact bytes of every entry, a line each."""
        return "\n".join(f"{part.name}: {tr(format_count(part.size_bytes, 'byte'))}" for part in self._all())

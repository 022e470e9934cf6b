"""The histogram of a row's values, with the two between which they are shown from black to white."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.contrast import mix
from stackgui.gui.widgets.sheet import Plotted, Sheet
from stackgui.gui.widgets.theme import Role
from stackgui.gui.widgets.tips import plain_tip

HIGH_PX = 84
GRAB_PX = 6.0


class ValueChart(Plotted):
    """Bars for the counts of values, and two lines that can be dragged.

    Signals
    -------
    dragged(float, float)
        The values that are shown as black and as white from now on.
    """

    dragged = Signal(float, float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stack.values")
        self.setAccessibleName(tr("Values of the row"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self._counts: Sequence[int] = ()
        self._low, self._high = 0.0, 1.0
        self._black, self._white = 0.0, 1.0
        self._held = 0

    def set_values(self, counts: Sequence[int], low: float, high: float) -> None:
        """Draw `counts` of values from `low` to `high`."""
        self._counts, self._low, self._high = counts, low, max(high, low + 1e-12)
        self.update()

    def set_lines(self, black: float, white: float) -> None:
        """Draw the lines at these values."""
        self._black, self._white = black, white
        self.setAccessibleDescription(
            tr("Black from {black:g}, white from {white:g}", black=black, white=white)
        )
        self.update()

    def sheet(self) -> Sheet | None:
        """Return the counts with the values that they count."""
        if not self._counts:
            return None
        columns = (tr("From"), tr("To"), tr("Values"))
        return Sheet(self.accessibleName(), columns, len(self._counts), self._told)

    def _told(self, place: int) -> tuple[str, str, str]:
        begin, end = self._edge(place), self._edge(place + 1)
        return (
            tr("{edge:.4g}", edge=begin),
            tr("{edge:.4g}", edge=end),
            tr("{count:,}", count=self._counts[place]),
        )

    def _edge(self, place: int) -> float:
        return self._low + (self._high - self._low) * place / max(1, len(self._counts))

    def sizeHint(self) -> QSize:
        """Return a low, wide size."""
        return QSize(200, HIGH_PX)

    def _x(self, value: float) -> float:
        share = (value - self._low) / (self._high - self._low)
        return min(max(share, 0.0), 1.0) * (self.width() - 1)

    def _value(self, x: float) -> float:
        return self._low + (self._high - self._low) * min(max(x / max(1, self.width() - 1), 0.0), 1.0)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw bars and lines."""
        painter, palette = QPainter(self), self.palette()
        painter.fillRect(self.rect(), palette.base())
        ink = mix(theme.colour(Role.ACCENT, palette), palette.base().color(), 0.15)
        # A square root, or else a single frequent value, such as that of padding, hides all others.
        most, high = max((*self._counts, 1)) ** 0.5, self.height() - 2
        wide = self.width() / max(1, len(self._counts))
        for place, count in enumerate(self._counts):
            bar = count**0.5 / most * high
            painter.fillRect(QRectF(place * wide, self.height() - bar, wide + 0.5, bar), ink)
        for value, line in ((self._black, Qt.PenStyle.SolidLine), (self._white, Qt.PenStyle.DashLine)):
            painter.setPen(QPen(palette.text().color(), 1.5, line))
            x = self._x(value)
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
        painter.setPen(theme.outline(palette))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _near(self, x: float) -> int:
        """Return 1 for the line of black, 2 for that of white, 0 if neither is near."""
        black, white = abs(x - self._x(self._black)), abs(x - self._x(self._white))
        if min(black, white) > GRAB_PX:
            return 0
        return 1 if black < white or (black == white and x <= self._x(self._black)) else 2

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the line that is near."""
        self._held = self._near(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag a line."""
        x = event.position().x()
        grabs = bool(self._held or self._near(x))
        self.setCursor(Qt.CursorShape.SplitHCursor if grabs else Qt.CursorShape.ArrowCursor)
        if self._held:
            value, least = self._value(x), (self._high - self._low) / 1000
            black = min(value, self._white - least) if self._held == 1 else self._black
            white = max(value, self._black + least) if self._held != 1 else self._white
            self.set_lines(black, white)
            self.dragged.emit(black, white)

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go of the line."""
        self._held = 0

    def event(self, event: QEvent) -> bool:
        """Tell what is counted under the pointer."""
        if isinstance(event, QHelpEvent):
            place = int(event.pos().x() * len(self._counts) / max(1, self.width()))
            told = ""
            if 0 <= place < len(self._counts):
                begin, end, count = self._told(place)
                told = tr("{count} values from {begin} to {end}", count=count, begin=begin, end=end)
            QToolTip.showText(event.globalPos(), plain_tip(told) if told else "", self)
            return True
        return super().event(event)

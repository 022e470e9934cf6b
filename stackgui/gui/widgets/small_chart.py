"""A small chart of counts, shown beside a line of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.contrast import mix
from stackgui.gui.widgets.sheet import Plotted, Sheet
from stackgui.gui.widgets.theme import Role, Space
from stackgui.gui.widgets.tips import plain_tip

CHART_PX = QSize(144, 34)
SHARES_PX = 14
MIN_PX = 1.5
"""Minimum size of a bar, so that every count is visible."""

PALER = 0.62
"""Share of the background colour in the palest of several kinds, which differ by lightness, not by hue."""


class SmallChart(Plotted):
    """A histogram, or one bar divided among kinds; the tooltip describes the part under the mouse."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._counts: Sequence[int] = ()
        self._told: Sequence[str] = ()
        self._is_divided = False

    def set_bars(self, counts: Sequence[int], told: Sequence[str]) -> None:
        """Draw a bar for each of `counts`, with the tooltips `told`."""
        self._set(counts, told, is_divided=False)

    def set_shares(self, counts: Sequence[int], told: Sequence[str]) -> None:
        """Divide one bar among `counts`, with the tooltips `told`."""
        self._set(counts, told, is_divided=True)

    def _set(self, counts: Sequence[int], told: Sequence[str], *, is_divided: bool) -> None:
        self._counts, self._told, self._is_divided = counts, told, is_divided
        filled = [text for count, text in zip(counts, told, strict=True) if count]
        self.setAccessibleDescription("; ".join(filled))
        self.update()

    def sheet(self) -> Sheet | None:
        """Return the counts with what they count."""
        told = zip(self._counts, self._told, strict=True)
        filled = [(text, tr("{count:,}", count=count)) for count, text in told if count]
        return Sheet(self.accessibleName(), (tr("What"), tr("Pictures")), len(filled), filled.__getitem__)

    def sizeHint(self) -> QSize:
        """Return the same size for all charts, so that they line up in a column."""
        return CHART_PX

    def _places(self) -> Iterator[QRectF]:
        """Yield the rectangle of each count."""
        width, height = float(self.width()), float(self.height())
        if self._is_divided:
            x, total = 0.0, max(sum(self._counts), 1)
            for count in self._counts:
                wide = max(MIN_PX, width * count / total)
                yield QRectF(x, (height - SHARES_PX) / 2, min(wide, width - x), SHARES_PX)
                x += wide
            return
        each, largest = width / max(len(self._counts), 1), max((*self._counts, 1))
        for index, count in enumerate(self._counts):
            high = max(MIN_PX, (height - 1) * count / largest) if count else 0.0
            yield QRectF(index * each, height - 1 - high, each, high)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the counts."""
        painter, palette = QPainter(self), self.palette()
        for index, place in enumerate(self._places()):
            painter.fillRect(place.adjusted(0, 0, -0.5, 0), self._ink(index, palette))
        if not self._is_divided:
            line = QRectF(0, self.height() - 1, self.width(), 1)
            painter.fillRect(line, theme.outline(palette))
        painter.end()

    def _ink(self, index: int, palette: QPalette) -> QColor:
        accent, ground = theme.colour(Role.ACCENT, palette), palette.window().color()
        if not self._is_divided:
            return mix(accent, ground, 0.15)
        last = max(len(self._counts) - 1, 1)
        return mix(accent, ground, PALER * index / last)

    def event(self, event: QEvent) -> bool:
        """Show the tooltip of the count under the mouse."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), plain_tip(self.told_at(event.pos().x())), self)
            return True
        return super().event(event)

    def told_at(self, x: float) -> str:
        """Return the tooltip of the count drawn at `x`, in pixels from the left."""
        for place, text in zip(self._places(), self._told, strict=True):
            if x < place.right() + Space.XS / 8:
                return text
        return self._told[-1] if self._told else ""

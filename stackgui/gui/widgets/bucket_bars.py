"""Bars that compare the size of the stack for 1, 2, … arrays, one of which is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from stackgui.core.base.units import format_bytes, format_count, format_share
from stackgui.core.buckets.buckets import MAX_BUCKETS
from stackgui.core.plan.curve import CurvePoint
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.contrast import mix
from stackgui.gui.widgets.sheet import Plotted, Sheet
from stackgui.gui.widgets.theme import Role, Space
from stackgui.gui.widgets.tips import plain_tip

MIN_BAR_PX = 60


class BucketBars(Plotted):
    """A line for each number of arrays: a bar for its bytes, with the padding hatched.

    Signals
    -------
    chosen(int)
        Number of arrays that the person chose; not emitted by `set_chosen`.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bucketBars")
        self.setAccessibleName(tr("Number of arrays"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._points: Sequence[CurvePoint] = ()
        self._chosen = 1

    def set_points(self, points: Sequence[CurvePoint]) -> None:
        """Show `points`; if empty, the lines keep their room."""
        self._points = points
        self._describe()
        self.update()

    def set_chosen(self, buckets: int) -> None:
        """Mark the line of `buckets`."""
        self._chosen = buckets
        self._describe()
        self.update()

    def _describe(self) -> None:
        chosen = [told(point) for point in self._points if point.buckets == self._chosen]
        self.setAccessibleDescription("".join(chosen) or tr(format_count(self._chosen, "array")))

    def sheet(self) -> Sheet | None:
        """Return the size and the padding for each number of arrays."""

        def row(place: int) -> tuple[str, ...]:
            point = self._points[place]
            return f"{point.buckets}", tr(format_bytes(point.data_bytes)), tr(format_share(point.waste))

        return Sheet(self.accessibleName(), (tr("Arrays"), tr("Size"), tr("Padding")), len(self._points), row)

    def sizeHint(self) -> QSize:
        """Return room for every line, known or not."""
        return QSize(4 * MIN_BAR_PX, MAX_BUCKETS * self._line_px())

    def minimumSizeHint(self) -> QSize:
        """Return the full height, and a width at which bars can still be compared."""
        return QSize(2 * MIN_BAR_PX, self.sizeHint().height())

    def _line_px(self) -> int:
        return self.fontMetrics().height() + Space.S

    def _line(self, buckets: int) -> QRectF:
        return QRectF(0, (buckets - 1) * self._line_px(), self.width(), self._line_px())

    def _at(self, y: float) -> CurvePoint | None:
        place = int(y // self._line_px())
        return self._points[place] if 0 <= place < len(self._points) else None

    # What the person does

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the line below the pointer."""
        point = self._at(event.position().y())
        if event.button() is Qt.MouseButton.LeftButton and point is not None:
            self.chosen.emit(point.buckets)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose by the arrow keys, or by typing the number."""
        step = {Qt.Key.Key_Up.value: -1, Qt.Key.Key_Down.value: 1}.get(event.key(), 0)
        wanted = self._chosen + step if step else event.key() - Qt.Key.Key_0.value
        if 1 <= wanted <= len(self._points):
            self.chosen.emit(wanted)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Show the exact figures of the line below the pointer."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            point = self._at(event.pos().y())
            QToolTip.showText(event.globalPos(), plain_tip(told(point)) if point else "", self)
            return True
        return super().event(event)

    # Painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw all lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        most = max((point.data_bytes for point in self._points), default=1)
        figures_px = max(map(self.fontMetrics().horizontalAdvance, map(_figures, self._points)), default=0)
        self._paint_ground(painter)
        for buckets in range(1, MAX_BUCKETS + 1):
            painter.setPen(self.palette().text().color())
            line = self._line(buckets).adjusted(Space.S, 0, -Space.S, 0)
            number = f"{buckets}"
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, number)
            if buckets <= len(self._points):
                self._paint_point(painter, line, self._points[buckets - 1], most, figures_px)
        painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        palette = self.palette()
        line = self._line(self._chosen).adjusted(1, 1, -1, -1)
        edge = theme.colour(Role.ACCENT if self.isEnabled() else Role.MUTED, palette)
        painter.setPen(QPen(edge, 1.0 + self.hasFocus()))
        painter.setBrush(theme.tint(Role.ACCENT, palette))
        painter.drawRoundedRect(line, Space.XS, Space.XS)

    def _paint_point(
        self, painter: QPainter, line: QRectF, point: CurvePoint, most: int, figures_px: int
    ) -> None:
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, right, _figures(point))
        room = line.adjusted(Space.XL, Space.XS + 1, -figures_px - Space.M, -Space.XS - 1)
        bar, kept = QRectF(room), QRectF(room)
        bar.setWidth(room.width() * point.data_bytes / most)
        kept.setWidth(bar.width() * (1.0 - point.waste))
        accent = theme.colour(Role.ACCENT, self.palette())
        painter.setPen(QPen(theme.outline(self.palette()), 1))
        painter.setBrush(self.palette().base())
        painter.drawRect(bar)
        painter.fillRect(bar, QBrush(theme.colour(Role.MUTED, self.palette()), Qt.BrushStyle.BDiagPattern))
        painter.fillRect(kept, mix(accent, self.palette().base().color(), 0.15))


def _figures(point: CurvePoint) -> str:
    return tr("{data}, {share} padding", data=format_bytes(point.data_bytes), share=format_share(point.waste))


def told(point: CurvePoint) -> str:
    """Describe `point` in words."""
    return tr(
        "{arrays}: {bytes}, {share} of it padding",
        arrays=format_count(len(point.arrays), "array"),
        bytes=format_count(point.data_bytes, "byte"),
        share=format_share(point.waste),
    )

"""A strip of the rows written last."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.base.wording import say
from stackgui.core.run.progress import RowThumb
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.stored import tr_stored
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.overlay import overlay
from stackgui.gui.widgets.row_picture import RowPicture
from stackgui.gui.widgets.sheet import Drawn
from stackgui.gui.widgets.theme import Space
from stackgui.gui.widgets.tips import plain_tip

PICTURE_PX = 84
NARROWEST_PX, WIDEST_PX = 44, 148
HINT = say("Some of the rows written last, as they are in the array. Padding is hatched.")


class RowStrip(Drawn):
    """The newest rows side by side, as many as fit, with the latest at the right.

    Padding is hatched; a blank row is marked, and its tooltip says why.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: list[RowPicture] = []
        self.setObjectName("rowStrip")
        self.setAccessibleName(tr("Rows written last"))
        self.setAccessibleDescription(tr("No rows yet."))
        self.setToolTip(tr(HINT))
        self.setMouseTracking(True)
        overlay().changed.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_thumbs(self, thumbs: tuple[RowThumb, ...]) -> None:
        """Show `thumbs`, newest last."""
        known = {id(picture.thumb): picture for picture in self._pictures}
        self._pictures = [known.get(id(thumb)) or RowPicture(thumb) for thumb in thumbs]
        blank = sum(1 for thumb in thumbs if thumb.reason)
        self.setAccessibleDescription(
            tr("{rows} shown, {blank:,} of them blank", rows=format_count(len(thumbs), "row"), blank=blank)
        )
        self.update()

    def thumb_at(self, x: float) -> RowThumb | None:
        """Return the row drawn at the horizontal position `x`, or None."""
        return next((p.thumb for p, cell in self._cells() if cell.left() <= x <= cell.right()), None)

    def sizeHint(self) -> QSize:
        """Return a wide size, as high as a picture with its caption."""
        return QSize(480, PICTURE_PX + Space.XS + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Return room for one row."""
        return QSize(WIDEST_PX, self.sizeHint().height())

    def _cells(self) -> Iterator[tuple[RowPicture, QRectF]]:
        """Yield the rows that fit with their rectangles, oldest first."""
        fitting: list[tuple[RowPicture, int]] = []
        used = 0
        for picture in reversed(self._pictures):
            height, width = (max(1, side) for side in picture.thumb.row_px)
            wide = max(NARROWEST_PX, min(WIDEST_PX, round(width * PICTURE_PX / height)))
            if used + wide > self.width():
                break
            used += wide + Space.S
            fitting.append((picture, wide))
        x = 0
        for picture, wide in reversed(fitting):
            yield picture, QRectF(x, 0, wide, PICTURE_PX)
            x += wide + Space.S

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the rows and their numbers."""
        painter = QPainter(self)
        caption_px = self.fontMetrics().height()
        for picture, cell in self._cells():
            picture.paint(painter, cell, self.palette())
            painter.setPen(theme.soft_text(self.palette()))
            below = QRectF(
                cell.left() - Space.XS, cell.bottom() + Space.XS, cell.width() + Space.S, caption_px
            )
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, tr("{row:,}", row=picture.thumb.row))
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Describe the row under the pointer in the tooltip."""
        thumb = self.thumb_at(event.position().x())
        self.setToolTip(plain_tip(describe(thumb)) if thumb else tr(HINT))
        super().mouseMoveEvent(event)


def describe(thumb: RowThumb) -> str:
    """Describe a row in words."""
    told = tr("Row {row:,}: {name}", row=thumb.row, name=printable(thumb.name))
    if not thumb.reason:
        return told
    return f"{told}\n{tr('The row is blank: {reason}.', reason=tr_stored(thumb.reason))}"

"""A widget that shows the thumbnail of one row."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent

from stackgui.core.base.text import printable
from stackgui.core.run.progress import RowThumb
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.overlay import overlay
from stackgui.gui.widgets.row_picture import RowPicture
from stackgui.gui.widgets.sheet import Drawn
from stackgui.gui.widgets.tips import plain_tip


class RowView(Drawn):
    """The thumbnail of a row.

    Parameters
    ----------
    name
        Object name.
    size
    padded
        Whether to show the row as it is in its array, or only the picture without the padding around it.
    """

    def __init__(self, name: str, size: QSize, *, padded: bool) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(tr("Picture"))
        self.setFixedSize(size)
        self._padded = padded
        self._thumb: RowThumb | None = None
        self._picture: RowPicture | None = None
        overlay().changed.connect(self.update)

    def set_thumb(self, thumb: RowThumb | None) -> None:
        """Show `thumb`; None removes it."""
        if thumb is self._thumb:
            return
        self._thumb = thumb
        name = "" if thumb is None else printable(thumb.name)
        self.setToolTip(plain_tip(name) if name else "")
        self.setAccessibleName(name or tr("Picture"))
        shown = thumb if thumb is None or self._padded else _unpadded(thumb)
        self._picture = None if shown is None else RowPicture(shown)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the row, if its thumbnail is known."""
        if self._picture is not None:
            painter = QPainter(self)
            self._picture.paint(painter, QRectF(self.rect()), self.palette())
            painter.end()


def _unpadded(thumb: RowThumb) -> RowThumb:
    top, left, height, width = thumb.placement
    row_height, row_width = (max(1, side) for side in thumb.row_px)
    marks = thumb.marks and thumb.marks.in_part(
        left / row_width, top / row_height, width / row_width, height / row_height
    )
    return replace(thumb, row_px=(height, width), placement=(0, 0, height, width), uncut=None, marks=marks)

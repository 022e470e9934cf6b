"""A strip of representative rows: the extremes and a typical one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.run.progress import RowThumb
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.overlay import overlay
from stackgui.gui.widgets.row_picture import RowPicture
from stackgui.gui.widgets.sheet import Drawn
from stackgui.gui.widgets.theme import Space
from stackgui.gui.widgets.tips import plain_tip

UNREADABLE = say("None of the pictures can be read. The tab “Problems” says why.")
PICTURE_PX = 84
CELLS = 5


class Outlook(Drawn):
    """Rows as they will be in the array, each above its caption.

    Parameters
    ----------
    name, label
        Object name and accessible name.
    """

    def __init__(self, name: str, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setAccessibleName(label)
        self._said = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._names: tuple[str, ...] = ()
        self._pictures: tuple[RowPicture, ...] = ()
        overlay().changed.connect(self.update)
        self.clear()

    def set_thumbs(self, names: tuple[str, ...], thumbs: tuple[RowThumb, ...]) -> None:
        """Show `thumbs` with their captions `names`; say why there are none if the tuples are empty."""
        self._show(names, thumbs, "" if thumbs else tr(UNREADABLE))

    def clear(self) -> None:
        """Show nothing, until it is known what there is to see."""
        self._show((), (), "")

    def _show(self, names: tuple[str, ...], thumbs: tuple[RowThumb, ...], said: str) -> None:
        self._names, self._said = names, said
        self._pictures = tuple(RowPicture(thumb) for thumb in thumbs)
        self.setAccessibleDescription(
            "; ".join(f"{name}: {thumb.name}" for name, thumb in zip(names, thumbs, strict=False))
            or said
            or tr("No pictures yet.")
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of five pictures with their captions."""
        return QSize(CELLS * 120, PICTURE_PX + Space.XS + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Return the full height and the least useful width."""
        return QSize(CELLS * 60, self.sizeHint().height())

    def _cell(self, position: int) -> QRectF:
        wide = self.width() / CELLS
        return QRectF(position * wide, 0, wide - Space.S, PICTURE_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the pictures and captions."""
        painter = QPainter(self)
        painter.setPen(theme.soft_text(self.palette()))
        flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect(), flags, self._said)
        for position, picture in enumerate(self._pictures):
            cell = self._cell(position)
            picture.paint(painter, cell, self.palette())
            painter.setPen(theme.soft_text(self.palette()))
            below = QRectF(cell.left(), cell.bottom() + Space.XS, cell.width(), self.fontMetrics().height())
            name = painter.fontMetrics().elidedText(
                self._names[position], Qt.TextElideMode.ElideRight, int(below.width())
            )
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, name)
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Show the name of the file under the pointer."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            position = int(event.pos().x() * CELLS / max(1, self.width()))
            inside = 0 <= position < len(self._pictures)
            text = self._describe(position) if inside else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def _describe(self, position: int) -> str:
        thumb = self._pictures[position].thumb
        caption = self._names[position]
        return plain_tip(tr("{caption:capital}: {file}", caption=caption, file=printable(thumb.name)))

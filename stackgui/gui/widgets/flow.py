"""A layout that puts widgets side by side, on as many lines as they need."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from stackgui.gui.widgets.theme import Space


def flowing(*widgets: QWidget) -> Flow:
    """Return a layout with `widgets`."""
    layout = Flow()
    for widget in widgets:
        layout.addWidget(widget)
    return layout


class Flow(QLayout):
    """Widgets in reading order, in lines as long as there is room; hidden ones take none.

    Parameters
    ----------
    spacing
    centred
        Whether each line stands in the middle.
    filled
        Whether the widgets of each line share its whole width.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        spacing: int = Space.S,
        centred: bool = False,
        filled: bool = False,
    ) -> None:
        super().__init__(parent)
        self._centred, self._filled = centred, filled
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        """Add `item` at the end."""
        self._items.append(item)

    def count(self) -> int:
        """Return the number of items."""
        return len(self._items)

    def itemAt(self, place: int) -> QLayoutItem | None:
        """Return the item at `place`, or None."""
        return self._items[place] if 0 <= place < len(self._items) else None

    def takeAt(self, place: int) -> QLayoutItem | None:
        """Remove the item at `place` and return it, or None."""
        return self._items.pop(place) if 0 <= place < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Return no direction."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Return that the height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at `width`."""
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, area: QRect) -> None:
        """Place the items in `area`."""
        super().setGeometry(area)
        self._arrange(area, move=True)

    def sizeHint(self) -> QSize:
        """Return the size of all items on one line."""
        sizes = [item.sizeHint() for item in self._shown()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        """Return the size of the largest item, since all may stand below each other."""
        sizes = [item.minimumSize() for item in self._shown()]
        return QSize(
            max((size.width() for size in sizes), default=0),
            max((size.height() for size in sizes), default=0),
        )

    def _shown(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _lines(self, width: int) -> Iterator[list[tuple[QLayoutItem, QSize]]]:
        """Yield the items of each line with their sizes."""
        line: list[tuple[QLayoutItem, QSize]] = []
        used = 0
        for item in self._shown():
            hint = item.sizeHint()
            size = QSize(min(hint.width(), width), hint.height())
            if line and used + size.width() > width:
                yield line
                line, used = [], 0
            line.append((item, size))
            used += size.width() + self.spacing()
        if line:
            yield line

    def _arrange(self, area: QRect, *, move: bool) -> int:
        """Return the height that the items take in the width of `area`, and `move` them there if wanted."""
        y = area.y()
        for line in self._lines(area.width()):
            used = sum(size.width() for _, size in line) + self.spacing() * (len(line) - 1)
            high = max(size.height() for _, size in line)
            free = max(0, area.width() - used)
            x = area.x() + (free // 2 if self._centred else 0)
            for place, (item, size) in enumerate(line):
                share = (free + place) // len(line) if self._filled else 0
                if move:
                    at = QPoint(x, y + (high - size.height()) // 2)
                    item.setGeometry(QRect(at, size + QSize(share, 0)))
                x += size.width() + share + self.spacing()
            y += high + self.spacing()
        return max(0, y - self.spacing() - area.y())

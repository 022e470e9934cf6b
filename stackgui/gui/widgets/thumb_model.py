"""The cells of a grid of thumbnails: which sample each of them shows, and whether it is marked."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QWidget

from stackgui.core.base.text import printable
from stackgui.core.run.progress import RowThumb
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.marks import Marks
from stackgui.gui.widgets.row_picture import RowPicture
from stackgui.gui.widgets.row_strip import describe
from stackgui.gui.widgets.tips import plain_tip

KEPT_THUMBS = 2_000

Index = QModelIndex | QPersistentModelIndex
PICTURE_ROLE = int(Qt.ItemDataRole.UserRole)
MARKED_ROLE = PICTURE_ROLE + 1


class ThumbModel(QAbstractTableModel):
    """Samples in lines and columns, and a cache of their thumbnails that drops the oldest first.

    It is a table because a wrapping list is laid out entry by entry, which takes a second for a million.

    Attributes
    ----------
    samples : int64, shape (n,)
    columns : int
    marks : Marks
        Of positions in `samples`.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.samples: NDArray[np.int64] = np.empty(0, np.int64)
        self.columns = 1
        self.marks = Marks()
        self._places: NDArray[np.int64] = np.empty(0, np.int64)
        self._known: OrderedDict[int, RowPicture] = OrderedDict()

    @property
    def count(self) -> int:
        """Number of samples."""
        return len(self.samples)

    def set_samples(self, samples: NDArray[np.int64]) -> None:
        """Show `samples`; those of them that were marked stay so, and the current one too."""
        marked, current = self.samples[self.marks.positions], self.sample(self.marks.current)
        self.beginResetModel()
        self.samples = samples
        self._places = np.full(int(samples.max(initial=-1)) + 1, -1, np.int64)
        self._places[samples] = np.arange(len(samples))
        places = self._places[marked[marked < len(self._places)]]
        # If the current one is gone, the one that has taken its place is the next to be looked at.
        place = self.place(current)
        gone = min(self.marks.current, len(samples) - 1)
        self.marks.set(len(samples), places[places >= 0], place if place >= 0 else gone)
        self.endResetModel()

    def set_columns(self, columns: int) -> None:
        """Break the lines after so many cells."""
        self.beginResetModel()
        self.columns = columns
        self.endResetModel()

    def forget(self) -> None:
        """Drop all thumbnails, and all marks: the samples are others now."""
        self._known.clear()
        self.marks.set(self.count, np.empty(0, np.int64), -1)

    def set_thumb(self, sample: int, thumb: RowThumb | None) -> None:
        """Show `thumb` for `sample`; None removes it."""
        self._known.pop(sample, None)
        if thumb is not None:
            self._known[sample] = RowPicture(thumb)
        while len(self._known) > KEPT_THUMBS:
            self._known.popitem(last=False)
        where = self.at(self.place(sample))
        if where.isValid():
            self.dataChanged.emit(where, where)

    def sample(self, position: int) -> int:
        """Return the sample at a position, or -1."""
        return int(self.samples[position]) if 0 <= position < self.count else -1

    def place(self, sample: int) -> int:
        """Return the position of a sample, or -1 if it is not among those shown."""
        return int(self._places[sample]) if 0 <= sample < len(self._places) else -1

    def at(self, position: int) -> QModelIndex:
        """Return the cell at a position; an invalid one where there is none."""
        return self.index(*divmod(position, self.columns)) if 0 <= position < self.count else QModelIndex()

    def position(self, index: Index) -> int:
        """Return the position of a cell, or -1 if it is empty."""
        position = index.row() * self.columns + index.column() if index.isValid() else -1
        return position if position < self.count else -1

    def rowCount(self, parent: Index | None = None) -> int:
        """Return the number of lines."""
        return 0 if parent is not None and parent.isValid() else -(-self.count // self.columns)

    def columnCount(self, parent: Index | None = None) -> int:
        """Return the number of cells in a line."""
        return 0 if parent is not None and parent.isValid() else self.columns

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return no flags for the empty cells of the last line."""
        return super().flags(index) if self.position(index) >= 0 else Qt.ItemFlag.NoItemFlags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        """Return the thumbnail of a cell, whether it is marked, or what it is in words."""
        position = self.position(index)
        if role == MARKED_ROLE:
            return position >= 0 and position in self.marks
        picture = self._known.get(self.sample(position))
        if picture is None:
            return None
        if role == PICTURE_ROLE:
            return picture
        if role == Qt.ItemDataRole.DisplayRole:
            return printable(picture.thumb.name)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            told = describe(picture.thumb)
            return tr("Selected. {told}", told=told) if position in self.marks else told
        return plain_tip(describe(picture.thumb)) if role == Qt.ItemDataRole.ToolTipRole else None

"""A grid of thumbnails that requests only the visible ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QTableView, QVBoxLayout, QWidget

from stackgui.core.run.progress import RowThumb
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.marks import Marking
from stackgui.gui.widgets.thumb_model import ThumbModel
from stackgui.gui.widgets.thumb_view import ThumbView

SETTLE_MS = 80  # so that pictures scrolled past are not requested


class ThumbGrid(QWidget):
    """Thumbnails of many samples, of which some may be marked.

    Signals
    -------
    visible_changed()
        Other samples are visible, for which the owner should supply thumbnails; emitted once scrolling has
        settled.
    marked()
        The marks, or the current sample, have changed.
    opened(int)
        Sample to look at more closely.
    delete_wanted()
        Delete was pressed.
    menu_wanted(QPoint)
        Place on the screen for a context menu of the marked samples.
    """

    visible_changed = Signal()
    marked = Signal()
    opened = Signal(int)
    delete_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ThumbModel(self)
        self._view = ThumbView(self._model, self)
        self._view.setObjectName("thumbGrid")
        self._view.setAccessibleName(tr("Pictures as their rows will be"))
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self._tell_visible)
        self._view.resized.connect(self._reshape)
        self._view.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._view.marked.connect(self.marked)
        self._view.opened.connect(lambda position: self.opened.emit(self._model.sample(position)))
        self._view.delete_wanted.connect(self.delete_wanted)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._view.customContextMenuRequested.connect(self._tell_menu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._view)
        self.setFocusProxy(self._view)

    def set_samples(self, samples: NDArray[np.int64]) -> None:
        """Show `samples`; thumbnails, and marks stay with their samples."""
        if not np.array_equal(samples, self._model.samples):
            self._model.set_samples(samples)
            self._view.show_current()
            self.marked.emit()
        self._settle.start()

    def forget(self) -> None:
        """Drop thumbnails, marks and place, because the numbers of samples now mean other ones."""
        self._model.forget()
        self._view.verticalScrollBar().setValue(0)
        self._view.viewport().update()

    def set_thumb(self, sample: int, thumb: RowThumb | None) -> None:
        """Show `thumb` for `sample`; None removes it."""
        self._model.set_thumb(sample, thumb)

    @property
    def samples(self) -> NDArray[np.int64]:
        """Return all samples that can be scrolled to, in order."""
        return self._model.samples

    @property
    def current(self) -> int:
        """Return the sample that the keys act on, or -1."""
        return self._model.sample(self._model.marks.current)

    @property
    def marked_samples(self) -> NDArray[np.int64]:
        """Return the marked samples, in the order in which they are shown."""
        return self._model.samples[self._model.marks.positions]

    def go_to(self, sample: int) -> None:
        """Mark only `sample`, and bring it into view."""
        if (position := self._model.place(sample)) >= 0:
            self._view.go(position, Marking.ONLY)

    def beside(self, sample: int, step: int) -> int:
        """Return the sample `step` positions after `sample`, or -1 if there is none."""
        place = self._model.place(sample)
        return -1 if place < 0 else self._model.sample(place + step)

    def visible_range(self) -> tuple[int, int] | None:
        """Return the first and last visible position, or None if there are none."""
        first = self._view.rowAt(0)
        if first < 0:
            return None
        last = self._view.rowAt(self._view.viewport().height() - 1)
        lines = self._model.rowCount() if last < 0 else last + 1
        columns = self._model.columns
        return first * columns, min(self._model.count, lines * columns) - 1

    def visible_samples(self) -> NDArray[np.int64]:
        """Return the samples that are visible."""
        first, last = self.visible_range() or (0, -1)
        return self._model.samples[first : last + 1]

    def _reshape(self) -> None:
        """Fit the number of columns to the width, and keep the same pictures in view."""
        columns = self._view.fitting_columns()
        if columns != self._model.columns:
            visible = self.visible_range()
            self._model.set_columns(columns)
            self._view.show_current()
            if visible:
                self._view.scrollTo(self._model.at(visible[0]), QTableView.ScrollHint.PositionAtTop)
        self._settle.start()

    def _scrolled(self, _value: int) -> None:
        # Not connected to the timer directly, which would read the value as an interval.
        self._settle.start()

    def _tell_visible(self) -> None:
        if self.isVisible() and self.visible_range():
            self.visible_changed.emit()

    def _tell_menu(self, point: QPoint) -> None:
        if len(self._model.marks):
            self.menu_wanted.emit(self._view.viewport().mapToGlobal(point))

    def showEvent(self, event: QShowEvent) -> None:
        """Report the visible range, because hidden grids do not."""
        super().showEvent(event)
        self._settle.start()

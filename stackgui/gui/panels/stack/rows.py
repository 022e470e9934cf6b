"""The rows of a stack: a grid of all that are listed, or one of them as large as there is room."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from stackgui.core.viewing.found import FoundRows
from stackgui.core.viewing.look import Seen
from stackgui.core.viewing.opened import GridRow, Opened
from stackgui.gui.panels.stack.large import LargeRowPage
from stackgui.gui.texts import stack_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.parts import column, named
from stackgui.gui.widgets.row_grid import RowGrid


class RowsPanel(QWidget):
    """The grid, and the large view that opens over it.

    Signals
    -------
    thumbs_wanted(list of int)
        Rows whose thumbnails are missing.
    row_changed()
        Another row is the current one, or it is looked at in the other way.
    dragged(int)
        Row that is dragged out.
    menu_wanted(QPoint)
        Place on the screen for a menu about the marked rows.
    """

    thumbs_wanted = Signal(list)
    row_changed = Signal()
    dragged = Signal(int)
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.grid = named(RowGrid(_words), "stack.grid", tr("Rows"), "")
        self.large = LargeRowPage()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self.large)
        column(self).addWidget(self._stack)
        self.setFocusProxy(self.grid)
        self.grid.visible_changed.connect(self._want_thumbs)
        self.grid.marked.connect(self._marked)
        self.grid.opened.connect(self.open_row)
        self.grid.dragged.connect(self.dragged)
        self.grid.menu_wanted.connect(self.menu_wanted)
        self.large.stepped.connect(self._step)
        self.large.left.connect(self.close_row)

    @property
    def is_large(self) -> bool:
        """Whether a single row is shown."""
        return self._stack.currentWidget() is self.large

    @property
    def current(self) -> int:
        """Return the row that is looked at, or the current one of the grid; -1 for none."""
        return self.grid.current

    @property
    def ahead(self) -> int:
        """Return the row that may be looked at next; -1 for none."""
        following = self.grid.marks.current + 1
        return self.grid.found.row(following) if self.is_large and following < self.grid.found.count else -1

    def present(self, opened: Opened) -> None:
        """Begin anew with the rows of what was opened; a row that is looked at stays."""
        self.large.use_masks(dict(opened.mask_classes))
        self.grid.forget()
        if self.is_large and self.current >= opened.rows:
            self.close_row()

    def show_found(self, found: FoundRows) -> None:
        """List other rows."""
        self.grid.set_found(found)
        if self.is_large and self.current < 0:
            self.close_row()

    def show_rows(self, rows: tuple[GridRow, ...]) -> None:
        """Show the rows that have been read."""
        for row in rows:
            self.grid.set_row(row)

    def show_seen(self, seen: Seen) -> None:
        """Show a single row, if it is looked at."""
        if self.is_large:
            self.large.show_seen(seen)

    def go_to(self, row: int) -> bool:
        """Make `row` the current one; return False if it is not listed."""
        place = self.grid.found.position(row)
        if place < 0:
            return False
        self.grid.go_to(place)
        return True

    def open_row(self, row: int) -> None:
        """Look at `row` closely."""
        if self.go_to(row):
            self._stack.setCurrentWidget(self.large)
            self.setFocusProxy(self.large)
            self.large.setFocus()
            self._marked()

    def close_row(self) -> None:
        """Go back to the grid."""
        self._stack.setCurrentWidget(self.grid)
        self.setFocusProxy(self.grid)
        self.large.end()
        self.grid.setFocus()
        self.row_changed.emit()

    def _step(self, step: int) -> None:
        self.grid.go_to(self.grid.marks.current + step)

    def _marked(self) -> None:
        row = self.grid.current
        if self.is_large and row >= 0:
            self.large.begin(row, self.grid.marks.current, self.grid.found.count)
        told = tr("Row {row:,} is chosen", row=row) if row >= 0 else ""
        self.grid.setAccessibleDescription(told)
        self.row_changed.emit()

    def _want_thumbs(self) -> None:
        self.thumbs_wanted.emit(self.grid.missing)


def _words(row: int, known: GridRow | None) -> tuple[str, str]:
    return stack_texts.under(row, known.facts if known else None)

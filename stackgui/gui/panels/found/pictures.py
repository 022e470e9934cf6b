"""The tab Pictures: thumbnails of all rows, or of the selected ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes, format_size
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.selection import Selection
from stackgui.core.plan.plan import Plan
from stackgui.core.run.run import RowThumb
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.selection import SelectionBar
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.texts import texts
from stackgui.gui.widgets.parts import Words, button, column, line
from stackgui.gui.widgets.theme import Space
from stackgui.gui.widgets.thumb_grid import ThumbGrid


class PicturesPage(Tab):
    """Thumbnails of the rows, and details and buttons for the current one.

    Signals
    -------
    exclude_wanted(bool, Selection)
        Exclude the current picture from the stack, or include it again.
    """

    TITLE = "Pict&ures"
    ICON = "pictures"
    TIP = "Every picture as it will lie in its row."

    exclude_wanted = Signal(bool, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pictures")
        self._catalog: Catalog | None = None
        self._plan: Plan | None = None
        self._selection: Selection | None = None
        self._screen: Screen | None = None
        self.bar = SelectionBar("pictures.selection")
        self.grid = ThumbGrid()
        self.grid.selected.connect(self._describe)
        self._marked = -1
        self._line = Words("pictures.line")
        self._exclude = button(
            "pictures.exclude", "Leave out", "minus", "Leaves this picture out of the stack; its file stays."
        )
        self._include = button(
            "pictures.include", "Take in", "plus", "Puts this picture back into the stack."
        )
        self._exclude.clicked.connect(lambda: self._tell_excluded(wanted=True))
        self._include.clicked.connect(lambda: self._tell_excluded(wanted=False))
        below = line()
        below.addWidget(self._line, 1)
        below.addWidget(self._exclude)
        below.addWidget(self._include)
        layout = column(self, margin=Space.M)
        layout.addWidget(self.bar)
        layout.addWidget(self.grid, 1)
        layout.addLayout(below)
        self.bar.hide()

    def present(self, screen: Screen) -> None:
        """Show the pictures of `screen`; thumbnails follow later."""
        if screen.catalog is not self._catalog:
            self._catalog = screen.catalog
            self._unmark()
        self.bar.present(screen)
        self._present_marked(screen)
        if screen.plan is self._plan and screen.selection is self._selection:
            return
        if screen.selection is not self._selection:
            self._unmark()
        self._plan, self._selection = screen.plan, screen.selection
        self.bar.setVisible(self._selection is not None)
        samples = len(screen.catalog) if screen.plan and screen.catalog else 0
        self.grid.set_count(samples if self._selection is None else len(self._selection))

    def show_thumb(self, sample: int, thumb: RowThumb | None) -> None:
        """Show the thumbnail of the row of `sample`, if that sample is listed."""
        position = sample
        if self._selection is not None:
            found = int(np.searchsorted(self._selection.samples, sample))
            shown = found < len(self._selection) and self._selection.samples[found] == sample
            position = found if shown else -1
        if position >= 0:
            self.grid.set_thumb(position, thumb)

    def samples_in_view(self) -> Sequence[int]:
        """Return the samples whose thumbnails are visible."""
        first, last = self.grid.visible_range() or (0, -1)
        if self._selection is None:
            return range(first, last + 1)
        return tuple(self._selection.samples[first : last + 1].tolist())

    def _describe(self, position: int) -> None:
        catalog, selection = self._catalog, self._selection
        shown = 0 if catalog is None else len(catalog if selection is None else selection)
        if catalog is None or not 0 <= position < shown:
            return
        self._marked = position if selection is None else int(selection.samples[position])
        self._line.setText(_facts(catalog, self._marked))
        if self._screen is not None:
            self._present_marked(self._screen)

    def _unmark(self) -> None:
        self._marked = -1
        self._line.setText("Click a picture to see its details.")

    def _present_marked(self, screen: Screen) -> None:
        """Offer the buttons that apply to the current picture."""
        self._screen = screen
        catalog = screen.catalog
        marked = catalog is not None and self._marked >= 0
        left_out = False
        if catalog is not None and marked:
            left_out = bool(screen.options.exclude.mask(catalog)[self._marked])
        for change, offered in ((self._exclude, not left_out), (self._include, left_out)):
            change.setVisible(offered)
            change.setEnabled(marked)

    def _tell_excluded(self, *, wanted: bool) -> None:
        self.exclude_wanted.emit(wanted, Selection("that is marked", np.array([self._marked])))


def _facts(catalog: Catalog, sample: int) -> str:
    name = printable(catalog.path[sample])
    if problem := catalog.problem[sample]:
        return f"{name}: cannot be read; {problem}."
    size = format_size(int(catalog.height[sample]), int(catalog.width[sample]))
    kind = texts.channels_name(int(catalog.channels[sample]))
    weight = format_bytes(int(catalog.file_bytes[sample]))
    return f"{name}: {size} px, {kind}, {catalog.dtype[sample]}, {catalog.format[sample].upper()}, {weight}"

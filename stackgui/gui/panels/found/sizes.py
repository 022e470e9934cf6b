"""The tab Sizes: a plot of all sizes with the target size on it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedWidget, QWidget

from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.selection import Selection
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.outlook import Outlook
from stackgui.gui.panels.found.selection import SelectionBar
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.texts import texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.parts import Words, column
from stackgui.gui.widgets.size_plot import SizePlot
from stackgui.gui.widgets.theme import SoftLabel, Space

DRAG_REST_MS = 8
"""Pause after each step of a drag. Movements during the pause are merged into one, so that the window never
lags behind a quick hand."""


class SizesPage(Tab):
    """A plot of all sizes with the target on it, above a strip of representative rows.

    Signals
    -------
    size_dragged(int, int)
        Height and width in pixels.
    """

    TITLE = say("Si&zes")
    ICON = "sizes"
    HELP = "sizes"
    TIP = say("How large the pictures are, and the size that all rows will have.")

    size_dragged = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sizes")
        self._catalog: Catalog | None = None
        self._selection: Selection | None = None
        self._dragged: tuple[int, int] | None = None
        self._timer = QTimer(self, singleShot=True, interval=DRAG_REST_MS)
        self._timer.timeout.connect(self._catch_up)
        self._spread = Words("sizes.spread")
        self._census = SoftLabel()
        self._census.setObjectName("sizes.census")
        self.plot = SizePlot()
        self.plot.target_dragged.connect(self._follow)
        self.plot.example_name = self._example_name
        self.outlook = Outlook("sizes.outlook", tr("What it will look like"))
        self.bar = SelectionBar("sizes.selection")
        # Stacked, so that nothing moves when pictures are selected.
        self._above_outlook = QStackedWidget()
        words = QLabel(tr("What the rows will look like (padding is hatched):"))
        words.setWordWrap(True)
        self._above_outlook.addWidget(words)
        self._above_outlook.addWidget(self.bar)
        self._above_outlook.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        layout = column(self, margin=Space.M)
        layout.addWidget(self._spread)
        layout.addWidget(self._census)
        layout.addWidget(self.plot, 1)
        layout.addWidget(self._above_outlook)
        layout.addWidget(self.outlook)

    def present(self, screen: Screen) -> None:
        """Show the sizes of `screen`."""
        statistics = screen.statistics
        if screen.catalog is not self._catalog:
            self._catalog = screen.catalog
            if statistics is None or not statistics.usable:
                self.plot.clear()
            else:
                self.plot.set_sizes(statistics.sizes)
            self._spread.setText(texts.spread_line(statistics) if statistics else "")
        self._census.setText(_facts(screen))
        bucket = screen.plan.largest if screen.plan else None
        # During a drag the lines follow the pointer, not the plan.
        if self._dragged is None and not screen.planning:
            self.plot.set_target((bucket.height, bucket.width) if bucket else None)
        self.bar.present(screen)
        self._present_selection(screen.selection)

    def _present_selection(self, selection: Selection | None) -> None:
        if selection is self._selection:
            return
        self._selection = selection
        self.plot.set_picked(selection.sizes if selection else None)
        self._above_outlook.setCurrentIndex(1 if selection else 0)

    def _example_name(self, sample: int) -> str:
        return printable(self._catalog.path[sample]) if self._catalog else ""

    def _follow(self, height: int, width: int) -> None:
        self._dragged = (height, width)
        if not self._timer.isActive():
            self._catch_up()

    def _catch_up(self) -> None:
        if self._dragged is not None:
            dragged, self._dragged = self._dragged, None
            self.size_dragged.emit(*dragged)
            self._timer.start()


def _facts(screen: Screen) -> str:
    if screen.statistics is None:
        return ""
    found = screen.statistics
    left_out = texts.left_out_line(screen.plan.excluded if screen.plan else 0)
    lines = (texts.census(found), texts.turned_line(found), texts.profiles_line(found), left_out)
    return "\n".join(line for line in lines if line)

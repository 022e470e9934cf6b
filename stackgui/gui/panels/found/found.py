"""The middle: what was found in the folders."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedWidget, QTabWidget, QWidget

from stackgui.core.base.text import printable
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.selection import Selection
from stackgui.core.run.run import RowThumb
from stackgui.gui.control.screen import Screen, State
from stackgui.gui.panels.found.buckets import BucketsPage
from stackgui.gui.panels.found.fits import FitsPage
from stackgui.gui.panels.found.labels import LabelsPage
from stackgui.gui.panels.found.outliers import OutliersPage
from stackgui.gui.panels.found.outlook import Outlook
from stackgui.gui.panels.found.overview import ScrolledOverview
from stackgui.gui.panels.found.pictures import PicturesPage
from stackgui.gui.panels.found.problems import ProblemsPage
from stackgui.gui.panels.found.selection import SelectionBar
from stackgui.gui.panels.found.welcome import ScanPage, WelcomePage
from stackgui.gui.texts import texts
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.parts import Words, column
from stackgui.gui.widgets.size_plot import SizePlot
from stackgui.gui.widgets.theme import SoftLabel, Space

RESUMING = "The conversion goes on where it stopped. What is in the folders is shown when it has ended."
DRAG_REST_MS = 8
"""A dragged line is followed at once. After each step so much time is left, in which movements that came
meanwhile make one, so that the window never lags behind a quick hand."""


class SizesPage(QWidget):
    """All sizes as a plot with the target on it, and what the plan does to a few pictures.

    Signals
    -------
    size_dragged(int, int)
        Height and width in pixels.
    """

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
        self.outlook = Outlook("sizes.outlook", "What it will look like")
        self.bar = SelectionBar("sizes.selection")
        # One in the place of the other, so that nothing moves when pictures are picked out.
        self._above_outlook = QStackedWidget()
        self._above_outlook.addWidget(QLabel("What it will look like; padding is hatched:"))
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
        # A line is where the hand has it until the plan has followed.
        if self._dragged is None and not screen.planning:
            self.plot.set_target((bucket.height, bucket.width) if bucket else None)
        self.bar.present(screen)
        self._present_selection(screen.selection)
        self.plot.setEnabled(not screen.running)

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
    lines = (texts.census(found), texts.turned_line(found), texts.profiles_line(found))
    return "\n".join(line for line in lines if line)


class OverviewPage(ScrolledOverview):
    """What there is, in figures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("overview.table", parent, margin=Space.M)
        self.setObjectName("overview")

    def present(self, screen: Screen) -> None:
        """Show the figures of `screen`."""
        self.set_statistics(screen.statistics)


class FoundPanel(QStackedWidget):
    """Welcome, search, or what was found.

    Signals
    -------
    pictures_wanted(sequence of int)
        The samples whose thumbnails are visible.
    fits_wanted(bool)
        Whether the fits are visible side by side.
    curve_wanted(bool)
        Whether it is visible what more arrays would be worth.
    exclude_wanted(bool)
        What was picked out is to be left out of the stack, or taken in again.
    selection_dropped()
        What was picked out is to be forgotten.
    list_wanted()
        The names of the files that were picked out are to be saved.
    picked(Selection)
        These are to be looked at.
    """

    pictures_wanted = Signal(object)
    fits_wanted = Signal(bool)
    curve_wanted = Signal(bool)
    exclude_wanted = Signal(bool)
    selection_dropped = Signal()
    list_wanted = Signal()
    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("found")
        self.welcome = WelcomePage()
        self.scan = ScanPage()
        self.overview = OverviewPage()
        self.sizes = SizesPage()
        self.fits = FitsPage()
        self.buckets = BucketsPage()
        self.outliers = OutliersPage()
        self.pictures = PicturesPage()
        self.labels = LabelsPage()
        self.problems = ProblemsPage()
        self._tabs = self._make_tabs()
        self._trouble = Words("found.trouble")
        self._trouble.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for page in (self.welcome, self.scan, self._tabs, self._trouble):
            self.addWidget(page)
        self.pictures.grid.visible_changed.connect(self._tell_visible)
        self.outliers.listed.connect(self._tell_visible)
        self._tabs.currentChanged.connect(self._tell_visible)
        self.problems.health.look_wanted.connect(self._look_at)
        for bar in (self.sizes.bar, self.pictures.bar):
            bar.dropped.connect(self.selection_dropped)
            bar.list_wanted.connect(self.list_wanted)
            bar.exclude_wanted.connect(self.exclude_wanted)

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setObjectName("found.tabs")
        tabs.setAccessibleName("What was found")
        tabs.setDocumentMode(True)
        for page, icon, title, tip in (
            (self.overview, "report", "Overview", "What there is, in figures."),
            (
                self.sizes,
                "sizes",
                "Si&zes",
                "How large the pictures are, and the size that all rows will have.",
            ),
            (self.fits, "fit-letterbox", "Fits", "What each fit would do to the most telling pictures."),
            (self.buckets, "stack", "Arrays", "How many arrays there are, and what more of them are worth."),
            (self.outliers, "turned", "Outliers", "The few pictures that make the array much larger."),
            (self.pictures, "pictures", "Pict&ures", "Every picture as it will lie in its row."),
            (self.labels, "label", "&Labels", "Which labels there are, and how the pictures are split."),
            (
                self.problems,
                "warning",
                "Pro&blems",
                "What may be wrong with the pictures, and files that were skipped.",
            ),
        ):
            tabs.setTabToolTip(tabs.addTab(page, theme.icon(icon), title), tip)
        tabs.setCurrentWidget(self.sizes)
        return tabs

    def present(self, screen: Screen) -> None:
        """Show what was found, or why nothing was."""
        resuming = screen.running and screen.catalog is None
        self._trouble.setText(RESUMING if resuming else screen.scan_problem or screen.plan_problem)
        shown = (self.overview, self.sizes, self.fits, self.buckets, self.outliers, self.pictures)
        for page in (self.scan, *shown, self.labels, self.problems):
            page.present(screen)
        count = self.problems.total()
        problems = self._tabs.indexOf(self.problems)
        self._tabs.setTabText(problems, f"Pro&blems {count:,}" if count else "Pro&blems")
        self._tabs.setTabIcon(problems, theme.icon("warning" if count else "check"))
        self.setCurrentWidget(self._page(screen))

    def _page(self, screen: Screen) -> QWidget:
        if screen.state is State.EMPTY:
            return self.welcome
        if screen.scan is not None:
            return self.scan
        nothing = screen.catalog is None or not len(screen.catalog)
        # With no picture at all, the list of what was skipped says most; without even that, the reason does.
        return self._trouble if nothing and not self.problems.total() else self._tabs

    def prepare(self) -> Iterator[None]:
        """Make what takes a moment before it is needed, a piece at a time."""
        for plot in (self.sizes.plot, self.scan.plot):
            plot.prepare()
            yield

    def show_problems(self) -> None:
        """Bring the problems to the front."""
        self._tabs.setCurrentWidget(self.problems)

    def show_thumb(self, sample: int, thumb: RowThumb | None) -> None:
        """Show what the row of `sample` will look like."""
        self.pictures.show_thumb(sample, thumb)
        self.outliers.show_thumb(sample, thumb)

    def show_outlook(self, names: tuple[str, ...], thumbs: tuple[RowThumb, ...]) -> None:
        """Show the telling samples."""
        self.sizes.outlook.set_thumbs(names, thumbs)

    def _look_at(self, selection: Selection) -> None:
        self.picked.emit(selection)
        self._tabs.setCurrentWidget(self.pictures)

    def _tell_visible(self) -> None:
        shown = self._tabs.currentWidget()
        pages = (self.pictures, self.outliers)
        self.pictures_wanted.emit(next((page.samples_in_view() for page in pages if page is shown), ()))
        self.fits_wanted.emit(shown is self.fits)
        self.curve_wanted.emit(shown is self.buckets)

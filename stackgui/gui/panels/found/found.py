"""The middle of the window: welcome page, scan progress, or the tabs of what was found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QToolButton, QWidget

from stackgui.core.catalog.selection import Selection
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.run.progress import RowThumb
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.annotations import AnnotationsPage
from stackgui.gui.panels.found.buckets import BucketsPage
from stackgui.gui.panels.found.fits import FitsPage
from stackgui.gui.panels.found.labels import LabelsPage
from stackgui.gui.panels.found.masks import MasksPage
from stackgui.gui.panels.found.outliers import OutliersPage
from stackgui.gui.panels.found.overview import OverviewPage
from stackgui.gui.panels.found.picture_list import PictureList
from stackgui.gui.panels.found.pictures import PicturesPage
from stackgui.gui.panels.found.problems import ProblemsPage
from stackgui.gui.panels.found.sizes import SizesPage
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.panels.found.trouble import TroublePage
from stackgui.gui.panels.found.welcome import ScanPage, WelcomePage
from stackgui.gui.texts import problem_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import eye_order, theme
from stackgui.gui.widgets.overlay import overlay
from stackgui.gui.widgets.parts import ToolButton, named
from stackgui.gui.widgets.scrolled import scroll_within
from stackgui.gui.widgets.short_tabs import ShortTabs

TabT = TypeVar("TabT", bound=Tab)

TABS: tuple[type[Tab], ...] = (
    OverviewPage,
    SizesPage,
    FitsPage,
    BucketsPage,
    OutliersPage,
    PicturesPage,
    LabelsPage,
    AnnotationsPage,
    MasksPage,
    ProblemsPage,
)
"""Tabs from left to right. A new tab needs its own file and a line here."""


class FoundPanel(QStackedWidget):
    """Welcome page, scan progress, or the tabs of what was found.

    Signals
    -------
    options_changed(Options)
    pictures_wanted(sequence of int)
        Samples whose thumbnails are visible.
    fits_wanted(bool)
        Whether the comparison of fits is visible.
    curve_wanted(bool)
        Whether the curve of bytes against the number of arrays is visible.
    exclude_wanted(bool)
        Exclude the selected samples from the stack, or include them again.
    selection_dropped()
        Clear the selection.
    list_wanted()
        Save the names of the selected files.
    picked(Selection)
        Select these samples.
    tables_wanted()
        Show the plots in front as tables.
    """

    options_changed = Signal(Options)
    pictures_wanted = Signal(object)
    fits_wanted = Signal(bool)
    curve_wanted = Signal(bool)
    exclude_wanted = Signal(bool)
    selection_dropped = Signal()
    list_wanted = Signal()
    picked = Signal(object)
    tables_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("found")
        self._screen: Screen | None = None
        self._is_behind = False
        self._left: QWidget | None = None
        self._icon = ""
        self.welcome = WelcomePage()
        self.scan = ScanPage()
        self.pages = tuple(tab() for tab in TABS)
        self.sizes = self._page_of(SizesPage)
        self.fits = self._page_of(FitsPage)
        self.buckets = self._page_of(BucketsPage)
        self.outliers = self._page_of(OutliersPage)
        self.pictures = self._page_of(PicturesPage)
        self.problems = self._page_of(ProblemsPage)
        self.labels = self._page_of(LabelsPage)
        self.annotations = self._page_of(AnnotationsPage)
        self.masks = self._page_of(MasksPage)
        self._tabs = self._make_tabs()
        self.trouble = TroublePage()
        self.list = PictureList()
        for shown in (self.welcome, self.scan, self._tabs, self.trouble, self.list):
            self.addWidget(shown)
        self.pictures.grid.visible_changed.connect(self._tell_visible)
        for lists in (self.outliers, self.problems, self.labels):
            lists.listed.connect(self._tell_visible)
        self._tabs.currentChanged.connect(self._catch_up)
        self._tabs.currentChanged.connect(self._tell_visible)
        for page in self.pages:
            page.options_changed.connect(self.options_changed)
        self.problems.look_wanted.connect(self._look_at)
        for bar in (self.sizes.bar, self.pictures.bar):
            bar.dropped.connect(self.selection_dropped)
            bar.list_wanted.connect(self.list_wanted)
            bar.exclude_wanted.connect(self.exclude_wanted)

    def _page_of(self, kind: type[TabT]) -> TabT:
        return next(page for page in self.pages if isinstance(page, kind))

    def _make_tabs(self) -> ShortTabs:
        tabs = ShortTabs()
        tabs.setObjectName("found.tabs")
        tabs.setAccessibleName(tr("What was found"))
        for page in self.pages:
            scroll_within(page)
            tabs.setTabToolTip(tabs.addTab(page, theme.icon(page.ICON), tr(page.TITLE)), tr(page.TIP))
        tabs.bar.rare = [at for at, page in enumerate(self.pages) if page.IS_RARE]
        tabs.setCornerWidget(self._make_table_button())
        tabs.setCurrentWidget(self.sizes)
        return tabs

    def _make_table_button(self) -> QToolButton:
        tip = tr("Shows the figures behind the bars and plots in front (Ctrl+T).")
        made = named(ToolButton(), "found.table", tr("Show as table"), tip)
        made.setIcon(theme.icon("table"))
        made.setAutoRaise(True)
        made.clicked.connect(self.tables_wanted)
        return made

    def present(self, screen: Screen) -> None:
        """Show what was found, or why there is nothing."""
        self.trouble.present(screen)
        self.scan.present(screen)
        overlay().follow(screen.sources)
        self._is_behind = self._screen is not None and screen.went_on_from(self._screen) == "size"
        for page in self.pages:
            if not self._is_behind or page is self._tabs.currentWidget():
                page.present(screen)
        tab = self._tabs.indexOf(self.problems)
        self._tabs.set_title(tab, *problem_texts.tab_title(self.problems.TITLE, screen.problems))
        icon = "warning" if screen.problems.serious else "check"
        if icon != self._icon:  # the bar is laid out and painted anew
            self._icon = icon
            self._tabs.setTabIcon(tab, theme.icon(icon))
        if self._screen is not None and screen.catalog is not self._screen.catalog:
            self.list.let_go()
        self._screen = screen
        self._turn_to(self._page(screen))

    def _catch_up(self) -> None:
        """Show in the tabs behind the one that was in front what a size that was dragged meant to them."""
        if self._is_behind and self._screen is not None:
            self._is_behind = False
            for page in self.pages:
                page.present(self._screen)

    def _turn_to(self, page: QWidget) -> None:
        """Show `page`; who worked in the tabs before goes on there, at the same place.

        Qt would give the keyboard to what had it last in there, which may be gone by now.
        """
        before = self.currentWidget()
        now: QWidget | None = self.window().focusWidget()
        has_keys = before is not None and now is not None and before.isAncestorOf(now)
        if before is self._tabs and page is not before:
            self._left = now if has_keys else None
        self.setCurrentWidget(page)
        if page is self._tabs and before is not page and has_keys:
            (eye_order.near(self._left, self._tabs) or self._tabs.bar).setFocus(
                Qt.FocusReason.OtherFocusReason
            )

    def show_list(self, title: str, plan: Plan) -> None:
        """Show a table of the pictures of `plan` instead of the tabs."""
        self.setCurrentWidget(self.list)
        self.list.show_plan(title, plan)

    def close_list(self) -> None:
        """Go back to what was shown before the table."""
        self.list.let_go()
        if self._screen is not None:
            self._turn_to(self._page(self._screen))

    def _page(self, screen: Screen) -> QWidget:
        if self.list.plan is not None:
            return self.list
        if not screen.sources:
            return self.welcome
        if screen.scan is not None:
            return self.scan
        nothing = screen.catalog is None or not len(screen.catalog)
        # Without pictures, the list of skipped files says most; if that is empty too, the reason does.
        return self.trouble if nothing and not screen.problems.entries else self._tabs

    def prepare(self) -> Iterator[None]:
        """Create slow widgets before they are needed, one per step."""
        yield from self.scan.overview.in_pieces()
        for plot in (self.sizes.plot, self.scan.plot):
            yield from plot.in_pieces()

    @property
    def HELP(self) -> str:
        """Name of the help page of what is shown."""
        shown = self.currentWidget()
        shown = self._tabs.currentWidget() if shown is self._tabs else shown
        return str(getattr(shown, "HELP", "found"))

    def show_tab(self, kind: type[Tab]) -> None:
        """Bring the tab of `kind` to the front, before any table, and give it the keyboard."""
        if self.list.plan is not None:
            self.list.closed.emit()
        self._tabs.setCurrentWidget(self._page_of(kind))
        self._tabs.tabBar().setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_labels(self, what: str) -> None:
        """Bring the tab Labels to the front, with the assistant to choose `what` of `path_rule`."""
        self._tabs.setCurrentWidget(self.labels)
        self.labels.open_assistant(True, what)

    def show_problems(self) -> None:
        """Bring the tab Problems to the front."""
        self.show_tab(ProblemsPage)

    def show_thumb(self, sample: int, thumb: RowThumb | None) -> None:
        """Show the thumbnail of the row of `sample`."""
        for page in self.pages:
            page.show_thumb(sample, thumb)

    def _look_at(self, selection: Selection) -> None:
        self.picked.emit(selection)
        self._tabs.setCurrentWidget(self.pictures)

    def _tell_visible(self) -> None:
        shown = self._tabs.currentWidget()
        self.pictures_wanted.emit(next(page for page in self.pages if page is shown).samples_in_view())
        self.fits_wanted.emit(shown is self.fits)
        self.curve_wanted.emit(shown is self.buckets)

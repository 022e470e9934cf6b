"""The tab Pictures: thumbnails of the rows, a search, and a closer look at each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.catalog.catalog import Catalog
from stackgui.core.catalog.sample_set import NOTHING, SampleSet
from stackgui.core.catalog.selection import Selection
from stackgui.core.run.progress import RowThumb
from stackgui.gui.control.sample_previews import LargePicture
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.pictures_filter import PicturesFilter
from stackgui.gui.panels.found.pictures_large import LargePage
from stackgui.gui.panels.found.selection import SelectionBar
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.texts import picture_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.parts import Words, button, column, line
from stackgui.gui.widgets.theme import Space
from stackgui.gui.widgets.thumb_grid import ThumbGrid


class PicturesPage(Tab):
    """Thumbnails of the rows, one of them large, and buttons for those that are marked.

    Signals
    -------
    exclude_wanted(bool, Selection)
        Exclude the marked pictures from the stack, or include them again.
    first_wanted(bool, Selection)
        Put the rows of the marked pictures before all others, or back in their places.
    wanted_changed(Wanted)
        Search for other pictures.
    look_wanted(sequence of int)
        Show the first of these samples large; the others may be wanted next. Empty for none.
    reveal_wanted(str)
        Show this file in the file manager.
    """

    TITLE = say("Pict&ures")
    ICON = "pictures"
    HELP = "found"
    TIP = say("Every picture as it will lie in its row.")

    exclude_wanted = Signal(bool, object)
    first_wanted = Signal(bool, object)
    wanted_changed = Signal(object)
    look_wanted = Signal(object)
    reveal_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pictures")
        self._catalog: Catalog | None = None
        self._screen: Screen | None = None
        self.bar = SelectionBar("pictures.selection")
        self.filter = PicturesFilter()
        self.grid = ThumbGrid()
        self.large = LargePage()
        self._name = Words("pictures.name")
        self._line = Words("pictures.line")
        for words in (self._name, self._line):
            words.setMinimumWidth(1)  # a long name must not widen the window
        self._exclude = button(
            "pictures.exclude", tr("Leave out"), "minus",
            tr("Leaves the selected pictures out of the stack; their files stay (Delete)."),
        )  # fmt: skip
        self._include = button(
            "pictures.include", tr("Take in"), "plus", tr("Puts the selected pictures back into the stack.")
        )
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        all_of_them = QWidget()
        below: QVBoxLayout = column(all_of_them)
        below.addWidget(self.filter)
        below.addWidget(self.grid, 1)
        self._stack.addWidget(all_of_them)
        self._stack.addWidget(self.large)
        told = column(spacing=0)
        told.addWidget(self._name)
        told.addWidget(self._line)
        foot = line()
        foot.addLayout(told, 1)
        foot.addWidget(self._exclude)
        foot.addWidget(self._include)
        layout = column(self, margin=Space.M)
        layout.addWidget(self.bar)
        layout.addWidget(self._stack, 1)
        layout.addLayout(foot)
        self.bar.hide()

    def _connect(self) -> None:
        self.filter.wanted_changed.connect(self.wanted_changed)
        self.grid.marked.connect(self._present_marked)
        self.grid.opened.connect(self.look_at)
        self.grid.menu_wanted.connect(self._show_menu)
        self.large.stepped.connect(self._step)
        self.large.left.connect(self._leave_large)
        for place in (self.grid, self.large):
            place.delete_wanted.connect(lambda: self._tell_excluded(wanted=True))
        self._exclude.clicked.connect(lambda: self._tell_excluded(wanted=True))
        self._include.clicked.connect(lambda: self._tell_excluded(wanted=False))
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self._find)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # What is shown

    def present(self, screen: Screen) -> None:
        """Show the pictures of `screen`; their list and thumbnails follow by themselves."""
        if screen.catalog is not self._catalog:
            self._catalog = screen.catalog
            self.grid.forget()
            self._leave_large()
            self.filter.clear()
        self._screen = screen
        self.bar.present(screen)
        self.bar.setVisible(screen.selection is not None)
        self.filter.present(screen.known_plan)
        self._present_marked()

    def show_listing(self, samples: NDArray[np.int64]) -> None:
        """List `samples`, in this order."""
        self.grid.set_samples(samples)
        self._show_count()

    def _show_count(self) -> None:
        screen = self._screen
        if screen is not None and screen.catalog is not None:
            among = len(screen.catalog if screen.selection is None else screen.selection.shown)
            self.filter.show_count(len(self.grid.samples), among)

    def show_thumb(self, sample: int, thumb: RowThumb | None) -> None:
        """Show the thumbnail of the row of `sample`."""
        self.grid.set_thumb(sample, thumb)

    def show_large(self, picture: LargePicture) -> None:
        """Show a picture large."""
        self.large.show_large(picture)

    def samples_in_view(self) -> Sequence[int]:
        """Return the samples whose thumbnails are visible."""
        found: list[int] = self.grid.visible_samples().tolist()
        return found

    # What is marked

    def _marked(self) -> NDArray[np.int64]:
        """Return the samples that the buttons act on."""
        if self._stack.currentWidget() is self.large:
            current = self.grid.current
            return np.array([current] if current >= 0 else [], np.int64)
        return np.sort(self.grid.marked_samples)

    def _left_out(self, samples: NDArray[np.int64]) -> int:
        return self._count(samples, self._screen.options.exclude if self._screen else NOTHING)

    def _first(self, samples: NDArray[np.int64]) -> int:
        return self._count(samples, self._screen.options.first if self._screen else NOTHING)

    def _count(self, samples: NDArray[np.int64], chosen: SampleSet) -> int:
        """Count those of `samples` that are `chosen`."""
        catalog = self._catalog
        return 0 if catalog is None else int(np.count_nonzero(chosen.mask(catalog)[samples]))

    def _present_marked(self) -> None:
        """Describe what is marked, and offer the buttons that apply."""
        catalog, screen = self._catalog, self._screen
        marked = self._marked() if catalog is not None else np.empty(0, np.int64)
        if catalog is None or screen is None or (len(marked) and marked[-1] >= len(catalog)):
            marked = np.empty(0, np.int64)
        left_out = self._left_out(marked)
        self._exclude.setVisible(left_out < len(marked) or not len(marked))
        self._include.setVisible(left_out > 0)
        self._exclude.setEnabled(len(marked) > 0)
        name, told = "", tr(picture_texts.NOTHING_MARKED)
        if len(marked) == 1 and catalog is not None and screen is not None:
            sample = int(marked[0])
            known = screen.known_plan
            plan = known if known and known.catalog is catalog else None
            name, told = printable(catalog.path[sample]), picture_texts.facts(catalog, plan, sample)
        elif len(marked):
            told = picture_texts.several(len(marked), left_out)
        self._name.setText(name)
        self._name.setVisible(bool(name))
        self._line.setText(told)

    def _tell_excluded(self, *, wanted: bool) -> None:
        marked = self._marked()
        if len(marked):
            self.exclude_wanted.emit(wanted, Selection(say("that are selected"), marked))

    def _tell_first(self, *, wanted: bool) -> None:
        self.first_wanted.emit(wanted, Selection(say("that are selected"), self._marked()))

    # A closer look

    def look_at(self, sample: int) -> None:
        """Show `sample` large."""
        if self._catalog is None or sample < 0:
            return
        place = int(np.flatnonzero(self.grid.samples == sample)[0])
        self._stack.setCurrentWidget(self.large)
        self.grid.go_to(sample)
        self.large.begin(sample, int(self._catalog.width[sample]), place, len(self.grid.samples))
        beside = (self.grid.beside(sample, step) for step in (1, -1))
        self.look_wanted.emit([sample, *(other for other in beside if other >= 0)])
        self.large.setFocus()

    def _step(self, step: int) -> None:
        if (other := self.grid.beside(self.grid.current, step)) >= 0:
            self.look_at(other)

    def _leave_large(self) -> None:
        if self._stack.currentWidget() is self.large:
            self._stack.setCurrentIndex(0)
            self.large.end()
            self.look_wanted.emit([])
            self.grid.setFocus()
            self._present_marked()

    # Menu and keys

    def menu(self) -> QMenu:
        """Return the context menu for what is marked."""
        marked, made = self._marked(), QMenu(self)
        left_out, first = self._left_out(marked), self._first(marked)
        current = self.grid.current
        entries: tuple[tuple[str, str, bool, Callable[[], object]] | None, ...] = (
            (tr("&Look closer"), "search", current >= 0, lambda: self.look_at(current)),
            None,
            (tr("Leave &out"), "minus", left_out < len(marked), lambda: self._tell_excluded(wanted=True)),
            (tr("&Take in"), "plus", left_out > 0, lambda: self._tell_excluded(wanted=False)),
            (tr("&Put first"), "arrow-up", first < len(marked), lambda: self._tell_first(wanted=True)),
            (tr("Put &back in place"), "arrow-down", first > 0, lambda: self._tell_first(wanted=False)),
            None,
            (tr("Show in the &file manager"), "folder-open", len(marked) == 1, self._reveal),
            (tr("&Copy path"), "copy", len(marked) > 0, self._copy_paths),
        )
        for entry in entries:
            if entry is None:
                made.addSeparator()
                continue
            text, icon, enabled, does = entry
            action = made.addAction(theme.icon(icon), text)
            action.setEnabled(enabled)
            action.triggered.connect(does)
        return made

    def _show_menu(self, place: QPoint) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    def _files(self) -> list[str]:
        catalog = self._catalog
        return [] if catalog is None else [catalog.file(sample) for sample in self._marked().tolist()]

    def _reveal(self) -> None:
        self.reveal_wanted.emit(self._files()[0])

    def _copy_paths(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self._files()))

    def _find(self) -> None:
        self._leave_large()
        self.filter.search.setFocus()
        self.filter.search.selectAll()

"""The tab Problems: one list of everything that may be wrong, the worst first."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QTableView,
    QWidget,
)

from stackgui.core.advice.problem_words import Severity
from stackgui.core.advice.problems import NO_PROBLEMS, Deed, Problem, Problems
from stackgui.core.base.warnings import Mend
from stackgui.core.base.wording import say
from stackgui.core.catalog.selection import Selection
from stackgui.core.run.progress import RowThumb
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.checking import Checking
from stackgui.gui.panels.found.problem_card import ProblemCard
from stackgui.gui.panels.found.tab import Tab
from stackgui.gui.texts import problem_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.parts import Words, button, column, line, named, scrolling
from stackgui.gui.widgets.tables import FileRows, Rows
from stackgui.gui.widgets.theme import SoftLabel, Space

FILE_PX = 320
LEAST_HIGH_PX = 60


class FileTable(QTableView):
    """A table of files, of which whole rows are selected and copied."""

    def __init__(self, rows: Rows) -> None:
        super().__init__()
        self._rows = rows
        self.setModel(rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy all cells of the selected rows, where Qt would copy one cell."""
        if event.matches(QKeySequence.StandardKey.Copy):
            chosen = sorted(index.row() for index in self.selectionModel().selectedRows())
            QGuiApplication.clipboard().setText("\n".join("\t".join(self._rows.cells(row)) for row in chosen))
        else:
            super().keyPressEvent(event)


def file_table(rows: Rows, name: str, label: str, first_px: int, file_px: int = 200) -> QTableView:
    """Return a table of files for `rows`."""
    table = named(FileTable(rows), name, label, "")
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setAlternatingRowColors(True)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setWordWrap(False)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    # Heights are fixed: measuring every row of a long table would take seconds.
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + Space.S)
    table.verticalHeader().hide()
    table.horizontalHeader().setStretchLastSection(True)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    table.setColumnWidth(0, first_px)
    if rows.columnCount() > 1:
        table.setColumnWidth(1, file_px)
    return table


class FilesPage(QWidget):
    """All files of one problem.

    Signals
    -------
    closed()
    """

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("problems.files")
        self._problem: Problem | None = None
        self._title = Words("problems.files.title", bold=True)
        self._advice = Words("problems.files.advice")
        self._back = button("problems.files.back", tr("Back"), "undo", tr("Goes back to all problems."))
        self._copy = button(
            "problems.files.copy",
            tr("Copy all"),
            "copy",
            tr("Copies all names with their full paths and reasons."),
        )
        self._rows = FileRows(self)
        self.table = file_table(self._rows, "problems.table", tr("Files"), FILE_PX)
        head = line()
        head.addWidget(self._back, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._title, 1)
        head.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignTop)
        layout = column(self)
        layout.addLayout(head)
        layout.addWidget(self._advice)
        layout.addWidget(self.table, 1)
        self._back.clicked.connect(self.closed)
        self._copy.clicked.connect(self._copy_all)

    def show_problem(self, problem: Problem) -> None:
        """List the files of `problem`."""
        self._problem = problem
        self._title.setText(problem_texts.in_window(problem.text))
        told = problem_texts.advice(problem)
        self._advice.setText(told)
        self._advice.setVisible(bool(told))
        self._rows.set_files(problem.files)

    def _copy_all(self) -> None:
        if self._problem is not None:
            QGuiApplication.clipboard().setText(problem_texts.all_files(self._problem))


class ProblemsPage(Tab):
    """The problems of a screen, under a heading for each severity.

    Signals
    -------
    look_wanted(Selection), exclude_wanted(bool, Selection), retry_wanted(), mend_wanted(Mend)
    search_wanted(), remove_wanted(list of str)
    listed()
        Other examples are shown.
    """

    TITLE = say("Pro&blems")
    ICON = "warning"
    HELP = "problems"
    TIP = say("What cannot be used, what to look at, and what was left aside.")

    look_wanted = Signal(object)
    exclude_wanted = Signal(bool, object)
    retry_wanted = Signal()
    mend_wanted = Signal(Mend)
    search_wanted = Signal()
    remove_wanted = Signal(list)
    listed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self._problems: Problems = NO_PROBLEMS
        self._busy = False
        self._cards: dict[tuple[str, int], ProblemCard] = {}
        self.health = Checking()
        self._nothing = SoftLabel(tr(problem_texts.NOTHING))
        self._nothing.setObjectName("problems.nothing")
        self._inside = QWidget()
        # With a parent from the first: a label without one would be shown as a window for a moment.
        self._headings = {severity: _heading(severity, self._inside) for severity in Severity}
        self._list = column(self._inside, spacing=Space.M)
        self._scroll = scrolling("problems.list", tr("Problems"), self._inside)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._sources: tuple[str, ...] = ()
        self._files = FilesPage()
        self._files.closed.connect(self._back)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._scroll)
        self._pages.addWidget(self._files)
        layout = column(self, margin=Space.M)
        layout.addWidget(self.health)
        layout.addWidget(theme.rule())
        layout.addWidget(self._nothing)
        layout.addWidget(self._pages, 1)
        # The list scrolls by itself, so that the whole tab need not.
        self._pages.setMinimumHeight(LEAST_HIGH_PX)

    def present(self, screen: Screen) -> None:
        """Show the problems of `screen`."""
        self.health.present(screen)
        if screen.sources != self._sources:
            self._sources = screen.sources
            self._back()  # the list is one of other pictures
        busy = screen.running is not None
        if screen.problems is self._problems and busy is self._busy:
            return
        self._problems, self._busy = screen.problems, busy
        self._nothing.setVisible(not screen.problems.serious)
        self._fill()
        self.listed.emit()

    def _fill(self) -> None:
        """Show a card for each problem; a kind that was there before gets its card back, with the focus."""
        wanted = _keyed(self._problems)
        for key in self._cards.keys() - wanted.keys():
            self._cards[key].let_go()
        while self._list.count():
            self._list.takeAt(0)
        for severity, label in self._headings.items():
            self._list.addWidget(label)  # first, since a label of no parent would flash up as a window
            label.setText(problem_texts.heading(self._problems, severity))
            label.setVisible(bool(self._problems.of(severity)))
            for key, problem in wanted.items():
                if problem.severity is severity:
                    card = self._card(key, problem)
                    self._list.addWidget(card)
                    card.show()  # now: a layout would wait for the next event
        self._list.addStretch(1)

    def _card(self, key: tuple[str, int], problem: Problem) -> ProblemCard:
        if key not in self._cards:
            kind, number = key
            name = f"problem.{kind.replace(' ', '-')}{f'.{number}' if number else ''}"
            card = self._cards[key] = ProblemCard(name, problem)
            card.done.connect(self._do)
            card.files_wanted.connect(self._show_files)
            card.mend_wanted.connect(self.mend_wanted)
        self._cards[key].present(problem, busy=self._busy)
        return self._cards[key]

    def samples_in_view(self) -> tuple[int, ...]:
        """Return the samples that are shown as examples."""
        cards = (card for card in self._cards.values() if not card.isHidden())
        return tuple(sample for card in cards for sample in card.samples())

    def show_thumb(self, sample: int, thumb: RowThumb | None) -> None:
        """Show the thumbnail of `sample`, if it is an example of a problem."""
        for card in self._cards.values():
            card.show_thumb(sample, thumb)

    def _do(self, deed: Deed, problem: Problem) -> None:
        if deed is Deed.RETRY:
            self.retry_wanted.emit()
        elif deed is Deed.SEARCH_AGAIN:
            self.search_wanted.emit()
        elif deed is Deed.REMOVE:
            self.remove_wanted.emit([file.path for file in problem.files])
        elif problem.samples is not None:
            selection = Selection(problem.which, problem.samples, side_by_side=problem.side_by_side)
            if deed is Deed.LOOK:
                self.look_wanted.emit(selection)
            else:
                self.exclude_wanted.emit(deed is Deed.LEAVE_OUT, selection)

    def _show_files(self, problem: Problem) -> None:
        self._files.show_problem(problem)
        self._pages.setCurrentWidget(self._files)
        self._files.table.setFocus()

    def _back(self) -> None:
        self._pages.setCurrentWidget(self._scroll)


def _heading(severity: Severity, parent: QWidget) -> QLabel:
    label = theme.heading("", parent)
    label.setObjectName(f"problems.{severity.name.lower()}")
    label.setToolTip(tr(problem_texts.TIPS[severity]))
    return label


def _keyed(problems: Problems) -> dict[tuple[str, int], Problem]:
    """Return each problem with its kind, and a number where several are of one kind."""
    found: dict[tuple[str, int], Problem] = {}
    for problem in problems.entries:
        number = sum(kind == problem.kind for kind, _ in found)
        found[problem.kind, number] = problem
    return found

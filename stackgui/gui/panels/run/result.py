"""The result card of a run: what was made, what failed, and what to do next."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QTableView, QWidget

from stackgui.core.base.units import format_count
from stackgui.core.run.update_report import UpdateReport
from stackgui.gui.control.screen import RunEnd, Screen, State
from stackgui.gui.panels.found.problems import file_table
from stackgui.gui.panels.run.unfinished import WaysOn
from stackgui.gui.texts import run_texts
from stackgui.gui.texts.hand_over_texts import HAND_OVER_TIP
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.update_texts import UPDATE_TIP, update_details, update_line
from stackgui.gui.widgets.flow import flowing
from stackgui.gui.widgets.parts import Mark, Words, button, column, line, say_copied
from stackgui.gui.widgets.tables import FailureRows
from stackgui.gui.widgets.theme import Role, Space

TABLE_PX = 130
ROW_PX, FILE_PX = 80, 520


class ResultPanel(QWidget):
    """The result of the last run.

    Signals
    -------
    open_wanted(str)
        Open this folder.
    look_wanted(str)
        Look into this stack.
    list_wanted(str)
        Show the list of this stack's pictures.
    verify_wanted(str)
        Verify this stack.
    hand_over_wanted(str), update_wanted(str)
        Hand this stack over, or bring it up to date.
    python_wanted(str)
        Copy the lines that load this stack.
    retry_wanted(), new_wanted(), dismissed()

    Requests about an unfinished run are signals of `ways_on`.
    """

    HELP: ClassVar[str] = "stack"

    open_wanted = Signal(str)
    look_wanted = Signal(str)
    list_wanted = Signal(str)
    verify_wanted = Signal(str)
    hand_over_wanted = Signal(str)
    update_wanted = Signal(str)
    python_wanted = Signal(str)
    retry_wanted = Signal()
    new_wanted = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("result")
        self._end: RunEnd | None = None
        self._mark = Mark("result.mark")
        self._line = Words("result.line", bold=True)
        self._more = Words("result.details")
        self._make_buttons()
        self.ways_on = WaysOn("result")
        self._rows = FailureRows(self)
        self._table = _table(self._rows)
        self._lay_out()
        self._connect()

    def _make_buttons(self) -> None:
        self._look = button(
            "result.look", tr("Look into it"), "pictures", tr("Shows the rows of the stack, however many.")
        )
        self._folder = button(
            "result.folder", tr("&Open folder"), "folder-open", tr("Shows the stack in the file manager.")
        )
        self._address = button("result.address", tr("Copy address"), "copy", tr("Copies where the stack is."))
        self._python = button(
            "result.python", tr("Cop&y Python"), "python", tr("Copies the lines that load this stack.")
        )
        self._hand_over = button("result.handOver", tr("Hand over…"), "archive", tr(HAND_OVER_TIP))
        self._update = button("result.update", tr("Update…"), "retry", tr(UPDATE_TIP))
        self._report = button(
            "result.report", tr("List of pictures"), "report", tr("Shows what each row is, as a table.")
        )
        self._page = button(
            "result.page", tr("Show report"), "report", tr("Shows the page about the stack in the browser.")
        )
        self._verify = button(
            "result.verify", tr("Verify"), "check", tr("Checks that every row is intact where it is saved.")
        )
        self._failures = button(
            "result.failures",
            tr("Failures"),
            "warning",
            tr("Shows which pictures could not be read, and why."),
        )
        self._failures.setCheckable(True)
        self._retry = button(
            "result.retry", tr("Retry failed"), "retry",
            tr("Reads the pictures of failed rows again, once you have repaired or replaced them."),
        )  # fmt: skip
        self._details = button(
            "result.copyDetails",
            tr("Copy &details"),
            "copy",
            tr("Copies what a programmer needs to find the cause."),
        )
        self._make_ways_out()

    def _make_ways_out(self) -> None:
        self._back = button(
            "result.back", tr("Back to the plan"), "undo", tr("Closes this report; folders and choices stay.")
        )
        self._new = button("result.new", tr("&New project"), "plus", tr("Begins another project (Ctrl+N)."))

    def _lay_out(self) -> None:
        layout = column(self)
        head = line()
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._line, 1)
        layout.addLayout(head)
        layout.addWidget(self._more)
        buttons = flowing(self.ways_on, *self._buttons())
        layout.addLayout(buttons)
        layout.addWidget(self._table)
        layout.addSpacing(Space.XS)

    def _buttons(self) -> tuple[QPushButton, ...]:
        return (
            self._look, self._folder, self._address, self._page, self._hand_over, self._update, self._python,
            self._report, self._verify, self._failures, self._retry, self._details, self._back, self._new,
        )  # fmt: skip

    def _connect(self) -> None:
        self._look.clicked.connect(self.look)
        self._folder.clicked.connect(self.open_folder)
        self._address.clicked.connect(self._copy_address)
        self._page.clicked.connect(self._show_page)
        self._report.clicked.connect(self.show_list)
        self._verify.clicked.connect(self.verify)
        self._python.clicked.connect(self.copy_python)
        self._hand_over.clicked.connect(self._hand)
        self._update.clicked.connect(self._bring_up_to_date)
        self._details.clicked.connect(self._copy_details)
        self._failures.toggled.connect(self._table.setVisible)
        self._retry.clicked.connect(self.retry_wanted)
        self._back.clicked.connect(self.dismissed)
        self._new.clicked.connect(self.new_wanted)

    def present(self, screen: Screen) -> None:
        """Show how the last run of `screen` ended, or nothing."""
        # Whatever comes or goes in a card that is seen is laid out at once, and the window with it.
        if screen.end is None or screen.running:
            self.hide()
        if screen.end is not None:
            self._present_end(screen, screen.end)
        self.setVisible(screen.end is not None and not screen.running)

    def _present_end(self, screen: Screen, end: RunEnd) -> None:
        if end.report is None:
            self._more.setText(run_texts.left_line(end.left) if end.is_left_known else "")
        # What another stack has left is no way on from this run.
        found = screen.unfinished if screen.run.destination == end.destination else None
        self.ways_on.present(found, end.way_on)
        if end is self._end:
            return
        self._end = end
        report = end.report
        self._mark.set_role(_role(end))
        self._line.setText(run_texts.result_line(report) if report else tr(end.text))
        if report:
            self._more.setText(
                run_texts.retry_details(end.retry) if end.retry else run_texts.result_details(report)
            )
        self._present_failures(end)
        in_folder = bool(end.folder)
        for made in (self._folder, self._hand_over, self._update, self._report):
            made.setVisible(in_folder)
        for made in (self._look, self._python, self._verify):
            made.setVisible(report is not None)
        self._address.setVisible(report is not None and not in_folder)
        self._page.setVisible(report is not None and bool(report.page))
        self._details.setVisible(bool(end.details))
        self._details.setText(tr("Copy &details"))
        self._python.setText(tr("Cop&y Python"))
        self._address.setText(tr("Copy address"))

    def show_updated(self, update: UpdateReport) -> None:
        """Say what the stack of the run is now, if it is the one that was brought up to date."""
        if self._end and self._end.report and self._end.report.stack == update.stack:
            self._line.setText(update_line(update.stack, update, is_looking=False))
            self._more.setText(update_details(update))

    def be_brief(self, *, wanted: bool) -> None:
        """Leave out the details, where there is room for little."""
        self._more.setVisible(not wanted)

    def _present_failures(self, end: RunEnd) -> None:
        failures = end.report.failures if end.report else ()
        self._rows.set_failures(failures)
        self._failures.setVisible(bool(failures))
        self._retry.setVisible(bool(failures and end.folder))
        self._failures.setText(tr("Failures ({count:,})", count=len(failures)))
        self._failures.setAccessibleName(tr(format_count(len(failures), "failure")))
        self._failures.setChecked(False)
        self._table.setVisible(False)

    def look(self) -> None:
        """Look into the stack."""
        if self._end and self._end.report:
            self.look_wanted.emit(self._end.report.stack)

    def open_folder(self) -> None:
        """Show the stack in the file manager."""
        if self._end and self._end.report:
            self.open_wanted.emit(self._end.report.stack)

    def show_list(self) -> None:
        """Show what each row of the stack is."""
        if self._end and self._end.report:
            self.list_wanted.emit(self._end.report.stack)

    def verify(self) -> None:
        """Verify the stack."""
        if self._end and self._end.report:
            self.verify_wanted.emit(self._end.report.stack)

    def _show_page(self) -> None:
        if self._end and self._end.report:
            self.open_wanted.emit(self._end.report.page)

    def _hand(self) -> None:
        if self._end and self._end.report:
            self.hand_over_wanted.emit(self._end.report.stack)

    def _bring_up_to_date(self) -> None:
        if self._end and self._end.report:
            self.update_wanted.emit(self._end.report.stack)

    def copy_python(self) -> None:
        """Copy the lines that load the stack."""
        if self._end and self._end.report:
            self.python_wanted.emit(self._end.report.stack)

    def show_copied(self, text: str) -> None:
        """Copy these lines, and say so."""
        QGuiApplication.clipboard().setText(text)
        say_copied(self._python)

    def _copy_address(self) -> None:
        if self._end and self._end.report:
            QGuiApplication.clipboard().setText(self._end.report.stack)
            say_copied(self._address)

    def _copy_details(self) -> None:
        if self._end:
            QGuiApplication.clipboard().setText(f"{self._end.text}\n\n{self._end.details}")
            say_copied(self._details)


def _table(rows: FailureRows) -> QTableView:
    table = file_table(rows, "result.table", tr("Pictures that could not be read"), ROW_PX, FILE_PX)
    table.setFixedHeight(TABLE_PX)
    return table


def _role(end: RunEnd) -> Role:
    if end.state is State.FINISHED:
        spoilt = end.report is not None and (end.report.failures or end.report.page_problem)
        return Role.WARNING if spoilt else Role.SUCCESS
    return Role.INFO if end.state is State.CANCELLED else Role.ERROR

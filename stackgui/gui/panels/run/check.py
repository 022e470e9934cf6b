"""The card that shows the verification of a stack."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from stackgui.core.base.addresses import is_address
from stackgui.gui.control.screen import Check, Screen
from stackgui.gui.panels.found.problems import file_table
from stackgui.gui.texts import run_texts
from stackgui.gui.texts.hand_over_texts import HAND_OVER_TIP
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.flow import flowing
from stackgui.gui.widgets.parts import Mark, Words, button, column, line
from stackgui.gui.widgets.tables import DamageRows
from stackgui.gui.widgets.theme import Role, Space

TABLE_PX = 130
FILE_PX, ROW_PX = 160, 80


class CheckPanel(QWidget):
    """Progress and result of verifying a stack.

    Signals
    -------
    deep_wanted(str)
        Compare this stack with its pictures.
    open_wanted(str)
        Open this folder.
    list_wanted(str)
        Show the list of this stack's pictures.
    hand_over_wanted(str)
        Hand this stack over.
    closed()
    """

    HELP: ClassVar[str] = "stack"

    deep_wanted = Signal(str)
    open_wanted = Signal(str)
    list_wanted = Signal(str)
    hand_over_wanted = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("check")
        self._check = Check("")
        self._mark = Mark("check.mark")
        self._line = Words("check.line", bold=True)
        self._more = Words("check.details")
        self._make_buttons()
        self._rows = DamageRows(self)
        self._table = file_table(self._rows, "check.table", tr("What is damaged"), FILE_PX, ROW_PX)
        self._table.setFixedHeight(TABLE_PX)
        self._lay_out()
        self._deep.clicked.connect(lambda: self.deep_wanted.emit(self._check.stack))
        self._folder.clicked.connect(lambda: self.open_wanted.emit(self._check.stack))
        self._list.clicked.connect(lambda: self.list_wanted.emit(self._check.stack))
        self._hand_over.clicked.connect(lambda: self.hand_over_wanted.emit(self._check.stack))
        self._copy.clicked.connect(self._copy_details)
        self._close.clicked.connect(self.closed)

    def _make_buttons(self) -> None:
        self._deep = button(
            "check.deep", tr("Compare with the pictures"), "pictures",
            tr("Decodes up to 1,000 of the pictures again and compares them with their rows."),
        )  # fmt: skip
        self._folder = button(
            "check.folder", tr("Open folder"), "folder-open", tr("Shows it in the file manager.")
        )
        self._list = button(
            "check.list", tr("List of pictures"), "report", tr("Shows what each row is, as a table.")
        )
        self._hand_over = button("check.handOver", tr("Hand over…"), "archive", tr(HAND_OVER_TIP))
        self._copy = button(
            "check.copyDetails",
            tr("Copy details"),
            "copy",
            tr("Copies what a programmer needs to find the cause."),
        )
        self._close = button(
            "check.close", tr("Close"), "close", tr("Ends the check; the stack stays as it is.")
        )

    def _lay_out(self) -> None:
        layout, words = column(self), column(spacing=Space.XS)
        words.addWidget(self._line)
        words.addWidget(self._more)
        # Beside the words, because this card may stand below another one.
        head = line()
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        head.addLayout(
            flowing(self._folder, self._hand_over, self._list, self._deep, self._copy, self._close)
        )
        layout.addLayout(head)
        layout.addWidget(self._table)
        layout.addSpacing(Space.XS)

    def present(self, screen: Screen) -> None:
        """Show the check of `screen`, or nothing."""
        check = screen.check
        self.setVisible(check is not None)
        if check is None:
            return
        # The card above has these buttons if it is about the same stack.
        told = screen.end.report if screen.end and not screen.running else None
        for made in (self._folder, self._hand_over, self._list):
            is_offered = told is None or told.stack != check.stack
            made.setVisible(is_offered and not is_address(check.stack))
        if check is self._check:
            return
        self._check = check
        self._mark.set_role(_role(check))
        self._line.setText(run_texts.check_line(check.stack, check.report, check.problem))
        self._more.setText(
            run_texts.check_details(check.report)
            if check.report
            else run_texts.check_progress(check.progress)
        )
        damage = check.report.damage if check.report else ()
        self._rows.set_damage(damage)
        self._table.setVisible(bool(damage))
        self._copy.setVisible(bool(check.details))
        self._deep.setEnabled(check.report is not None)

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._check.problem}\n\n{self._check.details}")


def _role(check: Check) -> Role:
    if check.problem:
        return Role.ERROR
    if check.report is None:
        return Role.INFO
    return Role.SUCCESS if check.report.is_sound else Role.ERROR

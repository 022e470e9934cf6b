"""The card of an unfinished conversion, and the buttons to resume it or convert again."""

from __future__ import annotations

import time
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from stackgui.core.run.report import Unfinished
from stackgui.core.run.run_options import IfUnfinished
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts import run_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.flow import flowing
from stackgui.gui.widgets.parts import Mark, Words, button, column, line
from stackgui.gui.widgets.theme import Role, Space


class WaysOn(QWidget):
    """Buttons to resume, or to discard it and convert again.

    Parameters
    ----------
    name
        Prefix of the buttons' object names.

    Signals
    -------
    resume_wanted(bool)
        Whether to redo files that have changed.
    restart_wanted()
    """

    resume_wanted = Signal(bool)
    restart_wanted = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._redo = False
        self._resume = button(
            f"{name}.resume", tr("Resume"), "play",
            tr("Continues where it stopped; finished rows are not made again (Ctrl+R)."),
        )  # fmt: skip
        self._restart = button(
            f"{name}.restart", tr("Discard and convert again"), "redo",
            tr("Prepares to convert from the beginning; finished rows are discarded when you press Convert."),
        )  # fmt: skip
        layout = line(self)
        layout.addWidget(self._resume)
        layout.addWidget(self._restart)
        self._resume.clicked.connect(lambda: self.resume_wanted.emit(self._redo))
        self._restart.clicked.connect(self.restart_wanted)

    def present(self, unfinished: Unfinished | None, way_on: IfUnfinished) -> None:
        """Show the buttons that apply."""
        self.setVisible(unfinished is not None)
        self._redo = way_on is IfUnfinished.REDO
        text = tr("Resume, convert changed pictures again") if self._redo else tr("Resume")
        self._resume.setText(text)
        self._resume.setAccessibleName(text)
        self._resume.setVisible(way_on is not IfUnfinished.RESTART)


class UnfinishedPanel(QWidget):
    """The card of an unfinished conversion.

    Signals
    -------
    dismissed()
    """

    HELP: ClassVar[str] = "interrupted"

    dismissed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("unfinished")
        self._shown: Unfinished | None = None
        mark = Mark("unfinished.mark")
        mark.set_role(Role.INFO)
        self._line = Words("unfinished.line", bold=True)
        self._more = Words("unfinished.details")
        self.ways_on = WaysOn("unfinished")
        self._leave = button(
            "unfinished.leave", tr("Not now"), "close",
            tr("Leaves it as it is, so that you can resume another time; this stack gets another name."),
        )  # fmt: skip
        self._leave.clicked.connect(self.dismissed)
        layout = column(self)
        head = line()
        head.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._line, 1)
        layout.addLayout(head)
        layout.addWidget(self._more)
        layout.addLayout(flowing(self.ways_on, self._leave))
        layout.addSpacing(Space.XS)

    def present(self, screen: Screen) -> None:
        """Show the unfinished conversion of `screen`, unless another card takes precedence."""
        found = screen.unfinished if screen.end is None else None
        self.setVisible(found is not None)
        if found is not None and found is not self._shown:
            self._line.setText(run_texts.unfinished_line(found, time.time()))
            self._more.setText(run_texts.unfinished_details(found))
            self.ways_on.present(found, IfUnfinished.RESUME)
        self._shown = found

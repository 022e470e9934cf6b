"""The panel that hands a stack over: as it is, or as a copy for another tool."""

from __future__ import annotations

import os
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from stackgui.core.base.addresses import is_address, normal
from stackgui.core.base.kinds import typed_path
from stackgui.core.base.text import printable
from stackgui.core.base.typed_addresses import is_meant_as_address
from stackgui.core.run.export import ExportChoice
from stackgui.core.run.export_target import address_problem
from stackgui.core.run.loading import LIBRARIES, snippet
from stackgui.gui.control.handed import Handed
from stackgui.gui.panels.run.hand_over_choice import OfferedChoice
from stackgui.gui.texts import hand_over_texts, run_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.drop_down import DropDown
from stackgui.gui.widgets.parts import (
    Mark,
    Words,
    button,
    column,
    line,
    named,
    say_copied,
    scrolling,
    set_progress,
    show_busy,
)
from stackgui.gui.widgets.theme import Role, Space, rule

STEPS = 1000
"""Steps of the progress bar, which counts in 32 bits and could not hold every number of rows."""

CODE_PX = 140
LINES = 3
"""Lines of text for which there is always room, so that nothing moves when they come."""

AS_IT_IS = ""
"""The choice that makes nothing: the folder itself."""


class HandOverPanel(QWidget):
    """What a stack can be handed over as, the place for it, and how far it is.

    Signals
    -------
    export_wanted(str, str)
        Make this kind of copy at this place.
    place_wanted(str)
        Ask for a place instead of this one.
    cancel_wanted()
    open_wanted(str)
        Show this file or folder.
    """

    HELP: ClassVar[str] = "handover"

    export_wanted = Signal(str, str)
    place_wanted = Signal(str)
    cancel_wanted = Signal()
    open_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("handOver")
        self._state = Handed()
        self._copied = ""
        self._chosen = AS_IT_IS
        self._places: dict[str, str] = {}
        self._suffixes: dict[str, str] = {}
        self._offered: dict[str, OfferedChoice] = {}
        self._group = QButtonGroup(self)
        self._head = Words("handOver.head", bold=True)
        self._list = QWidget()
        self._rows: QVBoxLayout = column(self._list, margin=Space.S, spacing=Space.M)
        self._make_place()
        self._make_code()
        self._make_end()
        self._lay_out()
        self._connect()
        self.present(self._state)

    def _make_place(self) -> None:
        self._place = named(
            QLineEdit(), "handOver.place", tr("Save as"), tr("The file or folder that will be made.")
        )
        self._place.setAcceptDrops(False)
        self._change = button("handOver.change", tr("C&hange…"), "folder-open", tr("Asks for another place."))
        self._export = button(
            "handOver.export", tr("&Export"), "archive", tr("Makes this copy; the stack stays.")
        )
        self._bar = named(
            QProgressBar(), "handOver.bar", tr("Progress"), tr("Share of the rows that are written.")
        )
        self._bar.setTextVisible(False)
        self._cancel = button(
            "handOver.cancel", tr("Ca&ncel"), "stop", tr("Stops the export; nothing stays of it.")
        )

    def _make_code(self) -> None:
        self._library = named(
            DropDown(), "handOver.library", tr("Library"), tr("Shows the code for this library.")
        )
        self._library.addItems(list(LIBRARIES.values()))
        self._copy = button(
            "handOver.copy", tr("Cop&y Python"), "python", tr("Copies the lines that load it.")
        )
        self._code = named(QPlainTextEdit(), "handOver.code", tr("Python that loads it"), "")
        self._code.setReadOnly(True)
        self._code.setTabChangesFocus(True)
        self._code.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._code.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._code.setFixedHeight(CODE_PX)

    def _make_end(self) -> None:
        self._mark = Mark("handOver.mark")
        self._line = Words("handOver.line")
        self._open = button(
            "handOver.open", tr("&Open folder"), "folder-open", tr("Shows it in the file manager.")
        )
        self._address = button("handOver.address", tr("Copy address"), "copy", tr("Copies where it is."))

    def _lay_out(self) -> None:
        layout = column(self, margin=Space.L, spacing=Space.M)
        layout.addWidget(self._head)
        area = scrolling("handOver.list", tr("What it can be handed over as"), self._list)
        area.setFrameShape(QFrame.Shape.StyledPanel)
        layout.addWidget(area, 1)
        place = line()
        self._caption = QLabel(tr("Save as"))
        self._caption.setBuddy(self._place)
        place.addWidget(self._caption)
        place.addWidget(self._place, 1)
        place.addWidget(self._change)
        place.addWidget(self._export)
        layout.addLayout(place)
        layout.addWidget(self._state_area())
        layout.addWidget(rule())
        code = line()
        code.addWidget(self._library)
        code.addWidget(self._copy)
        code.addWidget(self._open)
        code.addWidget(self._address)
        code.addStretch(1)
        layout.addLayout(code)
        layout.addWidget(self._code)

    def _state_area(self) -> QWidget:
        """Return what tells how far it is and how it ended, in as much room as most of that needs."""
        area = QWidget()
        layout = column(area, spacing=Space.XS)
        said = line()
        said.addWidget(self._mark)
        said.addWidget(self._line, 1)
        layout.addLayout(said)
        going = line()
        going.addWidget(self._bar, 1)
        going.addWidget(self._cancel)
        layout.addLayout(going)
        layout.addStretch(1)
        spacing = self._line.fontMetrics().lineSpacing()
        said_px = max(spacing, self._mark.sizeHint().height())
        busy_px = said_px + Space.XS + self._cancel.sizeHint().height()
        area.setMinimumHeight(max(LINES * spacing, busy_px))
        return area

    def _connect(self) -> None:
        self._change.clicked.connect(lambda: self.place_wanted.emit(self._typed()))
        self._export.clicked.connect(lambda: self.export_wanted.emit(self._chosen, self._typed()))
        self._place.textEdited.connect(self._keep_place)
        self._place.returnPressed.connect(self._export.click)
        self._cancel.clicked.connect(self.cancel_wanted)
        self._library.currentIndexChanged.connect(lambda _place: self._show_code())
        self._copy.clicked.connect(self._copy_code)
        self._open.clicked.connect(lambda: self.open_wanted.emit(self._made()))
        self._address.clicked.connect(self._copy_address)

    def choose_place(self, place: str) -> None:
        """Show `place` as the one for what is chosen."""
        self._places[self._chosen] = place
        self._show_choice()

    def present(self, state: Handed) -> None:
        """Show `state`."""
        before, self._state = self._state, state
        if state.stack != before.stack or state.offer is not before.offer:
            self._offer(state)
        self._show_choice()
        if bool(state.target) != bool(before.target):
            self._move_focus()

    def _move_focus(self) -> None:
        """Give the focus to what one may want next; what had it cannot be pressed any more."""
        made = (self._open, self._address) if self._state.report else ()
        ways = (self._cancel, *made, self._export)
        next(each for each in ways if each.isVisibleTo(self) and each.isEnabled()).setFocus()

    def _offer(self, state: Handed) -> None:
        """Show what the stack can be handed over as."""
        self._head.setText(hand_over_texts.head_line(state.stack) if state.stack else "")
        for each in self._offered.values():
            self._group.removeButton(each.choice)
            self._rows.removeWidget(each)
            each.deleteLater()
        self._offered, self._chosen = {}, AS_IT_IS
        if (offer := state.offer) is None:
            return
        self._places = dict(offer.places)
        self._suffixes = {each.name: each.suffix for each in offer.choices}
        as_it_is = ExportChoice(
            AS_IT_IS, hand_over_texts.FOLDER, hand_over_texts.FOLDER_AUDIENCE, "", (), "", 0
        )
        self._add(as_it_is, hand_over_texts.folder_size(offer.loadable))
        for choice in offer.choices:
            self._add(choice, hand_over_texts.size_line(choice))
        first = self._offered[AS_IT_IS].choice
        first.setChecked(True)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, choice: ExportChoice, size: str) -> None:
        made = self._offered[choice.name] = OfferedChoice(choice, size)
        self._group.addButton(made.choice)
        self._rows.addWidget(made)
        made.chosen.connect(self._choose)

    def _choose(self, name: str) -> None:
        self._chosen = name
        self._show_choice()

    def _show_choice(self) -> None:
        """Show what belongs to what is chosen, and to what is being made."""
        state, is_copy = self._state, self._chosen != AS_IT_IS
        for each in self._offered.values():
            each.set_locked(locked=bool(state.target))
        place = self._places.get(self._chosen, "")
        for part in (self._caption, self._place, self._change):
            part.setEnabled(is_copy and not state.target)
        self._export.setEnabled(is_copy and not state.target and bool(place) and not self._problem())
        if printable(place) != self._place.text():
            self._place.setText(printable(place))
        self._bar.setVisible(bool(state.target))
        self._cancel.setVisible(bool(state.target))
        self._show_progress()
        self._say()
        self._show_code()

    def _show_progress(self) -> None:
        progress = self._state.progress
        if progress is None or not progress.rows:
            show_busy(self._bar)
            return
        self._bar.setRange(0, STEPS)
        set_progress(self._bar, progress.rows_done * STEPS // progress.rows)

    def _say(self) -> None:
        state, chosen = self._state, self._offered.get(self._chosen)
        text, role = "", Role.INFO
        if state.target:
            text = _progress(state)
        elif problem := self._problem():
            text, role = tr(problem), Role.WARNING
        elif state.problem and state.tried in {"", self._typed()}:
            text, role = tr(state.problem), Role.ERROR
        elif state.cancelled:
            text = tr("Cancelled; nothing stays of it.")
        elif state.report is not None and state.report.exporter == self._chosen:
            text, role = hand_over_texts.result_line(state.report), Role.SUCCESS
            if more := hand_over_texts.notes(state.report):
                text, role = f"{text} {more}", Role.WARNING
        elif state.offer is None and state.stack:
            text = tr("Looking at the stack")
        elif chosen is not None:
            text = hand_over_texts.notes(chosen.offered)
        self._line.setText(text)
        self._mark.setVisible(bool(text))
        self._mark.set_role(role)

    def _show_code(self) -> None:
        state = self._state
        report = state.report if state.report and state.report.exporter == self._chosen else None
        is_folder = self._chosen == AS_IT_IS and state.offer is not None
        text = report.loading if report else ""
        if is_folder and state.offer is not None:
            text = snippet(state.offer.loadable, list(LIBRARIES)[max(0, self._library.currentIndex())])
        if text != self._code.toPlainText():
            self._code.setPlainText(text)
            self._copy.setText(tr("Cop&y Python"))
        self._library.setEnabled(is_folder)
        self._copy.setEnabled(bool(text))
        made = self._made()
        self._open.setEnabled(bool(made))
        self._open.setVisible(not is_address(made))
        self._address.setVisible(is_address(made))
        if made != self._copied:
            self._address.setText(tr("Copy address"))
        self._code.setPlaceholderText(
            "" if text else tr("Once it is made, the lines of Python that open it are here.")
        )

    def _made(self) -> str:
        """Return what can be shown in the file manager."""
        state = self._state
        if self._chosen == AS_IT_IS:
            return state.stack
        return state.report.target if state.report and state.report.exporter == self._chosen else ""

    def _typed(self) -> str:
        """Return the chosen place; a name that cannot be shown stays as it is unless it is typed over."""
        place = self._places.get(self._chosen, "")
        text = self._place.text()
        if is_address(place):
            return normal(place)
        return place if printable(place) == text else self._path_of(text)

    def _path_of(self, text: str) -> str:
        """Return the path that was typed; a mere name lies beside the place that was proposed."""
        offer = self._state.offer
        proposed = offer.places.get(self._chosen, "") if offer is not None else ""
        return typed_path(text, os.path.dirname(proposed))

    def _keep_place(self, text: str) -> None:
        typed = text.strip()
        is_path = typed and not is_meant_as_address(typed)
        self._places[self._chosen] = place = self._path_of(text) if is_path else typed
        self._export.setEnabled(bool(place) and not self._problem())
        self._say()

    def _problem(self) -> str:
        """Return why nothing can be written to the address that was typed, or ``""``."""
        place, chosen = self._places.get(self._chosen, ""), self._offered.get(self._chosen)
        if chosen is None or not is_meant_as_address(place):
            return ""
        return address_problem(place, self._suffixes.get(self._chosen, ""))

    def _copy_address(self) -> None:
        self._copied = self._made()
        QGuiApplication.clipboard().setText(self._copied)
        say_copied(self._address)

    def _copy_code(self) -> None:
        QGuiApplication.clipboard().setText(self._code.toPlainText())
        say_copied(self._copy)


def _progress(state: Handed) -> str:
    return run_texts.progress_line(state.progress, paused=False) if state.progress else tr("Getting ready")

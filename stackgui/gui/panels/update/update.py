"""The panel that brings a finished stack up to date: what has changed, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QProgressBar, QWidget

from stackgui.core.base.ways import Way
from stackgui.core.options.update_options import Gone, Larger, UpdateOptions
from stackgui.core.run.found_pictures import FoundPicture
from stackgui.core.run.update_report import FOUND, UpdateReport
from stackgui.gui.control.update_state import UpdateState
from stackgui.gui.panels.update.found_rows import NOW, FoundRows, found_table, visible_lines
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.update_texts import (
    update_details,
    update_line,
    update_progress,
    watching_line,
)
from stackgui.gui.texts.ways_out import sentences
from stackgui.gui.widgets.boxes import CheckBox
from stackgui.gui.widgets.drop_down import narrow_drop_down
from stackgui.gui.widgets.flow import flowing
from stackgui.gui.widgets.parts import (
    Mark,
    PrimaryButton,
    Words,
    button,
    column,
    line,
    named,
    set_progress,
    show_busy,
    show_pause,
)
from stackgui.gui.widgets.theme import Role, Space


class UpdatePanel(QWidget):
    """What has changed in the sources of a stack, and how it is to be updated.

    Signals
    -------
    begin_wanted(), look_wanted(), cancel_wanted(), pause_wanted()
    choices_changed(UpdateOptions)
    watch_wanted(bool)
    """

    HELP: ClassVar[str] = "update"

    begin_wanted = Signal()
    look_wanted = Signal()
    cancel_wanted = Signal()
    pause_wanted = Signal()
    choices_changed = Signal(object)
    watch_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("update")
        self._shown: UpdateState | None = None
        self._listed: UpdateReport | None = None
        self._mark = Mark("update.mark")
        self._line = Words("update.line", bold=True)
        self._more = Words("update.details")
        self._watching = Words("update.watching")
        self._rows = FoundRows(self)
        self._table = found_table(self._rows)
        self._kinds = narrow_drop_down(
            "update.kinds", tr("What is listed"), tr("Lists all that was found, or only a part of it."), 24
        )
        self._kinds.activated.connect(lambda _place: self._rows.list_only(self._kinds.currentData()))
        self._bar = named(QProgressBar(), "update.bar", tr("Progress of the update"), "")
        self._make_choices()
        self._make_buttons()
        self._lay_out()

    def _make_choices(self) -> None:
        self._blank = named(
            CheckBox(tr("&Blank the rows of pictures that are gone")), "update.blank",
            tr("Blank the rows of pictures that are gone"),
            tr("Fills these rows with padding; otherwise they stay as they are, and are only marked."),
        )  # fmt: skip
        self._shrink = named(
            CheckBox(tr("Make &larger pictures smaller")), "update.shrink",
            tr("Make larger pictures smaller"),
            tr("Scales pictures that are larger than the rows; otherwise their rows stay blank."),
        )  # fmt: skip
        self._versions = named(
            CheckBox(tr("Go on with other &versions")), "update.versions", tr("Go on with other versions"),
            tr("Makes rows with other versions than before, which may give other pixels; both are recorded."),
        )  # fmt: skip
        self._deleted = named(
            CheckBox(tr("&They were deleted")), "update.deleted", tr("They were deleted"),
            tr("Marks what is missing as gone, instead of waiting until its disk is connected again."),
        )  # fmt: skip
        self._watch = named(
            CheckBox(tr("Update by itself &whenever files change")), "update.watch",
            tr("Update by itself whenever files change"),
            tr("Goes on looking while the program runs, and updates once nothing has changed for 5 seconds."),
        )  # fmt: skip
        for each in self._choices:
            each.clicked.connect(self._choose)
        self._watch.clicked.connect(self.watch_wanted)

    @property
    def _choices(self) -> tuple[QCheckBox, ...]:
        return self._blank, self._shrink, self._versions, self._deleted

    def _make_buttons(self) -> None:
        self._update = PrimaryButton(
            "update.begin", tr("&Update"), "play", tr("Brings the stack up to date; row numbers stay.")
        )
        self._again = button(
            "update.again", tr("Look a&gain"), "redo", tr("Looks once more what has changed.")
        )
        self._pause = button(
            "update.pause", tr("&Pause"), "pause", tr("Pauses or continues the update; nothing is lost.")
        )
        self._cancel = button(
            "update.cancel", tr("Ca&ncel"), "stop",
            tr("Ends the update; the stack stays as it was, and the next update goes on from here."),
        )  # fmt: skip
        self._copy = button(
            "update.copyDetails", tr("Copy &details"), "copy",
            tr("Copies what a programmer needs to find the cause."),
        )  # fmt: skip
        self._update.clicked.connect(self.begin_wanted)
        self._again.clicked.connect(self.look_wanted)
        self._pause.clicked.connect(self.pause_wanted)
        self._cancel.clicked.connect(self.cancel_wanted)
        self._copy.clicked.connect(self._copy_details)

    def _lay_out(self) -> None:
        layout, head = column(self, margin=Space.M), line()
        head.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._line, 1)
        layout.addLayout(head)
        layout.addWidget(self._more)
        layout.addWidget(self._kinds, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._table, 1)
        for choice in (*self._choices, self._watch):
            layout.addWidget(choice)
        layout.addWidget(self._watching)
        layout.addWidget(self._bar)
        layout.addLayout(flowing(self._update, self._again, self._pause, self._cancel, self._copy))

    def present(self, state: UpdateState | None, *, is_busy: bool) -> None:
        """Show `state`; while something else `is_busy` with a run, no update can begin."""
        self._update.setEnabled(state is not None and state.can_begin and not is_busy)
        if state is None or state is self._shown:
            return
        self._shown = state
        self._mark.set_role(_role(state))
        self._line.setText(_told(state))
        self._more.setText(_details(state))
        if state.report is not self._listed:
            self._listed = state.report
            self._rows.set_report(state.report)
            self._list_kinds(state.report)
            self._table.setColumnHidden(NOW, state.report is not None and state.report.is_done)
        self._present_choices(state)
        self._present_progress(state)

    def _list_kinds(self, report: UpdateReport | None) -> None:
        """Offer the kinds that `report` has found, if there are several; what was chosen stays so."""
        chosen, found = self._kinds.currentData(), {} if report is None else report.found
        self._kinds.clear()
        self._kinds.addItem(tr("All that was found"), "")
        for kind, names in found.items():
            self._kinds.addItem(tr(FOUND[kind](len(names))), kind)
        self._kinds.setVisible(len(found) > 1)
        if (place := self._kinds.findData(chosen)) > 0:
            self._kinds.setCurrentIndex(place)
            self._rows.list_only(chosen)

    @property
    def missing(self) -> list[int]:
        """Return the lines that are seen and whose pictures are not known."""
        return self._rows.missing(*visible_lines(self._table))

    def show_pictures(self, pictures: Iterable[FoundPicture]) -> None:
        """Show how some of what was found looks."""
        self._rows.show_pictures(pictures)

    def _present_choices(self, state: UpdateState) -> None:
        report, choices = state.report, state.choices
        self._blank.setChecked(choices.gone is Gone.BLANK)
        self._shrink.setChecked(choices.larger is Larger.SHRINK)
        self._versions.setChecked(choices.allow_other_versions)
        self._watch.setChecked(state.is_watched)
        self._blank.setVisible(report is not None and bool(report.gone))
        self._shrink.setVisible(report is not None and bool(report.larger))
        self._versions.setVisible(report is not None and bool(report.versions))
        self._deleted.setChecked(choices.allow_empty_sources)
        self._deleted.setVisible(choices.allow_empty_sources or Way.EMPTY_SOURCES in state.ways)
        for choice in self._choices:
            choice.setEnabled(not state.is_updating)
        self._watching.setText(watching_line(state.looked_at, is_watched=state.is_watched))
        self._watching.setVisible(state.is_watched)

    def _present_progress(self, state: UpdateState) -> None:
        busy = state.is_updating or state.is_looking
        self._bar.setVisible(busy)
        self._cancel.setVisible(busy)
        self._pause.setVisible(state.is_updating)
        show_pause(self._pause, is_paused=state.is_paused, trouble=_trouble(state))
        self._again.setVisible(not busy)
        self._copy.setVisible(bool(state.details))
        progress = state.progress
        if progress is not None and progress.rows:
            self._bar.setRange(0, progress.rows)
            set_progress(self._bar, progress.rows_done)
        elif busy:
            show_busy(self._bar)

    def _choose(self) -> None:
        choices = UpdateOptions(
            Gone.BLANK if self._blank.isChecked() else Gone.KEEP,
            Larger.SHRINK if self._shrink.isChecked() else Larger.BLANK,
            allow_other_versions=self._versions.isChecked(),
            allow_empty_sources=self._deleted.isChecked(),
        )
        self.choices_changed.emit(choices)

    def _copy_details(self) -> None:
        if self._shown is not None:
            QGuiApplication.clipboard().setText(f"{self._shown.problem}\n\n{self._shown.details}")


def _told(state: UpdateState) -> str:
    """Return the line that says how things stand."""
    if state.problem:
        return tr(state.problem)
    if state.progress is not None:
        return tr(_trouble(state)) or update_progress(state.progress, is_paused=state.is_paused)
    return update_line(state.stack, state.report, is_looking=state.is_looking)


def _details(state: UpdateState) -> str:
    if state.is_looking:
        return ""
    if state.progress is not None and _trouble(state):
        return update_progress(state.progress, is_paused=True)
    hint = tr(sentences([Way.OTHER_VERSIONS])) if state.asks_versions and not state.problem else ""
    return "\n".join(filter(None, (update_details(state.report), hint)))


def _trouble(state: UpdateState) -> str:
    """Return why an update has paused by itself, or ``""``."""
    return state.progress.trouble if state.progress is not None and state.is_paused else ""


def _role(state: UpdateState) -> Role:
    if state.problem:
        return Role.ERROR
    if _trouble(state):
        return Role.WARNING
    report = state.report
    if report is None or state.is_looking or state.is_updating:
        return Role.INFO
    # Pictures that are made smaller are so because the person wants it.
    blank = report.unfit or (report.larger and report.choices.larger is Larger.BLANK)
    if report.failures or (blank and not report.is_nothing):
        return Role.WARNING
    return Role.SUCCESS if report.is_done or report.is_nothing else Role.INFO

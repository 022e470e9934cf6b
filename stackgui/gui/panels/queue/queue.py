"""The queue: its jobs as a table, what can be done with them, and what happens when it is done."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QItemSelectionModel, QObject, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from stackgui.core.base.addresses import is_address
from stackgui.core.base.wording import Wording, say, say_many
from stackgui.core.project.queue import JobState, QueuedJob, WhenDone
from stackgui.core.project.queue_words import (
    outcome_words,
    place_words,
    preset_words,
    size_words,
    source_words,
    state_words,
    told_words,
)
from stackgui.gui.control.running import QueueState
from stackgui.gui.control.screen import Screen
from stackgui.gui.panels.found.problems import file_table
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.stored import tr_stored
from stackgui.gui.widgets.drop_down import DropDown
from stackgui.gui.widgets.flow import flowing
from stackgui.gui.widgets.parts import Words, button, column, line, named
from stackgui.gui.widgets.tables import Cells, Rows
from stackgui.gui.widgets.theme import Space

HEADERS = (say("Stack"), say("State"), say("Choices"), say("Size"), say("Sources"), say("Place"))
WIDTHS_PX = (110, 185, 195, 140, 110)

WHEN_DONE = {
    WhenDone.NOTIFY: say("Notify me"),
    WhenDone.SOUND: say("Play a sound"),
    WhenDone.OPEN_FOLDER: say("Open the folder"),
    WhenDone.NOTHING: say("Do nothing"),
    WhenDone.SLEEP: say("Put the computer to sleep"),
    WhenDone.SHUT_DOWN: say("Shut the computer down"),
}

EMPTY = say("Nothing is in the queue. Prepare a stack, and press “Add to queue”.")
ELSEWHERE = say("Another window or a terminal is running the queue.")

_RETRIABLE = frozenset({JobState.FAILED, JobState.CANCELLED})


class QueueRows(Rows):
    """The jobs of the queue."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(tuple(map(tr, HEADERS)), parent)
        self.jobs: tuple[QueuedJob, ...] = ()
        self._progress: tuple[int | None, bool] = None, False

    def set_jobs(self, jobs: tuple[QueuedJob, ...]) -> None:
        """List `jobs`."""
        self.beginResetModel()
        self.jobs = jobs
        self.endResetModel()

    def set_progress(self, percent: int | None, *, is_held: bool) -> None:
        """Show how far the running job is, and whether it is paused."""
        if (percent, is_held) == self._progress:
            return
        self._progress = percent, is_held
        for row, job in enumerate(self.jobs):
            if job.state is JobState.RUNNING:
                self.dataChanged.emit(self.index(row, 1), self.index(row, 1))

    def length(self) -> int:
        """Return the number of jobs."""
        return len(self.jobs)

    def cells(self, row: int) -> Cells:
        """Return name, state, choices, size, sources and place of a job."""
        job = self.jobs[row]
        percent, is_held = self._progress
        told = (
            state_words(job, percent, is_held=is_held),
            preset_words(job),
            size_words(job),
            source_words(job),
        )
        return job.name, *map(tr, told), place_words(job)


class QueuePanel(QWidget):
    """The jobs of the queue.

    Signals
    -------
    start_wanted(), hold_wanted(), clear_wanted()
    shift_wanted(int, int), pause_wanted(int, bool), retry_wanted(int), remove_wanted(int)
        Number of a job; how far it is to move, or whether to pause it.
    cancel_wanted()
        Cancel the job that is running.
    open_wanted(str)
        Open this folder.
    when_done_changed(WhenDone)
    """

    HELP: ClassVar[str] = "queue"

    start_wanted = Signal()
    hold_wanted = Signal()
    clear_wanted = Signal()
    shift_wanted = Signal(int, int)
    pause_wanted = Signal(int, bool)
    retry_wanted = Signal(int)
    remove_wanted = Signal(int)
    cancel_wanted = Signal()
    open_wanted = Signal(str)
    when_done_changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("queue")
        self._state: QueueState | None = None
        self._paused = False
        self._line = Words("queue.line", bold=True)
        self._told = Words("queue.told")
        self._rows = QueueRows(self)
        self._table = file_table(
            self._rows, "queue.table", tr("Stacks in the queue"), WIDTHS_PX[0], WIDTHS_PX[1]
        )
        for index, width in enumerate(WIDTHS_PX):
            self._table.setColumnWidth(index, width)
        self._make_buttons()
        self._when_done = named(
            DropDown(), "queue.whenDone", tr("When the queue is done"),
            tr("What happens when no job waits any more. Sleep and shutdown apply once."),
        )  # fmt: skip
        for wanted, text in WHEN_DONE.items():
            if wanted not in {WhenDone.SLEEP, WhenDone.SHUT_DOWN}:
                self._when_done.addItem(tr(text), wanted)
        self._lay_out()
        self._connect()

    def _make_buttons(self) -> None:
        self._start = button(
            "queue.start", tr("&Start the queue"), "play", tr("Makes the waiting stacks in order.")
        )
        self._hold = button(
            "queue.hold", tr("&Stop after this one"), "pause", tr("Begins no further stack; nothing is lost.")
        )
        self._up = button("queue.up", tr("&Up"), "chevron-up", tr("Makes this stack earlier."))
        self._down = button("queue.down", tr("&Down"), "chevron-down", tr("Makes this stack later."))
        self._pause = button(
            "queue.pause", tr("&Pause"), "pause", tr("Passes this stack over until you go on.")
        )
        self._go_on = button("queue.goOn", tr("&Go on"), "play", tr("Lets this stack take its turn again."))
        self._cancel = button(
            "queue.cancel", tr("Ca&ncel"), "stop", tr("Stops this stack; the queue goes on.")
        )
        self._retry = button("queue.retry", tr("&Try again"), "retry", tr("Lets this stack wait once more."))
        self._remove = button(
            "queue.remove", tr("&Remove"), "minus", tr("Takes this stack out of the queue.")
        )
        self._open = button(
            "queue.open", tr("&Open folder"), "folder-open", tr("Shows the stack in the file manager.")
        )
        self._clear = button(
            "queue.clear",
            tr("&Clear"),
            "close",
            tr("Takes out what is done or was cancelled; the stacks stay."),
        )

    def _lay_out(self) -> None:
        layout = column(self, margin=Space.M, spacing=Space.M)
        head = line()
        head.addWidget(self._line, 1)
        head.addWidget(self._hold)
        head.addWidget(self._start)
        layout.addLayout(head)
        layout.addWidget(self._table, 1)
        layout.addWidget(self._told)
        layout.addLayout(flowing(*self._for_one(), self._clear))
        last = line()
        label = QLabel(tr("&When the queue is done"))
        label.setBuddy(self._when_done)
        last.addWidget(label)
        last.addWidget(self._when_done)
        last.addStretch(1)
        layout.addLayout(last)

    def _for_one(self) -> tuple[QPushButton, ...]:
        return (
            self._up, self._down, self._pause, self._go_on,
            self._cancel, self._retry, self._remove, self._open,
        )  # fmt: skip

    def _connect(self) -> None:
        self._start.clicked.connect(self.start_wanted)
        self._hold.clicked.connect(self.hold_wanted)
        self._clear.clicked.connect(self.clear_wanted)
        self._cancel.clicked.connect(self.cancel_wanted)
        self._up.clicked.connect(lambda: self._tell(lambda job: self.shift_wanted.emit(job.number, -1)))
        self._down.clicked.connect(lambda: self._tell(lambda job: self.shift_wanted.emit(job.number, 1)))
        self._pause.clicked.connect(lambda: self._tell(lambda job: self.pause_wanted.emit(job.number, True)))
        self._go_on.clicked.connect(lambda: self._tell(lambda job: self.pause_wanted.emit(job.number, False)))
        self._retry.clicked.connect(lambda: self._tell(lambda job: self.retry_wanted.emit(job.number)))
        self._remove.clicked.connect(lambda: self._tell(lambda job: self.remove_wanted.emit(job.number)))
        self._open.clicked.connect(lambda: self._tell(lambda job: self.open_wanted.emit(job.destination)))
        self._when_done.activated.connect(
            # Qt gives back a plain text.
            lambda index: self.when_done_changed.emit(WhenDone(self._when_done.itemData(index)))
        )
        self._table.selectionModel().selectionChanged.connect(self._present_marked)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Give the keyboard to the table when the button that has it is hidden or locked.

        Qt would give it to the next control, and the next key would change what happens in the end.
        """
        now: QWidget | None = self.window().focusWidget()
        if now is not None and self.isAncestorOf(now) and not (now.isVisible() and now.isEnabled()):
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().focusNextPrevChild(forward)

    def offer(self, wanted: WhenDone) -> None:
        """Offer something more for the end of the queue, which the system allows."""
        if self._when_done.findData(wanted) < 0:
            self._when_done.addItem(tr(WHEN_DONE[wanted]), wanted)

    def present(self, screen: Screen) -> None:
        """Show the queue of `screen`."""
        running = screen.running if screen.running and screen.running.job else None
        self._paused = running is not None and running.paused
        self._rows.set_progress(running.percent if running else None, is_held=self._paused)
        if screen.queue != self._state:
            self._state = screen.queue
            self._present_queue(screen.queue)
        self._line.setText(tr(_summary(screen.queue, is_held=self._paused)))
        self._present_marked()

    def _present_queue(self, state: QueueState) -> None:
        marked = self._marked()
        self._rows.set_jobs(state.queue.jobs)
        for row, job in enumerate(state.queue.jobs):
            if marked is not None and job.number == marked.number:
                self._mark(row)
        if self._marked() is None and state.queue.jobs:
            self._mark(0)
        self._start.setVisible(not state.is_going)
        self._start.setEnabled(bool(state.queue.waiting) and not state.is_run_elsewhere)
        self._hold.setVisible(state.is_going)
        self._clear.setEnabled(state.queue.cleared() != state.queue)
        self._when_done.setCurrentIndex(max(0, self._when_done.findData(state.when_done)))

    def _mark(self, row: int) -> None:
        """Select a row; the table's own way needs a table that has been laid out."""
        whole = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self._table.selectionModel().setCurrentIndex(self._rows.index(row, 0), whole)

    def _marked(self) -> QueuedJob | None:
        marked = self._table.selectionModel().selectedRows()
        row = marked[0].row() if marked else -1
        return self._rows.jobs[row] if 0 <= row < len(self._rows.jobs) else None

    def _present_marked(self) -> None:
        job = self._marked()
        self._told.setText(tr_stored(told_words(job)) if job else "")
        state = job.state if job else None
        is_running = state is JobState.RUNNING
        place = self._rows.jobs.index(job) if job else 0
        self._up.setEnabled(job is not None and place > 0)
        self._down.setEnabled(job is not None and place < len(self._rows.jobs) - 1)
        goes_on = state is JobState.PAUSED or (is_running and self._paused)
        self._go_on.setVisible(goes_on)
        self._pause.setVisible(not goes_on)
        self._pause.setEnabled(is_running or state is JobState.WAITING)
        self._cancel.setVisible(is_running)
        self._remove.setVisible(not is_running)
        self._remove.setEnabled(job is not None)
        self._retry.setVisible(state in _RETRIABLE)
        in_folder = job is not None and not is_address(job.destination)
        self._open.setVisible(state is JobState.DONE and in_folder)

    def _tell(self, tell: Callable[[QueuedJob], None]) -> None:
        if (job := self._marked()) is not None:
            tell(job)


def _summary(state: QueueState, *, is_held: bool) -> Wording:
    if state.is_run_elsewhere:
        return ELSEWHERE
    waiting = len(state.queue.waiting)
    if not state.queue.jobs:
        return EMPTY
    if running := state.queue.running:
        return _about_running(running.name, waiting, is_held=is_held)
    if not waiting:
        return outcome_words(state.queue.jobs)
    return say_many(waiting, "{count:,} stack waits.", "{count:,} stacks wait.")


def _about_running(name: str, waiting: int, *, is_held: bool) -> Wording:
    if is_held and not waiting:
        return say("“{name}” is paused.", name=name)
    if is_held:
        return say_many(
            waiting,
            "“{name}” is paused; {count:,} stack waits.",
            "“{name}” is paused; {count:,} stacks wait.",
            name=name,
        )
    if not waiting:
        return say("“{name}” is being made.", name=name)
    return say_many(
        waiting,
        "“{name}” is being made; {count:,} stack waits.",
        "“{name}” is being made; {count:,} stacks wait.",
        name=name,
    )

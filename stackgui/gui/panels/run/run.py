"""The bottom of the window: destination, Convert button, and the progress of the run."""

from __future__ import annotations

import os
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QProgressBar, QStackedWidget, QWidget

from stackgui.core.base.awaited import Awaited
from stackgui.core.base.kinds import typed_path
from stackgui.core.base.text import printable
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.core.run.run_options import IfUnfinished
from stackgui.gui.control.problems import empty_places
from stackgui.gui.control.running import Running
from stackgui.gui.control.screen import Screen, State
from stackgui.gui.texts import problem_texts, run_texts, texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.live_chart import LiveChart
from stackgui.gui.widgets.parts import (
    Mark,
    PrimaryButton,
    Words,
    button,
    column,
    line,
    named,
    set_progress,
    show_pause,
)
from stackgui.gui.widgets.row_strip import RowStrip
from stackgui.gui.widgets.steady import Steady
from stackgui.gui.widgets.theme import Role, Space

LINES = 2
"""Lines that there is always room for, of why the run cannot start."""

STILL_S = 5
"""Without a new row for so long, the line says it: a large picture takes a while, a server may be gone."""

TICK_MS = 1000

PROGRESS_STEPS = 1000
"""Steps of the progress bar, which counts in 32 bits and could not hold every number of rows."""


class ProgressPanel(QWidget):
    """The progress of a run.

    Signals
    -------
    pause_wanted(), cancel_wanted()
    """

    HELP: ClassVar[str] = "interrupted"

    pause_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("progress")
        self._shown: FillProgress | None = None
        self._running: Running | None = None
        self._far: tuple[Phase, int] | None = None
        self._awaited = Awaited(STILL_S)
        self._ticks = QTimer(self, interval=TICK_MS)
        self._ticks.timeout.connect(self._say)
        self._reading = (0, 0)  # of the memory: it is read less often than there is progress
        self._bar = named(
            QProgressBar(), "progress.bar", tr("Progress"), tr("Share of the rows that are done.")
        )
        self._bar.setRange(0, PROGRESS_STEPS)
        self._bar.setTextVisible(False)
        self._line = Words("progress.line")
        self._make_buttons()
        self._strip = RowStrip()
        self._trouble_mark = Mark("progress.troubleMark")
        self._trouble_mark.set_role(Role.WARNING)
        self._trouble = Words("progress.trouble", bold=True)
        self._rows = QStackedWidget()
        self._chart = LiveChart()
        self._charts = QWidget()
        self._has_room = True
        self._make_rows()
        self._lay_out()

    def _make_buttons(self) -> None:
        self._pause = button(
            "progress.pause",
            tr("&Pause"),
            "pause",
            tr("Pauses or continues the run; nothing is lost (Ctrl+P)."),
        )
        self._cancel = button(
            "progress.cancel",
            tr("Ca&ncel"),
            "stop",
            tr("Stops the run; the rows done so far are kept, and you can resume (Shift+Esc)."),
        )
        self._pause.clicked.connect(self.pause_wanted)
        self._cancel.clicked.connect(self.cancel_wanted)

    def _lay_out(self) -> None:
        layout = column(self)
        top = line(spacing=Space.M)
        words = column(spacing=Space.XS)
        words.addWidget(Steady(self._line))
        words.addWidget(self._bar)
        top.addLayout(words, 1)
        top.addWidget(self._pause)
        top.addWidget(self._cancel)
        layout.addLayout(top)
        below = line(self._charts, spacing=Space.L)
        below.addWidget(self._rows, 3)
        below.addWidget(self._chart, 2)
        layout.addWidget(self._charts)

    def _make_rows(self) -> None:
        """Create the strip of rows, and the message about trouble that takes its place."""
        told = QWidget()
        layout = line(told)
        layout.addWidget(self._trouble_mark)
        layout.addWidget(self._trouble, 1)
        self._rows.addWidget(self._strip)
        self._rows.addWidget(told)
        self._rows.setSizePolicy(self._strip.sizePolicy())

    def present(self, screen: Screen) -> None:
        """Show the progress of `screen`."""
        running = screen.running
        if running is None:
            self.hide()
            self._forget()
            return
        self._present_run(running)
        self.show()  # last: what changes in a panel that is seen is laid out at once, and the window with it

    def _present_run(self, running: Running) -> None:
        self._ticks.start()
        progress = running.progress
        self._present_pause(running.paused, progress.trouble if running.paused else "")
        self._running = running
        if running.paused or self._far != (progress.phase, progress.rows_done):
            self._far = progress.phase, progress.rows_done
            self._awaited.heard()
        self._say()
        if progress is self._shown:
            return
        self._shown = progress
        set_progress(self._bar, PROGRESS_STEPS * progress.rows_done // max(1, progress.rows))
        self._strip.set_thumbs(progress.thumbs)
        reading = (progress.memory_bytes, progress.free_memory_bytes)
        if progress.memory_bytes and reading != self._reading:
            self._reading = reading
            self._chart.add(
                progress.elapsed_s, progress.memory_bytes, progress.free_memory_bytes, progress.rows_per_s
            )

    def _say(self) -> None:
        """Say how far the run is, and if nothing comes, for how long."""
        if (running := self._running) is not None:
            self._line.setText(
                run_texts.progress_line(
                    running.progress,
                    paused=running.paused,
                    retrying=running.retrying,
                    still_s=self._awaited.seconds,
                )
            )

    def _present_pause(self, paused: bool, trouble: str) -> None:
        show_pause(self._pause, is_paused=paused, trouble=trouble)
        self._trouble.setText(tr(trouble))
        self._rows.setCurrentIndex(1 if trouble else 0)
        self._charts.setVisible(self._has_room or bool(trouble))

    def show_charts(self, *, wanted: bool) -> None:
        """Show the rows just written and the charts, or leave them out; trouble is always shown."""
        self._has_room = wanted
        self._charts.setVisible(wanted or self._rows.currentIndex() == 1)

    def _forget(self) -> None:
        self._ticks.stop()
        self._running = self._far = None
        if self._shown is not None:
            self._shown = None
            self._chart.clear()
            self._strip.set_thumbs(())


class SavePanel(QWidget):
    """The destination, and the button that starts the run.

    Signals
    -------
    destination_changed(str), change_wanted(), replace_changed(bool), convert_wanted(), queue_wanted(),
    show_queue_wanted()
    warnings_wanted()
        Show the warnings.
    """

    HELP: ClassVar[str] = "stack"

    destination_changed = Signal(str)
    change_wanted = Signal()
    replace_changed = Signal(bool)
    convert_wanted = Signal()
    queue_wanted = Signal()
    show_queue_wanted = Signal()
    warnings_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("save")
        self._path = named(
            QLineEdit(),
            "save.destination",
            tr("Save as"),
            tr("The folder that will hold the stack; it is made for you."),
        )
        self._path.setAcceptDrops(False)  # a dropped folder is one to be added, wherever it is dropped
        self._change = button(
            "save.change", tr("Ch&ange…"), "folder-open", tr("Chooses another place or name.")
        )
        self._replace = named(
            QCheckBox(tr("Replace &it")), "save.replace", tr("Replace the stack that is there"),
            tr("The old stack stays as it is until the new one is complete, and is then replaced."),
        )  # fmt: skip
        policy = self._replace.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._replace.setSizePolicy(policy)
        self._make_starters()
        self._mark = Mark("save.mark")
        self._line = Words("save.line")
        self._warnings = button(
            "save.warnings",
            tr("Look"),
            "warning",
            tr("Shows what is doubtful about the pictures and the plan."),
        )
        self._warnings.clicked.connect(self.warnings_wanted)
        self._free = button("save.free", tr("Save as another"), "save", tr("Saves the stack there instead."))
        self._free_place = ""
        self._lay_out()
        self._connect()

    def _make_starters(self) -> None:
        """Create the buttons that make the stack, now or later."""
        self.convert_button = PrimaryButton(
            "save.convert", tr("&Convert"), "play", tr("Makes the stack (Ctrl+Return).")
        )
        self._queue = button(
            "save.queue",
            tr("Add to &queue"),
            "list",
            tr("Makes the stack later, in turn with others (Ctrl+Shift+Return)."),
        )
        self._show_queue = button(
            "save.showQueue",
            tr("Queue"),
            "clock",
            tr("Shows the stacks that are made one after another (Ctrl+Shift+J)."),
        )

    def _lay_out(self) -> None:
        outer = line(self, spacing=Space.L)
        left = column(spacing=Space.XS)
        place = line()
        label = QLabel(tr("&Save as"))
        label.setBuddy(self._path)
        for widget in (label, self._path, self._change, self._replace):
            place.addWidget(widget, 1 if widget is self._path else 0)
        left.addLayout(place)
        reason = line()
        reason.addWidget(self._mark)
        reason.addWidget(self._line, 1)
        reason.addWidget(self._free)
        reason.addWidget(self._warnings)
        reason.addWidget(self._show_queue)
        # Nothing moves when a button comes, or a second line.
        lines_px = LINES * self._line.fontMetrics().lineSpacing()
        reason.addStrut(max(lines_px, self._warnings.sizeHint().height()))
        left.addLayout(reason)
        outer.addLayout(left, 1)
        outer.addWidget(self._queue, 0, Qt.AlignmentFlag.AlignVCenter)
        outer.addWidget(self.convert_button, 0, Qt.AlignmentFlag.AlignVCenter)

    def _connect(self) -> None:
        self._path.editingFinished.connect(self._tell_destination)
        self._change.clicked.connect(self.change_wanted)
        self._replace.clicked.connect(self.replace_changed)
        self.convert_button.clicked.connect(self.convert_wanted)
        self._queue.clicked.connect(self.queue_wanted)
        self._show_queue.clicked.connect(self.show_queue_wanted)
        self._free.clicked.connect(lambda: self.destination_changed.emit(self._free_place))

    def present(self, screen: Screen) -> None:
        """Show the destination of `screen`, and whether the run can start."""
        if not self._path.hasFocus() or not self._path.isModified():
            self._path.setText(screen.run.destination)
        for widget in (self._path, self._change, self._replace):
            widget.setEnabled(bool(screen.sources))
        found = screen.destination
        offered = screen.run.replace or (found is not None and found.replaceable)
        self._replace.setVisible(offered and not screen.is_done and not screen.under_way)
        self._replace.setChecked(screen.run.replace)
        wanted = screen.sources and not screen.under_way and not screen.is_done
        self._present_free(found.free if found and wanted else "")
        self.convert_button.setEnabled(screen.can_convert)
        self._queue.setEnabled(screen.can_convert)
        self._show_queue.setVisible(bool(screen.queue.queue.jobs))
        pending = len(screen.queue.queue.pending)
        self._show_queue.setText(tr("Queue ({count:,})", count=pending) if pending else tr("Queue"))
        self._show_queue.setAccessibleName(self._show_queue.text())
        self._mark.set_role(_role(screen))
        self._line.setText(tr(screen.obstacle) or _ready_line(screen))
        problems = screen.problems.serious
        self._warnings.setVisible(problems > 0 and not screen.under_way)
        self._warnings.setText(problem_texts.count_label(screen.problems))
        self._warnings.setAccessibleName(self._warnings.text())

    def _present_free(self, place: str) -> None:
        """Offer to save to `place` instead, unless it is ``""``."""
        self._free_place = place
        self._free.setVisible(bool(place))
        text = tr("Save as “{place}”", place=printable(os.path.basename(place)))
        self._free.setText(text.replace("&", "&&"))
        self._free.setAccessibleName(text)
        self._free.setToolTip(tr("Saves the stack as {place} instead.", place=printable(place)))

    def _tell_destination(self) -> None:
        if self._path.isModified() and self._path.text().strip():
            self._path.setModified(False)
            self.destination_changed.emit(typed_path(self._path.text().strip()))


def _role(screen: Screen) -> Role:
    is_in_hand = screen.is_queued or screen.is_done
    if screen.state is State.BLOCKED and screen.destination is not None and not is_in_hand:
        return Role.WARNING
    if screen.obstacle or not screen.warned:
        return Role.INFO
    return Role.WARNING if screen.problems.serious else Role.SUCCESS


def _ready_line(screen: Screen) -> str:
    if screen.plan is None or screen.estimate is None:
        return ""
    if not screen.warned:
        return tr("Checking the labels and the plan.")
    size = texts.plan_size(screen.plan, screen.estimate)
    ready = run_texts.ready_line(screen.plan.rows, size, empty_places(screen))
    sentences = [ready, problem_texts.look_first(screen.problems)]
    if screen.run.unfinished is IfUnfinished.RESTART:
        sentences.append(tr("The rows of the unfinished conversion will be thrown away."))
    return " ".join(filter(None, sentences))

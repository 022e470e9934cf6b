"""The progress of the run, at the bottom of the window."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QStackedWidget, QWidget

from stackgui.core.base.awaited import Awaited
from stackgui.core.run.progress import FillProgress, Phase
from stackgui.gui.control.running import Running
from stackgui.gui.control.screen import Screen
from stackgui.gui.texts import run_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.live_chart import LiveChart
from stackgui.gui.widgets.parts import Mark, Words, button, column, line, named, set_progress, show_pause
from stackgui.gui.widgets.row_strip import RowStrip
from stackgui.gui.widgets.steady import Steady
from stackgui.gui.widgets.theme import Role, Space

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

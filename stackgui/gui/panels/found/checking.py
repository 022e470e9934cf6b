"""The line that says whether all pictures were checked, and the button that checks them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from stackgui.gui.control.problems import decoded
from stackgui.gui.control.screen import Health, Screen
from stackgui.gui.texts import problem_texts
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.parts import Words, button, line, named, set_progress

MAX_BAR_PX = 160


class Checking(QWidget):
    """How many pictures were decoded to find what headers do not tell.

    Signals
    -------
    check_wanted()
        Decode all pictures.
    stop_wanted()
    """

    check_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("health")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._state = Words("health.state")
        self._bar = named(QProgressBar(), "health.bar", tr("Pictures checked"), tr("How many are checked."))
        self._bar.setTextVisible(False)
        self._bar.setMaximumWidth(MAX_BAR_PX)
        self._check = button(
            "health.check", tr("Chec&k the pictures"), "report",
            tr("Decodes every picture, in the background, and changes nothing."),
        )  # fmt: skip
        self._stop = button("health.stop", tr("Stop checking"), "stop", tr("Checks no more pictures."))
        layout = line(self)
        layout.addWidget(self._state, 1)
        for widget in (self._bar, self._check, self._stop):
            layout.addWidget(widget)
        self._check.clicked.connect(self.check_wanted)
        self._stop.clicked.connect(self.stop_wanted)

    def present(self, screen: Screen) -> None:
        """Show how many of the pictures of `screen` are checked."""
        health = screen.health or Health()
        progress = health.progress
        self._state.setText(problem_texts.checked_line(progress, health.problem, decoded(screen)))
        for widget in (self._bar, self._stop):
            widget.setVisible(progress is not None)
        if progress is not None:
            self._bar.setRange(0, max(1, progress.rows))
            set_progress(self._bar, progress.rows_done)
        self._check.setVisible(progress is None)
        self._check.setEnabled(screen.plan is not None)

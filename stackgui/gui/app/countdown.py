"""Counts down before the computer sleeps or shuts down, so that people can stop it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from stackgui.core.base.wording import Wording, say_many
from stackgui.engine.power import Power
from stackgui.gui.app.side_window import SideWindow
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets.parts import Words, button, column, line
from stackgui.gui.widgets.theme import Space

SECONDS = 60
SECOND_MS = 1000
SIZE_PX = QSize(420, 120)


class Countdown(SideWindow):
    """A window in front of all others; closing it stops the countdown.

    Signals
    -------
    over(Power)
        Nobody stopped it.
    """

    over = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, "countdown", "StackGUI", SIZE_PX)
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self._power = Power.SLEEP
        self._left = 0
        self._words = Words("countdown.words", bold=True)
        self._stop = button("countdown.stop", tr("&Keep it on"), "stop", tr("Stops the countdown (Esc)."))
        self._stop.clicked.connect(self.close)
        self._timer = QTimer(self, interval=SECOND_MS)
        self._timer.timeout.connect(self.tick)
        layout = column(self, margin=Space.L, spacing=Space.M)
        layout.addWidget(self._words, 1)
        buttons = line()
        buttons.addStretch(1)
        buttons.addWidget(self._stop)
        layout.addLayout(buttons)

    def begin(self, power: Power) -> None:
        """Count down from a minute."""
        self._power, self._left = power, SECONDS
        self._words.setText(tr(_words(power, self._left)))
        self._timer.start()
        self.bring()
        self._stop.setFocus()

    def tick(self) -> None:
        """Count one second."""
        self._left -= 1
        self._words.setText(tr(_words(self._power, self._left)))
        if self._left <= 0:
            self.close()
            self.over.emit(self._power)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop counting."""
        self._timer.stop()
        super().closeEvent(event)


def _words(power: Power, seconds: int) -> Wording:
    match power:
        case Power.SLEEP:
            return say_many(
                seconds,
                "The queue is done. The computer goes to sleep in {count} second.",
                "The queue is done. The computer goes to sleep in {count} seconds.",
            )
        case Power.SHUT_DOWN:
            return say_many(
                seconds,
                "The queue is done. The computer shuts down in {count} second.",
                "The queue is done. The computer shuts down in {count} seconds.",
            )

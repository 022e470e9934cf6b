"""Letting the event loop run, as the program does."""

from __future__ import annotations

from PySide6.QtCore import QEventLoop, Qt, QTimer


def let_run(milliseconds: int) -> None:
    """Let the event loop run for a time.

    `QTest.qWait` holds the interpreter's lock while it sleeps, hence threads of the program would hardly run.
    """
    loop = QEventLoop()
    timer = QTimer(loop, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
    timer.timeout.connect(loop.quit)
    timer.start(milliseconds)
    loop.exec()

"""Drives the real program: `main()` with an empty home, workers and all."""

import time
from collections.abc import Callable, Generator

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from stackgui.gui.app.app import main
from stackgui.gui.app.main_window import MainWindow

STEP_MS = 20
LIMIT_S = 120.0

Script = Generator[Callable[[], object], None, None]


class Person:
    """Somebody in front of the window."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window

    def find(self, name: str) -> QWidget:
        found = self.window.findChild(QWidget, name)
        assert found is not None, name
        return found

    def sees(self, name: str, words: str = "") -> bool:
        widget = self.find(name)
        text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
        return widget.isVisible() and words in text

    def can_press(self, name: str) -> bool:
        return self.find(name).isVisible() and self.find(name).isEnabled()

    def press(self, name: str) -> None:
        assert self.can_press(name), f"{name} cannot be pressed"
        self.find(name).click()

    def drops(self, *folders: object) -> None:
        self.window.folders_dropped.emit([str(folder) for folder in folders])


class Drive:
    """Runs a script beside the event loop: each thing that it yields is waited for."""

    def __init__(self, script: Callable[[Person], Script]) -> None:
        self._make = script
        self._script: Script | None = None
        self._waits_for: Callable[[], object] = lambda: True
        self._deadline_s = time.monotonic() + LIMIT_S
        self.problem: BaseException | None = None
        self.done = False
        self._timer = QTimer(interval=STEP_MS)
        self._timer.timeout.connect(self._step)
        self._timer.start()

    def _step(self) -> None:
        if self._script is None:
            self._script = self._begin()
            return
        try:
            assert time.monotonic() < self._deadline_s, "waited in vain"
            if self._waits_for():
                self._waits_for = next(self._script)
        except StopIteration:
            self.done = True
            self._end()
        except BaseException as error:  # noqa: BLE001 - reported by the test, outside of Qt
            self.problem = error
            self._end()

    def _begin(self) -> Script | None:
        windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()]
        return self._make(Person(windows[0])) if windows else None

    def _end(self) -> None:
        self._timer.stop()
        QApplication.quit()


@pytest.fixture
def drive(qapp, monkeypatch) -> Callable[[Callable[[Person], Script]], int]:
    """Run the program while a person follows a script; gives the exit status."""

    def run(script: Callable[[Person], Script]) -> int:
        drive = Drive(script)
        status = main()
        # Closing its last window asks the application to quit once more; left in the queue, that request
        # would end every event loop of the tests to come.
        QApplication.removePostedEvents(qapp, QEvent.Type.Quit)
        if drive.problem is not None:
            raise drive.problem
        assert drive.done, "the window closed before the script ended"
        return status

    return run

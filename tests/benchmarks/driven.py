"""The real program with somebody in front of it, who measures; see `tests.benchmarks.window`.

python -c "from tests.benchmarks.driven import run; run()" [FOLDER STACK]

Not with ``-m``: what is the main module is imported by every worker, and this would bring them the window.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Generator

import numpy as np
import psutil
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from stackgui.core.base.choices import Storage
from stackgui.core.run.run_options import RunOptions
from stackgui.gui.app.app import main
from stackgui.gui.app.main_window import MainWindow

TICK_MS = 10
LOOK_TICKS = 5
"""Looking at what the window shows takes longer than a tick, and is part of what is measured."""

MEMORY_S = 1.0


class Watch:
    """Ticks beside the event loop, notes how late each tick is, and goes through the steps."""

    def __init__(self, words: list[str]) -> None:
        self.measured: dict[str, float] = {}
        self._words = words
        self._gaps_ms: list[float] = []
        self._last = self._memory_at = 0.0
        self._peak = 0
        self._steps: Generator[object, None, None] | None = None
        self._timer = QTimer(interval=TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        if self._steps is None:
            self._begin()
            return
        self._gaps_ms.append((now - self._last) * 1000)
        if len(self._gaps_ms) % LOOK_TICKS == 0:
            self._look_at_memory(now)
            if next(self._steps, self) is self:
                self._timer.stop()
                QApplication.quit()
        self._last = time.perf_counter()

    def _begin(self) -> None:
        windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()]
        if windows:
            windows[0].grab()
            self.measured["start_s"] = time.time() - float(os.environ["STACKGUI_STARTED"])
            self._steps = self._run(windows[0])
            self._last = time.perf_counter()

    def _look_at_memory(self, now: float) -> None:
        if now - self._memory_at > MEMORY_S:
            self._memory_at = now
            own = psutil.Process()
            self._peak = max(self._peak, sum(p.memory_info().rss for p in (own, *own.children())))

    def _run(self, window: MainWindow) -> Generator[object, None, None]:
        if not self._words:
            return
        folder, stack = self._words
        window.plan.run_changed.emit(RunOptions("", storage=Storage.FILE))  # as it is headless
        window.folders_dropped.emit([folder])
        yield from _until(lambda: _sees(window, "save.line", "Ready"))
        window.save.destination_changed.emit(stack)
        yield from _until(lambda: _sees(window, "save.line", "Ready"))
        start = time.perf_counter()
        window.findChild(QAbstractButton, "save.convert").click()
        yield from _until(lambda: _sees(window, "result"))
        self.measured["convert_s"] = time.perf_counter() - start
        gaps = np.array(self._gaps_ms)
        self.measured |= {
            "p99_ms": float(np.percentile(gaps, 99)),
            "worst_ms": float(gaps.max()),
            "ticks": len(gaps),
            "peak_mb": self._peak / 1e6,
        }


def _until(holds) -> Generator[object, None, None]:
    while not holds():
        yield


def _sees(window: MainWindow, name: str, words: str = "") -> bool:
    widget = window.findChild(QWidget, name)
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else ""
    return widget.isVisible() and words in text


def run() -> None:
    """Start the program, and print what was measured until it ended."""
    # The timer needs an application; main takes the one that is there.
    _application = QApplication(["stackgui"])
    watch = Watch(sys.argv[1:])
    status = main()
    sys.stdout.write(json.dumps(watch.measured) + "\n")
    sys.exit(status)

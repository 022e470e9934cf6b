"""Drags a target line over a million samples in the real window; prints milliseconds from move to painted.

python -m tests.benchmarks.dragged DISTINCT [STEPS]

The scan and the machine's measurements are made up; everything else is the program. The time of a step ends
when the figures beside the plot were painted with what they say now.

As many times, and as far apart, numbers are summed up that take about as long: what that loop takes longer
now and then is the machine's doing.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from unittest.mock import create_autospec

import numpy as np
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLabel

from stackgui.core.advice.estimate import Resources
from stackgui.core.base.columns import Paths
from stackgui.core.plan.plan import Plan
from stackgui.core.run.progress import RowThumb
from stackgui.engine import Engine
from stackgui.gui.app.app import App
from stackgui.gui.app.preferences import Preferences
from tests.benchmarks.events import let_run
from tests.making import make_catalog
from tests.pointing import MOVE, MOVE_MS, PRESS, RELEASE, place_of, send, viewport

SAMPLES = 1_000_000
STEPS = 60
SETTLED_S = 5.0


class Painted(QObject):
    """Notes whether a label was painted."""

    def __init__(self, label: QLabel) -> None:
        super().__init__(label)
        self.seen = False
        label.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """See what the label gets."""
        self.seen = self.seen or event.type() is QEvent.Type.Paint
        return False


def stand_in(distinct: int) -> Engine:
    """An engine whose scan finds a million samples of about so many sizes."""
    random = np.random.default_rng(1)
    sizes = np.clip(random.normal((2600, 3800), (900, 1220), (distinct, 2)), 16, 20_000).astype(np.int32)
    each = sizes[random.integers(0, distinct, SAMPLES)] if distinct < SAMPLES else sizes
    names = b"".join(b"%02d/%07d.jpg" % (number % 100, number) for number in range(SAMPLES))
    catalog = make_catalog(each, path=Paths(names, np.arange(1, SAMPLES + 1, dtype=np.int64) * 14))
    engine = create_autospec(Engine, instance=True)
    engine.scan.side_effect = lambda *_, **__: catalog
    engine.previews.side_effect = _previews
    engine.check_destination.return_value = engine.unfinished.return_value = None
    engine.resources.return_value = Resources(64 * 10**9, 32 * 10**9, 10**15, 2)
    return engine


def _previews(_plan: Plan, samples: Sequence[int], *_: object, **__: object) -> tuple[RowThumb, ...]:
    """Grey pictures: without them, a message about a fault would lie over what is measured."""
    grey = np.full((2, 2, 3), 128, np.uint8)
    return tuple(RowThumb(sample, "", grey, (2, 2), (0, 0, 2, 2)) for sample in samples)


def dragged(app: App, steps: int) -> list[float]:
    """Drag the line of widths to a third, step by step."""
    plot, shape = app.window.found.sizes.plot, app.window.findChild(QLabel, "memory.shape")
    painted = Painted(shape)
    height, width = plot._target
    widths = np.linspace(width * 0.95, width / 3, steps + 1)
    send(viewport(plot), MOVE, place_of(plot, height * 0.5, width), held=False)
    let_run(MOVE_MS)
    send(viewport(plot), PRESS, place_of(plot, height * 0.5, width), held=True)
    let_run(MOVE_MS)
    send(viewport(plot), MOVE, place_of(plot, height * 0.5, widths[0]), held=True)  # a drag, no click
    steps_ms = []
    for wide in widths[1:]:
        let_run(2 * MOVE_MS)
        place, before = place_of(plot, height * 0.5, wide), shape.text()
        painted.seen = False
        start = time.perf_counter()
        send(viewport(plot), MOVE, place, held=True)
        while shape.text() == before or not painted.seen:
            QApplication.processEvents()
            if time.perf_counter() - start > SETTLED_S:
                raise RuntimeError("the figures do not follow")
        steps_ms.append((time.perf_counter() - start) * 1000)
    send(viewport(plot), RELEASE, place, held=False)
    return steps_ms


def loops(like_ms: float, steps: int) -> list[float]:
    """Milliseconds of `steps` loops that take `like_ms` when nothing disturbs them."""
    count = 100_000
    quickest_s = min(_summed(count) for _ in range(9))
    count = round(count * like_ms / 1000 / quickest_s)
    found = []
    for _ in range(steps):
        let_run(2 * MOVE_MS)
        found.append(_summed(count) * 1000)
    return found


def _summed(count: int) -> float:
    """Seconds that it takes to sum up so many numbers."""
    start, total = time.perf_counter(), 0
    for number in range(count):
        total += number
    return time.perf_counter() - start


def main() -> None:
    """Measure."""
    _application = QApplication(["stackgui"])
    steps = int(sys.argv[2]) if len(sys.argv) > 2 else STEPS
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = folder  # the size begins with the largest, whatever was chosen before
        app = App(stand_in(int(sys.argv[1])), Preferences())
        app.start()
        app.begin_rest()
        app.controller.add_sources([folder])
        end = time.monotonic() + SETTLED_S
        while time.monotonic() < end or app.controller.screen.estimate is None:
            let_run(MOVE_MS)
        steps_ms = dragged(app, steps)
        loops_ms = loops(statistics.median(steps_ms), steps)
        app.window.close()
    sys.stdout.write(json.dumps({"steps_ms": steps_ms, "loops_ms": loops_ms}) + "\n")


if __name__ == "__main__":
    main()

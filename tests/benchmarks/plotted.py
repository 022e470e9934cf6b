"""Draws and zooms the plot of a million sizes; prints the time of each step in milliseconds."""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from PySide6.QtWidgets import QApplication

from stackgui.core.catalog.statistics import describe
from stackgui.gui.widgets.size_canvas import SizeCanvas
from tests.making import make_catalog

SAMPLES = 1_000_000
ZOOMS = 12


def main() -> None:
    """Measure."""
    random = np.random.default_rng(1)
    sizes = np.clip(random.normal((600, 800), (150, 220), (SAMPLES, 2)), 16, 4000).astype(np.int32)
    statistics = describe(make_catalog(sizes, path=[""] * SAMPLES))
    application = QApplication(["stackgui"])
    canvas = SizeCanvas()
    canvas.resize(700, 500)
    canvas.show()
    canvas.grab()
    steps = [lambda: canvas.set_sizes(statistics.sizes, (600, 800))]
    steps += [lambda: canvas._plot.vb.scaleBy((0.8, 0.8))] * ZOOMS
    gaps_ms = []
    for step in steps:
        start = time.perf_counter()
        step()
        application.processEvents()
        canvas.grab()
        gaps_ms.append((time.perf_counter() - start) * 1000)
    sys.stdout.write(json.dumps(gaps_ms) + "\n")


if __name__ == "__main__":
    main()

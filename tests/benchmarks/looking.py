"""Looking into a stack of ten million rows: smoothness, the time of a search, and memory.

python -m tests.benchmarks.looking [ROWS]

The stack is made up: its array is one hole, but every row has its line in the manifest, and its label.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import numpy as np
import psutil
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from stackgui.core.options.options import Options
from stackgui.core.plan.listing import Wanted
from stackgui.engine import Engine
from stackgui.engine.viewing.rows import view_rows
from stackgui.gui.app.stack_window import StackWindow
from tests.benchmarks.measuring import Bench, Row
from tests.looking import make_stack

ROWS = 10_000_000
SIDE_PX = 64
SCROLLS = 300
TICK_MS = 5
CHUNK = 100_000


def looking(bench: Bench) -> Iterator[Row]:
    """Ten million rows in the window of a stack."""
    from tests.benchmarks.window import _printed  # which imports this

    rows = 20_000 if bench.quick else ROWS
    found = _printed("tests.benchmarks.looking", str(rows))
    work = f"window of a stack, {rows:,} rows"
    yield Row(work, "opened and drawn", found["open_s"], 1.0, at_least=False, unit="s")
    for name in ("scrolling", "searching"):
        gaps = found[name]
        yield Row(
            work, f"gaps of the event loop while {name}, p99", gaps["p99_ms"], 33, at_least=False, unit="ms",
            note=f"worst {gaps['worst_ms']:.0f} ms of {gaps['count']:,}",
        )  # fmt: skip
    yield Row(work, "first names found", found["first_s"], None, unit="s")
    yield Row(work, "all names looked at", found["search_s"], None, unit="s")
    yield Row(work, "memory at most", found["peak_mb"], 300, at_least=False, unit="MB")


def make_sparse(folder: Path, rows: int) -> Path:
    """Make a stack up that is as large as `rows` say, and takes little room but for its manifest."""
    made = make_stack(folder / "many", Options())
    header = json.loads((made / "stack.json").read_text())
    plan = header["plan"]
    shape = [rows, SIDE_PX, SIDE_PX, 3]
    plan["arrays"][0]["shape"] = shape
    header["rows"] = plan["rows"] = rows
    (made / "stack.json").write_text(json.dumps(header))
    with (made / plan["arrays"][0]["file"]).open("wb") as file:
        np.lib.format.write_array_header_1_0(
            file, {"descr": "|u1", "fortran_order": False, "shape": tuple(shape)}
        )
        file.truncate(file.tell() + rows * SIDE_PX * SIDE_PX * 3)
    np.save(made / "valid.npy", np.ones(rows, np.bool_))
    np.save(made / "placements.npy", np.broadcast_to(np.int32([0, 0, SIDE_PX, SIDE_PX]), (rows, 4)))
    np.save(made / "labels.npy", (np.arange(rows) % 2).astype(np.int32))
    _write_manifest(made / "manifest.jsonl", rows)
    return made


def _write_manifest(path: Path, rows: int) -> None:
    line = json.loads(path.read_text().splitlines()[0]) | {"row": 0, "index": 0, "sample": 0, "file": "NAME"}
    text = json.dumps(line, separators=(",", ":")).replace("%", "%%")
    for key in ("row", "index", "sample"):
        text = text.replace(f'"{key}":0', f'"{key}":%d', 1)
    text = text.replace('"NAME"', '"%03d/picture-%08d.jpg"') + "\n"
    with path.open("w") as file:
        for begin in range(0, rows, CHUNK):
            numbers = range(begin, min(begin + CHUNK, rows))
            file.write("".join(text % (row, row, row, row % 1000, row) for row in numbers))


class Gaps:
    """Ticks beside the event loop, and notes how late each tick is and how much memory there is."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self.peak = 0
        self._own, self._last = psutil.Process(), 0.0
        self._timer = QTimer(interval=TICK_MS)
        self._timer.timeout.connect(self._tick)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.times.append((now - self._last) * 1000)
        if len(self.times) % 20 == 0:
            self.peak = max(self.peak, self._own.memory_info().rss)
        self._last = time.perf_counter()

    def during(self, work: Callable[[], None]) -> dict[str, float]:
        """Do `work`, which lets the event loop run, and return what was noted."""
        self.times.clear()
        self._last = time.perf_counter()
        self._timer.start()
        work()
        self._timer.stop()
        found = np.array(self.times)
        return {
            "p99_ms": float(np.percentile(found, 99)),
            "worst_ms": float(found.max()),
            "count": len(found),
        }


def _until(so: Callable[[], object]) -> None:
    while not so():
        QTest.qWait(1)


def measure(folder: Path) -> dict[str, Any]:
    """Open the stack in `folder`, scroll and search, and return the figures."""
    engine = create_autospec(Engine, instance=True)
    engine.view.side_effect = view_rows
    main, gaps = QWidget(), Gaps()
    main.show()
    start = time.perf_counter()
    window = StackWindow(main, engine, str(folder))
    window.bring()
    _until(lambda: window.opened is not None and not window.rows.grid.missing)
    window.grab()
    found: dict[str, Any] = {"open_s": time.perf_counter() - start}
    grid, random = window.rows.grid, np.random.default_rng(1)
    bar = grid.verticalScrollBar()

    def scroll() -> None:
        for step in range(SCROLLS):
            far = step % 10 == 0
            bar.setValue(int(random.integers(bar.maximum())) if far else bar.value() + grid.height() // 3)
            QTest.qWait(10)

    found["scrolling"] = gaps.during(scroll)
    begun = time.perf_counter()

    def search() -> None:
        window.findChild(QLineEdit, "stack.search").setText("7.jpg")
        _until(lambda: window.search.wanted != Wanted() and grid.found.rows is not None and grid.found.count)
        found["first_s"] = time.perf_counter() - begun
        while grid.found.searching:
            bar.setValue(bar.value() + grid.height())
            QTest.qWait(20)
        found["search_s"] = time.perf_counter() - begun

    found["searching"] = gaps.during(search)
    found["peak_mb"] = gaps.peak / 1e6
    window.stop()
    window.close()
    return found


def main() -> None:
    """Measure."""
    _application = QApplication(["stackgui"])
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory(prefix="stackgui-many-") as folder:
        found = measure(make_sparse(Path(folder), rows))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()

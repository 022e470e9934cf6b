"""Looking into a stack of four million rows: smoothness, the time of a search, and memory.

python -m tests.benchmarks.looking [ROWS]

The stack is made up: its array is one hole, but every row has its line in the manifest, and its label.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import numpy as np
import psutil
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QWidget

from stackgui.core.options.options import Options
from stackgui.core.plan.listing import Order
from stackgui.core.run.edits import LabelEdit
from stackgui.engine import Engine
from stackgui.engine.viewing.rows import view_rows
from stackgui.gui.app.stack_window import StackWindow
from stackgui.stores.stack.edit import edit_stack
from tests.benchmarks.events import let_run
from tests.benchmarks.measuring import Bench, Row
from tests.benchmarks.programs import printed
from tests.looking import make_stack

ROWS = 4_000_000
FEW = 120_000
"""More than those whose manifest, which is made up in part, would be written anew by an edit."""

SIDE_PX = 64
SCROLLS = 300
TICK_MS = 5
IDLE_MS = 3000
CHUNK = 100_000
NAME = "%03d/picture-%08d.jpg"
WORDS = ("7.jpg", "0123", "99 4", "e-0", "5.jpg", "picture", "888", "no such", "42", "000")
"""Searched for one after the other; so that many gaps are noted although a search is short."""


def looking(bench: Bench) -> Iterator[Row]:
    """Four million rows in the window of a stack."""

    rows = FEW if bench.quick else ROWS
    found = printed("tests.benchmarks.looking", str(rows))
    work = f"window of a stack, {rows:,} rows"
    yield Row(work, "opened and drawn", found["open_s"], 1.0, at_least=False, unit="s")
    for name, limit in (("idle", None), ("scrolling", 33), ("searching", 33)):
        gaps = found[name]
        what = f"gaps of the event loop while {name}, p99"
        note = f"worst {gaps['worst_ms']:.0f} ms of {gaps['count']:,}"
        yield Row(work, what, gaps["p99_ms"], limit, at_least=False, unit="ms", note=note)
        if "own_p99_ms" in gaps:
            yield Row(
                work, f"{what}, without waiting for a processor", gaps["own_p99_ms"], None, unit="ms",
                note=f"worst {gaps['own_worst_ms']:.0f} ms",
            )  # fmt: skip
    yield Row(work, "first names found", found["first_s"], None, unit="s")
    yield Row(work, "all names looked at", found["search_s"], None, unit="s")
    yield Row(
        work, "memory at most while scrolling and searching", found["peak_mb"], 300, at_least=False, unit="MB"
    )
    yield Row(work, "sorted by name", found["sort_s"], None, unit="s")
    yield Row(work, "memory at most while sorting by name", found["sort_peak_mb"], None, unit="MB")
    yield Row(work, "a label corrected", found["edit_s"], None, unit="s")


def make_sparse(folder: Path, rows: int) -> Path:
    """Make a stack up that is as large as `rows` say, and takes little room but for its manifest."""
    made = make_stack(folder / "many", Options())
    header = json.loads((made / "stack.json").read_text())
    plan = header["plan"]
    shape = [rows, SIDE_PX, SIDE_PX, 3]
    plan["arrays"][0]["shape"] = shape
    header["rows"] = plan["rows"] = rows
    (made / "stack.json").write_text(json.dumps(header))
    _write_hole(made / plan["arrays"][0]["file"], np.dtype(np.uint8), tuple(shape))
    np.save(made / "valid.npy", np.ones(rows, np.bool_))
    np.save(made / "placements.npy", np.broadcast_to(np.int32([0, 0, SIDE_PX, SIDE_PX]), (rows, 4)))
    np.save(made / "labels.npy", (np.arange(rows) % 2).astype(np.int32))
    _write_manifest(made / "manifest.jsonl", rows)
    _write_names(made / "names.npy", rows)
    for name, dtype, width in (("checksums.npy", np.uint64, ()), ("transforms.npy", np.float64, (4,))):
        _write_hole(made / name, np.dtype(dtype), (rows, *width))
    return made


def _write_hole(path: Path, dtype: np.dtype[Any], shape: tuple[int, ...]) -> None:
    """Write an array of zeros that takes no room."""
    with path.open("wb") as file:
        header = {"descr": dtype.str, "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(file, header)
        file.truncate(file.tell() + math.prod(shape) * dtype.itemsize)


def _write_names(path: Path, rows: int) -> None:
    names = (
        "".join([f"{NAME}\0" % (row % 1000, row) for row in range(begin, min(begin + CHUNK, rows))])
        for begin in range(0, rows, CHUNK)
    )
    np.save(path, np.frombuffer("".join(names).encode(), np.uint8))


def _write_manifest(path: Path, rows: int) -> None:
    line = json.loads(path.read_text().splitlines()[0]) | {"row": 0, "index": 0, "sample": 0, "file": "NAME"}
    text = json.dumps(line, separators=(",", ":")).replace("%", "%%")
    for key in ("row", "index", "sample"):
        text = text.replace(f'"{key}":0', f'"{key}":%d', 1)
    text = text.replace('"NAME"', f'"{NAME}"') + "\n"
    with path.open("w") as file:
        for begin in range(0, rows, CHUNK):
            numbers = range(begin, min(begin + CHUNK, rows))
            file.write("".join(text % (row, row, row, row % 1000, row) for row in numbers))


class Gaps:
    """Ticks beside the event loop, and notes how late each tick is and how much memory there is.

    Where the system tells it, it also notes for how much of that time the thread waited for a processor that
    something else had.
    """

    def __init__(self) -> None:
        self.times: list[tuple[float, float]] = []
        self.peak = 0
        self._own, self._last, self._waited = psutil.Process(), 0.0, 0.0
        told = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat")
        self._told = told.open() if told.exists() else None
        self._timer = QTimer(interval=TICK_MS)
        self._timer.timeout.connect(self._tick)

    def _tick(self) -> None:
        now, waited = time.perf_counter(), self._waited_s()
        self.times.append(((now - self._last) * 1000, (waited - self._waited) * 1000))
        if len(self.times) % 20 == 0:
            self.peak = max(self.peak, self._own.memory_info().rss)
        self._last, self._waited = time.perf_counter(), waited

    def _waited_s(self) -> float:
        if self._told is None:
            return 0.0
        self._told.seek(0)
        return int(self._told.read().split()[1]) / 1e9

    def during(self, work: Callable[[], None]) -> dict[str, float]:
        """Do `work`, which lets the event loop run, and return what was noted."""
        self.times.clear()
        self._last, self._waited = time.perf_counter(), self._waited_s()
        self._timer.start()
        work()
        self._timer.stop()
        found, waited = np.array(self.times).T
        figures = {"count": len(found)}
        for name, gaps in (("", found), *([("own_", found - waited)] if self._told else [])):
            figures[f"{name}p99_ms"] = float(np.percentile(gaps, 99))
            figures[f"{name}worst_ms"] = float(gaps.max())
        return figures


def _until(so: Callable[[], object]) -> None:
    while not so():
        let_run(TICK_MS)


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
            let_run(10)

    found["idle"] = gaps.during(lambda: let_run(IDLE_MS))
    found["scrolling"] = gaps.during(scroll)
    searches = _Searches(window)
    found["searching"] = gaps.during(searches.all)
    found["first_s"], found["search_s"] = (
        statistics.median(each) for each in (searches.first, searches.whole)
    )
    found["peak_mb"], gaps.peak = gaps.peak / 1e6, 0
    box = window.findChild(QComboBox, "stack.order")
    begun = time.perf_counter()

    def sort() -> None:
        box.setCurrentIndex(box.findData(Order.NAME.value))
        box.activated.emit(box.currentIndex())
        _until(lambda: grid.found.rows is not None)

    gaps.during(sort)
    found["sort_s"], found["sort_peak_mb"] = time.perf_counter() - begun, gaps.peak / 1e6
    window.stop()
    window.close()
    begun = time.perf_counter()
    edit_stack(folder, [LabelEdit((window.opened.rows // 2,), "owl")])
    found["edit_s"] = time.perf_counter() - begun
    return found


class _Searches:
    """Searches for one word after the other, while it scrolls."""

    def __init__(self, window: StackWindow) -> None:
        self._window = window
        self.first: list[float] = []
        self.whole: list[float] = []

    def all(self) -> None:
        for word in WORDS:
            self._one(word)
        self._window.search.clear()
        _until(lambda: self._window.rows.grid.found.rows is None)

    def _one(self, word: str) -> None:
        grid, before, begun = self._window.rows.grid, self._window.rows.grid.found, time.perf_counter()
        self._window.findChild(QLineEdit, "stack.search").setText(word)
        _until(lambda: self._window.search.wanted.text == word and grid.found is not before)
        self.first.append(time.perf_counter() - begun)
        while grid.found.searching:
            bar = grid.verticalScrollBar()
            bar.setValue(bar.value() + grid.height())
            let_run(20)
        self.whole.append(time.perf_counter() - begun)


def main() -> None:
    """Measure."""
    _application = QApplication(["stackgui"])
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory(prefix="stackgui-many-") as folder:
        found = measure(make_sparse(Path(folder), rows))
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()

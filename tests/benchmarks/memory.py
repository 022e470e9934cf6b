"""Memory of all processes together, and how it grows with the rows."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
from PIL import Image

from tests.benchmarks.data import files_in
from tests.benchmarks.measuring import Bench, Row

POLL_S = 0.05
TINY_PX = 8


def memory(bench: Bench) -> Iterator[Row]:
    """100,000 rows of pictures, and the growth from 100,000 to 500,000 rows of tiny ones."""
    rows, fewer, more = (150, 100, 300) if bench.quick else (100_000, 100_000, 500_000)
    small = bench.pictures.thumbnails
    peak, note = _peak_bytes(bench, small, rows)
    yield Row(
        f"memory of all processes, {rows:,} rows",
        "peak",
        peak / 1e6,
        600,
        at_least=False,
        unit="MB",
        note=note,
    )
    tiny = _tiny(bench.folder / "tiny")
    (low, _), (high, note) = _peak_bytes(bench, tiny, fewer), _peak_bytes(bench, tiny, more)
    growth = (high - low) / (more - fewer)
    figures = f"{low / 1e6:.0f} MB and {high / 1e6:.0f} MB; {note}"
    work = f"memory from {fewer:,} to {more:,} rows"
    # So few rows as in a quick run say nothing.
    yield Row(work, "growth a row", growth, 200, at_least=False, unit="B", note=figures)


def _tiny(folder: Path) -> Path:
    folder.mkdir()
    random = np.random.default_rng(0)
    for number in range(100):
        pixels = random.integers(0, 256, (TINY_PX, TINY_PX, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"a-name-of-usual-length-{number}.jpg")
    return folder


def _peak_bytes(bench: Bench, source: Path, rows: int) -> tuple[float, str]:
    """Most memory of a fresh program that converts `rows` rows, and its time."""
    command = (sys.executable, "-m", "tests.benchmarks.big", source, bench.folder / "stack", str(rows))
    start = time.perf_counter()
    with subprocess.Popen(command, env={**os.environ, "STACKGUI_WORKERS": str(bench.workers)}) as program:
        peak = 0
        while program.poll() is None:
            peak = max(peak, _proportional_bytes(psutil.Process(program.pid)))
            time.sleep(POLL_S)
    bench.clear()
    if program.returncode:
        raise RuntimeError(f"the conversion of {len(files_in(source))} files ended with {program.returncode}")
    return peak, f"{time.perf_counter() - start:.1f} s with start and planning"


def _proportional_bytes(program: psutil.Process) -> int:
    """Memory of a program and its workers; what they share counts once, divided among them."""
    total = 0
    with contextlib.suppress(psutil.Error):
        for process in (program, *program.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                full = process.memory_full_info()
                total += getattr(full, "pss", full.uss)
    return total

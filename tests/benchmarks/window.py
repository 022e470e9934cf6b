"""The window: what it costs beside the work, whether it stutters, how soon it is there."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from stackgui.core.base.choices import Storage
from stackgui.core.options.options import Options
from tests.benchmarks.data import files_in
from tests.benchmarks.measuring import LONG, Bench, Row

FAILURES = 5_000


def window(bench: Bench) -> Iterator[Row]:
    """The real program, offscreen: its start, 85,000 files of which 5,000 fail, and the plot."""
    source = bench.pictures.repeated(bench.pictures.thumbnails, 8)
    _add_failures(source / "broken", 5 if bench.quick else FAILURES)
    plan = bench.plan(source, Options())
    runs: list[dict[str, Any]] = []

    def shown() -> float:
        runs.append(_driven(bench, source))
        return float(runs[-1]["convert_s"])

    def headless() -> float:
        start = time.perf_counter()
        bench.convert(plan, Storage.FILE)
        return time.perf_counter() - start

    # It compiles all modules, and scans what no scan has seen.
    runs.append(_driven(bench, source, XDG_CACHE_HOME=str(bench.folder / "first scan")))
    bench.clear()
    rounds = [_in_turns(bench, number, shown, headless) for number in range(bench.rounds)]
    work = f"window, {plan.rows:,} files, {FAILURES if not bench.quick else 5:,} fail"
    figures = " s against ".join(f"{statistics.median(seconds):.2f}" for seconds in zip(*rounds, strict=True))
    yield Row(
        work,
        "the same conversion headless",
        statistics.median(in_window / without for in_window, without in rounds),
        1.05,
        at_least=False,
        unit=LONG,
        note=f"{figures} s",
    )
    for name, limit in (("p99", 33), ("worst", 150)):
        gap = statistics.median(run[f"{name}_ms"] for run in runs)
        most = max(run[f"{name}_ms"] for run in runs)
        looks = f"{runs[0]['ticks']:,} looks; {most:.0f} in the worst of {len(runs)} runs"
        yield Row(work, f"gaps of the event loop, {name}", gap, limit, at_least=False, unit="ms", note=looks)
    yield Row(work, "peak memory as the run reports it", max(r["peak_mb"] for r in runs), None, unit="MB")
    starts = [_driven(bench)["start_s"] for _ in range(bench.rounds)]
    yield Row(
        "window, start of the process", "painted", statistics.median(starts), 0.7, at_least=False, unit="s"
    )


def _in_turns(
    bench: Bench, number: int, shown: Callable[[], float], headless: Callable[[], float]
) -> tuple[float, float]:
    """Seconds of both; every other time the other way round, so that neither always follows the other."""
    ways = (shown, headless) if number % 2 else (headless, shown)
    seconds = {}
    for way in ways:
        seconds[way] = way()
        bench.clear()
    return seconds[shown], seconds[headless]


def _add_failures(folder: Path, count: int) -> None:
    if not folder.exists():
        folder.mkdir()
        whole = files_in(folder.parent)[0].read_bytes()
        for number in range(count):
            (folder / f"{number}.jpg").write_bytes(whole[: len(whole) * 2 // 3])


def _driven(bench: Bench, source: Path | None = None, **variables: str) -> dict[str, Any]:
    """Run the program with a person who follows `tests.benchmarks.driven`; what was measured."""
    words = [] if source is None else [source, bench.folder / "stack"]
    environment = {**os.environ, **variables}
    environment |= {"QT_QPA_PLATFORM": "offscreen", "STACKGUI_STARTED": repr(time.time())}
    # A start is warm when its modules are compiled, as they are wherever the program was installed.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment["PYTHONPYCACHEPREFIX"] = str(bench.folder / "compiled")
    # The program is imported first, and as it imports itself.
    imports = "from stackgui.__main__ import imported_window; imported_window()"
    code = f"{imports}; from tests.benchmarks.driven import run; run()"
    command = (sys.executable, "-c", code, *words)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured

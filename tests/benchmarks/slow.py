"""Reading where every file takes long, as from a network folder."""

from __future__ import annotations

import time
from collections.abc import Iterator

from stackgui.engine.workers.prefetch import Prefetch
from tests.benchmarks.measuring import Bench, Row

FILE_S = 0.005
FILES = 400


def slow(bench: Bench) -> Iterator[Row]:
    """One worker and files that take 5 ms each to open, against one after another."""
    files = FILES // 20 if bench.quick else FILES
    ahead: Prefetch[int, None] = Prefetch(lambda _file: time.sleep(FILE_S), lambda _file: True)
    start = time.perf_counter()
    for _file, data in ahead.each(range(files)):
        data()
    seconds = time.perf_counter() - start
    ahead.close()
    yield Row(
        f"{files:,} files that take {FILE_S * 1000:g} ms each to open, one worker",
        "one after another",
        files * FILE_S / seconds,
        None,
        note=f"{files / seconds:,.0f} files a second",
    )

"""Looking at headers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from stackgui.engine import Control
from tests.benchmarks.data import files_in
from tests.benchmarks.measuring import LONG, Bench, Row, paired, times_as_fast
from tests.benchmarks.measuring import note as figures

HEAD_BYTES = 2**16


def scanning(bench: Bench) -> Iterator[Row]:
    """150,000 JPEG, against opening each and reading its first 64 KiB in one thread; then once more."""
    source = bench.pictures.repeated(bench.pictures.thumbnails, 15)
    files = files_in(source)
    bench.engine.scan([str(source)], Control())
    seconds = paired(
        bench,
        {
            "scan": lambda: bench.engine.scan([str(source)], Control(), cache=False),
            "again": lambda: bench.engine.scan([str(source)], Control()),
            "read": lambda: _read_heads(files),
        },
    )
    work, read = f"scan of {len(files):,} JPEG", "opening each and reading 64 KiB in one thread"
    for name, which, peer, against, limit in (
        ("scan", "first ", "read", read, 2.5),
        ("again", "second ", "scan", "the first scan", 0.4),
        ("again", "second ", "read", read, None),
    ):
        ratio, note = times_as_fast(seconds, peer, name), figures(seconds, name, peer)
        yield Row(which + work, against, ratio, limit, at_least=False, unit=LONG, note=note)


def _read_heads(files: list[Path]) -> None:
    for file in files:
        handle = os.open(file, os.O_RDONLY)
        os.read(handle, HEAD_BYTES)
        os.close(handle)

"""Measure StackGUI against its targets, and print the table.

python3 packaging/benchmark.py [--json | --markdown] [--only NAME] [--rounds N] [--quick]
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TextIO

import psutil

from stackgui.engine import Engine
from tests.benchmarks import annotating, filling, looking, memory, scanning, slow, window, writing
from tests.benchmarks.data import Pictures
from tests.benchmarks.measuring import Bench, Row
from tests.benchmarks.peers import Peers

BENCHMARKS: dict[str, Callable[[Bench], Iterator[Row]]] = {
    "small": filling.small,
    "large": filling.large,
    "scaled": filling.scaled,
    "png": filling.png,
    "tensors": filling.tensors,
    "storages": filling.storages,
    "scan": scanning.scanning,
    "annotations": annotating.annotations,
    "memory": memory.memory,
    "writer": writing.writer,
    "slow": slow.slow,
    "window": window.window,
    "looking": looking.looking,
}


def main() -> int:
    """Run the benchmarks that were asked for; exit status 0 whatever they measure."""
    wanted = _parse()
    rows: list[tuple[str, Row]] = []
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="stackgui-benchmarks-") as folder:
        # Neither the person's preferences nor what earlier scans found.
        os.environ |= {name: os.path.join(folder, "home") for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME")}
        pictures = Pictures(Path(folder), quick=wanted.quick)
        if pictures.missing:
            sys.exit(f"{pictures.missing}: not found. STACKGUI_TEST_DATA names the folder that holds them.")
        with Peers(wanted.workers) as peers, Engine(wanted.workers) as engine:
            engine.warm_up()
            bench = Bench(
                pictures, engine, peers, Path(folder), wanted.workers, wanted.rounds, quick=wanted.quick
            )
            for name in wanted.only or BENCHMARKS:
                for row in BENCHMARKS[name](bench):
                    rows.append((name, row))
                    # Told at once, because all of it takes minutes.
                    _tell(_line(name, row), sys.stderr if wanted.json or wanted.markdown else sys.stdout)
    if wanted.json:
        _tell(json.dumps({"machine": _machine(), "rows": [_values(name, row) for name, row in rows]}))
    elif wanted.markdown:
        _tell("\n".join(_markdown([row for _, row in rows])))
    else:
        _tell(f"\n{_machine()}; {time.monotonic() - started:.0f} s")
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure StackGUI against its targets.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--markdown", action="store_true", help="print the table of docs/performance.md")
    parser.add_argument("--only", action="append", choices=BENCHMARKS, help="may be given several times")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    parser.add_argument("--workers", type=int, default=2, help="processes, also of the peers")
    parser.add_argument("--quick", action="store_true", help="a handful of files: the figures mean nothing")
    return parser.parse_args()


def _target(row: Row) -> str:
    return "" if row.limit is None else f"{'≥' if row.at_least else '≤'} {row.limit:g}"


def _markdown(rows: list[Row]) -> Iterator[str]:
    yield "| work | compared with, or what of it | measured | target |"
    yield "| --- | --- | --- | --- |"
    for row in rows:
        yield f"| {row.work} | {row.against} | {row.measured:.2f} {row.unit} | {_target(row) or '–'} |"


def _line(name: str, row: Row) -> str:
    target = _target(row)
    verdict = {True: "met", False: "MISSED", None: ""}[row.met]
    figures = f"{row.measured:>8.2f} {row.unit:<3} {target:<7} {verdict:<7} {row.note}"
    return f"{name:<11} {row.work:<64} {row.against:<45} {figures}"


def _values(name: str, row: Row) -> dict[str, object]:
    return {"benchmark": name, **asdict(row), "met": row.met}


def _machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    python = f"Python {platform.python_version()}"
    return f"{platform.machine()}, {psutil.cpu_count()} processors, {memory:.0f} GiB, {python}"


def _tell(text: str, stream: TextIO = sys.stdout) -> None:
    stream.write(text + "\n")
    stream.flush()


if __name__ == "__main__":
    sys.exit(main())

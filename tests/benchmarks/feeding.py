"""How many cores one writer can feed: what the main process does for a row when decoders cost nothing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from unittest import mock

from stackgui.core.base.choices import Storage
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.engine import Engine
from stackgui.engine.workers import tasks
from tests.benchmarks.costless import fill_nothing
from tests.benchmarks.measuring import Bench, Row

WORKERS = 16


@contextmanager
def costless_workers(bench: Bench, count: int = WORKERS) -> Iterator[Bench]:
    """The same bench, with so many workers that do nothing."""
    with Engine(count) as engine, mock.patch.object(tasks, "fill_slot", fill_nothing):
        yield replace(bench, engine=engine, workers=count)


def feeding(bench: Bench) -> Iterator[Row]:
    """60,000 JPEG of 64 × 64 by sixteen workers that do nothing."""
    plan = bench.plan(bench.pictures.repeated(bench.pictures.thumbnails, 6), Options())
    bench.step("starting workers")
    with costless_workers(bench) as fed:
        fed.convert(plan, Storage.FILE)
        fed.clear()
        measured = [_us_a_row(fed, plan) for _ in range(bench.rounds)]
    us, per_s = (statistics.median(each) for each in zip(*measured, strict=True))
    work = f"{plan.rows:,} JPEG of 64 × 64, {WORKERS} workers that cost nothing"
    note = f"{per_s:,.0f} rows/s; 1 million µs are a second of one core"
    yield Row(work, "processor time of the main process a row", us, 12, at_least=False, unit="µs", note=note)


def _us_a_row(bench: Bench, plan: Plan) -> tuple[float, float]:
    """Processor time of this process for a row, its writing, manifests and all threads included."""
    began, cpu_s = time.perf_counter(), time.process_time()
    bench.convert(plan, Storage.FILE)
    took, cpu_s = time.perf_counter() - began, time.process_time() - cpu_s
    bench.clear()
    return cpu_s / plan.rows * 1e6, plan.rows / took

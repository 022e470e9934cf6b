"""Converting on a cluster: two workers, what a run and a task cost, and whether sixteen are kept busy."""

from __future__ import annotations

import os
import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from unittest import mock

import numpy as np
from distributed import Client, LocalCluster

from stackgui.core.base.choices import Fit, Storage
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.run import ranges as ranges_module
from stackgui.core.run.cluster_address import ClusterAddress
from stackgui.core.run.progress import FillProgress, RowThumb
from stackgui.core.run.row_results import RowsDone
from stackgui.core.run.run_options import Limits, RunOptions
from stackgui.engine import Control, Engine
from stackgui.engine.cluster import filling
from stackgui.engine.cluster.connecting import Cluster
from stackgui.engine.cluster.filling import ClusterRows
from stackgui.engine.decoding.render import Form
from stackgui.engine.running.elsewhere import Made, Work
from stackgui.engine.running.pause_on_error import PauseOnError
from stackgui.engine.running.progress import ProgressMeter
from stackgui.stores.recovery.lease import Lease
from tests.benchmarks.data import files_in
from tests.benchmarks.measuring import LONG, Bench, Row, compared, note, paired, times_as_fast

TWO, ONE = "two workers of a cluster, each held to a processor", "one such worker"
HERE, ALONE = "--workers 2", "--workers 1"
SIDE_PX = 224
TIMES, FEW = 3, 4
SIMULATED, SLEEP_S, SIMULATED_ROWS = 16, 0.5, 320


def clustered(bench: Bench) -> Iterator[Row]:
    """The photographs, scaled, by two workers, by one, and without a cluster."""
    yield from _workers(bench)
    yield _simulated(bench)


def _workers(bench: Bench) -> Iterator[Row]:
    source = bench.pictures.repeated(bench.pictures.photos, TIMES)
    chosen = Options(size=Size.exact(SIDE_PX, SIDE_PX), fit=Fit.LETTERBOX)
    plan = bench.plan(source, chosen)
    few = bench.plan(_few(bench, source), chosen)
    with (
        Engine(1, cluster=ClusterAddress(local_workers=2)) as two,
        Engine(1, cluster=ClusterAddress(local_workers=1)) as one,
        Engine(2) as here,
        Engine(1) as alone,
    ):
        ways = {TWO: two, ONE: one, HERE: here, ALONE: alone}
        bench.step("once to warm up")
        for engine in (two, one):
            _hold(engine)
        for engine in ways.values():
            _convert(engine, few, bench.folder)
            _convert(engine, few, bench.folder)
        works = {name: partial(_convert, each, plan, bench.folder) for name, each in ways.items()}
        seconds = paired(bench, works)
        scaled = f"{plan.rows:,} photographs scaled to {SIDE_PX} × {SIDE_PX}"
        work = f"{scaled}, {TWO}"
        yield compared(seconds, work, TWO, ONE, 1.7)
        longer = times_as_fast(seconds, HERE, TWO)
        yield Row(work, HERE, longer, 1.15, at_least=False, unit=LONG, note=note(seconds, TWO, HERE))
        yield compared(seconds, f"{scaled}, {HERE}", HERE, ALONE, None)
        yield _fixed(bench, few, {TWO: two, HERE: here})
        yield _overhead(bench, one)


def _hold(engine: Engine) -> None:
    """Hold each worker of a cluster to a processor of its own, as if it were a host that has one.

    Else one worker takes more than one: its process that decodes, and beside it what writes and reports.
    """
    cluster = engine.cluster(Control())
    assert cluster is not None
    for number, worker in enumerate(cluster.workers):
        cluster.client.run(hold, number, workers=[worker])


def hold(number: int) -> None:
    """Take one processor, with all threads and processes that begin later, where the system knows how."""
    if hasattr(os, "sched_setaffinity"):
        mine = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {mine[-1 - number % len(mine)]})


def _few(bench: Bench, source: Path) -> Path:
    """Copy some of the photographs, which take next to no time."""
    folder = bench.folder / "few"
    folder.mkdir()
    for file in files_in(source)[:FEW]:
        shutil.copyfile(file, folder / file.name)
    return folder


def _fixed(bench: Bench, plan: Plan, ways: dict[str, Engine]) -> Row:
    """What a run costs however little there is to do, beyond what it costs without a cluster."""
    seconds = paired(
        bench, {name: partial(_convert, each, plan, bench.folder) for name, each in ways.items()}
    )
    more = statistics.median(a - b for a, b in zip(seconds[TWO], seconds[HERE], strict=True))
    work = f"{plan.rows} photographs, two workers of a cluster"
    return Row(
        work,
        f"a run takes more than with {HERE}",
        more * 1000,
        None,
        unit="ms",
        note=note(seconds, TWO, HERE),
    )


def _convert(engine: Engine, plan: Plan, folder: Path) -> float:
    """Carry out `plan`, and give the seconds that its rows took."""
    shutil.rmtree(folder / "stack", ignore_errors=True)
    start = time.perf_counter()
    engine.convert(plan, RunOptions(str(folder / "stack"), Storage.FILE), Control())
    return time.perf_counter() - start


def _overhead(bench: Bench, engine: Engine) -> Row:
    """What handing over costs: as many rows in many ranges and in few, one worker."""
    source = bench.pictures.thumbnails
    plan = bench.plan(source, Options(size=Size.exact(64, 64)))
    found = []
    for _round in range(min(bench.rounds, 3)):
        seconds, counts = [], []
        for rows in (max(plan.rows // 8, 1), max(plan.rows // 200, 1)):
            bench.step(f"tasks of {rows} rows")
            with (
                mock.patch.object(ranges_module, "MAX_RANGE_ROWS", rows),
                mock.patch.object(filling, "part_of", wraps=filling.part_of) as handed_out,
            ):
                seconds.append(_convert(engine, plan, bench.folder))
            counts.append(handed_out.call_count)
        found.append((seconds[1] - seconds[0]) / max(counts[1] - counts[0], 1))
    bench.clear()
    return Row(
        f"{plan.rows:,} JPEG of 64 × 64 in {counts[1]} tasks instead of {counts[0]}, one worker",
        "a task costs",
        max(float(np.median(found)) * 1000, 0.0),
        20.0,
        at_least=False,
        unit="ms",
    )


def _simulated(bench: Bench) -> Row:
    """Sixteen workers whose decoders sleep: whether one scheduler and one coordinator keep them busy."""
    rows = SIMULATED_ROWS // 20 if bench.quick else SIMULATED_ROWS
    plan = bench.plan(bench.pictures.photos, Options(size=Size.exact(8, 8)))
    (bench.folder / "stack.partial").mkdir()
    local = LocalCluster(
        n_workers=SIMULATED,
        threads_per_worker=1,
        processes=False,
        memory_limit=0,
        dashboard_address="127.0.0.1:0",
    )
    bench.step(f"{SIMULATED} workers that sleep")
    with Cluster(ClusterAddress(local_workers=SIMULATED), Client(local, set_as_default=False), local) as made:
        control: Control[FillProgress] = Control()
        gauge, run = ProgressMeter(control, plan.rows), RunOptions(str(bench.folder / "stack"))
        patience = PauseOnError(run, gauge)
        unfinished, found = bench.folder / "stack.partial", 0
        unfinished.mkdir(exist_ok=True)
        with (
            mock.patch.object(filling, "fill_part", sleep),
            mock.patch.object(filling, "ranges", return_value=[filling.Range(0, 0, 1)] * rows),
            ClusterRows(made, Limits()) as elsewhere,
        ):
            start = time.perf_counter()
            lend = partial(Lease.give, str(unfinished))
            work = Work(plan, run, Form.of(plan), np.ones(plan.rows, np.bool_), gauge, patience, lend)
            with closing(elsewhere.rows(work)) as each:
                found = sum(len(some.rows) for some in each)
            seconds = time.perf_counter() - start
    shutil.rmtree(unfinished)
    assert found == rows
    return Row(
        f"{rows} tasks of {SLEEP_S:g} s each, {SIMULATED} workers that sleep",
        "one after another",
        rows * SLEEP_S / seconds,
        0.85 * SIMULATED,
        note=f"{seconds:.1f} s and {rows * SLEEP_S:.0f} s",
    )


def sleep(_packed: bytes, _name: str) -> Made:
    """Take as long as a decoder would."""
    time.sleep(SLEEP_S)
    row = RowsDone(0, np.ones(1, np.bool_), np.zeros(1, np.uint64), {})
    thumb = RowThumb(0, "", np.zeros((1, 1, 3), np.uint8), (1, 1), (0, 0, 1, 1))
    return Made([row], thumb, SLEEP_S)

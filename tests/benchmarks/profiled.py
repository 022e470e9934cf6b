"""Where the processor time of a job goes, by part: `python3 packaging/benchmark.py --profile`."""

from __future__ import annotations

import argparse
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import psutil

from stackgui.core.base.choices import Decode, Fit, Storage
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.engine import Control, Engine
from tests.benchmarks import clocking, running
from tests.benchmarks.data import Pictures
from tests.benchmarks.feeding import costless_workers
from tests.benchmarks.measuring import Bench
from tests.benchmarks.peers import Peers
from tests.benchmarks.rescaling import DEEP_SIDES, LARGER_PX, SIDE_PX, deep_pictures
from tests.benchmarks.terminal import say

ROOM_GB = 4.0
LEAST_US = 0.005
"""Parts that take less are left out."""


class Job(NamedTuple):
    """Something to profile: what it is, how many rows or files it goes through, and what does it."""

    work: str
    rows: int
    run: Callable[[], object]


class Share(NamedTuple):
    """What a part of a job takes of a processor, and how often it is entered, for each row."""

    work: str
    process: str
    part: str
    us: float
    calls: float


def _small(bench: Bench) -> Iterator[Job]:
    plan = bench.plan(bench.pictures.repeated(bench.pictures.thumbnails, 6), Options())
    yield Job(f"{plan.rows:,} JPEG of 64 × 64", plan.rows, partial(bench.convert, plan, Storage.FILE))


def _large(bench: Bench) -> Iterator[Job]:
    plan = bench.plan(bench.pictures.repeated(bench.pictures.photos, 4), Options())
    yield Job(f"{plan.rows:,} photographs, padded", plan.rows, partial(bench.convert, plan, Storage.FILE))


def _scaled(bench: Bench) -> Iterator[Job]:
    options = Options(size=Size.exact(SIDE_PX, SIDE_PX), fit=Fit.LETTERBOX)
    plan = bench.plan(bench.pictures.repeated(bench.pictures.photos, 4), options)
    work = f"{plan.rows:,} photographs to {SIDE_PX} × {SIDE_PX}"
    yield Job(work, plan.rows, partial(bench.convert, plan, Storage.FILE))
    draft = resolve(replace(options, decode=Decode.DRAFT), plan.catalog)
    yield Job(f"{work}, draft", plan.rows, partial(bench.convert, draft, Storage.FILE))


def _rescaled(bench: Bench) -> Iterator[Job]:
    larger = Options(size=Size.exact(LARGER_PX, LARGER_PX), fit=Fit.LETTERBOX)
    plan = bench.plan(bench.pictures.repeated(bench.pictures.thumbnails, 2), larger)
    work = f"{plan.rows:,} JPEG of 64 × 64 to {LARGER_PX} × {LARGER_PX}"
    yield Job(work, plan.rows, partial(bench.convert, plan, Storage.FILE))
    half = Size.exact(DEEP_SIDES[0] // 2, DEEP_SIDES[1] // 2)
    plan = bench.plan(deep_pictures(bench.folder / "deep"), Options(size=half, fit=Fit.STRETCH))
    work = f"{plan.rows:,} TIFF of 16 bits to half size"
    yield Job(work, plan.rows, partial(bench.convert, plan, Storage.FILE))


def _tensors(bench: Bench) -> Iterator[Job]:
    plan = bench.plan(bench.pictures.repeated(bench.pictures.tensors(64), 40), Options())
    yield Job(f"{plan.rows:,} tensors of 64 × 64", plan.rows, partial(bench.convert, plan, Storage.FILE))


def _storages(bench: Bench) -> Iterator[Job]:
    pictures = bench.pictures
    for name, source in (
        ("JPEG of 64 × 64", pictures.repeated(pictures.thumbnails, 3)),
        ("photographs, padded", pictures.photos),
    ):
        plan = bench.plan(source, Options())
        for storage in (Storage.MEMORY, Storage.FILE):
            work = f"{plan.rows:,} {name}, storage {storage.value}"
            yield Job(work, plan.rows, partial(bench.convert, plan, storage))


def _scan(bench: Bench) -> Iterator[Job]:
    source = str(bench.pictures.repeated(bench.pictures.thumbnails, 15))
    files = len(bench.engine.scan([source], Control()))
    first = partial(bench.engine.scan, [source], Control(), cache=False)
    yield Job(f"first scan of {files:,} JPEG", files, first)
    yield Job(f"second scan of {files:,} JPEG", files, partial(bench.engine.scan, [source], Control()))


def _feeding(bench: Bench) -> Iterator[Job]:
    plan = bench.plan(bench.pictures.repeated(bench.pictures.thumbnails, 6), Options())
    with costless_workers(bench, bench.workers) as fed:
        work = f"{plan.rows:,} JPEG of 64 × 64, workers that cost nothing"
        yield Job(work, plan.rows, partial(fed.convert, plan, Storage.FILE))


JOBS: dict[str, Callable[[Bench], Iterator[Job]]] = {
    "small": _small,
    "large": _large,
    "scaled": _scaled,
    "rescaled": _rescaled,
    "tensors": _tensors,
    "storages": _storages,
    "scan": _scan,
    "feeding": _feeding,
}


def main(wanted: argparse.Namespace) -> None:
    """Print the profile of what was asked for."""
    with running.room(wanted, ROOM_GB) as folder:
        pictures = Pictures(folder, quick=wanted.quick)
        for share in profile(pictures, folder, wanted.workers, wanted.only or list(JOBS)):
            say(line(share))


def profile(pictures: Pictures, folder: Path, workers: int, names: Sequence[str]) -> Iterator[Share]:
    """Profile the named jobs; yields the shares of each, largest first."""
    clock = clocking.Clock()
    clock.install(clocking.PARTS)
    with tempfile.TemporaryDirectory(dir=folder) as clocked:
        clocking.clock_workers(Path(clocked))
        with Peers(1) as peers, Engine(workers) as engine:
            bench = Bench(pictures, engine, peers, folder, workers, rounds=1, quick=False)
            for name in names:
                for job in JOBS[name](bench):
                    job.run()  # what only a first run does, is no matter
                    bench.clear()
                    yield from _shares(job, clock, Path(clocked))
                    bench.clear()


def _shares(job: Job, clock: clocking.Clock, folder: Path) -> Iterator[Share]:
    before, of_workers, of_threads = clock.now, clocking.of_workers(folder), _thread_ns()
    job.run()
    main = clock.now.minus(before)
    pool_ns = _thread_ns() - of_threads
    workers = clocking.of_workers(folder).minus(of_workers)
    yield from _by_part(job, "main", main, clock.overhead_ns(main), pool_ns)
    yield from _by_part(job, "workers", workers, clock.overhead_ns(workers))


def _by_part(
    job: Job, process: str, sums: clocking.Sums, overhead_ns: int, pool_ns: int = 0
) -> Iterator[Share]:
    whole_ns = sums.process_ns - overhead_ns
    rest_ns = whole_ns - sum(sums.ns.values()) - pool_ns
    parts = {
        **{part: (ns, sums.calls[part]) for part, ns in sums.ns.items()},
        "threads of the pool": (pool_ns, 0),
        "everything else": (rest_ns, 0),
    }
    yield Share(job.work, process, "all", whole_ns / job.rows / 1000, 0)
    for part, (ns, calls) in sorted(parts.items(), key=lambda item: -item[1][0]):
        if ns / job.rows / 1000 >= LEAST_US:
            yield Share(job.work, process, part, ns / job.rows / 1000, calls / job.rows)


def _thread_ns() -> int:
    """Processor time of the threads that hand batches to the workers and take what they return."""
    ours = {
        each.native_id
        for each in threading.enumerate()
        if getattr(getattr(each, "_target", None), "__module__", "").startswith("pebble")
    }
    times = psutil.Process().threads()
    return int(sum(each.user_time + each.system_time for each in times if each.id in ours) * 1e9)


def line(share: Share) -> str:
    """A share as a line of the printed profile."""
    if share.part == "all":
        return f"\n{share.work}: {share.process}, {share.us:.2f} µs of processor time a row"
    often = f"{share.calls:8.3f} times a row" if share.calls else ""
    return f"  {share.part:<36}{share.us:>9.2f} µs{often:>24}"

"""What a benchmark yields, and how two ways of doing the same work are timed fairly."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from stackgui.core.base.choices import Storage
from stackgui.core.options.options import Options
from stackgui.core.plan.plan import Plan
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.progress import FillProgress
from stackgui.core.run.report import Report
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control, Engine
from tests.benchmarks.data import Pictures
from tests.benchmarks.peers import Peers, Task, decode_jpegs

FAST, LONG, MUCH = "× as fast as", "× the time of", "× the size of"
"""Units of ratios, so that a row reads as a sentence: so many times as fast as what it is compared with."""

BOUND = "bound: "
"""Begins the name of what no program can beat on this machine, as opposed to what one could use instead."""

DECODED = "read, decoded, dropped"
WRITTEN = "as many bytes written durably"
SLOWER = f"{BOUND}decoding or the disk, whichever is slower"


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes
    ----------
    work, against : str
        What was done, and with what it is compared or what of it is measured.
    measured : float
    limit : float or None
        The target; None for a figure that is only reported.
    at_least : bool
        Whether the target is a lower limit.
    unit : str
        What stands between `measured` and `against`; of ratios, `FAST`, `LONG` or `MUCH`.
    note : str
        The figures behind it.
    """

    work: str
    against: str
    measured: float
    limit: float | None
    at_least: bool = True
    unit: str = FAST
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.limit is None:
            return None
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit

    @property
    def is_ratio(self) -> bool:
        """Whether it compares two ways of doing the same work."""
        return self.unit in (FAST, LONG, MUCH)

    @property
    def is_bound(self) -> bool:
        """Whether it is compared with what no program can beat."""
        return self.against.startswith(BOUND)

    @property
    def figure(self) -> str:
        """What was measured, to three digits, with its unit."""
        return f"{digits(self.measured)} {self.unit}"

    @property
    def target(self) -> str:
        """The limit and from which side it is one, or ``""``."""
        return "" if self.limit is None else f"{'≥' if self.at_least else '≤'} {self.limit:,g}"


def digits(value: float) -> str:
    """Write a number with three digits that count."""
    return f"{value:,.{2 if abs(value) < 10 else 1 if abs(value) < 100 else 0}f}"


@dataclass(frozen=True)
class Bench:
    """What a part measures with: pictures, a warm engine, warm peers, and how often to measure.

    Attributes
    ----------
    step : callable
        Is told what is being done just now.
    """

    pictures: Pictures
    engine: Engine
    peers: Peers
    folder: Path
    workers: int
    rounds: int
    quick: bool
    step: Callable[[str], None] = lambda _what: None

    def plan(self, source: Path, options: Options) -> Plan:
        """The plan for all pictures in `source`."""
        return resolve(options, self.engine.scan([str(source)], Control()))

    def convert(self, plan: Plan, storage: Storage) -> Report:
        """Carry out `plan`, from the first check to the renamed and durable stack."""
        control: Control[FillProgress] = Control()
        run = RunOptions(str(self.folder / "stack"), storage)
        return self.engine.convert(plan, run, control)

    def bounds(self, files: Sequence[Path], plan: Plan, decode: Task = decode_jpegs) -> Ways:
        """The two ways that nobody can beat: `files` decoded and dropped, and what `plan` takes written.

        It carries out the plan once, to learn what it takes on the disk.
        """
        self.step("once to warm up")
        self.convert(plan, Storage.FILE)
        taken = sum(taken_bytes(file) for file in (self.folder / "stack").iterdir())
        self.clear()
        return {
            DECODED: partial(self.peers.run, decode, files),
            WRITTEN: partial(self.peers.write, self.folder / "bound", taken),
        }

    def clear(self) -> None:
        """Delete the last stack and what peers wrote; outside of every measurement."""
        shutil.rmtree(self.folder / "stack", ignore_errors=True)
        (self.folder / "bound").unlink(missing_ok=True)


def taken_bytes(file: Path) -> int:
    """Room that a file takes on the disk, holes left out where the system tells them."""
    facts = file.stat()
    return facts.st_blocks * 512 if hasattr(facts, "st_blocks") else facts.st_size


Ways = dict[str, Callable[[], object]]
Timed = dict[str, list[float]]


def paired(bench: Bench, ways: Ways, shares: Mapping[str, float] | None = None) -> Timed:
    """Seconds of each way, round by round, all ways in every round: a busy moment hits all of them alike.

    Parameters
    ----------
    ways
        What to do, by its name.
    shares
        Which ways do only a share of the work, since they are slow and take time in proportion.
    """
    seconds: Timed = {name: [] for name in ways}
    for number in range(bench.rounds):
        # Every other round backwards, so that no way always follows the same one.
        names = list(ways) if number % 2 == 0 else list(reversed(ways))
        for name in names:
            bench.step(f"round {number + 1} of {bench.rounds}: {name}")
            start = time.perf_counter()
            ways[name]()
            seconds[name].append((time.perf_counter() - start) / (shares or {}).get(name, 1))
            bench.clear()
    return seconds


def times_as_fast(seconds: Timed, ours: str, peer: str) -> float:
    """Median over the rounds of how many times as fast `ours` is as `peer`."""
    return statistics.median(b / a for a, b in zip(seconds[ours], seconds[peer], strict=True))


def note(seconds: Timed, ours: str, peer: str) -> str:
    """The medians behind a ratio."""
    return f"{_median(seconds, ours)} against {_median(seconds, peer)}"


def compared(seconds: Timed, work: str, ours: str, peer: str, limit: float | None) -> Row:
    """The row that says how many times as fast `ours` is as `peer`."""
    return Row(work, peer, times_as_fast(seconds, ours, peer), limit, note=note(seconds, ours, peer))


def bounded(seconds: Timed, work: str, ours: str, limit: float | None = None) -> Row:
    """The row that compares `ours` with the slower of the two `Bench.bounds`, round by round."""
    slower = [max(pair) for pair in zip(seconds[DECODED], seconds[WRITTEN], strict=True)]
    ratio = times_as_fast({ours: seconds[ours], SLOWER: slower}, ours, SLOWER)
    figures = (
        f"{_median(seconds, ours)}; decoding {_median(seconds, DECODED)}, disk {_median(seconds, WRITTEN)}"
    )
    return Row(work, SLOWER, ratio, limit, note=figures)


def _median(seconds: Timed, way: str) -> str:
    return f"{statistics.median(seconds[way]):.2f} s"

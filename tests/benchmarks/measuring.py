"""What a benchmark yields, and how two ways of doing the same work are timed fairly."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
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
from tests.benchmarks.peers import Peers


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
    note : str
        The figures behind it.
    """

    work: str
    against: str
    measured: float
    limit: float | None
    at_least: bool = True
    unit: str = "×"
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.limit is None:
            return None
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


@dataclass(frozen=True)
class Bench:
    """What all benchmarks share: pictures, one warm engine, warm peers, and how often to measure."""

    pictures: Pictures
    engine: Engine
    peers: Peers
    folder: Path
    workers: int
    rounds: int
    quick: bool

    def plan(self, source: Path, options: Options) -> Plan:
        """The plan for all pictures in `source`."""
        return resolve(options, self.engine.scan([str(source)], Control()))

    def convert(self, plan: Plan, storage: Storage) -> Report:
        """Carry out `plan`, from the first check to the renamed and durable stack."""
        control: Control[FillProgress] = Control()
        run = RunOptions(str(self.folder / "stack"), storage)
        return self.engine.convert(plan, run, control)

    def clear(self) -> None:
        """Delete the last stack; outside of every measurement."""
        shutil.rmtree(self.folder / "stack", ignore_errors=True)


Timed = dict[str, list[float]]


def paired(bench: Bench, ways: dict[str, Callable[[], object]]) -> Timed:
    """Seconds of each way, round by round, all ways in every round: a busy moment hits all of them alike."""
    seconds: Timed = {name: [] for name in ways}
    for number in range(bench.rounds):
        # Every other round backwards, so that no way always follows the same one.
        names = list(ways) if number % 2 == 0 else list(reversed(ways))
        for name in names:
            start = time.perf_counter()
            ways[name]()
            seconds[name].append(time.perf_counter() - start)
            bench.clear()
    return seconds


def times_as_fast(seconds: Timed, ours: str, peer: str) -> float:
    """Median over the rounds of how many times as fast `ours` is as `peer`."""
    return statistics.median(b / a for a, b in zip(seconds[ours], seconds[peer], strict=True))


def note(seconds: Timed, ours: str, peer: str) -> str:
    """The medians behind a ratio."""
    return f"{statistics.median(seconds[ours]):.2f} s and {statistics.median(seconds[peer]):.2f} s"


def compared(seconds: Timed, work: str, ours: str, peer: str, limit: float | None) -> Row:
    """The row that says how many times as fast `ours` is as `peer`."""
    return Row(
        work, peer, times_as_fast(seconds, ours, peer), limit, unit="×", note=note(seconds, ours, peer)
    )

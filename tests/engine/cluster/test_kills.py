"""Kills of workers, schedulers and coordinators at random moments."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from tests.engine.cluster.parts import Part, free_port, same_stacks

pytest.importorskip("distributed", reason="Dask is not installed")

KILLS = 40
CHOICES = ["--size", "96x96", "--fit", "letterbox", "--workers", "1"]


class Cluster:
    """A scheduler and two workers on this computer."""

    def __init__(self, folder: Path) -> None:
        port = str(free_port())
        self.address = f"tcp://127.0.0.1:{port}"
        self.environment = {"TMPDIR": str(folder)}
        self.folder = folder
        words = {
            "scheduler": ("cluster", "scheduler", "--host", "127.0.0.1", "--port", port),
            "worker 1": ("cluster", "worker", self.address),
            "worker 2": ("cluster", "worker", self.address),
        }
        self.parts = {name: self.part(name, *given) for name, given in words.items()}

    def part(self, name: str, *words: str) -> Part:
        return Part(*words, log=self.folder / f"{name}.log", environment=self.environment)

    def convert(self, source: Path, stack: Path) -> Part:
        partial = stack.with_name(stack.name + ".partial")
        words = ["convert", str(source), "--out", str(stack), *CHOICES, "--resume"]
        if (partial / "journal").exists():
            words = ["resume", str(partial), "--workers", "1"]
        return self.part("coordinator", *words, "--cluster", self.address)

    def look_after(self) -> None:
        for part in self.parts.values():
            part.look_after()

    def end(self) -> None:
        for part in self.parts.values():
            part.end()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    made = Cluster(tmp_path / "cluster")
    yield made
    made.end()


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_forty_kills_cost_time_only(engine, scan, thumbnails, tmp_path, cluster):
    plan = resolve(Options(size=Size.exact(96, 96), fit="letterbox"), scan(thumbnails))
    engine.convert(plan, RunOptions(str(tmp_path / "one")), Control())
    chance, kills, stack = random.Random(18), 0, tmp_path / "stack 0"
    coordinator = cluster.convert(thumbnails, stack)
    made = 0
    while True:
        time.sleep(chance.uniform(0.2, 6))
        if coordinator.has_ended and stack.exists():
            same_stacks(tmp_path / "one", stack)
            made += 1
            if kills >= KILLS:
                break
            stack = tmp_path / f"stack {made}"
            coordinator = cluster.convert(thumbnails, stack)
        elif coordinator.has_ended:
            coordinator = cluster.convert(thumbnails, stack)
        elif kills < KILLS:
            name = chance.choice(["worker 1", "worker 2", "scheduler", "coordinator"])
            kills += 1
            (coordinator if name == "coordinator" else cluster.parts[name]).kill()
        cluster.look_after()
    assert kills == KILLS

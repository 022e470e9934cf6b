"""Kills of workers, schedulers and coordinators at random moments."""

import random
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackgui.cli.answers import COMPLETE, WITH_FAILURES
from stackgui.core.base.choices import Fit
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.stores.recovery.lease import LEASE_FILE
from tests.engine.cluster.parts import Cluster, same_stacks, wait_until

pytest.importorskip("distributed", reason="Dask is not installed")

KILLS, SEED = 40, 18


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    made = Cluster(tmp_path / "cluster")
    yield made
    made.end()


def test_a_worker_is_killed(engine, scan, pictures, tmp_path, cluster):
    """What the README shows, and the plug of one worker is pulled."""
    for index in range(40):
        shutil.copy(pictures / "dog" / "2.png", pictures / f"{index}.png")
    plan = resolve(Options(size=Size.exact(96, 96), fit=Fit.LETTERBOX), scan(pictures))
    engine.convert(plan, RunOptions(str(tmp_path / "one")), Control())
    wait_until(lambda: "works for" in cluster.parts["worker 1"].log())
    coordinator = cluster.convert(pictures, tmp_path / "two")
    wait_until((tmp_path / "two.partial" / LEASE_FILE).exists)
    cluster.parts["worker 1"].kill()
    assert coordinator.wait(120) == WITH_FAILURES, coordinator.log()
    same_stacks(tmp_path / "one", tmp_path / "two")


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_scheduler_that_is_started_again_with_its_workers_goes_on(
    engine, scan, thumbnails, tmp_path, cluster
):
    """What the help says of a scheduler that ends: the conversion is never begun again."""
    plan = resolve(Options(size=Size.exact(96, 96), fit=Fit.LETTERBOX), scan(thumbnails))
    engine.convert(plan, RunOptions(str(tmp_path / "one")), Control())
    coordinator = cluster.convert(thumbnails, tmp_path / "two")
    journal = tmp_path / "two.partial" / "journal"
    try:
        wait_until(journal.exists)
        begun_bytes = journal.stat().st_size
        wait_until(lambda: journal.stat().st_size > begun_bytes)
        cluster.parts["scheduler"].kill()
        wait_until(lambda: all(part.has_ended for part in cluster.parts.values()))
        assert not coordinator.has_ended, coordinator.log()
        cluster.look_after()
        assert coordinator.wait(300) == COMPLETE, coordinator.log()
    finally:
        coordinator.end()
    same_stacks(tmp_path / "one", tmp_path / "two")


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_forty_kills_cost_time_only(engine, scan, thumbnails, tmp_path, cluster):
    """Each run that is killed can be resumed, and each stack that gets its name is that of one machine."""
    print(f"seed {SEED}")  # noqa: T201 - so that the same can be run again
    plan = resolve(Options(size=Size.exact(96, 96), fit=Fit.LETTERBOX), scan(thumbnails))
    engine.convert(plan, RunOptions(str(tmp_path / "one")), Control())
    chance, killed = random.Random(SEED), Counter()
    stack, made, resumed = tmp_path / "stack 0", 0, 0
    coordinator = cluster.convert(thumbnails, stack)
    while True:
        time.sleep(chance.uniform(0.2, 6))
        if coordinator.has_ended and stack.exists():
            same_stacks(tmp_path / "one", stack)
            shutil.rmtree(stack)
            made += 1
            if killed.total() >= KILLS:
                break
            stack = tmp_path / f"stack {made}"
            coordinator = cluster.convert(thumbnails, stack)
        elif coordinator.has_ended:
            assert "Traceback" not in coordinator.log(), coordinator.log()
            coordinator, resumed = cluster.convert(thumbnails, stack), resumed + 1
        elif killed.total() < KILLS:
            name = chance.choice(["worker 1", "worker 2", "scheduler", "coordinator"])
            killed[name] += 1
            (coordinator if name == "coordinator" else cluster.parts[name]).kill()
        cluster.look_after()
    coordinator.end()
    print(f"{dict(killed)}; {made} stacks, begun again {resumed} times")  # noqa: T201 - what it was
    assert killed.total() == KILLS

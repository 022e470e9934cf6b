"""A worker, the scheduler or whoever converts is frozen in the midst of a run, and goes on later."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackgui.cli.answers import COMPLETE
from stackgui.core.base.choices import Fit
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from tests.engine.cluster.parts import Cluster, Part, same_stacks, wait_until

pytest.importorskip("distributed", reason="Dask is not installed")

WORKER_S = 4.0
"""Patience with a silent worker: less than without a test, which has to outlast it."""

WORKERS = ("worker 1", "worker 2")


class Impatient(Cluster):
    def part(self, name: str, *words: str) -> Part:
        self.environment["DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL"] = f"{WORKER_S:g}s"
        return super().part(name, *words)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    made = Impatient(tmp_path / "cluster")
    yield made
    made.end()


@pytest.fixture
def coordinator(engine, scan, thumbnails, tmp_path, cluster) -> Iterator[Part]:
    """A conversion that has made rows by both workers; one computer has made the same stack as “one”."""
    plan = resolve(Options(size=Size.exact(96, 96), fit=Fit.LETTERBOX), scan(thumbnails))
    engine.convert(plan, RunOptions(str(tmp_path / "one")), Control())
    for name in WORKERS:
        wait_until(lambda name=name: "works for" in cluster.parts[name].log())
    made = cluster.convert(thumbnails, tmp_path / "two")
    journal = tmp_path / "two.partial" / "journal"
    try:
        wait_until(journal.exists)
        begun_bytes = journal.stat().st_size
        wait_until(lambda: journal.stat().st_size > begun_bytes)
        yield made
    finally:
        made.end()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_others_do_the_work_of_a_worker_that_is_frozen(cluster, coordinator, tmp_path):
    lost = cluster.parts["worker 2"]
    lost.stop()
    assert coordinator.wait(300) == COMPLETE, coordinator.log()
    lost.go_on()
    wait_until(lambda: lost.has_ended)
    assert "Traceback" not in lost.log()
    same_stacks(tmp_path / "one", tmp_path / "two")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_worker_that_goes_on_in_the_midst_spoils_nothing(cluster, coordinator, tmp_path):
    lost = cluster.parts["worker 2"]
    lost.stop()
    coordinator.stop()  # so that the run lasts
    time.sleep(2 * WORKER_S)
    lost.go_on()
    coordinator.go_on()
    wait_until(lambda: lost.has_ended)
    assert coordinator.wait(300) == COMPLETE, coordinator.log()
    same_stacks(tmp_path / "one", tmp_path / "two")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_scheduler_that_goes_on_has_lost_nobody(cluster, coordinator, tmp_path):
    scheduler = cluster.parts["scheduler"]
    scheduler.stop()
    time.sleep(2 * WORKER_S)
    scheduler.go_on()
    assert coordinator.wait(300) == COMPLETE, coordinator.log()
    assert not any(cluster.parts[name].has_ended for name in WORKERS)
    same_stacks(tmp_path / "one", tmp_path / "two")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_whoever_converts_goes_on(cluster, coordinator, tmp_path):
    coordinator.stop()
    time.sleep(2 * WORKER_S)
    coordinator.go_on()
    assert coordinator.wait(300) == COMPLETE, coordinator.log()
    assert not any(cluster.parts[name].has_ended for name in WORKERS)
    same_stacks(tmp_path / "one", tmp_path / "two")

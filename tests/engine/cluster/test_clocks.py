"""Clocks of hosts that differ, and that are set meanwhile, change nothing."""

import os
import time
from collections.abc import Iterator

import pytest

from stackgui.cli.answers import WITH_FAILURES
from stackgui.core.base.choices import Fit
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from tests.engine.cluster.parts import Cluster, Part, same_stacks, wait_until

pytest.importorskip("distributed", reason="Dask is not installed")

DAY_S = 86400

WRONG = """
import os, time

real, began_s = time.time, time.time()
OFFSET_S, STEP_S = int(os.environ["TEST_OFFSET_S"]), int(os.environ["TEST_STEP_S"])
BACK = os.environ["TEST_BACK"]

def wrong():
    '''A clock that is far away, is set forward every second, and set back for a day by a file.'''
    back_s = 86400 if os.path.exists(BACK) else 0
    return real() + OFFSET_S + STEP_S * int(real() - began_s) - back_s

time.time = wrong
time.time_ns = lambda: int(wrong() * 10**9)
"""

CLOCKS = {
    "scheduler": (0, 3600),
    "worker 1": (11 * DAY_S, 0),
    "worker 2": (-30 * DAY_S, 60),
    "coordinator": (-DAY_S, 0),
}
"""How far each clock is away, and by how much it is set forward every second; in seconds."""

WORKER_S = 10.0
"""Patience with a silent worker."""


class Hosts(Cluster):
    def part(self, name: str, *words: str) -> Part:
        path = os.pathsep.join(filter(None, (str(self.folder), os.environ.get("PYTHONPATH"))))
        offset_s, step_s = map(str, CLOCKS[name])
        wrong = {
            "PYTHONPATH": path, "TEST_OFFSET_S": offset_s, "TEST_STEP_S": step_s,
            "TEST_BACK": str(self.folder / f"{name} is set back"),
            "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": f"{WORKER_S:g}s",
        }  # fmt: skip
        return Part(*words, log=self.folder / f"{name}.log", environment={**self.environment, **wrong})


@pytest.fixture
def hosts(tmp_path) -> Iterator[Hosts]:
    (tmp_path / "cluster").mkdir()
    (tmp_path / "cluster" / "sitecustomize.py").write_text(WRONG)
    made = Hosts(tmp_path / "cluster")
    yield made
    made.end()


@pytest.fixture
def same(engine, scan, pictures, tmp_path, hosts):
    """Convert on the cluster, and compare."""
    workers = [hosts.parts[name] for name in ("worker 1", "worker 2")]
    for each in workers:
        wait_until(lambda each=each: "works for" in each.log())

    def act() -> None:
        plan = resolve(Options(size=Size.exact(96, 96), fit=Fit.LETTERBOX), scan(pictures))
        engine.convert(plan, RunOptions(str(tmp_path / "one")), Control())
        coordinator = hosts.parts["coordinator"] = hosts.convert(pictures, tmp_path / "two")
        assert coordinator.wait(200) == WITH_FAILURES, coordinator.log()
        same_stacks(tmp_path / "one", tmp_path / "two")
        assert not any(each.has_ended for each in workers), [each.log() for each in workers]

    return act


@pytest.mark.timeout(300)
def test_clocks_that_differ_and_go_forward_change_nothing(same):
    same()


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", ["worker 1", "scheduler"])
def test_a_clock_that_is_set_back_costs_no_worker(same, hosts, name):
    (hosts.folder / f"{name} is set back").touch()
    time.sleep(2 * WORKER_S)
    same()

"""How long is waited for workers that may still write."""

import time
from types import SimpleNamespace

import pytest

pytest.importorskip("distributed", reason="Dask is not installed")
from stackgui.engine.cluster import crew as crew_module
from stackgui.engine.cluster.crew import Crew
from stackgui.engine.cluster.pulse import Heard
from stackgui.engine.cluster.silence import WORKER_S


@pytest.fixture
def now(monkeypatch) -> SimpleNamespace:
    """A clock that goes on while somebody sleeps."""
    made = SimpleNamespace(s=1000.0)

    def sleep(seconds):
        made.s += seconds

    clock = SimpleNamespace(monotonic=lambda: made.s, sleep=sleep)
    monkeypatch.setattr(crew_module, "time", clock)
    assert time.monotonic is not clock.monotonic
    return made


class Cluster:
    """Two workers that are heard all the time, as long as they are not silent."""

    def __init__(self, now) -> None:
        self.now, self.pulse = now, self
        self.workers = {"one": 1, "two": 2}
        self.silent = {}
        self.at_work = {}

    def look(self):
        heard = {name: self.silent.get(name, self.now.s) for name in self.workers}
        return {name: Heard(self.workers[name], "", heard[name], heard[name]) for name in self.workers}

    def answers(self, _function, name, *, within_s):
        assert name == "run"
        assert within_s > 0
        there = self.workers.keys() - self.silent.keys()
        return {worker: self.at_work.get(worker, [0]).pop(0) for worker in there}


@pytest.fixture
def cluster(now) -> Cluster:
    return Cluster(now)


@pytest.fixture
def crew(cluster, now) -> Crew:
    made = Crew(cluster)
    made.look(at_once=True)
    assert made.decoders == 3
    return made


def waited_s(crew, now, *, ask=False) -> float:
    begun_s = now.s
    crew.settle("run", ask=ask)
    return now.s - begun_s


def test_nobody_is_waited_for_if_nobody_was_lost(crew, now):
    assert waited_s(crew, now) == 0


def test_who_was_lost_just_now_may_be_writing(crew, cluster, now):
    del cluster.workers["two"]
    assert waited_s(crew, now) == pytest.approx(crew_module.WRITE_S, abs=0.2)


def test_who_was_lost_before_has_noticed_it_meanwhile(crew, cluster, now):
    del cluster.workers["two"]
    crew.look(at_once=True)
    now.s += crew_module.RIGHT_S + 2
    assert waited_s(crew, now) == pytest.approx(crew_module.WRITE_S - 2, abs=0.2)
    now.s += 5
    assert waited_s(crew, now) == 0


def test_who_says_that_it_writes_is_waited_for(crew, cluster, now):
    cluster.at_work = {"one": [1] * 30 + [0], "two": [0] * 31}
    assert waited_s(crew, now, ask=True) == pytest.approx(3.0, abs=0.2)


def test_who_says_nothing_is_waited_for_as_if_lost(crew, cluster, now):
    cluster.silent["two"] = now.s
    assert waited_s(crew, now, ask=True) == pytest.approx(crew_module.WRITE_S, abs=0.2)


def test_who_was_silent_for_long_before_it_was_given_up_is_not_waited_for(crew, cluster, now):
    cluster.silent["two"] = now.s
    now.s += WORKER_S
    crew.look(at_once=True)
    del cluster.workers["two"]
    assert waited_s(crew, now) <= 0.2

"""Heartbeats, by a clock of the test."""

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from types import SimpleNamespace

import pytest

from stackgui.core.run.cluster import ClusterHealth, Link, SilentWorker, health_line
from stackgui.engine.cluster.pulse import Pulse

YEAR_S = 365 * 86400.0


class Scheduler:
    """Says who is there; its clock and those of workers may be far from that of the test."""

    def __init__(self) -> None:
        self.workers: dict[str, dict] = {}
        self.error: Exception | None = None
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    def beats(self, name: str, at: float) -> None:
        self.workers[name] = {"nthreads": 2, "host": f"10.0.0.{name}", "last_seen": at}

    async def identity(self) -> dict:
        await self.may_answer.wait()
        if self.error is not None:
            raise self.error
        return {"workers": dict(self.workers)}

    async def events(self, **_asked: str) -> tuple:
        return ()


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    thread = threading.Thread(target=made.run_forever)
    thread.start()
    yield made
    for _ in range(3):  # what was cancelled ends
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), made).result()
    made.call_soon_threadsafe(made.stop)
    thread.join()
    made.close()


@pytest.fixture
def scheduler() -> Scheduler:
    return Scheduler()


@pytest.fixture
def now() -> SimpleNamespace:
    return SimpleNamespace(s=100.0)


@pytest.fixture
def pulse(loop, scheduler, now) -> Iterator[Pulse]:
    client = SimpleNamespace(loop=SimpleNamespace(asyncio_loop=loop), scheduler=scheduler)
    made = Pulse(client, lambda: now.s)
    yield made
    made.stop()


def answered(pulse: Pulse) -> None:
    """Wait for the answer to a question that is under way."""
    if isinstance(pulse._question, Future):
        done = threading.Event()
        pulse._question.add_done_callback(lambda _: done.set())
        assert done.wait(60)


def test_a_worker_whose_heartbeat_stands_still_is_silent_by_whatever_clock(pulse, scheduler, now):
    scheduler.beats("1", at=-YEAR_S)
    scheduler.beats("2", at=YEAR_S)
    assert not pulse.has_answered
    assert {name: each.threads for name, each in pulse.look().items()} == {"1": 2, "2": 2}
    assert pulse.has_answered
    now.s += 12
    scheduler.beats("1", at=-YEAR_S + 0.5)
    pulse.look()
    pulse.ask()
    assert pulse.silent_workers == {"1": 0, "2": 12}, "also while the next answer is awaited"
    assert (pulse.silent_s, pulse.lost) == (0, 0)


def test_a_scheduler_that_does_not_answer_is_silent_and_not_its_workers(pulse, scheduler, now, loop):
    scheduler.beats("1", at=5)
    pulse.look()
    loop.call_soon_threadsafe(scheduler.may_answer.clear)
    pulse.ask()
    now.s += 30
    assert not pulse.ask(), "one question at a time"
    assert (pulse.silent_s, pulse.silent_workers) == (30, {"1": 0})
    assert pulse.look().keys() == {"1"}, "what was known has to do"
    loop.call_soon_threadsafe(scheduler.may_answer.set)
    answered(pulse)
    assert (pulse.silent_s, pulse.silent_workers) == (0, {"1": 0}), "nobody could tell it anything"


def test_a_scheduler_that_is_gone_is_silent_since_it_was_asked_first(pulse, scheduler, now):
    scheduler.beats("1", at=5)
    pulse.look()
    now.s += 300
    scheduler.error = OSError("gone")
    pulse.look()
    now.s += 7
    pulse.look()
    now.s += 6
    assert pulse.silent_s == 13


def test_those_who_were_lost_are_forgotten_with_a_new_run(pulse, scheduler):
    scheduler.beats("1", at=5)
    scheduler.beats("2", at=5)
    pulse.look()
    del scheduler.workers["2"]
    pulse.look()
    assert pulse.lost == 1
    pulse.forget_lost()
    assert pulse.lost == 0


@pytest.mark.parametrize(
    ("health", "words"),
    [
        (ClusterHealth("tcp://a:1", silent_s=12), "Nobody has answered at tcp://a:1 for 12 s."),
        (
            ClusterHealth("tcp://a:1", Link.REACHED, workers=2, silent_s=1200),
            "The scheduler of the cluster at tcp://a:1 has not answered for 1,200 s.",
        ),
        (
            ClusterHealth("tcp://a:1", Link.REACHED, workers=2, silent_workers=(SilentWorker("pine", 12),)),
            "The worker on pine has not answered for 12 s.",
        ),
        (
            ClusterHealth(
                "tcp://a:1", Link.REACHED, workers=2,
                silent_workers=(SilentWorker("pine", 15), SilentWorker("elm", 12)),
            ),
            "2 workers, one of them on pine, have not answered for 12 s.",
        ),
    ],
)  # fmt: skip
def test_silence_is_told_in_seconds(health, words):
    assert words in health_line(health)
    assert not health.is_well

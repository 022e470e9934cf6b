"""Processor time is counted once, for the part in which it is spent."""

import importlib
from types import SimpleNamespace

import pytest

from tests.benchmarks import clocking
from tests.benchmarks.clocking import PARTS, Clock
from tests.benchmarks.profiled import Share, line


@pytest.fixture
def now(monkeypatch):
    """A clock that stands still but for what functions take."""
    time = SimpleNamespace(ns=0)
    monkeypatch.setattr(
        clocking,
        "time",
        SimpleNamespace(thread_time_ns=lambda: time.ns, process_time_ns=lambda: time.ns),
    )
    return time


@pytest.mark.parametrize("name", [name for names in PARTS.values() for name in names])
def test_everything_that_is_clocked_is_there(name):
    module, _, path = name.partition(":")
    found = importlib.import_module(module)
    for each in path.split("."):
        found = getattr(found, each)
    assert callable(found)


def test_what_a_part_calls_counts_there_alone(now):
    clock = Clock()

    def takes(ns, *then):
        def work():
            now.ns += ns
            for each in then:
                each()

        return work

    inner = clock.clocked("inner", takes(5))
    clock.clocked("outer", takes(20, inner, inner))()
    assert clock.sums.ns == {"inner": 10, "outer": 20}
    assert clock.sums.calls == {"inner": 2, "outer": 1}
    assert clock.now.process_ns == now.ns == 30


def test_each_step_of_a_generator_is_clocked_and_what_happens_in_between_is_not(now):
    clock = Clock()

    def steps():
        for number in range(3):
            now.ns += 7
            yield number

    for _number in clock.clocked("steps", steps)():
        now.ns += 100
    assert clock.sums.ns == {"steps": 21}


def test_only_what_was_added_since_counts(now):
    clock = Clock()

    def work():
        now.ns += 3

    clocked = clock.clocked("part", work)
    clocked()
    before = clock.now
    clocked()
    added = clock.now.minus(before)
    assert (added.ns["part"], added.calls["part"], added.process_ns) == (3, 1, 3)
    assert added.plus(added).ns["part"] == 6


def test_the_profile_is_printed_by_process_and_part():
    assert line(Share("10 files", "main", "all", 12.346, 0)) == (
        "\n10 files: main, 12.35 µs of processor time a row"
    )
    assert line(Share("10 files", "main", "reading", 1.5, 1)).split() == (
        ["reading", "1.50", "µs", "1.000", "times", "a", "row"]
    )

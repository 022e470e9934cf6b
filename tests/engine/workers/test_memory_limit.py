"""The limit on a worker's memory."""

import ctypes
import sys
from unittest.mock import MagicMock

import pytest

from stackgui.engine.workers import job_object, memory_limit

GIB = 2**30


@pytest.fixture
def limits(monkeypatch):
    """Stands in for the system's limits: those that are set, by number; the hard ones may not be raised."""
    resource = pytest.importorskip("resource", reason="Windows has none")
    hard: dict[int, int] = {}
    found: dict[int, int] = {}

    def set_limit(number: int, pair: tuple[int, int]) -> None:
        if pair[1] != hard.get(number, resource.RLIM_INFINITY):
            raise ValueError("not allowed to raise maximum limit")
        found[number] = pair[0]

    monkeypatch.setattr(resource, "getrlimit", lambda number: (0, hard.get(number, resource.RLIM_INFINITY)))
    monkeypatch.setattr(resource, "setrlimit", set_limit)
    monkeypatch.setattr(memory_limit, "_most_bytes", 0)
    monkeypatch.setattr(memory_limit, "_granted", {})
    found["hard"] = hard
    return found


def test_a_worker_may_take_what_a_sample_may(limits):
    import resource

    memory_limit.limit(3 * GIB)
    first = limits[resource.RLIMIT_AS]
    assert first > 3 * GIB + memory_limit.MARGIN_BYTES
    assert limits[resource.RLIMIT_CORE] == 0
    memory_limit.grant("mapped", 5)
    assert limits[resource.RLIMIT_AS] == first + 5


def test_a_limit_that_somebody_else_set_stays(limits):
    import resource

    limits["hard"][resource.RLIMIT_AS] = GIB
    memory_limit.limit(3 * GIB)
    assert limits[resource.RLIMIT_AS] == GIB


def test_a_system_that_refuses_limits_is_worked_on_without(monkeypatch, limits):
    import resource

    def refuse(_number: int, _pair: tuple[int, int]) -> None:
        raise ValueError("current limit exceeds maximum limit")

    monkeypatch.setattr(resource, "setrlimit", refuse)
    memory_limit.limit(3 * GIB)
    assert resource.RLIMIT_AS not in limits


# What Windows has instead, as far as it can be told elsewhere


@pytest.mark.skipif(sys.maxsize < 2**32, reason="the sizes are those of 64 bits")
def test_the_limits_lie_where_windows_looks_for_them():
    assert ctypes.sizeof(job_object.Limits) == 144
    assert job_object.Limits.basic.offset + job_object._Basic.limit_flags.offset == 16
    assert job_object.Limits.process_memory_limit.offset == 112


def kernel(**results: int) -> MagicMock:
    made = MagicMock()
    made.CreateJobObjectW.return_value = 7
    made.GetCurrentProcess.return_value = -1
    for name, result in results.items():
        getattr(made, name).return_value = result
    return made


def test_the_process_enters_a_job_with_that_limit():
    kernel32 = kernel()
    assert job_object.enter_job(kernel32, 3 * GIB)
    job, kind, limits, size = kernel32.SetInformationJobObject.call_args.args
    assert (job.value, kind, size) == (7, 9, 144)
    assert limits._obj.process_memory_limit == 3 * GIB
    assert limits._obj.basic.limit_flags == 0x100
    job, process = kernel32.AssignProcessToJobObject.call_args.args
    assert (job.value, process.value) == (7, ctypes.c_void_p(-1).value)


@pytest.mark.parametrize("step", ["CreateJobObjectW", "SetInformationJobObject", "AssignProcessToJobObject"])
def test_a_job_that_cannot_be_entered_is_told(step):
    assert not job_object.enter_job(kernel(**{step: 0}), 3 * GIB)

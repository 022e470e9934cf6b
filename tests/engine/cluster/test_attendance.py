"""Who is given up by the scheduler: by its own clock, and only for the time in which it listened."""

from types import SimpleNamespace

import pytest

pytest.importorskip("distributed", reason="Dask is not installed")
from stackgui.engine.cluster.attendance import LOOK_S, Attendance

YEAR_S = 365 * 86400.0
LIMIT_S = 15.0


@pytest.fixture
def now() -> SimpleNamespace:
    return SimpleNamespace(s=100.0)


@pytest.fixture
def attendance(now) -> Attendance:
    return Attendance(clock=lambda: now.s)


def looks(attendance, now, times, beats):
    """Look so many times, and give how long it took until somebody was absent."""
    begun_s = now.s
    for index in range(times):
        now.s += LOOK_S
        if attendance.absent({name: beat(index) for name, beat in beats.items()}, LIMIT_S):
            return now.s - begun_s
    return None


def test_who_is_silent_is_absent_soon_after_the_limit(attendance, now):
    took_s = looks(attendance, now, 60, {"frozen": lambda _index: 7.0, "busy": lambda index: index})
    assert LIMIT_S <= took_s <= LIMIT_S + 2 * LOOK_S
    assert attendance.absent({"frozen": 7.0, "busy": YEAR_S}, LIMIT_S) == ["frozen"]


def test_clocks_that_are_set_or_far_away_do_not_matter(attendance, now):
    beats = {
        "tomorrow": lambda index: YEAR_S + index / 2,
        "back and forth": lambda index: YEAR_S * (-1) ** index,
        "slow": lambda index: index * 1e-6,
    }
    assert looks(attendance, now, 60, beats) is None


def test_a_scheduler_that_was_frozen_gives_up_nobody(attendance, now):
    assert attendance.absent({"one": 1.0}, LIMIT_S) == []
    for beat in (1.0, 2.0, 3.0):
        now.s += 3600.0  # it goes on, and looks before it has read what the worker sent meanwhile
        assert attendance.absent({"one": beat}, LIMIT_S) == []


def test_a_worker_that_comes_again_is_new(attendance, now):
    assert looks(attendance, now, 10, {"one": lambda _index: 1.0}) is None
    assert attendance.absent({}, LIMIT_S) == []
    assert looks(attendance, now, 10, {"one": lambda _index: 1.0}) is None

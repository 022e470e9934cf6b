"""A worker writes only while the scheduler counts on it."""

from concurrent.futures import Future
from types import SimpleNamespace

import pytest

from stackgui.core.base.cancellation import UNWATCHED
from stackgui.core.base.errors import Cancelled

pytest.importorskip("distributed", reason="Dask is not installed")
from distributed import Reschedule

from stackgui.engine.cluster.silence import RIGHT_S, WORKER_S
from stackgui.engine.cluster.standing import Standing


class Scheduler:
    """Answers, one after another."""

    def __init__(self, answers: list) -> None:
        self.answers, self.asked = answers, 0

    def ask(self) -> Future:
        self.asked += 1
        answer: Future = Future()
        found = self.answers.pop(0)
        if isinstance(found, Exception):
            answer.set_exception(found)
        elif found is not None:
            answer.set_result(found)
        return answer


@pytest.fixture
def now() -> SimpleNamespace:
    return SimpleNamespace(s=100.0)


def test_the_right_ends_before_others_get_the_tasks():
    assert RIGHT_S < WORKER_S


def test_it_asks_before_the_first_write_and_when_it_has_not_heard_for_long(now):
    scheduler = Scheduler([True, True])
    standing = Standing(scheduler.ask, lambda: now.s)
    for _write in range(5):
        standing.check(UNWATCHED)
    now.s += RIGHT_S / 2
    standing.check(UNWATCHED)
    assert scheduler.asked == 1
    now.s += RIGHT_S
    standing.check(UNWATCHED)
    assert scheduler.asked == 2


def test_who_was_frozen_and_given_up_writes_nothing(now):
    standing = Standing(Scheduler([True, False]).ask, lambda: now.s)
    standing.check(UNWATCHED)
    now.s += WORKER_S
    with pytest.raises(Reschedule):
        standing.check(UNWATCHED)


def test_an_answer_counts_from_when_it_was_asked_for(now):
    class Slow(Scheduler):
        def ask(self) -> Future:
            now.s += RIGHT_S if self.asked == 0 else 0.0
            return super().ask()

    scheduler = Slow([True, True])
    Standing(scheduler.ask, lambda: now.s).check(UNWATCHED)
    assert scheduler.asked == 2


def test_it_waits_for_a_scheduler_that_cannot_be_reached_until_nobody_wants_the_rows(now):
    scheduler = Scheduler([OSError("it hung up"), OSError("it hung up"), None])

    class Ended:
        def check(self) -> None:
            if scheduler.asked == 3:
                raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        Standing(scheduler.ask, lambda: now.s).check(Ended())
    assert scheduler.asked == 3

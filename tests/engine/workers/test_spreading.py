"""Work that is no sample's: done by workers, in order, and here if they cannot."""

import math
import sys

import pytest

from stackgui.core.base.cancellation import UNWATCHED
from stackgui.core.base.errors import Cancelled
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.spreading import over
from stackgui.engine.workers.workers import Workers
from tests.engine import misbehaving


@pytest.fixture
def workers():
    made = Workers(2)
    yield made
    made.close()


def test_results_come_in_the_order_of_the_values(workers):
    assert list(over(workers, UNWATCHED)(math.isqrt, range(100))) == [math.isqrt(each) for each in range(100)]
    assert workers.ended == 100


def test_values_are_taken_when_they_are_needed(workers):
    taken = []

    def values():
        for number in range(100):
            taken.append(number)
            yield number

    results = over(workers, UNWATCHED)(math.isqrt, values())
    for count in range(1, 20):
        next(results)
        assert len(taken) <= count + 2 * (workers.count + 1)
    results.close()
    assert len(taken) < 100


def test_what_a_worker_dies_of_is_done_here(workers):
    numbers = [3, -4, 5, -6, 7]
    spread = over(workers, UNWATCHED)
    assert list(spread(misbehaving.double_but_die_as_worker, numbers)) == [6, -8, 10, -12, 14]


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_everything_is_done_here_if_workers_keep_being_killed(workers):
    spread = over(workers, UNWATCHED)
    numbers = list(range(40))
    found = spread(misbehaving.double_but_be_killed_as_worker, iter(numbers))
    assert list(found) == [2 * number for number in numbers]


def test_an_error_of_the_work_itself_is_raised(workers):
    with pytest.raises(ValueError, match="nonnegative"):
        list(over(workers, UNWATCHED)(math.isqrt, [4, -4, 9]))


def test_cancelling_stops_it_and_a_pause_does_not(workers):
    control = Control()
    results = over(workers, control)(math.isqrt, range(1000))
    control.pause()
    assert next(results) == 0
    control.cancel()
    with pytest.raises(Cancelled):
        list(results)


def test_workers_begin_before_anybody_asks_for_a_result(workers):
    results = over(workers, UNWATCHED)(math.isqrt, range(100))
    while workers.ended < workers.count:
        pass
    assert list(results) == [math.isqrt(each) for each in range(100)]

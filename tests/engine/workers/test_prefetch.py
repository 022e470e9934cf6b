"""Reading before the turn: in order, several at once when it takes long, and not otherwise."""

import threading

import pytest

from stackgui.engine.workers.prefetch import LOOK_EVERY, READERS, SLOW_S, Prefetch


class Clock:
    """Stands still but for what reading takes."""

    def __init__(self):
        self.now_s = 0.0

    def __call__(self):
        return self.now_s


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def reading(clock):
    """Makes an `Prefetch` whose reads take `take_s`; they note in which thread they ran."""
    made = []

    def make(take_s, read=lambda item: item, may_be_ahead=lambda _item: True):
        def timed(item):
            threads[item] = threading.current_thread()
            if threads[item] is threading.main_thread():
                clock.now_s += take_s[0]
            return read(item)

        threads = {}
        made.append(Prefetch(timed, may_be_ahead, clock))
        return made[0], threads

    yield make
    for ahead in made:
        ahead.close()


def here(threads):
    return [item for item, thread in threads.items() if thread is threading.main_thread()]


def test_fast_files_are_read_in_their_turn(reading):
    ahead, threads = reading([SLOW_S / 2])
    for item, data in ahead.each(range(50)):
        assert list(threads) == list(range(item))  # nothing is read before it is asked for
        assert data() == item
    assert here(threads) == list(range(50))


def test_slow_files_are_read_at_once_and_given_in_order(reading):
    together = threading.Barrier(READERS - 1, timeout=20)
    ahead, threads = reading([20 * SLOW_S], lambda item: item if item < 20 else together.wait() and item)
    first = range(20)
    assert [data() for _item, data in ahead.each(first)] == [*first]
    # Nobody gets past the barrier unless so many are under way at the same time.
    found = [(item, data()) for item, data in ahead.each(range(20, 20 + READERS - 1))]
    assert [item for item, _data in found] == list(range(20, 20 + READERS - 1))
    assert 0 < len(here(threads)) < len(first)


def test_a_few_waits_for_a_processor_do_not_look_like_a_slow_disk(reading):
    take_s = [SLOW_S / 100]
    ahead, threads = reading(take_s)
    for number, (_item, data) in enumerate(ahead.each(range(200))):
        take_s[0] = 30 * SLOW_S if number % 10 < 2 else SLOW_S / 100
        data()
    assert here(threads) == list(range(200))


def test_it_is_noticed_when_files_become_fast_again(reading):
    take_s = [20 * SLOW_S]
    ahead, threads = reading(take_s)
    for number in range(80):
        for _item, data in ahead.each([f"{number} {place}" for place in range(LOOK_EVERY)]):
            data()
        if number == 5:
            take_s[0] = SLOW_S / 100
    read_here = here(threads)
    assert sum(name.startswith("4 ") for name in read_here) <= 2
    assert sum(name.startswith("79 ") for name in read_here) == LOOK_EVERY


def test_what_may_not_be_ahead_waits_for_its_turn(reading):
    ahead, threads = reading([20 * SLOW_S], may_be_ahead=lambda item: item % 2 == 0)
    for _item, data in ahead.each(range(30)):
        data()
    assert {item for item in range(30) if item % 2} <= set(here(threads))
    assert len(here(threads)) < 30


def test_what_reading_raises_comes_in_its_turn(reading):
    def read(item):
        if item == 7:
            raise OSError(item)
        return item

    ahead, _threads = reading([20 * SLOW_S], read)
    found = []
    for item, data in ahead.each(range(20)):
        try:
            found.append(data())
        except OSError as error:
            found.append(-error.args[0])
        assert len(found) == item + 1
    assert found == [*range(7), -7, *range(8, 20)]

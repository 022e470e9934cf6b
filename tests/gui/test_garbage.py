import gc
import threading

import pytest

from stackgui.gui.app.garbage import Garbage
from stackgui.gui.control.jobs import Jobs


class Leaf:
    """Circular garbage that remembers which thread destroyed it."""

    ended_in: list[threading.Thread] = []  # noqa: RUF012 - shared by all on purpose

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        self.ended_in.append(threading.current_thread())


@pytest.fixture
def garbage():
    made = Garbage()
    made.install()
    yield made
    made.uninstall()
    assert gc.isenabled()


def allocate(_control: object) -> list:
    """Enough to make Python search for garbage many times, if it may."""
    return [[number] for number in range(200_000)]


def test_garbage_of_the_window_is_never_destroyed_in_a_job(garbage, until):
    Leaf.ended_in.clear()
    jobs, ended = Jobs(), []
    Leaf()
    jobs.start("work", allocate, ended.append)
    until(jobs.poll, lambda: ended)
    assert Leaf.ended_in == []
    garbage.collect()
    assert Leaf.ended_in == [threading.main_thread()]
    assert jobs.close(10)


def test_what_is_spared_is_not_searched_and_found_afterwards(garbage):
    Leaf.ended_in.clear()
    Leaf()
    garbage.spare_what_is_there()
    gc.collect()
    assert Leaf.ended_in == []
    garbage.uninstall()
    gc.collect()
    assert Leaf.ended_in == [threading.main_thread()]

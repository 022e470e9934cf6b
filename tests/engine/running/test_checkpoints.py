"""When rows are made durable."""

import contextlib
import threading

import numpy as np
import pytest

from stackgui.core.base.errors import StoreError
from stackgui.core.run.row_results import RowsDone
from stackgui.engine.running import checkpoints
from stackgui.engine.running.checkpoints import Checkpoints

ROWS = 20
PLAN = 0
"""The first checkpoint has no rows."""


class Disk:
    """A writer that counts the rows of each checkpoint, and fails if asked to."""

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.fails = False

    def make_durable(self, rows, _cancellation=None) -> None:
        self.rows.append(sum(map(len, rows)))
        if self.fails:
            raise StoreError("the disk is full")


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def bounds(monkeypatch):
    """Bytes that start a checkpoint: any number of them, and towards the end of a run."""
    monkeypatch.setattr(checkpoints, "CHECKPOINT_BYTES", 80)
    monkeypatch.setattr(checkpoints, "LEAST_CHECKPOINT_BYTES", 10)


@contextlib.contextmanager
def running(disk: Disk, clock=lambda: 0.0):
    found = Checkpoints(disk, ROWS, clock)
    try:
        yield found
    finally:
        found.stop()


def rows(count: int) -> RowsDone:
    return RowsDone(0, np.ones(count, np.bool_), np.zeros(count, np.uint64), {})


def write(each: Checkpoints, count: int, row_bytes: int) -> None:
    """Add rows one after another, and let every checkpoint that is due end before the next row."""
    for _ in range(count):
        each.add(rows(1), row_bytes)
        each.poll()
        each._thread.submit(threading.active_count).result()  # the thread does one thing after another


@pytest.mark.usefixtures("bounds")
def test_the_more_rows_are_done_the_fewer_wait(disk):
    with running(disk) as each:
        write(each, ROWS, 5)
        assert disk.rows == [PLAN, 10, 5, 3, 2]
    assert sum(disk.rows) == ROWS


@pytest.mark.usefixtures("bounds")
def test_many_bytes_wait_for_no_share_of_the_rows(disk):
    with running(disk) as each:
        write(each, 4, 40)
        assert disk.rows == [PLAN, 2, 2]


@pytest.mark.usefixtures("bounds")
def test_few_bytes_wait_for_the_end(disk):
    with running(disk) as each:
        write(each, ROWS, 0)
        assert disk.rows == [PLAN]
    assert disk.rows == [PLAN, ROWS]


def test_some_time_is_as_good_as_many_bytes(disk):
    now = [0.0]
    with running(disk, lambda: now[0]) as each:
        write(each, 1, 1)
        now[0] = checkpoints.CHECKPOINT_S
        write(each, 1, 1)
        assert disk.rows == [PLAN, 2]


@pytest.mark.usefixtures("bounds")
def test_rows_of_a_checkpoint_that_failed_are_in_the_next(disk):
    with running(disk) as each:
        disk.fails = True
        write(each, 2, 40)
        with pytest.raises(StoreError, match="the disk is full"):
            each.poll()
        disk.fails = False
        each.finish()
        assert disk.rows == [PLAN, 2, 2]


@pytest.mark.usefixtures("bounds")
@pytest.mark.parametrize("is_done", [False, True])
def test_what_was_wrong_before_a_pause_is_told_once(disk, is_done):
    goes_on = threading.Event()
    with running(disk) as each:
        each._thread.submit(goes_on.wait)  # the checkpoint comes after it
        disk.fails = True
        each.add(rows(2), 80)
        each._settle()  # the plan
        each.poll()
        if is_done:
            goes_on.set()
            each._thread.submit(threading.active_count).result()
        each.forgive()
        goes_on.set()
        each._thread.submit(threading.active_count).result()
        disk.fails = False
        each.finish()
        assert disk.rows == [PLAN, 2, 2]
        disk.fails = True
        each.add(rows(1), 80)
        with pytest.raises(StoreError, match="the disk is full"):
            each.finish()
        disk.fails = False

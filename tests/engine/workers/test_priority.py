"""Workers of the window give way to it; others do not."""

import sys

import psutil
import pytest

from stackgui.engine import Engine
from stackgui.engine.workers import priority
from stackgui.engine.workers.workers import Workers


def nice_of(workers: Workers) -> int:
    return workers.submit(_own_nice, ()).result()


def _own_nice() -> int:
    return psutil.Process().nice()


@pytest.mark.parametrize("gives_way", [False, True])
def test_workers_give_way_only_where_it_is_wanted(gives_way):
    workers = Workers(1, gives_way=gives_way)
    own = psutil.Process().nice()
    try:
        if sys.platform == "win32":
            expected = psutil.BELOW_NORMAL_PRIORITY_CLASS if gives_way else own
        else:
            expected = min(19, own + priority.NICE * gives_way)
        assert nice_of(workers) == expected
    finally:
        workers.close()


def test_the_engine_tells_its_workers():
    with Engine(1, gives_way=True) as engine:
        assert engine._workers._gives_way
    with Engine(1) as engine:
        assert not engine._workers._gives_way


def test_a_system_that_forbids_it_changes_nothing(monkeypatch):
    def refuse(*_):
        raise psutil.AccessDenied

    monkeypatch.setattr(psutil.Process, "nice", refuse)
    priority.give_way()

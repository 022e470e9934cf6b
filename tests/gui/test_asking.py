"""Questions that are answered beside the window."""

import threading
import time
from unittest.mock import create_autospec

import pytest

from stackgui.core.base.errors import Cancelled, RunError
from stackgui.gui.control.asking import SETTLE_S, Asking, Told
from stackgui.gui.control.jobs import FAULT_TEXT, Jobs
from stackgui.gui.control.screen import Kind


class Work:
    """Answers by doubling; goes on until it may end, and notes what it began and how that was ended."""

    def __init__(self):
        self.begun, self.broken_off = [], []
        self.may_end, self.error = threading.Event(), None
        self.may_end.set()

    def __call__(self, question, control):
        self.begun.append(question)
        while not self.may_end.is_set():
            try:
                control.check()
            except Cancelled:
                self.broken_off.append(question)
                raise
            time.sleep(0.001)
        if self.error:
            raise self.error
        return 2 * question


@pytest.fixture
def jobs():
    made = Jobs()
    yield made
    assert made.close(10)


@pytest.fixture
def told():
    return create_autospec(Told, instance=True)


@pytest.fixture
def work():
    made = Work()
    yield made
    made.may_end.set()


@pytest.fixture
def now():
    return [0.0]


@pytest.fixture
def shown():
    return []


@pytest.fixture
def failures():
    return []


@pytest.fixture
def asking(jobs, told, work, now, shown, failures):
    return Asking(
        jobs, "doubling", work, show=shown.append, told=told, failed=failures.append, clock=lambda: now[0]
    )


@pytest.fixture
def settle(asking, jobs, until, now):
    """Let the question settle and be answered."""

    def wait():
        now[0] += 2 * SETTLE_S
        asking.poll()
        until(lambda: (jobs.poll(), asking.poll()), lambda: not asking.busy)

    return wait


def test_a_question_is_answered_once(asking, settle, work, shown):
    assert asking.ask(3)
    settle()
    assert not asking.ask(3)
    settle()
    assert (work.begun, shown) == ([3], [6])


def test_nothing_begins_before_the_question_has_settled(asking, work, now):
    asking.ask(3)
    now[0] += SETTLE_S / 2
    asking.poll()
    assert work.begun == []


def test_only_the_last_question_is_answered_and_there_are_never_two_at_once(asking, settle, work, shown, now):
    work.may_end.clear()
    asking.ask(1)
    now[0] += 2 * SETTLE_S
    asking.poll()
    for question in (2, 3):
        asking.ask(question)
        now[0] += 2 * SETTLE_S
        asking.poll()
    assert asking.busy
    work.may_end.set()
    settle()
    assert shown == [6]
    assert set(work.begun) <= {1, 3}


def test_an_answer_that_comes_too_late_is_dropped(asking, settle, work, shown, jobs, until, now):
    asking.ask(1)
    now[0] += 2 * SETTLE_S
    asking.poll()
    until(lambda: None, lambda: work.begun)
    asking.ask(None)
    settle()
    assert shown == []


@pytest.mark.parametrize("question", [None, 2], ids=["nothing", "another"])
def test_what_is_not_asked_any_more_ends(asking, work, jobs, until, now, question):
    work.may_end.clear()
    asking.ask(1)
    now[0] += 2 * SETTLE_S
    asking.poll()
    until(lambda: None, lambda: work.begun)
    asking.ask(question)
    until(jobs.poll, lambda: not asking.busy)
    assert work.broken_off == [1]


def test_what_a_run_broke_off_begins_anew_after_it(asking, settle, work, shown, jobs, until, now):
    work.may_end.clear()
    asking.ask(1)
    now[0] += 2 * SETTLE_S
    asking.poll()
    until(lambda: None, lambda: work.begun)
    asking.hold(held=True)
    until(jobs.poll, lambda: not asking.busy)
    asking.poll()
    assert not asking.busy, "nothing is begun during a run"
    work.may_end.set()
    asking.hold(held=False)
    settle()
    assert (work.broken_off, shown) == ([1], [2])


def test_a_fault_is_told(asking, settle, work, told, shown, failures):
    work.error = RuntimeError("broken")
    asking.ask(1)
    settle()
    kind, text, details = told.show_message.call_args.args
    assert (kind, text) == (Kind.ERROR, FAULT_TEXT)
    assert "broken" in details
    assert (shown, failures) == ([], [FAULT_TEXT])


def test_a_failure_on_purpose_is_left_to_who_asked(asking, settle, work, told, failures):
    work.error = RunError("The workers could not be started.")
    asking.ask(1)
    settle()
    told.show_message.assert_not_called()
    assert failures == ["The workers could not be started."]

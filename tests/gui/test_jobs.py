import threading

import pytest

from stackgui.core.base.errors import RunError
from stackgui.gui.control.jobs import FAULT_TEXT, Jobs, Outcome


@pytest.fixture
def jobs():
    made = Jobs()
    yield made
    assert made.close(10)


@pytest.fixture
def ended(jobs, until):
    """Start a job of the kind "work" and wait for its ending."""

    def run(work):
        endings = []
        jobs.start("work", work, endings.append)
        until(jobs.poll, lambda: endings)
        jobs.poll()
        assert len(endings) == 1, "a job ends once"
        return endings[0]

    return run


def test_a_finished_job_brings_its_result(ended):
    ending = ended(lambda _control: 42)
    assert (ending.outcome, ending.result, ending.text) == (Outcome.FINISHED, 42, "")


def test_an_error_raised_on_purpose_brings_its_own_words(ended):
    def work(_control):
        raise RunError("The disk is full.")

    ending = ended(work)
    assert (ending.outcome, ending.text, ending.details) == (Outcome.FAILED, "The disk is full.", "")


def test_a_fault_brings_plain_words_and_details(ended):
    ending = ended(lambda _control: {}["missing"])
    assert (ending.outcome, ending.text) == (Outcome.FAILED, FAULT_TEXT)
    assert "KeyError: 'missing'" in ending.details


def test_a_cancelled_job_says_so(jobs, until):
    endings = []
    jobs.start("work", wait_for_cancel, endings.append)
    jobs.cancel("work")
    until(jobs.poll, lambda: endings)
    assert endings[0].outcome is Outcome.CANCELLED


def wait_for_cancel(control):
    while True:
        control.check()


def test_the_last_snapshot_comes_before_the_ending(jobs, until):
    seen = []

    def work(control):
        control.publish("half")
        control.publish("whole")
        return "end"

    jobs.start("work", work, lambda ending: seen.append(ending.result), seen.append)
    until(jobs.poll, lambda: "end" in seen)
    assert seen[-2:] == ["whole", "end"]


def test_the_same_snapshot_is_reported_once(jobs, until):
    seen, may_end = [], threading.Event()

    def work(control):
        control.publish("half")
        may_end.wait(20)

    jobs.start("work", work, lambda _ending: None, seen.append)
    until(jobs.poll, lambda: seen)
    jobs.poll()
    jobs.poll()
    may_end.set()
    until(jobs.poll, lambda: not jobs.is_active("work"))
    assert seen == ["half"]


def test_an_answer_to_an_earlier_question_is_dropped(jobs, until):
    answers = []
    first = jobs.start("work", wait_for_cancel, answers.append)
    second = jobs.start("work", lambda _control: "second", answers.append)
    until(jobs.poll, lambda: answers)
    assert second != first
    assert [(answer.job, answer.result) for answer in answers] == [(second, "second")]


def test_a_job_that_finished_before_it_was_replaced_is_dropped_too(jobs, until):
    answers, first_done = [], threading.Event()
    jobs.start("work", lambda _control: first_done.set(), answers.append)
    assert first_done.wait(20)
    jobs.start("work", lambda _control: "second", answers.append)
    until(jobs.poll, lambda: answers)
    jobs.poll()
    assert [answer.result for answer in answers] == ["second"]


def test_jobs_of_different_kinds_go_on_side_by_side(jobs, until):
    answers, other_done = [], threading.Event()
    jobs.start("one", lambda _control: other_done.wait(20), answers.append)
    jobs.start("other", lambda _control: other_done.set(), answers.append)
    until(jobs.poll, lambda: len(answers) == 2)
    assert {answer.outcome for answer in answers} == {Outcome.FINISHED}


def test_an_error_while_reporting_does_not_report_twice(jobs, until):
    reports = []

    def report(ending):
        reports.append(ending)
        raise ValueError("the window could not show it")

    jobs.start("work", lambda _control: None, report)
    with pytest.raises(ValueError, match="could not show"):
        until(jobs.poll, lambda: False)
    jobs.poll()
    assert len(reports) == 1


def test_closing_cancels_and_waits(until):
    jobs, answers = Jobs(), []
    jobs.start("work", wait_for_cancel, answers.append)
    assert jobs.close(20)
    assert answers == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("stackgui-work")]


def test_closing_tells_when_something_is_still_at_work():
    jobs, may_end = Jobs(), threading.Event()
    jobs.start("work", lambda _control: may_end.wait(20), lambda _ending: None)
    assert not jobs.close(0.01)
    may_end.set()
    assert jobs.close(20)


def test_pause_and_resume_reach_the_job(jobs, until):
    seen = []

    def work(control):
        while not control.paused:
            control.check()
        control.publish("paused")
        while control.paused:
            control.check()

    jobs.start("work", work, lambda ending: seen.append(ending.outcome), seen.append)
    jobs.pause("work")
    until(jobs.poll, lambda: seen == ["paused"])
    jobs.resume("work")
    until(jobs.poll, lambda: seen == ["paused", Outcome.FINISHED])

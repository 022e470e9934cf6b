"""The order and the states of a queue hold after any sequence of changes."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stackgui.core.base.errors import UsageError
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.project.project import Project
from stackgui.core.project.queue import INTERRUPTED, JobState, Queue, QueuedJob
from stackgui.core.run.run_options import RunOptions


def make_job(name: str = "pets") -> QueuedJob:
    run = RunOptions(f"/stacks/{name}")
    options = Options(size=Size.exact(8, 8))
    return QueuedJob(Project(("/pets",), options=options, run=run), preset="Eight", rows=4, stack_bytes=900)


def make_queue(*states: JobState) -> Queue:
    queue = Queue()
    for number, state in enumerate(states):
        queue = queue.added(replace(make_job(f"pets {number}"), state=state))
    return queue


STATES = st.lists(st.sampled_from(JobState), max_size=6)


@given(STATES)
def test_it_is_the_same_after_it_was_written_and_read(states):
    queue = make_queue(*states)
    assert Queue.from_json(json.loads(json.dumps(queue.to_json()))) == queue


@given(STATES, st.data())
def test_moving_changes_the_order_of_no_others(states, data):
    queue = make_queue(*states)
    if not states:
        return
    number = data.draw(st.sampled_from(queue.jobs)).number
    place = data.draw(st.integers(-3, 9))
    moved = queue.moved(number, place)
    assert moved.jobs[min(max(place, 0), len(states) - 1)] == queue.job(number)
    others = [job for job in queue.jobs if job.number != number]
    assert [job for job in moved.jobs if job.number != number] == others


@given(STATES)
def test_waiting_jobs_run_in_order_until_none_is_left(states):
    queue = make_queue(*states)
    expected = [job.number for job in queue.waiting]
    ran = []
    while queue.waiting:
        number = queue.waiting[0].number
        queue = queue.begun(number)
        assert queue.job(number).attempts == 1
        ran.append(number)
        queue = queue.ended(number, JobState.DONE if number % 2 else JobState.FAILED, "It failed.")
    assert ran == expected


@given(STATES)
def test_an_interrupted_queue_has_nothing_running_and_loses_nothing(states):
    queue = make_queue(*states)
    after = queue.interrupted()
    assert after.running is None
    assert [job.number for job in after.jobs] == [job.number for job in queue.jobs]
    for before, job in zip(queue.jobs, after.jobs, strict=True):
        was_running = before.state is JobState.RUNNING
        assert job.notes == ((INTERRUPTED,) if was_running else ())
        assert job.state is (JobState.WAITING if was_running else before.state)


def test_numbers_are_never_used_again():
    queue = make_queue(JobState.WAITING, JobState.WAITING)
    queue = queue.removed(2).added(make_job())
    assert [job.number for job in queue.jobs] == [1, 3]
    assert Queue.from_json(queue.removed(3).to_json()).added(make_job()).jobs[-1].number == 4


def test_what_is_running_is_neither_removed_nor_paused_nor_retried():
    queue = make_queue(JobState.RUNNING)
    for change in (queue.removed, queue.retried, lambda number: queue.paused(number, wanted=True)):
        with pytest.raises(UsageError, match="Cancel it first"):
            change(1)


def test_a_paused_job_is_passed_over():
    queue = make_queue(JobState.WAITING, JobState.WAITING).paused(1, wanted=True)
    assert [job.number for job in queue.waiting] == [2]
    assert queue.paused(1, wanted=False).waiting[0].number == 1
    assert queue.retried(1).waiting[0].number == 1


@pytest.mark.parametrize("state", [JobState.FAILED, JobState.CANCELLED])
def test_what_did_not_succeed_can_be_retried(state):
    queue = make_queue(JobState.WAITING).ended(1, state, "The disk is full.")
    assert queue.waiting == ()
    again = queue.retried(1).job(1)
    assert (again.state, again.reason) == (JobState.WAITING, "")


def test_what_is_done_stays_done():
    with pytest.raises(UsageError, match="is done already"):
        make_queue(JobState.DONE).retried(1)
    with pytest.raises(UsageError, match="is not waiting"):
        make_queue(JobState.DONE).paused(1, wanted=True)
    with pytest.raises(UsageError, match="no number 7"):
        make_queue().retried(7)


@given(STATES)
def test_clearing_takes_out_what_needs_nobody(states):
    left = [job.state for job in make_queue(*states).cleared().jobs]
    assert left == [state for state in states if state not in {JobState.DONE, JobState.CANCELLED}]


def test_a_damaged_job_costs_only_itself():
    written = make_queue(JobState.WAITING, JobState.FAILED).to_json()
    written["jobs"][0]["rows"] = "many"
    read = Queue.from_json(written)
    assert [job.number for job in read.jobs] == [2]
    assert "Number 1 in the queue cannot be read" in read.problem
    for damaged in (None, [], {"format": "other"}, {**written, "jobs": 3}, {**written, "version": 9}):
        assert Queue.from_json(damaged).jobs == ()
        assert Queue.from_json(damaged).problem

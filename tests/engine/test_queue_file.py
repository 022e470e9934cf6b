"""The file of the queue: one at a time may change it, and one may run it."""

import json
import threading
from pathlib import Path

import pytest

from stackgui.core.base.errors import UsageError
from stackgui.core.project.project import Project
from stackgui.core.project.queue import INTERRUPTED, JobState, Queue, QueuedJob
from stackgui.core.run.run_options import RunOptions
from stackgui.engine.queue_file import QueueFile, queue_file


def make_job(name: str) -> QueuedJob:
    return QueuedJob(Project(("/pets",), run=RunOptions(f"/stacks/{name}")), rows=4, stack_bytes=900)


@pytest.fixture
def file() -> QueueFile:
    return QueueFile()


def test_it_is_empty_until_something_was_added(file):
    assert file.read() == Queue()
    assert file.stamp() == (0, 0)
    assert not file.is_run_elsewhere
    assert not Path(queue_file()).parent.exists(), "looking makes nothing"


def test_others_see_what_was_added(file):
    file.change(lambda queue: queue.added(make_job("pets")))
    other = QueueFile()
    assert [job.name for job in other.read().jobs] == ["pets"]
    assert other.stamp() == file.stamp() != (0, 0)
    assert json.loads(Path(queue_file()).read_text())["jobs"][0]["project"]["destination"] == "/stacks/pets"


def test_no_change_of_another_is_lost(file):
    def add(name: str) -> None:
        QueueFile().change(lambda queue: queue.added(make_job(name)))

    threads = [threading.Thread(target=add, args=(str(number),)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    queue = file.read()
    assert sorted(job.name for job in queue.jobs) == [str(number) for number in range(8)]
    assert [job.number for job in queue.jobs] == list(range(1, 9))


def test_a_change_that_cannot_be_made_leaves_everything(file):
    file.change(lambda queue: queue.added(make_job("pets")))
    with pytest.raises(UsageError):
        file.change(lambda queue: queue.removed(7))
    assert len(file.read().jobs) == 1


def test_only_one_runs_it(file):
    file.change(lambda queue: queue.added(make_job("pets")))
    assert file.own()
    assert file.own(), "it is its own already"
    other = QueueFile()
    assert other.is_run_elsewhere
    assert not other.own()
    assert not file.is_run_elsewhere
    file.release()
    assert not other.is_run_elsewhere
    assert other.own()
    other.release()


def test_jobs_are_taken_in_order_and_what_was_running_waits_again_after_a_crash(file):
    for name in ("pets", "plants"):
        file.change(lambda queue, name=name: queue.added(make_job(name)))
    assert file.own()
    taken = file.take()
    assert (taken.name, taken.attempts) == ("pets", 0)
    file.release()  # as the end of its process does
    crashed = QueueFile()
    assert crashed.own()
    job = crashed.read().job(taken.number)
    assert (job.state, job.attempts, job.notes) == (JobState.WAITING, 1, (INTERRUPTED,))
    assert crashed.take().number == taken.number
    crashed.change(lambda queue: queue.ended(taken.number, JobState.DONE))
    assert crashed.take().name == "plants"
    assert crashed.take() is None
    crashed.release()


@pytest.mark.parametrize("damage", ["", "[", "[]", "\x00", '{"format": "stackgui-queue"}'])
def test_a_damaged_file_is_told_and_kept(file, damage):
    file.change(lambda queue: queue.added(make_job("pets")))
    Path(queue_file()).write_text(damage)
    assert "damaged" in file.told()
    file.change(lambda queue: queue.added(make_job("plants")))
    assert file.told() == ""
    assert [job.name for job in file.read().jobs] == ["plants"]
    assert Path(f"{queue_file()}.damaged").read_text() == damage

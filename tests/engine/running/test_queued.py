"""Jobs of the queue on real pictures: checked when they are added, and made as the folders are then."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from stackgui.core.base.choices import Fit
from stackgui.core.base.errors import (
    Cancelled,
    DestinationError,
    StackguiError,
    UnfinishedError,
    UsageError,
)
from stackgui.core.base.size import Size
from stackgui.core.options.options import Options
from stackgui.core.plan.resolve import resolve
from stackgui.core.project.queue import JobState, Queue, QueuedJob
from stackgui.core.run.run_options import RunOptions
from stackgui.engine import Control
from stackgui.engine.queue_file import QueueFile
from stackgui.engine.running import queued
from tests.engine.stopping import StopAt

EIGHT = Options(size=Size.exact(8, 8), fit=Fit.STRETCH)


def save(file: Path, shade: int) -> None:
    Image.fromarray(np.full((9, 7, 3), shade, np.uint8)).save(file)


@pytest.fixture
def pets(tmp_path) -> Path:
    folder = tmp_path / "pets"
    folder.mkdir()
    for shade in range(6):
        save(folder / f"{shade}.png", shade)
    return folder


@pytest.fixture
def make_job(scan, tmp_path):
    def make(
        *folders: Path, name: str = "stack", stack_bytes: int = 1000, options: Options = EIGHT
    ) -> QueuedJob:
        plan = resolve(options, scan(*folders))
        return QueuedJob.of(plan, RunOptions(str(tmp_path / "out" / name)), stack_bytes)

    return make


def test_a_job_makes_its_stack(engine, pets, make_job):
    job = make_job(pets)
    done = engine.run_queued(job, Control())
    assert (done.report.rows, done.report.stack, done.notes) == (6, job.destination, ())
    assert np.load(Path(job.destination, "images.npy")).shape == (6, 8, 8, 3)


def test_a_report_that_fails_is_told_with_a_job_that_is_done(engine, pets, make_job, monkeypatch):
    def fail(*_arguments):
        raise StackguiError("The disk is full.")

    monkeypatch.setattr("stackgui.engine.viewing.report.replace_file", fail)
    job = make_job(pets)
    job = replace(job, project=replace(job.project, run=replace(job.project.run, report=True)))
    told = "The stack is complete, but its report could not be written. The disk is full."
    assert engine.run_queued(job, Control()).notes == (told,)


def test_folders_that_have_changed_are_told(engine, pets, make_job):
    first, second = make_job(pets, name="a"), make_job(pets, name="b")
    save(pets / "6.png", 6)
    assert engine.run_queued(first, Control()).notes == (
        "The folders have changed since it was added: there were 6 pictures, now there are 7 pictures.",
    )
    (pets / "6.png").unlink()
    Image.fromarray(np.zeros((40, 40, 3), np.uint8)).save(pets / "0.png")
    assert engine.run_queued(second, Control()).notes == ("Some pictures have changed since it was added.",)


def test_what_was_left_is_resumed(engine, pets, make_job, monkeypatch):
    job = make_job(pets)
    stop = StopAt(1)
    with pytest.raises(Cancelled):
        engine.run_queued(job, stop)
    left = engine.unfinished(job.destination)
    again = engine.run_queued(replace(job, attempts=1), Control())
    assert again.report.resumed_rows == (left.rows_done if left else 0)
    assert again.report.rows == 6


@pytest.fixture
def left(engine, pets, make_job, scan):
    """A job that was cancelled when some of its rows were durable."""
    for number in range(6, 300):
        save(pets / f"{number}.png", number % 250)
    job = make_job(pets)
    with pytest.raises(Cancelled):
        engine.run_queued(job, StopAt(1))
    assert engine.unfinished(job.destination), "some rows are durable"
    return replace(job, attempts=1)


def test_pictures_that_changed_meanwhile_are_made_again(engine, pets, left):
    Image.fromarray(np.full((9, 7, 3), 200, np.uint8)).save(pets / "0.png", compress_level=0)
    done = engine.run_queued(left, Control())
    assert queued.REDONE in done.notes
    assert done.report.resumed_rows > 0


def test_other_pictures_begin_again(engine, pets, left):
    save(pets / "more.png", 3)
    done = engine.run_queued(left, Control())
    assert queued.RESTARTED in done.notes
    assert done.report.rows == 301


def test_rows_of_another_conversion_are_not_thrown_away(engine, pets, left, make_job):
    other = replace(make_job(pets, options=replace(EIGHT, size=Size.exact(4, 4))), attempts=1)
    with pytest.raises(UnfinishedError):
        engine.run_queued(other, Control())
    assert engine.unfinished(left.destination)


def test_a_source_that_is_gone_is_told(engine, pets, make_job, tmp_path):
    job = make_job(pets)
    pets.rename(tmp_path / "elsewhere")
    with pytest.raises(UsageError, match="pets"):
        engine.run_queued(job, Control())


def test_a_stack_that_was_done_when_the_program_was_killed_is_done(engine, pets, make_job):
    file = QueueFile()
    file.change(lambda queue: queue.added(make_job(pets)))
    assert file.own()
    engine.run_queued(file.take(), Control())
    file.release()
    after = QueueFile()
    assert after.own()
    assert after.read().jobs[0].state is JobState.DONE
    after.release()


# Before it is added


def test_a_place_may_be_used_once(engine, pets, make_job):
    queue = Queue().added(make_job(pets))
    with pytest.raises(DestinationError, match="“stack” in the queue is to be saved in the same place"):
        engine.check_queued(make_job(pets), queue)
    with pytest.raises(DestinationError, match="inside lies in the stack “stack” of the queue"):
        engine.check_queued(make_job(pets, name="stack/inside"), queue)
    around = Queue().added(make_job(pets, name="stack/inside"))
    with pytest.raises(DestinationError, match="“inside” in the queue is to be saved inside"):
        engine.check_queued(make_job(pets), around)
    done = queue.ended(1, JobState.DONE)
    assert engine.check_queued(make_job(pets), done) == ()
    assert engine.check_queued(queue.job(1), queue) == (), "it is not in its own way"


def test_no_stack_is_saved_in_a_source_of_another(engine, pets, make_job, tmp_path):
    plants = tmp_path / "plants"
    plants.mkdir()
    save(plants / "1.png", 1)
    first = make_job(plants, name="../pets/inside")
    with pytest.raises(DestinationError, match="which “stack” in the queue converts"):
        engine.check_queued(first, Queue().added(make_job(pets)))
    with pytest.raises(DestinationError, match="“inside” in the queue is to be saved in"):
        engine.check_queued(make_job(pets), Queue().added(first))


def test_space_for_all_together_is_told(engine, pets, make_job, monkeypatch):
    monkeypatch.setattr(queued, "free_disk_bytes", lambda _path: 1500)
    queue = Queue().added(make_job(pets, name="a"))
    (note,) = engine.check_queued(make_job(pets, name="b"), queue)
    assert note.startswith("The jobs in the queue need 2.00 kB together, but only 1.50 kB are free.")
    running = queue.begun(1)
    assert engine.check_queued(make_job(pets, name="b"), running) == (), "it has reserved its space"

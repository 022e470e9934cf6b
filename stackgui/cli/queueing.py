"""The queue at the terminal, which is that of the window too."""

from __future__ import annotations

import argparse
import functools
import sys
import threading
from collections.abc import Callable
from typing import Any

from stackgui.cli import ways_out
from stackgui.cli.answers import COMPLETE, FAILED, WITH_FAILURES, Answer
from stackgui.cli.arguments import run_options_of
from stackgui.cli.planning import engine_of, planned, told_warnings
from stackgui.cli.progress import run
from stackgui.core.advice.estimate import estimate
from stackgui.core.base.addresses import absolute
from stackgui.core.base.errors import Cancelled, ClusterAwayError, StackguiError, StoreError, UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_count
from stackgui.core.project.queue import JobState, Queue, QueuedJob
from stackgui.core.project.queue_words import (
    outcome_words,
    preset_words,
    size_words,
    source_words,
    state_words,
    told_words,
)
from stackgui.core.run.report import Status
from stackgui.core.run.run_options import IfUnfinished
from stackgui.ending import listening
from stackgui.engine import Engine, power
from stackgui.engine.awake import Awake
from stackgui.engine.power import Power
from stackgui.engine.preset_file import preset_file, read_presets
from stackgui.engine.queue_file import QueueFile

COUNTDOWN_S = 60.0
"""How long people have to stop the computer from sleeping or shutting down."""


def queue(arguments: argparse.Namespace) -> Answer:
    """Carry out a sub-command of ``stackgui queue``."""
    return _COMMANDS[arguments.queue_command](arguments)


def _add(arguments: argparse.Namespace) -> Answer:
    options = run_options_of(arguments)
    if options.unfinished is not IfUnfinished.REFUSE:
        raise UsageError("The queue resumes what it has left unfinished by itself: leave out that option.")
    with engine_of(arguments) as engine:
        engine.check_destination(tuple(absolute(source) for source in arguments.sources), options)
        plan = planned(engine, arguments)
        told_warnings(plan, arguments)
        needed = estimate(plan, engine.resources(options.destination))
        preset = read_presets(preset_file()).named_like(plan.options)
        job = QueuedJob.of(plan, options, needed.stack_bytes, preset.name if preset else "")
        notes: list[str] = []

        def edit(found: Queue) -> Queue:
            notes[:] = engine.check_queued(job, found)
            return found.added(job)

        added = QueueFile().change(edit).jobs[-1]
    values = {"job": added.to_json(), "notes": notes}
    return COMPLETE, _values(values), [f"Number {added.number} in the queue: {_line(added)}", *notes]


def _list(_arguments: argparse.Namespace) -> Answer:
    file = QueueFile()
    found = file.read()
    jobs = [{**job.to_json(), "rows_done": _rows_done(job)} for job in found.jobs]
    lines = [line for job in found.jobs for line in _lines(job)] or ["Nothing is in the queue."]
    if problem := file.told():
        lines.append(problem)
    values = {"jobs": jobs, "is_running": file.is_run_elsewhere, "problem": problem}
    return COMPLETE, _values(values), lines


def _rows_done(job: QueuedJob) -> int:
    if job.state is JobState.DONE:
        return job.rows
    left = Engine().unfinished(job.destination) if job.attempts else None
    return left.rows_done if left else 0


def _change(edit: Callable[[Queue], Queue]) -> Answer:
    found = QueueFile().change(edit)
    lines = [line for job in found.jobs for line in _lines(job)] or ["Nothing is in the queue."]
    return COMPLETE, _values({"jobs": [job.to_json() for job in found.jobs]}), lines


def _each(arguments: argparse.Namespace, edit: Callable[[Queue, int], Queue]) -> Answer:
    return _change(lambda found: functools.reduce(edit, arguments.numbers, found))


def _move(arguments: argparse.Namespace) -> Answer:
    return _each(arguments, lambda found, number: found.moved(number, arguments.place - 1))


def _run(arguments: argparse.Namespace) -> Answer:
    if arguments.then and not power.can(arguments.then):
        raise UsageError(f"This system does not allow “{arguments.then}” to you.")
    file = QueueFile()
    if not file.own():
        raise UsageError("The queue is already running, in a window or at another terminal.")
    ran: list[int] = []
    try:
        with engine_of(arguments) as engine, Awake():
            while job := _next(engine, file):
                ran.append(job.number)
                _run_one(engine, file, job, arguments)
    finally:
        file.release()
    jobs = [job for job in file.read().jobs if job.number in ran]
    if arguments.then:
        _then(arguments.then)
    states = {job.state for job in jobs}
    status = WITH_FAILURES if any(job.failed for job in jobs) else COMPLETE
    if JobState.FAILED in states:
        status = FAILED
    return status, _values({"jobs": [job.to_json() for job in jobs]}), [outcome_words(jobs)]


def _next(engine: Engine, file: QueueFile) -> QueuedJob | None:
    """Take the next job; raises ClusterAwayError before that if its cluster is away, so that all wait."""
    if file.read().waiting:
        run(engine.cluster, "The queue", engine.cluster_glance)
    return file.take()


def _run_one(engine: Engine, file: QueueFile, job: QueuedJob, arguments: argparse.Namespace) -> None:
    """Run a job and write down how it ended.

    Raises
    ------
    Cancelled
    StoreError
        When the disk is full, which stops the queue.
    ClusterAwayError
        When the cluster was lost, which stops it too.
    """

    def end(state: JobState, **more: Any) -> None:  # noqa: ANN401 - as `Queue.ended` has them
        after = file.change(lambda found: found.ended(job.number, state, **more))
        if not arguments.json:
            for line in _lines(after.job(job.number)):
                print(printable(line), file=sys.stderr)

    try:
        done = run(functools.partial(engine.run_queued, job), job.name, engine.cluster_glance)
    except Cancelled as error:
        file.change(Queue.interrupted)
        raise Cancelled(
            f"Cancelled. “{job.name}” waits again: stackgui queue run goes on where it stopped."
        ) from error
    except StoreError as error:
        file.change(Queue.interrupted)
        raise StoreError(_stops(error)) from error
    except ClusterAwayError as error:
        has_begun = engine.unfinished(job.destination) is not None
        file.change(lambda found: found.put_back(job.number, has_begun=has_begun))
        raise ClusterAwayError(_stops(error)) from error
    except StackguiError as error:
        end(JobState.FAILED, reason=ways_out.explained(error))
    except Exception as error:  # noqa: BLE001 - a fault in one job must not cost the others their night
        end(
            JobState.FAILED,
            reason=f"Something went wrong that should not have: {type(error).__name__}: {error}",
        )
    else:
        end(JobState.DONE, notes=done.notes, failed=len(done.report.failures))


def _stops(error: StackguiError) -> str:
    return f"{ways_out.explained(error)} The queue stops here; stackgui queue run goes on where it stopped."


def _then(wanted: Power) -> None:
    """Wait a minute, then put the computer to sleep or shut it down; raises Cancelled on Ctrl-C."""
    stopped = threading.Event()
    print(
        f"The queue is done. In {format_count(int(COUNTDOWN_S), 'second')}: {wanted}. Ctrl-C keeps it on.",
        file=sys.stderr,
    )
    with listening(stopped.set):
        if stopped.wait(COUNTDOWN_S):
            raise Cancelled("The queue is done. The computer stays on.")
    power.use(wanted)


def _lines(job: QueuedJob) -> list[str]:
    told = told_words(job)
    return [f"{job.number}. {_line(job)}", *([f"   {told}"] if told else [])]


def _line(job: QueuedJob) -> str:
    parts = (state_words(job), preset_words(job), size_words(job), f"from {source_words(job)}")
    return f"“{job.name}”: {'; '.join(parts)}; saved as {printable(job.destination)}"


def _values(values: dict[str, Any]) -> dict[str, Any]:
    return {"status": Status.COMPLETE.value, **values}


_COMMANDS: dict[str, Callable[[argparse.Namespace], Answer]] = {
    "add": _add,
    "list": _list,
    "run": _run,
    "move": _move,
    "pause": lambda arguments: _each(arguments, lambda found, number: found.paused(number, wanted=True)),
    "retry": lambda arguments: _each(arguments, Queue.retried),
    "remove": lambda arguments: _each(arguments, Queue.removed),
    "clear": lambda _arguments: _change(Queue.cleared),
}

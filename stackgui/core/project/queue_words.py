"""What people read of the jobs in the queue, in the window and at the terminal."""

from __future__ import annotations

import os
from collections.abc import Iterable

from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes, format_count
from stackgui.core.base.wording import Wording, joined, say, say_many
from stackgui.core.project.queue import JobState, QueuedJob

_STATES = {
    JobState.WAITING: say("waiting"),
    JobState.PAUSED: say("paused"),
    JobState.RUNNING: say("being made"),
    JobState.DONE: say("done"),
    JobState.FAILED: say("failed"),
    JobState.CANCELLED: say("cancelled"),
}


def state_words(job: QueuedJob, percent: int | None = None, *, is_held: bool = False) -> Wording:
    """Return the state of a job in words.

    Parameters
    ----------
    job
    percent
        Share of its rows that are done, if known.
    is_held
        Whether its run is paused.
    """
    if job.state is JobState.DONE and job.failed:
        return say("done; {failed:,} could not be read", failed=job.failed)
    if job.state is JobState.RUNNING and percent is not None:
        if is_held:
            return say("paused at {percent} %", percent=percent)
        return say("{percent} % made", percent=percent)
    if job.state is JobState.WAITING and job.attempts:
        return say("waiting to go on")
    return _STATES[job.state]


def preset_words(job: QueuedJob) -> str:
    """Return the name of its preset, or that the choices are the person's own, with their fit."""
    if job.preset:
        return job.preset
    return say("{choices}: {fit}", choices=say("own choices"), fit=job.project.options.fit.caption)


def size_words(job: QueuedJob) -> Wording:
    """Return the size of its stack."""
    return say("{rows}, {size}", rows=format_count(job.rows, "picture"), size=format_bytes(job.stack_bytes))


def source_words(job: QueuedJob) -> Wording:
    """Return the names of its sources."""
    return joined(", ", [printable(os.path.basename(source) or source) for source in job.project.sources])


def place_words(job: QueuedJob) -> str:
    """Return the folder that will hold its stack."""
    return printable(os.path.dirname(job.destination))


def told_words(job: QueuedJob) -> Wording:
    """Return why it failed and what else there is to say; ``""`` if nothing."""
    return joined(" ", (job.reason, *job.notes))


def outcome_words(jobs: Iterable[QueuedJob]) -> Wording:
    """Return in one sentence what has become of `jobs`, which have run one after another."""
    states = [job.state for job in jobs]
    done, failed, cancelled = map(states.count, (JobState.DONE, JobState.FAILED, JobState.CANCELLED))
    made = (
        say_many(done, "{count:,} stack is made", "{count:,} stacks are made")
        if done
        else say("no stack is made")
    )
    if not failed and not cancelled:
        return say("The queue is done: {made}.", made=made)
    if not cancelled:
        return say("The queue is done: {made}, {failed:,} failed.", made=made, failed=failed)
    if not failed:
        return say("The queue is done: {made}, {cancelled:,} cancelled.", made=made, cancelled=cancelled)
    return say(
        "The queue is done: {made}, {failed:,} failed, {cancelled:,} cancelled.",
        made=made,
        failed=failed,
        cancelled=cancelled,
    )

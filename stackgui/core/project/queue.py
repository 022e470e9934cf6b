"""The queue: jobs that run one after another, each with everything that its conversion needs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Self

from stackgui.core.base.errors import UsageError
from stackgui.core.base.kinds import shown, text_in
from stackgui.core.base.text import printable
from stackgui.core.base.wording import joined, say
from stackgui.core.plan.plan import Plan
from stackgui.core.project.project import Project, project_from_json
from stackgui.core.run.report import Report
from stackgui.core.run.run_options import RunOptions

QUEUE_FORMAT = "stackgui-queue"
QUEUE_VERSION = 1

INTERRUPTED = say("It was interrupted, and goes on where it stopped.")
NOT_BEGUN = say("It has not begun, since the cluster could not be reached.")


class JobState(StrEnum):
    """What has become of a job."""

    WAITING = "waiting"
    PAUSED = "paused"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class WhenDone(StrEnum):
    """What happens when the queue is done."""

    NOTIFY = "notify"
    SOUND = "sound"
    OPEN_FOLDER = "open"
    NOTHING = "nothing"
    SLEEP = "sleep"
    SHUT_DOWN = "shutdown"


PENDING = frozenset({JobState.WAITING, JobState.PAUSED, JobState.RUNNING})
"""States of jobs that are still to make their stack."""


@dataclass(frozen=True, slots=True)
class QueuedJob:
    """A conversion in the queue.

    Attributes
    ----------
    project : Project
        Sources, choices and destination.
    number : int
        Identifies it in its queue; never used again. 0 before it was added.
    replace : bool
        Whether the new stack may replace an older one.
    preset : str
        Name of the preset that its options equal, or ``""``.
    rows, stack_bytes : int
        Size of the stack, as planned when it was added.
    fingerprint : str
        Fingerprint of that plan; tells whether the sources have changed since.
    state : JobState
    attempts : int
        How often it has begun.
    failed : int
        Rows of the finished stack that are blank.
    reason : str
        Why it failed, as a sentence, or ``""``.
    notes : tuple of str
        What else there is to say, as sentences.
    """

    project: Project
    number: int = 0
    replace: bool = False
    preset: str = ""
    rows: int = 0
    stack_bytes: int = 0
    fingerprint: str = ""
    state: JobState = JobState.WAITING
    attempts: int = 0
    failed: int = 0
    reason: str = ""
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, plan: Plan, run: RunOptions, stack_bytes: int, preset: str = "") -> Self:
        """Return the job that carries out `plan` as `run` says."""
        catalog = plan.catalog
        return cls(
            Project(catalog.sources, catalog.scan_options, plan.options, run),
            replace=run.replace,
            preset=preset,
            rows=plan.rows,
            stack_bytes=stack_bytes,
            fingerprint=plan.fingerprint,
        )

    @property
    def destination(self) -> str:
        """Absolute path of its stack."""
        return self.project.run.destination

    @property
    def name(self) -> str:
        """Name of its stack, as a person may read it."""
        return printable(os.path.basename(self.destination))

    @property
    def is_pending(self) -> bool:
        """Whether it is still to make its stack."""
        return self.state in PENDING

    def to_json(self) -> dict[str, Any]:
        """Return the job as JSON values."""
        return {
            "number": self.number,
            "state": self.state.value,
            "reason": self.reason,
            "notes": list(self.notes),
            "preset": self.preset,
            "rows": self.rows,
            "failed": self.failed,
            "stack_bytes": self.stack_bytes,
            "fingerprint": self.fingerprint,
            "attempts": self.attempts,
            "replace": self.replace,
            "project": self.project.to_json(""),
        }

    @classmethod
    def from_json(cls, value: Any) -> Self:  # noqa: ANN401 - any JSON value
        """Rebuild a job from `to_json`; raises UsageError, LookupError, TypeError or ValueError."""
        read = project_from_json(value["project"], "")
        if read.problems:
            raise UsageError(read.problems[0])
        return cls(
            read.project,
            number=_count(value["number"]),
            replace=value["replace"] is True,
            preset=text_in(value["preset"]),
            rows=_count(value["rows"]),
            stack_bytes=_count(value["stack_bytes"]),
            fingerprint=text_in(value["fingerprint"]),
            state=JobState(value["state"]),
            attempts=_count(value["attempts"]),
            failed=_count(value["failed"]),
            reason=text_in(value["reason"]),
            notes=tuple(map(text_in, value["notes"])),
        )


@dataclass(frozen=True, slots=True)
class QueuedReport:
    """The result of a job that made its stack.

    Attributes
    ----------
    report : Report
    notes : tuple of str
        What was different from when it was added, as sentences.
    """

    report: Report
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Queue:
    """All jobs, in the order in which they are to run.

    Attributes
    ----------
    jobs : tuple of QueuedJob
    last_number : int
        The highest number that was ever given to a job.
    problem : str
        Sentences that say what of the queue could not be read, or ``""``.
    """

    jobs: tuple[QueuedJob, ...] = ()
    last_number: int = 0
    problem: str = ""

    @property
    def waiting(self) -> tuple[QueuedJob, ...]:
        """The jobs that run next, in this order."""
        return tuple(job for job in self.jobs if job.state is JobState.WAITING)

    @property
    def pending(self) -> tuple[QueuedJob, ...]:
        """The jobs that are still to make their stacks."""
        return tuple(job for job in self.jobs if job.is_pending)

    @property
    def running(self) -> QueuedJob | None:
        """The job that is running."""
        return next((job for job in self.jobs if job.state is JobState.RUNNING), None)

    def job(self, number: int) -> QueuedJob:
        """Return a job by its number; raises UsageError if there is none."""
        for job in self.jobs:
            if job.number == number:
                return job
        raise UsageError(say("There is no number {number} in the queue.", number=number))

    def added(self, job: QueuedJob) -> Self:
        """Return the queue with `job` behind all others, under a new number."""
        number = self.last_number + 1
        return replace(self, jobs=(*self.jobs, replace(job, number=number)), last_number=number)

    def removed(self, number: int) -> Self:
        """Return the queue without a job; raises UsageError if it is running."""
        gone = self._at_rest(number)
        return replace(self, jobs=tuple(job for job in self.jobs if job is not gone))

    def moved(self, number: int, place: int) -> Self:
        """Return the queue with a job at `place`, counted from 0; places beyond either end mean that end."""
        moved = self.job(number)
        others = [job for job in self.jobs if job is not moved]
        others.insert(min(max(place, 0), len(others)), moved)
        return replace(self, jobs=tuple(others))

    def shifted(self, number: int, by: int) -> Self:
        """Return the queue with a job moved by some places."""
        return self.moved(number, self.jobs.index(self.job(number)) + by)

    def paused(self, number: int, *, wanted: bool) -> Self:
        """Return the queue with a waiting job passed over from now on, or no longer."""
        job = self._at_rest(number)
        if not job.is_pending:
            raise UsageError(say("“{name}” is not waiting.", name=job.name))
        return self._with(replace(job, state=JobState.PAUSED if wanted else JobState.WAITING))

    def retried(self, number: int) -> Self:
        """Return the queue with a failed, cancelled or paused job waiting again; raises UsageError."""
        job = self._at_rest(number)
        if job.state is JobState.DONE:
            raise UsageError(say("“{name}” is done already.", name=job.name))
        return self._with(replace(job, state=JobState.WAITING, reason="", notes=()))

    def cleared(self) -> Self:
        """Return the queue without the jobs that are done or were cancelled."""
        over = {JobState.DONE, JobState.CANCELLED}
        return replace(self, jobs=tuple(job for job in self.jobs if job.state not in over))

    def begun(self, number: int) -> Self:
        """Return the queue with a waiting job running."""
        job = self.job(number)
        begun = replace(job, state=JobState.RUNNING, attempts=job.attempts + 1, reason="", notes=())
        return self._with(begun)

    def ended(
        self, number: int, state: JobState, reason: str = "", notes: tuple[str, ...] = (), failed: int = 0
    ) -> Self:
        """Return the queue with what became of a job; one that was removed meanwhile stays away."""
        if all(job.number != number for job in self.jobs):
            return self
        job = self.job(number)
        return self._with(replace(job, state=state, reason=reason, notes=notes, failed=failed))

    def put_back(self, number: int, *, has_begun: bool) -> Self:
        """Return the queue with a running job waiting, since the cluster that was to do it is away.

        Parameters
        ----------
        number
        has_begun
            Whether it has left something to go on with; else this attempt does not count.
        """
        if all(job.number != number for job in self.jobs):
            return self
        waiting = replace(self.job(number), state=JobState.WAITING, reason="", notes=())
        if not has_begun:
            waiting = replace(waiting, attempts=waiting.attempts - 1, notes=(NOT_BEGUN,))
        return self._with(waiting)

    def interrupted(self) -> Self:
        """Return the queue after the program that ran it has ended: what was running waits again."""
        job = self.running
        if job is None:
            return self
        waiting = replace(job, state=JobState.WAITING, notes=(INTERRUPTED,))
        return self._with(waiting).interrupted()

    def _at_rest(self, number: int) -> QueuedJob:
        job = self.job(number)
        if job.state is JobState.RUNNING:
            raise UsageError(say("“{name}” is running. Cancel it first.", name=job.name))
        return job

    def _with(self, changed: QueuedJob) -> Self:
        jobs = (changed if job.number == changed.number else job for job in self.jobs)
        return replace(self, jobs=tuple(jobs))

    def to_json(self) -> dict[str, Any]:
        """Return the queue as JSON values."""
        return {
            "format": QUEUE_FORMAT,
            "version": QUEUE_VERSION,
            "last_number": self.last_number,
            "jobs": [job.to_json() for job in self.jobs],
        }

    @classmethod
    def from_json(cls, value: Any) -> Self:  # noqa: ANN401 - any JSON value
        """Read what `to_json` wrote; what is damaged is left out and named in `problem`."""
        known = isinstance(value, Mapping) and value.get("format") == QUEUE_FORMAT
        if not known or value.get("version") != QUEUE_VERSION or not isinstance(value.get("jobs"), list):
            return cls(problem=say("The queue cannot be read: it is damaged, or of another version."))
        jobs: dict[int, QueuedJob] = {}
        problems = []
        for place, each in enumerate(value["jobs"], start=1):
            try:
                job = QueuedJob.from_json(each)
            except (UsageError, LookupError, TypeError, ValueError) as error:
                cause = str(error) if isinstance(error, UsageError) else shown(error)
                problems.append(
                    say("Number {place} in the queue cannot be read ({cause}).", place=place, cause=cause)
                )
                continue
            jobs.setdefault(job.number, job)
        last = value.get("last_number")
        highest = max([*jobs, last if isinstance(last, int) else 0])
        return cls(tuple(jobs.values()), highest, joined(" ", problems))


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(value)
    return value

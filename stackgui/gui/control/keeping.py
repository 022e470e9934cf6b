"""Writes projects to their files shortly after each change."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from stackgui.core.base.errors import StackguiError
from stackgui.core.base.wording import say
from stackgui.core.project.history import Work
from stackgui.core.project.project import Project
from stackgui.engine.project_file import write_project
from stackgui.gui.control.jobs import Ending, Jobs

JOB = say("keep project")
SETTLE_S = 0.5
"""Pause after a change before the file is written, so that a drag does not write it at every step. What is
lost in a crash is at most what was done in this time."""


@dataclass(eq=False, slots=True)
class _Written:
    """What a job wrote, and why the rest could not be written."""

    projects: dict[str, Project] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)


class Keeping:
    """Writes projects to their files in a job, one job at a time.

    Parameters
    ----------
    jobs
    failed
        Called with a file that could not be written, and with the reason.
    write
        Writes a project to a file; raises StackguiError.
    clock
        Returns the time in seconds.
    """

    def __init__(
        self,
        jobs: Jobs,
        failed: Callable[[str, str], None],
        *,
        write: Callable[..., None] = write_project,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._jobs = jobs
        self._failed = failed
        self._write = write
        self._clock = clock
        self._kept: dict[str, Project] = {}
        self._due: dict[str, Project] = {}
        self._due_s = 0.0
        self._damaged: set[str] = set()
        self._there: set[str] = set()
        self._latest: Work | None = None

    def is_read(self, work: Work, *, damaged: bool = False) -> None:
        """Note that the file of `work` holds its project already; or most of it, if it is `damaged`."""
        self.is_worthless(work)
        self._there.add(work.file)
        if damaged:
            self._damaged.add(work.file)

    def is_worthless(self, work: Work) -> None:
        """Note that `work` need not be written as long as it stays as it is."""
        self._kept[work.file] = work.project

    def is_there(self, file: str) -> bool:
        """Return whether anything was read from `file` or written to it."""
        return file in self._there

    def use(self, work: Work) -> None:
        """Have `work` written, unless its file holds it already."""
        self._latest = work
        if self._kept.get(work.file) == work.project:
            self._due.pop(work.file, None)
        elif self._due.get(work.file) != work.project:
            self._due[work.file] = work.project
            self._due_s = self._clock() + SETTLE_S

    def forget(self, file: str) -> None:
        """Leave `file` as it is from now on."""
        self._due.pop(file, None)
        if self._latest and self._latest.file == file:
            self._latest = None

    def poll(self) -> None:
        """Write what is due."""
        if self._due and self._clock() >= self._due_s and not self._jobs.is_active(JOB):
            self._begin()

    def close(self, timeout_s: float) -> None:
        """Write what is left, and wait for it."""
        self._jobs.wait(JOB, timeout_s)
        if self._due and not self._jobs.is_active(JOB):
            self._begin()
            self._jobs.wait(JOB, timeout_s)

    def _begin(self) -> None:
        due, damaged = dict(self._due), frozenset(self._damaged)
        self._jobs.start(JOB, lambda _control: self._written(due, damaged), self._ended)

    def _written(self, due: Mapping[str, Project], damaged: frozenset[str]) -> _Written:
        done = _Written()
        for file, project in due.items():
            try:
                self._write(file, project, keeps_old=file in damaged)
            except StackguiError as error:
                done.problems[file] = str(error)
            else:
                done.projects[file] = project
        return done

    def _ended(self, ending: Ending[_Written]) -> None:
        if ending.result is None:  # a fault: tried again at the next change
            self._due.clear()
            return
        self._kept |= ending.result.projects
        self._there |= ending.result.projects.keys()
        self._damaged -= ending.result.projects.keys()
        for file in [*ending.result.projects, *ending.result.problems]:
            if self._due.get(file) == self._kept.get(file) or file in ending.result.problems:
                self._due.pop(file, None)
        for file, problem in ending.result.problems.items():
            self._failed(file, problem)
        if self._latest is not None and self._latest.file not in ending.result.problems:
            self.use(self._latest)

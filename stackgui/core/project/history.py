"""The history of the work, for undo and redo."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from stackgui.core.project.change import changed, described, is_fluent
from stackgui.core.project.project import Project

MAX_STEPS = 100
MERGE_WITHIN_S = 1.0
"""Changes of the same choices within this time make one step, as in a drag or while a key is held."""


@dataclass(frozen=True, slots=True)
class Work:
    """A project, and the file in which it is kept.

    Attributes
    ----------
    file : str
        Absolute path, even if nothing was written yet.
    project : Project
    """

    file: str
    project: Project = field(default_factory=Project)


@dataclass(frozen=True, slots=True)
class Step:
    """A change to the work.

    Attributes
    ----------
    work : Work
        Where undo leads, or redo, for steps that were undone.
    what : str
        What was done, in a few words.
    """

    work: Work
    what: str


@dataclass(frozen=True, slots=True)
class History:
    """The steps that undo and redo take.

    Attributes
    ----------
    past : tuple of Step
        The steps to undo, the next one last.
    future : tuple of Step
        The steps to redo, the next one last.
    changed : frozenset of str
        Names of what the latest step changed.
    when_s : float
        Time of that step, by a monotonic clock.
    """

    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()
    changed: frozenset[str] = frozenset()
    when_s: float = 0.0

    @property
    def undoes(self) -> str:
        """What undo would take back, in a few words, or ``""``."""
        return self.past[-1].what if self.past else ""

    @property
    def redoes(self) -> str:
        """What redo would restore, in a few words, or ``""``."""
        return self.future[-1].what if self.future else ""

    def step(self, before: Work, after: Work, now_s: float, what: str = "") -> History:
        """Return the history after a change from `before` to `after`, which differs; `what` was done."""
        names = frozenset[str]() if what else changed(before.project, after.project)
        is_merged = (
            bool(self.past and names)
            and is_fluent(names)
            and names == self.changed
            and now_s - self.when_s < MERGE_WITHIN_S
        )
        past = self.past
        if not is_merged:
            made = Step(before, what or described(before.project, after.project))
            past = (*past, made)[-MAX_STEPS:]
        return History(past, (), names, now_s)

    def back(self, now: Work) -> tuple[Work, History]:
        """Undo: return the work before `now`, or `now` if there is none, and the history from there."""
        if not self.past:
            return now, self
        last = self.past[-1]
        future = (*self.future, Step(now, last.what))
        return last.work, replace(self, past=self.past[:-1], future=future, changed=frozenset())

    def forth(self, now: Work) -> tuple[Work, History]:
        """Redo: return the work undone last, or `now` if there is none, and the history from there."""
        if not self.future:
            return now, self
        following = self.future[-1]
        past = (*self.past, Step(now, following.what))
        return following.work, replace(self, past=past, future=self.future[:-1], changed=frozenset())

    def moved(self, before: str, after: str) -> History:
        """Return the history with the project of the file `before` kept in the file `after`."""

        def kept(steps: tuple[Step, ...]) -> tuple[Step, ...]:
            return tuple(
                replace(step, work=replace(step.work, file=after)) if step.work.file == before else step
                for step in steps
            )

        return replace(self, past=kept(self.past), future=kept(self.future))

"""Choices that were made before, so that they can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from stackgui.core.options.options import Options

MAX_STEPS = 100
TOGETHER_S = 1.0
"""Changes of the same options that follow each other sooner are one step: a drag, a wheel, a held key."""


@dataclass(frozen=True, slots=True)
class History:
    """The options before and after the present ones.

    Attributes
    ----------
    past : tuple of Options
        The latest last.
    future : tuple of Options
        What was taken back; the next last.
    changed : frozenset of str
        Names of the options that the latest step changed.
    when_s : float
        When that was, by a clock that only goes on.
    """

    past: tuple[Options, ...] = ()
    future: tuple[Options, ...] = ()
    changed: frozenset[str] = frozenset()
    when_s: float = 0.0

    def step(self, before: Options, after: Options, now_s: float) -> History:
        """The history after `before` became `after`."""
        changed = frozenset(
            field.name
            for field in fields(Options)
            if getattr(before, field.name) != getattr(after, field.name)
        )
        together = bool(self.past) and changed == self.changed and now_s - self.when_s < TOGETHER_S
        past = self.past if together else (*self.past, before)[-MAX_STEPS:]
        return History(past, (), changed, now_s)

    def back(self, now: Options) -> tuple[Options, History]:
        """The options before `now`, and the history from there; `now` itself where there are none."""
        if not self.past:
            return now, self
        return self.past[-1], replace(
            self, past=self.past[:-1], future=(*self.future, now), changed=frozenset()
        )

    def forth(self, now: Options) -> tuple[Options, History]:
        """The options that were taken back last, and the history from there; `now` where there are none."""
        if not self.future:
            return now, self
        return self.future[-1], replace(
            self, past=(*self.past, now), future=self.future[:-1], changed=frozenset()
        )

"""The history of options, for undo and redo."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from stackgui.core.options.options import Options

MAX_STEPS = 100
MERGE_WITHIN_S = 1.0
"""Changes of the same options within this time make one step, as in a drag or while a key is held."""


@dataclass(frozen=True, slots=True)
class History:
    """The options to which undo and redo lead.

    Attributes
    ----------
    past : tuple of Options
        Earlier options, the latest last.
    future : tuple of Options
        Options that were undone, the next to redo last.
    changed : frozenset of str
        Names of the options that the latest step changed.
    when_s : float
        Time of that step, by a monotonic clock.
    """

    past: tuple[Options, ...] = ()
    future: tuple[Options, ...] = ()
    changed: frozenset[str] = frozenset()
    when_s: float = 0.0

    def step(self, before: Options, after: Options, now_s: float) -> History:
        """Return the history after a change from `before` to `after`."""
        changed = frozenset(
            field.name
            for field in fields(Options)
            if getattr(before, field.name) != getattr(after, field.name)
        )
        is_merged = bool(self.past) and changed == self.changed and now_s - self.when_s < MERGE_WITHIN_S
        past = self.past if is_merged else (*self.past, before)[-MAX_STEPS:]
        return History(past, (), changed, now_s)

    def back(self, now: Options) -> tuple[Options, History]:
        """Undo: return the options before `now`, or `now` if there are none, and the history from there."""
        if not self.past:
            return now, self
        return self.past[-1], replace(
            self, past=self.past[:-1], future=(*self.future, now), changed=frozenset()
        )

    def forth(self, now: Options) -> tuple[Options, History]:
        """Redo: return the options undone last, or `now` if there are none, and the history from there."""
        if not self.future:
            return now, self
        return self.future[-1], replace(
            self, past=(*self.past, now), future=self.future[:-1], changed=frozenset()
        )

"""Notes what is used, and finds out what of it is still there."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Protocol

from stackgui.core.base.addresses import is_address
from stackgui.core.project.recents import Recent, RecentKind, Recents, with_recent
from stackgui.gui.control.jobs import Ending, Jobs

JOB = "recents"


class RecentsView(Protocol):
    """View that shows what was used last."""

    def show_recents(self, recents: Recents) -> None:
        """Show `recents`, the latest first."""


def _is_missing(path: str) -> bool:
    """Return whether nothing is at `path`; nobody is asked for what is at an address before it is used."""
    return not is_address(path) and not os.path.lexists(path)


class RecentList:
    """Notes what is used, keeps it, and finds out in a job what of it is still there.

    Parameters
    ----------
    jobs, view
    load, keep
        Read the list of an earlier session, and save it.
    """

    def __init__(
        self,
        jobs: Jobs,
        view: RecentsView,
        *,
        load: Callable[[], Recents] = tuple,
        keep: Callable[[Recents], None] = lambda _: None,
    ) -> None:
        self._jobs = jobs
        self._view = view
        self._load = load
        self._keep = keep
        self._recents: Recents = ()
        self._noted: dict[RecentKind, tuple[Recent, ...]] = {}

    def begin(self) -> None:
        """Show the list of the last session."""
        self._recents = self._load()
        self._show()

    def sources(self) -> tuple[str, ...]:
        """Return the sources that were there when last looked at, the latest first."""
        return tuple(
            each.path for each in self._recents if each.kind is RecentKind.SOURCE and not each.is_missing
        )

    def note(self, kind: RecentKind, used: Iterable[Recent]) -> None:
        """Put `used` in front of the others of its kind, unless that is what was noted last."""
        noted = tuple(used)
        before = self._noted.get(kind, ())
        if noted == before:
            return
        self._noted[kind] = noted
        # Another window may have added to the list in the meantime.
        recents = self._load()
        for each in noted:
            if each not in before:
                recents = with_recent(recents, each)
        self._set(recents)

    def drop(self, path: str) -> None:
        """Forget what is at `path`."""
        self._set(tuple(each for each in self._load() if each.path != path))

    def clear(self) -> None:
        """Forget all; nothing is deleted."""
        self._set(())

    def _set(self, recents: Recents) -> None:
        plain = tuple(replace(each, is_missing=False) for each in recents)
        self._keep(plain)
        self._recents = plain
        self._show()

    def _show(self) -> None:
        self._view.show_recents(self._recents)
        self.look()

    def look(self) -> None:
        """Find out what is still there, which may take long on a network drive."""
        recents = self._recents

        def work(_control: object) -> Recents:
            return tuple(replace(each, is_missing=_is_missing(each.path)) for each in recents)

        if recents:
            self._jobs.start(JOB, work, self._looked)

    def _looked(self, ending: Ending[Recents]) -> None:
        if ending.result is not None and ending.result != self._recents:
            self._recents = ending.result
            self._view.show_recents(self._recents)

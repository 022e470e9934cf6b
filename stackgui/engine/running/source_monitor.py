"""Pauses a run while a source folder is gone, for example on an unplugged disk, and resumes it afterwards."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TaskTimeoutError
from concurrent.futures import wait as wait_for
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace

from pebble import ProcessExpired

from stackgui.core.base.errors import SourceGoneError, StackguiError
from stackgui.core.base.wording import say
from stackgui.engine.decoding.rows import Files
from stackgui.engine.running.pause_on_error import LOOK_S, PauseOnError
from stackgui.engine.running.progress import ProgressMeter
from stackgui.engine.sources.roots import Look, look_again, roots_of
from stackgui.engine.workers.aside import aside
from stackgui.engine.workers.dispatch import STUCK_S, TICK_S
from stackgui.engine.workers.workers import Workers

LIMIT_S = 10.0
"""Time limit for finding a folder; a network that takes longer is of no use."""


class SourceMonitor:
    """Watches the source folders of a run. Only workers access them: a hanging network may take minutes.

    Attributes
    ----------
    roots : tuple of Root
        Identities of the folders, for readers to compare with what they find.
    """

    def __init__(
        self, sources: Sequence[str], workers: Workers, patience: PauseOnError, gauge: ProgressMeter
    ) -> None:
        # A folder that is empty now is gone already: the plan needs files from it.
        roots = aside(lambda: roots_of(sources), gauge)
        self.roots = tuple(replace(root, is_empty=False) for root in roots)
        self._workers = workers
        self._patience = patience
        self._gauge = gauge

    def excuses(self, files: Files, error: StackguiError, before_waiting: Callable[[], None]) -> bool:
        """Return whether a folder was gone: as `error` says, or because reading `files` lost its worker.

        Blocks until the folder is back, and raises as `regained` does. If the folder is known to be gone,
        `before_waiting` is called first, because the wait may take hours.
        """
        if isinstance(error, SourceGoneError):
            before_waiting()
            self.regained(error.file)
            return True
        return any(self.regained(os.fsdecode(file.name)) for file, _row in files)

    def regained(self, file: str) -> bool:
        """Return whether `file` was unreadable because its folder was gone; block until the folder is back.

        Raises
        ------
        SourceGoneError
            When the folder is gone and the run must not wait.
        Cancelled
            During the wait.
        """
        looked = self._look(file)
        # Also if it is there: a folder that could not be found when the run began may have come since.
        self.roots, away = looked.roots, looked.away
        if not away:
            return False
        error = SourceGoneError(away, file)
        trouble = say("{what} Connect it again, and the conversion goes on by itself.", what=error.what)
        self._patience.wait(error, trouble, self._is_back(file))
        self.roots = self._look(file).roots
        return True

    def _look(self, file: str) -> Look:
        asked, asked_s = self._ask(file), time.monotonic()
        # All workers may be busy with files that do not come, until the time of those is over.
        most_s = self._workers.limits.sample_s + LIMIT_S + STUCK_S
        while not wait_for([asked], TICK_S).done:
            self._gauge.check()
            if time.monotonic() - asked_s > most_s:
                # No time limit reaches a pool that is stuck; the dispatch notices and starts another.
                return Look("", self.roots)
        return self._answer(asked, file)

    def _is_back(self, file: str) -> Callable[[], bool]:
        """Return a function that tells, without blocking, whether the folder of `file` is back."""
        asked, asked_s = self._ask(file), time.monotonic()

        def look() -> bool:
            nonlocal asked, asked_s
            if not asked.done():
                return False
            if not self._answer(asked, file).away:
                return True
            if time.monotonic() - asked_s >= LOOK_S:
                asked, asked_s = self._ask(file), time.monotonic()
            return False

        return look

    def _ask(self, file: str) -> Future[Look]:
        return self._workers.submit(look_again, (file, self.roots), LIMIT_S)

    def _answer(self, asked: Future[Look], file: str) -> Look:
        try:
            return asked.result()
        except TaskTimeoutError:
            name = os.fsencode(file)
            holding = [root for root in self.roots if root.holds(name)]
            return Look(os.fsdecode(holding[-1].path) if holding else "", self.roots)
        except (ProcessExpired, BrokenProcessPool):
            return Look("", self.roots)

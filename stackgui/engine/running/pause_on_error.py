"""What a run does when it cannot go on for now: it ends, or it rests until someone has helped."""

from __future__ import annotations

import time
from collections.abc import Callable

from stackgui.core.base.errors import RunError, StoreError
from stackgui.core.run.run import RunOptions
from stackgui.engine.running.progress import ProgressMeter
from stackgui.engine.workers.dispatch import TICK_S
from stackgui.stores.files.failures import check_low_space

LOOK_S = 1.0
"""Least time between two looks at the free space."""


class PauseOnError:
    """Tries again what a disk refused, once the person says so, if the run is to wait for that.

    Parameters
    ----------
    run, gauge
    after_rest
        Called when the run goes on.
    """

    def __init__(
        self,
        run: RunOptions,
        gauge: ProgressMeter,
        after_rest: Callable[[], None] = lambda: None,
    ) -> None:
        self._run = run
        self._gauge = gauge
        self._after_rest = after_rest
        self._looked_s = time.monotonic()

    def overcome(self, action: Callable[[], None]) -> None:
        """Do `action`, which may be done again when it failed.

        Raises
        ------
        StoreError
            When it failed and the run is not to wait.
        Cancelled
            While it waited.
        """
        while True:
            try:
                return action()
            except StoreError as error:
                if not self._run.pause_on_trouble:
                    raise
                self._rest(str(error), lambda: False)

    def wait(self, error: RunError, trouble: str, is_over: Callable[[], bool]) -> None:
        """Rest until the trouble is over, or the person says that it is.

        Parameters
        ----------
        error
            Raised when the run is not to wait.
        trouble
            What the person is told.
        is_over
            Asked again and again; ends the rest, unless the run was paused before.

        Raises
        ------
        Cancelled
            While it waited.
        """
        if not self._run.pause_on_trouble:
            raise error
        stays_paused = self._gauge.paused
        self._rest(trouble, lambda: not stays_paused and is_over())

    def look_at_space(self) -> None:
        """Rest, or end the run, when the disk is nearly full: better now than in the middle of a write."""
        if time.monotonic() - self._looked_s >= LOOK_S:
            self._looked_s = time.monotonic()
            self.overcome(lambda: check_low_space(self._run.destination))

    def _rest(self, trouble: str, is_over: Callable[[], bool]) -> None:
        self._gauge.pause()
        self._gauge.trouble = trouble
        while self._gauge.paused:
            self._gauge.check()
            if is_over():
                self._gauge.resume()
            else:
                time.sleep(TICK_S)
        self._gauge.trouble = ""
        self._after_rest()

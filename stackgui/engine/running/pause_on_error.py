"""Ends a run that cannot continue, or pauses it until someone has removed the cause."""

from __future__ import annotations

import time
from collections.abc import Callable

from stackgui.core.base.addresses import is_address
from stackgui.core.base.errors import RunError, StoreError
from stackgui.core.run.run_options import RunOptions
from stackgui.engine.running.progress import ProgressMeter
from stackgui.engine.workers.dispatch import TICK_S
from stackgui.stores.files.failures import check_low_space, still_full
from stackgui.stores.recovery.unfinished import held_bytes

LOOK_S = 1.0
"""Minimum time between two checks of the free space."""


class PauseOnError:
    """Pauses on a disk error and tries again when the person resumes, unless the run must not wait.

    Parameters
    ----------
    run, gauge
    after_rest
        Called when the run resumes.
    stack_bytes
        Size of the stack that the run makes, if it makes one.
    """

    def __init__(
        self,
        run: RunOptions,
        gauge: ProgressMeter,
        after_rest: Callable[[], None] = lambda: None,
        stack_bytes: int = 0,
    ) -> None:
        self._run = run
        self._gauge = gauge
        self._after_rest = after_rest
        self._stack_bytes = stack_bytes
        self._looked_s = time.monotonic()

    def overcome(self, action: Callable[[], None]) -> None:
        """Call `action` until it succeeds, with a pause after each failure.

        Raises
        ------
        StoreError
            When it failed and the run must not wait.
        Cancelled
            During the pause.
        """
        while True:
            try:
                return action()
            except StoreError as error:
                if not self._run.pause_on_trouble:
                    raise
                text = still_full(error, self._run.destination, self._still_bytes())
                self._rest(text, lambda: False)

    def wait(self, error: RunError, trouble: str, is_over: Callable[[], bool]) -> None:
        """Pause until the trouble is over, or until the person resumes.

        Parameters
        ----------
        error
            Raised when the run must not wait.
        trouble
            Message for the person.
        is_over
            Polled during the pause; ends it, unless the person had already paused the run.

        Raises
        ------
        Cancelled
            During the pause.
        """
        if not self._run.pause_on_trouble:
            raise error
        stays_paused = self._gauge.paused
        self._rest(trouble, lambda: not stays_paused and is_over())

    def look_at_space(self) -> None:
        """Pause or end the run when the disk is nearly full, before a write fails half-way."""
        if not is_address(self._run.destination) and time.monotonic() - self._looked_s >= LOOK_S:
            self._looked_s = time.monotonic()
            self.overcome(lambda: check_low_space(self._run.destination, self._still_bytes()))

    def _still_bytes(self) -> int:
        """Return the most that is still to be written, by what the unfinished stack takes on the disk."""
        return max(0, self._stack_bytes - held_bytes(self._run.destination))

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

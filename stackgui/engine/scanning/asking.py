"""Tells what is asked for before a search begins, which a server may leave without an answer."""

from __future__ import annotations

from stackgui.core.base.awaited import Awaited
from stackgui.core.run.progress import ScanProgress
from stackgui.engine.workers.control import Control


class Asking:
    """What is asked before a search begins; the cancellation of the thread that asks.

    Parameters
    ----------
    control
    """

    def __init__(self, control: Control[ScanProgress]) -> None:
        self._control = control
        self._asked = Awaited()

    def ask(self, name: str) -> None:
        """Note that a disk or a server is asked for `name` from now on; called by the thread that asks."""
        self._asked.heard(name)

    def check(self) -> None:
        """Publish what is asked, and for how long; raises `Cancelled` when it was cancelled."""
        self._control.check()
        self._control.publish(ScanProgress(asked=self._asked.name, asked_s=self._asked.named_seconds))

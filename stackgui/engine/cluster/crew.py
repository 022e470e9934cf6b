"""The workers of a cluster during a job: how many there are, and whether one may still write afterwards."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Mapping

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.engine.cluster.at_work import tasks_at_work
from stackgui.engine.cluster.connecting import ANSWER_S, Cluster
from stackgui.engine.cluster.pulse import Heard
from stackgui.engine.cluster.silence import RIGHT_S
from stackgui.engine.workers.dispatch import TICK_S
from stackgui.stores.recovery.lease import WRITE_S

LOOK_S = 1.0
"""How often the scheduler is asked who is there."""

SETTLE_S = 60.0
"""So long whoever says that it still writes is waited for."""


class Crew:
    """The workers of a cluster, as the scheduler knows them.

    Attributes
    ----------
    decoders : int
        Pictures that they decode at a time.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._looked_s = self._heard_s = float("-inf")
        self._known: Mapping[str, Heard] = {}
        self.decoders = 1

    def look(self, *, at_once: bool = False) -> None:
        """Ask the scheduler who is there, if that is due."""
        if not at_once and time.monotonic() - self._looked_s < LOOK_S:
            return
        try:
            workers = self._cluster.pulse.look()
        except (OSError, TimeoutError, ValueError):  # it is lost; the ranges that were handed out will tell
            return
        self._looked_s = time.monotonic()
        self._mistrust(self._known.keys() - workers.keys())
        self._known = workers
        self.decoders = max(sum(each.threads for each in workers.values()), 1)

    def forget(self) -> None:
        """Begin again with another scheduler."""
        self._known = {}
        self._heard_s = time.monotonic()
        self._looked_s = float("-inf")

    def settle(self, name: str, cancellation: Cancellation = UNWATCHED, *, ask: bool) -> None:
        """Return once nobody writes any more under a right that has just ended.

        Parameters
        ----------
        name
            Of the plugin whose tasks had that right.
        cancellation
        ask
            Whether tasks may be at work in workers that are there.

        Who is there says whether it still writes. Who is not, or is silent, begins no write any more: its
        right has ended, and it looks before each. What had begun before takes `WRITE_S` at most, and did not
        begin later than `RIGHT_S` after a heartbeat.
        """
        ended_s = time.monotonic()
        with contextlib.suppress(OSError, TimeoutError, ValueError):
            self.look(at_once=True)
            while ask and time.monotonic() - ended_s < SETTLE_S:
                answers = self._cluster.answers(tasks_at_work, name, within_s=ANSWER_S)
                self._mistrust(self._known.keys() - answers.keys())
                if not any(answers.values()):
                    break
                self._wait(cancellation)
        while time.monotonic() < min(ended_s, self._heard_s + RIGHT_S) + WRITE_S:
            self._wait(cancellation)

    def _mistrust(self, lost: Iterable[str]) -> None:
        """Note when workers were heard last that may still write."""
        self._heard_s = max([self._heard_s, *(self._known[worker].since_s for worker in lost)])

    def _wait(self, cancellation: Cancellation) -> None:
        cancellation.check()
        time.sleep(TICK_S)

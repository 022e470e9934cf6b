"""What the scheduler of a cluster has been handed, and what came back of it."""

from __future__ import annotations

import contextlib
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

from distributed import Future

from stackgui.engine.cluster.connecting import Cluster
from stackgui.engine.workers.dispatch import TICK_S

Each = TypeVar("Each")


class Handing(Generic[Each]):
    """The parts of a job that the scheduler has.

    Parameters
    ----------
    cluster

    Attributes
    ----------
    pending : dict
        What the scheduler has, by the future of it.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._finished: SimpleQueue[Future] = SimpleQueue()
        self.pending: dict[Future, Each] = {}

    def await_it(self, future: Future, each: Each) -> None:
        """Note that the scheduler has `each` now."""
        self.pending[future] = each
        future.add_done_callback(self._finished.put)

    def next_done(self) -> tuple[Future, Each] | None:
        """Return a part that is done; None if a tick passed without one."""
        try:
            future = self._finished.get(timeout=TICK_S)
        except Empty:
            return None
        # Those that were lost with a scheduler are reported, too.
        return (future, self.pending.pop(future)) if future in self.pending else None

    def lost(self) -> list[Each]:
        """Return all parts, none of which the scheduler has any more."""
        found = list(self.pending.values())
        self.pending.clear()
        return found

    def stop(self) -> None:
        """Take back what was handed out; never raises."""
        if self.pending:
            with contextlib.suppress(Exception):
                self._cluster.client.cancel(list(self.pending))

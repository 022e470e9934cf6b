"""Whether the scheduler still counts on this worker, or may have given its tasks to others."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from typing import Any

from distributed import Reschedule

from stackgui.core.base.cancellation import Cancellation
from stackgui.engine.cluster.silence import RIGHT_S
from stackgui.engine.workers.dispatch import TICK_S


class Standing:
    """The right of a worker to write, which it loses before others get its tasks.

    A worker that was frozen may come back when somebody else has made its rows, and may have failed where
    the other did not: time has run out for its decoders. By its own clock it knows that it has heard nothing
    for too long, and asks before it writes. Clocks of others do not matter.

    Parameters
    ----------
    ask
        Asks the scheduler whether it counts on this worker.
    clock
        Returns seconds; replaced in tests.
    """

    def __init__(
        self,
        ask: Callable[[], Future[bool]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._sure_s = float("-inf")

    @classmethod
    def of(cls, worker: Any) -> Standing:  # noqa: ANN401 - Dask's
        """Return that of a Dask worker."""

        async def counts() -> bool:
            await worker.heartbeat()  # so that nobody has the right for longer than after a heartbeat
            found = await worker.scheduler.ncores(workers=[worker.contact_address])
            return bool(found)

        return cls(lambda: asyncio.run_coroutine_threadsafe(counts(), worker.loop.asyncio_loop))

    def check(self, cancellation: Cancellation) -> None:
        """Return once this worker may write; any thread may call it, but not that of Dask's loop.

        Parameters
        ----------
        cancellation
            Checked while the scheduler does not answer.

        Raises
        ------
        Reschedule
            When the scheduler does not count on it any more.
        Cancelled
        """
        while (asked_s := self._clock()) - self._sure_s >= RIGHT_S:
            if self._is_sure(cancellation):
                self._sure_s = asked_s

    def _is_sure(self, cancellation: Cancellation) -> bool:
        """Ask once; False if the scheduler cannot be reached now, from which Dask draws its conclusions."""
        answer = self._ask()
        while not wait_for([answer], TICK_S).done:
            cancellation.check()
        cancellation.check()
        try:
            counts = answer.result()
        except OSError:
            time.sleep(TICK_S)
            return False
        if not counts:
            raise Reschedule
        return True

"""Who is in a cluster, and who has fallen silent: asks the scheduler, and never waits long for it."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import Any

TOPIC = "stackgui-refused"
"""Dask's name for the log of workers that were refused."""

QUICK_S = 1.0
"""A scheduler answers within milliseconds; after this time, what was known before has to do."""

FIRST_S = 20.0
"""As long as nothing is known, its answer is worth waiting for."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of a worker.

    Attributes
    ----------
    threads : int
    host : str
        Its address in the network.
    beat : float
        When the scheduler heard of it last, by the scheduler's clock.
    since_s : float
        When this was noticed, by the clock of this computer.
    """

    threads: int
    host: str
    beat: float
    since_s: float


class Pulse:
    """Notes each heartbeat of a cluster; all methods may be called from any thread.

    Clocks are not compared, since those of two computers differ: what counts is whether the time of the last
    heartbeat of a worker is another than when somebody asked before.

    Parameters
    ----------
    client
        That of Dask.
    clock
        Returns the time in seconds.

    Attributes
    ----------
    events : sequence
        What the scheduler has logged of workers that were refused: times, and what `hands.refuse` tells.
    """

    def __init__(self, client: Any, clock: Callable[[], float] = time.monotonic) -> None:  # noqa: ANN401 - Dask's
        self._client, self._clock = client, clock
        self._lock = threading.Lock()
        self._question: Future[None] | None = None
        self._unanswered_s: float | None = None
        self._answered_s = float("-inf")
        self._workers: dict[str, Heard] = {}
        self._most = 0
        self.events: Sequence[tuple[float, Any]] = ()

    @property
    def known(self) -> dict[str, Heard]:
        """The workers of which the scheduler told last, by their addresses."""
        return dict(self._workers)

    @property
    def lost(self) -> int:
        """Workers that are there no more, of the most that were there at a time since `forget_lost`."""
        return max(0, self._most - len(self._workers))

    def forget_lost(self) -> None:
        """Count from now on."""
        self._most = len(self._workers)

    @property
    def silent_s(self) -> float:
        """Seconds for which the scheduler has owed an answer."""
        since_s = self._unanswered_s
        return 0.0 if since_s is None else self._clock() - since_s

    @property
    def has_answered(self) -> bool:
        """Whether the scheduler has ever said who is there."""
        return self._answered_s > float("-inf")

    @property
    def silent_workers(self) -> dict[str, float]:
        """Seconds for which the scheduler had heard nothing of each worker when it answered last."""
        return {address: self._answered_s - each.since_s for address, each in self._workers.items()}

    def ask(self) -> bool:
        """Ask the scheduler who is there, unless it owes an answer; return whether that was done."""
        with self._lock:
            if self._question is not None and not self._question.done():
                return False
            if self._unanswered_s is None:
                self._unanswered_s = self._clock()
            loop, question = self._client.loop.asyncio_loop, self._answer()
            try:
                self._question = asyncio.run_coroutine_threadsafe(question, loop)
            except RuntimeError:  # the client has been closed
                question.close()
                return False
            return True

    def look(self) -> dict[str, Heard]:
        """Return who is there now, or what is known if the scheduler does not answer."""
        if self.ask() and self._question is not None:
            wait((self._question,), QUICK_S if self.has_answered else FIRST_S)
        return self.known

    async def _answer(self) -> None:
        with contextlib.suppress(Exception):  # it cannot be reached now, and is asked again
            scheduler = self._client.scheduler
            told = await scheduler.identity()
            self.events = tuple(await scheduler.events(topic=TOPIC))
            self._note(told["workers"])

    def _note(self, told: dict[str, dict[str, Any]]) -> None:
        now_s, before, found = self._clock(), self._workers, {}
        if self.silent_s > QUICK_S:
            before = {}  # a scheduler that could not answer could not hear of anybody either
        for address, each in told.items():
            heard, beat = before.get(address), float(each["last_seen"])
            since_s = heard.since_s if heard is not None and heard.beat == beat else now_s
            found[address] = Heard(int(each["nthreads"]), str(each["host"]), beat, since_s)
        self._workers, self._answered_s, self._unanswered_s = found, now_s, None
        self._most = max(self._most, len(found))

    def stop(self) -> None:
        """Await no answer any more."""
        with self._lock:
            if self._question is not None:
                self._question.cancel()

"""Carries out the tasks of workers on a cluster, wherever jobs expect the workers of one computer."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from distributed import KilledWorker

from stackgui import imaging
from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.errors import ClusterAwayError, RunError
from stackgui.core.base.wording import say
from stackgui.core.run.run_options import Limits
from stackgui.engine.cluster.agreement import Seen, first_difference, seen, sentence
from stackgui.engine.cluster.connecting import Cluster
from stackgui.engine.cluster.hands import Hands
from stackgui.engine.cluster.host import LOSSES, run_here
from stackgui.engine.cluster.newcomers import ANSWER_S, Newcomers
from stackgui.engine.cluster.parcels import pack, unpack
from stackgui.engine.running.fill import versions
from stackgui.engine.workers.aside import aside
from stackgui.engine.workers.dispatch import TICK_S, WORKERS_KEEP_ENDING
from stackgui.engine.workers.workers import Workers

MIN_COUNT = 4
"""Tasks are offered for so many workers at least, since more may come while a job goes on."""


class ClusterWorkers(Workers):
    """The workers of a cluster.

    A task that crashes, hangs or takes too much memory costs a process of the host that it runs on, and is
    reported as by the workers of one computer.

    Parameters
    ----------
    cluster
    limits
        Limits for one sample; those of memory are worked out by each host.
    here
        The workers of this computer, for tasks whose arguments are too large to be sent.
    """

    may_get_stuck = False

    def __init__(
        self,
        cluster: Cluster,
        limits: Limits | None,
        here: Workers,
        cancellation: Cancellation = UNWATCHED,
    ) -> None:
        super().__init__(1, limits)
        self._cluster = cluster
        self._here = here
        self._hands = f"stackgui-{uuid.uuid4().hex}"
        self._asked = limits or Limits()
        formats = [each.name for each in imaging.FORMATS]
        hands = Hands(self._hands, self._asked, versions(formats, scaled_by=None), formats)
        cluster.give(hands, cancellation)
        self.look()

    @property
    def here(self) -> Workers:
        """The workers of this computer."""
        return self._here

    def look(self) -> None:
        """Count the workers that are there now."""
        self.count = max(MIN_COUNT, sum(self._cluster.workers.values()))

    @contextlib.contextmanager
    def agreed(self, files: Callable[[], Iterable[str]], cancellation: Cancellation) -> Iterator[None]:
        """Let only those hosts work who see `files` as this computer does, as `Workers.agreed` says."""
        known, there = aside(lambda: seen(files()), cancellation), tuple(self._cluster.workers)
        self._ask(known, there, cancellation)
        newcomers = f"stackgui-{uuid.uuid4().hex}"
        self._cluster.give(Newcomers(newcomers, known, there, self._asked), cancellation)
        try:
            yield
        finally:
            self._cluster.take_back(newcomers)

    def _ask(self, known: Sequence[Seen], workers: Sequence[str], cancellation: Cancellation) -> None:
        """Raise `RunError` if a host does not see the files as they are `known`."""
        packed = pack((first_difference, (known,)))
        asked: dict[Future[Any], str] = {
            self._send("agree", packed, ANSWER_S, workers=[worker]): worker for worker in workers
        }
        waiting = set(asked)
        begun_s = time.monotonic()
        while waiting and time.monotonic() - begun_s < 2 * ANSWER_S:
            cancellation.check()
            if waiting := waiting - wait_for(waiting, TICK_S).done:
                there = self._cluster.workers
                waiting = {each for each in waiting if asked[each] in there}
        for answer in asked:
            if not answer.done():
                answer.cancel()  # that worker has gone meanwhile, or will not come to it
                continue
            try:
                found = answer.result()
            except LOSSES as error:
                raise RunError(WORKERS_KEEP_ENDING) from error
            if found is not None:
                raise RunError(sentence(found, known))

    def warm_up(self) -> None:
        """Do nothing: hosts start their processes with the first task."""

    def submit(
        self, function: Callable[..., Any], arguments: Sequence[Any], timeout_s: float | None = None
    ) -> Future[Any]:
        """Run ``function(*arguments)`` on a host, and return a future as `Workers.submit` does."""
        return self._send(function.__name__, pack((function, tuple(arguments))), timeout_s)

    def _send(
        self,
        name: str,
        packed: bytes,
        timeout_s: float | None,
        **where: Any,  # noqa: ANN401 - as Dask takes it
    ) -> _Answer:
        client, key = self._cluster.client, f"{name}-{uuid.uuid4().hex}"
        asked = client.submit(run_here, self._hands, packed, timeout_s, key=key, pure=False, **where)
        answer = _Answer(asked)
        answer.set_running_or_notify_cancel()
        client.loop.add_callback(self._collect, asked, answer)
        return answer

    async def _collect(self, asked: Any, answer: _Answer) -> None:  # noqa: ANN401 - untyped
        try:
            result, error = unpack(await self._cluster.client.gather(asked, asynchronous=True))
        except KilledWorker as killed:
            result, error = None, BrokenProcessPool(str(killed))
        except BaseException as lost:  # noqa: BLE001 - whatever ended the connection
            result, error = None, self._gone()
            error.__cause__ = lost
        if isinstance(error, BrokenProcessPool):
            self.pools_begun += 1
        answer.settle(result, error)

    def _gone(self) -> ClusterAwayError:
        return ClusterAwayError(
            say(
                "The cluster at {address} cannot be reached any more. Look whether its scheduler still runs, "
                "and begin again: what is done is kept.",
                address=str(self._cluster.address),
            )
        )

    def give_up(self, pool: int) -> None:
        """Do nothing: the scheduler gives up workers that are lost."""

    def close(self) -> None:
        """End the processes on the hosts; never raises."""
        self._cluster.take_back(self._hands)


class _Answer(Future[Any]):
    """What a host will answer."""

    def __init__(self, asked: Any) -> None:  # noqa: ANN401 - untyped
        super().__init__()
        self._asked = asked

    def cancel(self) -> bool:
        """Want the answer no more; a task that runs already is finished in vain."""
        self._asked.cancel()
        return super().cancel()

    def settle(self, result: object, error: BaseException | None) -> None:
        """Take what came."""
        if error is None:
            self.set_result(result)
        else:
            self.set_exception(error)

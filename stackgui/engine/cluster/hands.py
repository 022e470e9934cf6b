"""What a Dask worker has for our tasks: worker processes of its own, and the right versions."""

from __future__ import annotations

import contextlib
import multiprocessing
import socket
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from distributed.core import Status
from distributed.diagnostics.plugin import WorkerPlugin

from stackgui.core.base.choices import Resizer
from stackgui.core.base.resizers import SIMD_MODULE
from stackgui.core.base.text import printable
from stackgui.core.base.wording import joined, say
from stackgui.core.plan.difference import other_versions
from stackgui.core.run.run_options import Limits
from stackgui.engine.cluster.at_work import counted
from stackgui.engine.cluster.parcels import pack, unpack
from stackgui.engine.cluster.pulse import TOPIC
from stackgui.engine.cluster.standing import Standing
from stackgui.engine.running.fill import versions
from stackgui.engine.workers.control import Control
from stackgui.engine.workers.shared_memory import SlotShelf
from stackgui.engine.workers.workers import Workers

_POOLS: dict[tuple[int, Limits], Workers] = {}
"""The processes of this worker, kept from one run to the next."""


class Hands(WorkerPlugin):  # type: ignore[misc] # has no types where Dask is not installed
    """Decoding processes in a Dask worker, for one run.

    A worker that has other versions ends itself before it gets a task: it would make other pixels.

    Parameters
    ----------
    name
    limits
        Limits for one sample.
    wanted
        Versions of the computer that has the plan.
    formats
        Formats of the samples.

    Attributes
    ----------
    shelf : SlotShelf
        For the pixels of tasks that follow each other.
    """

    def __init__(self, name: str, limits: Limits, wanted: Mapping[str, str], formats: Sequence[str]) -> None:
        self.name = name
        self.refusal = ""
        self._limits = limits
        self._wanted = dict(wanted)
        self._formats = tuple(formats)
        self._workers: Workers | None = None
        self._standing: Standing | None = None
        self._controls: set[Control[Any]] = set()
        self.shelf = SlotShelf()

    async def setup(self, worker: Any) -> None:  # noqa: ANN401 - Dask's
        """Get ready; Dask waits for it before the worker gets a task."""
        scaled_by = Resizer.SIMD if SIMD_MODULE in self._wanted else None
        self.refusal = self._refusal(versions(self._formats, scaled_by))
        if self.refusal:
            await refuse(worker, self.name, self.refusal)
        else:
            self._workers = pool_of(worker, self._limits)
            self._standing = Standing.of(worker)

    def teardown(self, worker: Any) -> None:  # noqa: ANN401 - Dask's
        """Stop writing; called by Dask after the run, and when the worker loses the scheduler and so ends."""
        for control in tuple(self._controls):
            control.cancel()
        self.shelf.close()
        if worker.status is not Status.running:
            while _POOLS:
                _POOLS.popitem()[1].close()

    @contextlib.contextmanager
    def at_work(self) -> Iterator[tuple[Workers, Control[Any]]]:
        """Lend the processes, with what tells a task that the worker ends."""
        assert self._workers is not None, "a worker that is refused gets no tasks"
        control: Control[Any] = Control()
        self._controls.add(control)
        try:
            with counted(self.name):
                yield self._workers, control
        finally:
            self._controls.discard(control)

    @property
    def standing(self) -> Standing:
        """Whether the scheduler still counts on this worker."""
        assert self._standing is not None, "a worker that is refused gets no tasks"
        return self._standing

    def _refusal(self, own: Mapping[str, str]) -> str:
        """Return why this worker cannot be used, or ``""``."""
        host = socket.gethostname()
        if multiprocessing.current_process().daemon:
            return say(
                "The worker on {host} cannot be used, because Dask does not let it start processes: give "
                "“dask worker” the option --no-nanny, or start it by “stackgui cluster worker”.",
                host=host,
            )
        differ = other_versions(self._wanted, own)
        if not differ:
            return ""
        return say(
            "The worker on {host} cannot be used, because it would give other pixels. {differ} Install the "
            "same versions there.",
            host=host,
            differ=joined(" ", differ),
        )


async def refuse(worker: Any, name: str, refusal: str) -> None:  # noqa: ANN401 - Dask's
    """End a worker that cannot be used for the plugin of that name, and tell why.

    When this returns, the scheduler knows the reason, unless it is lost: so it can be asked for it at once.
    """
    # Packed, since Dask logs nothing but plain values, of which none can be translated.
    event = {"hands": name, "worker": worker.address, "refusal": pack(refusal)}
    with contextlib.suppress(OSError):
        await worker.scheduler.log_event(topic=TOPIC, msg=event)
    print(printable(refusal), file=sys.stderr)  # noqa: T201 - whoever started the worker reads it
    worker.loop.add_callback(worker.close, executor_wait=False, reason="stackgui-refused")


def reasons(events: Iterable[tuple[float, Any]], hands: str | None = None) -> tuple[str, ...]:
    """Return why workers were refused by what Dask logged, each reason once, the latest last.

    By default whatever the run, otherwise those of the `Hands` of that name.
    """
    return tuple(
        dict.fromkeys(unpack(event["refusal"]) for _when, event in events if hands in {None, event["hands"]})
    )


def refusals(client: Any, hands: str | None = None) -> tuple[str, ...]:  # noqa: ANN401 - Dask's
    """Return why workers were refused, as `reasons` does."""
    return reasons(client.get_events(TOPIC), hands)


def pool_of(worker: Any, limits: Limits) -> Workers:  # noqa: ANN401 - Dask's
    """Return the processes of a worker, one for each of its threads."""
    count = worker.state.nthreads
    if (count, limits) not in _POOLS:
        _POOLS[count, limits] = Workers(count, limits)
        _POOLS[count, limits].warm_up()
    return _POOLS[count, limits]

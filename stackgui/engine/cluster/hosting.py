"""What runs on the hosts of a cluster: a scheduler, and workers."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Any

import dask
from dask.utils import parse_timedelta
from distributed import Scheduler, Worker

from stackgui.core.base.choices import Resizer
from stackgui.core.base.errors import RunError
from stackgui.core.base.wording import say
from stackgui.core.run.cluster_address import ClusterAddress
from stackgui.core.run.path_map import PathMap
from stackgui.engine.cluster import settings, silence
from stackgui.engine.cluster.attendance import LOOK_S, look_after
from stackgui.engine.cluster.connecting import LOCAL_CONFIG, check_encryption
from stackgui.engine.cluster.host import HOST

WORKER_TTL = "distributed.scheduler.worker-ttl"
"""Dask's name for how long a worker may be silent."""

BEAT_S = silence.WORKER_S / 3
"""Dask sends heartbeats more often than this, unless there are a thousand workers."""

Announce = Callable[[str], object]
"""Is called with a sentence."""


def run_scheduler(host: str, port: int, scheduler_file: str, announce: Announce) -> None:
    """Run a scheduler until it is told to end; encryption follows Dask's own settings.

    Raises
    ------
    RunError
        When it cannot listen there.
    """
    _be_brief()
    settings.obey()
    silent_s = parse_timedelta(dask.config.get(WORKER_TTL))

    # Dask's own program asks for it by an option, and refuses to listen if that is forgotten.
    protocol = "tls" if dask.config.get("distributed.comm.require-encryption") else None

    async def run() -> None:
        made: Any = Scheduler(
            host=host or None, port=port, protocol=protocol, scheduler_file=scheduler_file or None
        )
        async with made as scheduler:
            announce(say("The scheduler listens at {address}.", address=scheduler.address))
            looking = asyncio.create_task(look_after(scheduler, silent_s))
            await scheduler.finished()
            looking.cancel()

    with dask.config.set({**LOCAL_CONFIG, WORKER_TTL: None}):  # it is obeyed here instead
        try:
            asyncio.run(run())
        except (OSError, RuntimeError) as error:
            reason = str(error.__cause__ or error)
            raise RunError(say("The scheduler cannot be started: {reason}.", reason=reason)) from error


def run_worker(address: ClusterAddress, threads: int, paths: PathMap, announce: Announce) -> None:
    """Run a worker until it loses the scheduler; it waits for one that is not there yet.

    Parameters
    ----------
    threads
        Pictures that it decodes at a time.
    paths
        Folders that are called differently here.
    address, announce

    It has no nanny: what Dask starts beside a worker to look after it lets that start no processes.
    """
    _be_brief()
    settings.obey()
    _load_what_tasks_need()
    HOST.paths = paths
    check_encryption(address, "worker")

    async def run() -> None:
        where = {"scheduler_file": address.file} if address.file else {"scheduler_ip": address.url}
        made: Any = _Steady(**where, nthreads=threads, memory_limit=0, dashboard=False)
        async with made as worker:
            announce(
                say("{worker} works for {address}.", worker=worker.address, address=worker.scheduler.address)
            )
            beating = asyncio.create_task(worker.keep_beating())
            await worker.finished()
            beating.cancel()

    try:
        asyncio.run(run())
    except (OSError, RuntimeError) as error:
        reason = str(error.__cause__ or error)
        raise RunError(say("The worker cannot be started: {reason}.", reason=reason)) from error
    announce(say("This worker has lost its scheduler, or was refused, and ends."))


class _Steady(Worker):  # type: ignore[misc] # has no types where Dask is not installed
    """A worker whose heart goes on when its clock is set back.

    Dask waits for its next heartbeat by the clock on the wall, for as long as that was set back.
    """

    _beat_s = 0.0

    async def heartbeat(self) -> None:
        """Tell the scheduler that this worker is there."""
        self._beat_s = time.monotonic()
        await super().heartbeat()

    async def keep_beating(self) -> None:
        """Send the heartbeats that are overdue, until this is cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            if time.monotonic() - self._beat_s >= BEAT_S:
                await self.heartbeat()


def _load_what_tasks_need() -> None:
    """Import it now: later Dask's loop would, and send no heartbeat for seconds where the disk is slow."""
    from stackgui import imaging  # noqa: PLC0415 - loads what decodes
    from stackgui.engine.cluster import newcomers, tasks, writers  # noqa: F401, PLC0415 - as above
    from stackgui.engine.running.fill import versions  # noqa: PLC0415 - as above

    versions((each.name for each in imaging.FORMATS), Resizer.SIMD)


def _be_brief() -> None:
    """Let Dask tell of errors only, without the places in its source where they came up."""
    log = logging.getLogger("distributed")
    log.setLevel(logging.ERROR)
    for handler in log.handlers:
        handler.addFilter(without_traceback)


def without_traceback(record: logging.LogRecord) -> bool:
    """Take the traceback off a message of Dask; return whether it says anything then.

    That a connection was lost is said anyway. A worker that was frozen, and is given up, also fails to end
    what it has ended already.
    """
    is_loss = record.exc_info is not None and isinstance(record.exc_info[1], OSError)
    record.exc_info = record.exc_text = None
    return not is_loss and bool(record.getMessage().strip())

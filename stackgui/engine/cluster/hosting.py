"""What runs on the hosts of a cluster: a scheduler, and workers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import dask
from distributed import Scheduler, Worker

from stackgui.core.base.errors import RunError
from stackgui.core.base.wording import say
from stackgui.core.run.cluster_address import ClusterAddress
from stackgui.core.run.path_map import PathMap
from stackgui.engine.cluster.connecting import LOCAL_CONFIG, check_encryption
from stackgui.engine.cluster.host import HOST

Announce = Callable[[str], object]
"""Is called with a sentence."""

DEFAULTS = {"distributed": {"scheduler": {"worker-ttl": "60s"}}}
"""Dask waits for five minutes until others do the work of a host that hangs, though its network answers."""


def run_scheduler(host: str, port: int, scheduler_file: str, announce: Announce) -> None:
    """Run a scheduler until it is told to end; encryption follows Dask's own settings.

    Raises
    ------
    RunError
        When it cannot listen there.
    """
    _be_brief()
    dask.config.update_defaults(DEFAULTS)

    # Dask's own program asks for it by an option, and refuses to listen if that is forgotten.
    protocol = "tls" if dask.config.get("distributed.comm.require-encryption") else None

    async def run() -> None:
        made: Any = Scheduler(
            host=host or None, port=port, protocol=protocol, scheduler_file=scheduler_file or None
        )
        async with made as scheduler:
            announce(say("The scheduler listens at {address}.", address=scheduler.address))
            await scheduler.finished()

    with dask.config.set(LOCAL_CONFIG):
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
    HOST.paths = paths
    check_encryption(address, "worker")

    async def run() -> None:
        where = {"scheduler_file": address.file} if address.file else {"scheduler_ip": address.url}
        made: Any = Worker(**where, nthreads=threads, memory_limit=0, dashboard=False)
        async with made as worker:
            announce(
                say("{worker} works for {address}.", worker=worker.address, address=worker.scheduler.address)
            )
            await worker.finished()

    try:
        asyncio.run(run())
    except (OSError, RuntimeError) as error:
        reason = str(error.__cause__ or error)
        raise RunError(say("The worker cannot be started: {reason}.", reason=reason)) from error
    announce(say("This worker has lost its scheduler, or was refused, and ends."))


def _be_brief() -> None:
    """Let Dask tell of errors only, and not where it was when a connection was lost, which is said anyway."""
    log = logging.getLogger("distributed")
    log.setLevel(logging.ERROR)
    for handler in log.handlers:
        handler.addFilter(_is_no_loss)


def _is_no_loss(record: logging.LogRecord) -> bool:
    return not (record.exc_info and isinstance(record.exc_info[1], OSError))

"""Connects to the scheduler of a cluster, or starts a cluster on this computer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import dask
from distributed import Client, LocalCluster
from distributed.diagnostics.plugin import WorkerPlugin
from distributed.security import Security

from stackgui.core.base.cancellation import UNWATCHED, Cancellation
from stackgui.core.base.errors import Cancelled, ClusterAwayError, RunError
from stackgui.core.base.wording import say
from stackgui.core.run.cluster_address import ClusterAddress
from stackgui.engine.cluster import settings
from stackgui.engine.cluster.pulse import Pulse
from stackgui.engine.workers.aside import aside

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

CONNECT_S = 60.0
"""How long Dask tries to reach a scheduler, which may be started after the job."""

TRY_S = 3.0
"""How long Dask tries at a time to reach a scheduler that was lost."""

ANSWER_S = 5.0
"""Whoever does not hang answers sooner; nobody who has finished waits for the others for longer."""

SILENT = logging.CRITICAL + 1
"""Dask's own messages are for those who develop it; what went wrong is said in an error of ours."""

LOCAL_CONFIG = {
    "distributed.worker.daemon": False,  # else it could have no processes of its own, and those decode
    "distributed.scheduler.allowed-failures": 10,
    # Dask lets malloc give back the memory of every picture at once, for which decoders pay with new pages.
    "distributed.nanny.pre-spawn-environ": {},
}


def check_encryption(address: ClusterAddress, role: str) -> None:
    """Raise RunError if `role` has no certificate for an address that demands encryption."""
    if address.url.startswith("tls://") and Security().get_connection_args(role).get("ssl_context") is None:
        raise RunError(
            say(
                "The cluster at {address} is encrypted, and this computer has no certificate for it. Name "
                "one in the settings of Dask; the help page “On a cluster” shows how.",
                address=str(address),
            )
        )


class Cluster:
    """A cluster that is connected; close it after the last job.

    Attributes
    ----------
    address : ClusterAddress
    client : distributed.Client
        May be used from any thread.
    pulse : Pulse
    """

    def __init__(self, address: ClusterAddress, client: Client, local: LocalCluster | None = None) -> None:
        self.address = address
        self.client = client
        self._local = local
        self.pulse = Pulse(client)
        self._given: dict[str, WorkerPlugin] = {}

    @classmethod
    def connect(
        cls, address: ClusterAddress, cancellation: Cancellation = UNWATCHED, within_s: float | None = None
    ) -> Cluster:
        """Connect to the scheduler, as soon as it is there; by default within `CONNECT_S`.

        Raises
        ------
        ClusterAwayError
            When it does not answer in time.
        RunError
            When this computer has no certificate for it.
        Cancelled
        """
        for name in ("distributed", "distributed.client"):  # Dask gives the second a level of its own
            logging.getLogger(name).setLevel(SILENT)
        gone = threading.Event()

        def look() -> Cluster:
            check_encryption(address, "client")
            found = cls._connected(address, within_s or CONNECT_S)
            if gone.is_set():
                found.close()
            return found

        try:
            return aside(look, cancellation)
        except Cancelled:
            gone.set()
            raise
        except RunError:
            raise
        except Exception as error:
            # Dask raises errors of many kinds, also for settings that it does not like.
            raise ClusterAwayError(
                say(
                    "The cluster at {address} cannot be reached ({reason}). Look whether its scheduler runs "
                    "(stackgui cluster scheduler), and whether the address is right.",
                    address=str(address),
                    reason=str(error) or type(error).__name__,
                )
            ) from error

    @classmethod
    def _connected(cls, address: ClusterAddress, within_s: float) -> Cluster:
        settings.obey()
        if not address.local_workers:
            where = {"scheduler_file": address.file} if address.file else {"address": address.url}
            return cls(address, Client(**where, timeout=within_s, set_as_default=False))
        with dask.config.set(LOCAL_CONFIG):
            local = LocalCluster(
                n_workers=address.local_workers,
                threads_per_worker=1,
                memory_limit=0,
                dashboard_address="127.0.0.1:0",
                silence_logs=SILENT,
            )
        try:
            return cls(address, Client(local, set_as_default=False), local)
        except BaseException:
            local.close()
            raise

    def regain(self, cancellation: Cancellation) -> bool:
        """Connect again to a scheduler that has just been lost; return whether it is there in time.

        Dask tries that, too, but the longer it takes, the seldomer: up to half a minute after it is there.

        Raises
        ------
        Cancelled
        """
        begun_s = time.monotonic()
        while not self.is_connected and time.monotonic() - begun_s < CONNECT_S:
            with contextlib.suppress(RunError):
                self.connect_again(cancellation, TRY_S)
        return self.is_connected

    def connect_again(self, cancellation: Cancellation, within_s: float | None = None) -> None:
        """Connect to a scheduler that was lost and is there again; raises as `connect` does."""
        self.close()
        found, given = Cluster.connect(self.address, cancellation, within_s), self._given
        self.__dict__.update(found.__dict__)
        self._given = given

    def give(self, plugin: WorkerPlugin, cancellation: Cancellation = UNWATCHED) -> None:
        """Let all workers have a plugin, also those that come later.

        This waits for each worker, so for one that hangs until the scheduler gives it up.

        Raises
        ------
        RunError, Cancelled
        """
        self._given[plugin.name] = plugin
        client = self.client
        try:
            aside(lambda: client.register_plugin(plugin), cancellation)
        except Cancelled:
            raise
        except Exception as error:
            raise RunError(
                say(
                    "The workers of the cluster cannot be used ({error}). Look whether StackGUI is installed "
                    "on each host, in the same version as here.",
                    error=error,
                )
            ) from error

    def give_again(self) -> None:
        """Give the workers of another scheduler what those of the last one had; raises as `give` does."""
        for plugin in tuple(self._given.values()):
            self.give(plugin)

    def take_back(self, name: str) -> None:
        """Let no worker have the plugin of that name any more; never raises."""
        self._given.pop(name, None)
        # Without an answer it is done as soon as somebody who hangs goes on.
        self.answer(lambda: self.client.unregister_worker_plugin(name), ANSWER_S, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def is_connected(self) -> bool:
        """Whether the scheduler is there."""
        return bool(self.client.status == "running")

    @property
    def workers(self) -> dict[str, int]:
        """Return the threads of each worker that is there now, by its address."""
        return {address: each.threads for address, each in self.pulse.look().items()}

    def answer(self, question: Callable[[], Awaitable[Any]], within_s: float, default: object) -> Any:  # noqa: ANN401
        """Return the answer to a question that Dask's client asks, or `default` if none comes in time."""

        async def ask() -> object:
            return await asyncio.wait_for(question(), within_s)

        try:
            return self.client.sync(ask)
        except Exception:  # noqa: BLE001 - the connection is lost, or the other side lacks what it was asked for
            return default

    def answers(self, function: Callable[..., Any], *given: object, within_s: float) -> dict[str, Any]:
        """Return what `function` returns on each worker that is there and answers in time, by its address."""
        client, there = self.client, tuple(self.workers)

        async def answer_of(worker: str) -> dict[str, Any]:
            with contextlib.suppress(Exception):  # it has gone meanwhile, or hangs
                asked = client.run(function, *given, workers=[worker], on_error="ignore")
                return dict(await asyncio.wait_for(asked, within_s))
            return {}

        async def all_of_them() -> dict[str, Any]:
            found = await asyncio.gather(*map(answer_of, there))
            return {worker: answer for each in found for worker, answer in each.items()}

        return dict(self.answer(all_of_them, 2 * within_s, {}))

    def close(self) -> None:
        """Disconnect, and end what was started here; never raises."""
        self.pulse.stop()
        with contextlib.suppress(Exception):
            self.client.close()
        with contextlib.suppress(Exception):
            if self._local is not None:
                self._local.close()

"""A cluster that is connected when it is first used; cheap to import."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from concurrent.futures import wait as wait_for
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

from stackgui.core.base.awaited import Awaited
from stackgui.core.base.cancellation import Cancellation
from stackgui.core.base.errors import Cancelled
from stackgui.core.run.cluster import ClusterHealth
from stackgui.core.run.cluster_address import ClusterAddress
from stackgui.core.run.run_options import Limits
from stackgui.engine.cluster.extra import require_dask
from stackgui.engine.first_use import FIRST_USE
from stackgui.engine.workers.control import Control

if TYPE_CHECKING:
    from stackgui.engine.cluster.connecting import Cluster
    from stackgui.engine.cluster.health import Doctor
    from stackgui.engine.running.elsewhere import Elsewhere
    from stackgui.engine.workers.workers import Workers
    from stackgui.stores.export.ways import WritePieces


SOUGHT_S = 10
"""A scheduler that runs answers sooner."""


class ClusterOnUse:
    """Connects once, for all jobs; all methods may be called from any thread."""

    def __init__(self, address: ClusterAddress | None) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._cluster: Cluster | None = None
        self._doctor: Doctor | None = None
        self._runs = 0
        self._sought = Awaited(SOUGHT_S)
        self._seeking: Future[Cluster] | None = None
        self._seeker: Control[Any] | None = None
        self._workers: Workers | None = None

    def connected(self, cancellation: Cancellation) -> Cluster | None:
        """Return the cluster, or None if the program is to do without one.

        Raises
        ------
        UsageError
            When Dask is not installed.
        RunError
            When the cluster cannot be reached.
        Cancelled
        """
        if self._address is None:
            return None
        require_dask()
        with FIRST_USE:
            from stackgui.engine.cluster import health  # noqa: F401, PLC0415 - Dask is slow, and an extra
            from stackgui.engine.workers.dispatch import TICK_S  # noqa: PLC0415 - loads what decodes

        with self._lock:
            # A run connects again itself, when it has put back what it had handed out.
            if self._cluster is not None and not self._cluster.is_connected and not self._runs:
                self._drop()
            if self._cluster is not None:
                return self._cluster
            self._seeking = self._seeking or self._seek(self._address)
            seeking = self._seeking
        while not wait_for([seeking], TICK_S).done:
            cancellation.check()
        return seeking.result()

    def _seek(self, address: ClusterAddress) -> Future[Cluster]:
        """Begin to connect, for whoever asks until that is done."""
        from stackgui.engine.cluster.connecting import Cluster  # noqa: PLC0415 - Dask is slow, and an extra

        self._sought.heard()
        control: Control[Any] = Control()
        self._seeker = control
        seeking: Future[Cluster] = Future()

        def seek() -> None:
            try:
                seeking.set_result(self._kept(Cluster.connect(address, control), control))
            except BaseException as error:  # noqa: BLE001 - raised again for whoever waits
                with self._lock:
                    self._seeking = None if self._seeking is seeking else self._seeking
                seeking.set_exception(error)

        threading.Thread(target=seek, name="look for the cluster", daemon=True).start()
        return seeking

    def _kept(self, cluster: Cluster, seeker: Control[Any]) -> Cluster:
        """Keep a cluster that was found, unless nobody wants it any more."""
        from stackgui.engine.cluster.health import Doctor  # noqa: PLC0415 - Dask is slow, and an extra

        with self._lock:
            if seeker is self._seeker:
                self._cluster, self._doctor, self._seeking = cluster, Doctor(cluster), None
                return cluster
        cluster.close()
        raise Cancelled("Cancelled.")

    def workers(self, cancellation: Cancellation, limits: Limits | None, here: Workers) -> Workers:
        """Return the workers of the cluster, or `here` without one; raises as `connected` does."""
        cluster = self.connected(cancellation)
        if cluster is None:
            return here
        with FIRST_USE:
            from stackgui.engine.cluster.cluster_workers import ClusterWorkers  # noqa: PLC0415 - as above

        with self._lock:
            self._workers = self._workers or ClusterWorkers(cluster, limits, here, cancellation)
            return self._workers

    @contextmanager
    def rows(self, cancellation: Cancellation, limits: Limits | None) -> Iterator[Elsewhere | None]:
        """Lend what makes the rows of one run on the cluster, or None without one; as `connected` does."""
        cluster = self.connected(cancellation)
        if cluster is None:
            yield None
            return
        with FIRST_USE:
            from stackgui.engine.cluster.filling import ClusterRows  # noqa: PLC0415 - as above

        self._begin(1)
        try:
            with ClusterRows(cluster, limits or Limits()) as made:
                yield made
        finally:
            self._begin(-1)

    def far(
        self, cancellation: Cancellation
    ) -> Callable[[tuple[str, ...]], AbstractContextManager[WritePieces]] | None:
        """Return what lends a writer of the pieces of an export, see `_pieces`; None without a cluster."""
        return None if self._address is None else lambda packages: self._pieces(cancellation, packages)

    @contextmanager
    def _pieces(self, cancellation: Cancellation, packages: tuple[str, ...]) -> Iterator[WritePieces]:
        """Lend what writes the pieces of one export on the cluster; raises as `connected` does.

        Parameters
        ----------
        cancellation
        packages
            Those that the exporter needs.
        """
        cluster = self.connected(cancellation)
        assert cluster is not None, "there is an address"
        with FIRST_USE:
            from stackgui.engine.cluster.exporting import ClusterPieces  # noqa: PLC0415 - as above

        self._begin(1)
        try:
            yield ClusterPieces(cluster, packages)
        finally:
            self._begin(-1)

    def _begin(self, runs: int) -> None:
        """Count runs that have begun, or ended."""
        with self._lock:
            self._runs += runs
            doctor = self._doctor
        if runs > 0 and doctor is not None:
            doctor.begin()

    def health(self, cancellation: Cancellation) -> ClusterHealth:
        """Return how the cluster is doing; raises as `connected` does."""
        if self.connected(cancellation) is None or (doctor := self._doctor) is None:
            return ClusterHealth("")
        return doctor.look()

    def glance(self) -> ClusterHealth | None:
        """Return what is known of how the cluster is doing, at once; None without one."""
        if self._address is None:
            return None
        doctor = self._doctor
        if doctor is None:
            return ClusterHealth(str(self._address), silent_s=self._sought.seconds)
        return doctor.glance()

    def close(self) -> None:
        """Disconnect, and end a cluster that was started here; never raises."""
        with self._lock:
            if self._seeker is not None:
                self._seeker.cancel()
            self._seeker = self._seeking = None
            self._drop()

    def _drop(self) -> None:
        if self._workers is not None:
            self._workers.close()
        if self._cluster is not None:
            self._cluster.close()
        self._workers = self._cluster = self._doctor = None

"""A cluster that is connected when it is first used; cheap to import."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.run.cluster import ClusterHealth
from stackgui.core.run.cluster_address import ClusterAddress
from stackgui.core.run.run_options import Limits
from stackgui.engine.cluster.extra import require_dask
from stackgui.engine.first_use import FIRST_USE

if TYPE_CHECKING:
    from stackgui.engine.cluster.connecting import Cluster
    from stackgui.engine.running.elsewhere import Elsewhere
    from stackgui.engine.workers.workers import Workers


class ClusterOnUse:
    """Connects once, for all jobs; all methods may be called from any thread."""

    def __init__(self, address: ClusterAddress | None) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._cluster: Cluster | None = None
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
            from stackgui.engine.cluster.connecting import Cluster  # noqa: PLC0415 - Dask is slow, and an extra

        with self._lock:
            if self._cluster is not None and not self._cluster.is_connected:
                self._drop()
            self._cluster = self._cluster or Cluster.connect(self._address, cancellation)
            return self._cluster

    def workers(self, cancellation: Cancellation, limits: Limits | None, here: Workers) -> Workers:
        """Return the workers of the cluster, or `here` without one; raises as `connected` does."""
        cluster = self.connected(cancellation)
        if cluster is None:
            return here
        with FIRST_USE:
            from stackgui.engine.cluster.cluster_workers import ClusterWorkers  # noqa: PLC0415 - as above

        with self._lock:
            self._workers = self._workers or ClusterWorkers(cluster, limits, here)
            return self._workers

    def rows(
        self, cancellation: Cancellation, limits: Limits | None
    ) -> AbstractContextManager[Elsewhere | None]:
        """Return what makes the rows of one run on the cluster, or None without one; as `connected` does."""
        cluster = self.connected(cancellation)
        if cluster is None:
            return nullcontext()
        with FIRST_USE:
            from stackgui.engine.cluster.filling import ClusterRows  # noqa: PLC0415 - as above

        return ClusterRows(cluster, limits or Limits())

    def health(self, cancellation: Cancellation) -> ClusterHealth:
        """Return how the cluster is doing; raises as `connected` does."""
        cluster = self.connected(cancellation)
        if cluster is None:
            return ClusterHealth("")
        with FIRST_USE:
            from stackgui.engine.cluster.health import health_of  # noqa: PLC0415 - as above

        return health_of(cluster)

    def close(self) -> None:
        """Disconnect, and end a cluster that was started here; never raises."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        if self._workers is not None:
            self._workers.close()
        if self._cluster is not None:
            self._cluster.close()
        self._workers = self._cluster = None

"""A cluster that is connected when it is first used; cheap to import."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from stackgui.core.base.cancellation import Cancellation
from stackgui.core.run.cluster_address import ClusterAddress
from stackgui.engine.cluster.extra import require_dask
from stackgui.engine.first_use import FIRST_USE

if TYPE_CHECKING:
    from stackgui.engine.cluster.connecting import Cluster


class ClusterOnUse:
    """Connects once, for all jobs; all methods may be called from any thread."""

    def __init__(self, address: ClusterAddress | None) -> None:
        self._address = address
        self._lock = threading.Lock()
        self._cluster: Cluster | None = None

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
            self._cluster = self._cluster or Cluster.connect(self._address, cancellation)
            return self._cluster

    def close(self) -> None:
        """Disconnect, and end a cluster that was started here; never raises."""
        with self._lock:
            if self._cluster is not None:
                self._cluster.close()
                self._cluster = None

"""Whether Dask is installed; cheap to import."""

from __future__ import annotations

from stackgui.core.base.errors import UsageError
from stackgui.core.base.extras import CLUSTER


def require_dask() -> None:
    """Raise UsageError if the packages that a cluster needs are not installed."""
    if not CLUSTER.is_there:
        raise UsageError(CLUSTER.lacking)

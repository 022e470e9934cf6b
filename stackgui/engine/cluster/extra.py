"""Whether Dask is installed; cheap to import."""

from __future__ import annotations

from stackgui.core.base.errors import UsageError
from stackgui.core.run.cluster import MISSING_EXTRA, has_extra


def require_dask() -> None:
    """Raise UsageError if the packages that a cluster needs are not installed."""
    if not has_extra():
        raise UsageError(MISSING_EXTRA)

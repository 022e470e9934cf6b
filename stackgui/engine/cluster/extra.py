"""Whether Dask is installed; cheap to import."""

from __future__ import annotations

import importlib.util

from stackgui.core.base.errors import UsageError
from stackgui.core.base.wording import say


def require_dask() -> None:
    """Raise UsageError if the packages that a cluster needs are not installed."""
    if importlib.util.find_spec("distributed") is None:
        raise UsageError(say("A cluster needs one more package: pip install 'stackgui[cluster]'"))

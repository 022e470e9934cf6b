"""What Dask is set to in the processes that we start, unless somebody has set it otherwise."""

from __future__ import annotations

import dask

from stackgui.engine.cluster.silence import CONNECTION_S, WORKER_S

DEFAULTS = {
    "distributed": {
        "scheduler": {
            "worker-ttl": f"{WORKER_S:g}s",
            # A worker gets its next range when its decoder has begun the last batch of one, and not before:
            # towards the end a range that waited at a busy worker would leave another one idle.
            "worker-saturation": 1.0,
        },
        "comm": {"timeouts": {"tcp": f"{CONNECTION_S:g}s"}},
        # Dask looks a hundred times a second where its threads are. Ours wait for the processes that decode,
        # so it would learn nothing, and take a tenth of a processor from those.
        "worker": {"profile": {"enabled": False}},
        # Whether its loop is held up, which it looks at fifty times a second, and what the system tells.
        "admin": {"tick": {"interval": "500ms"}, "system-monitor": {"interval": "2s"}},
    }
}


def obey() -> None:
    """Let Dask follow these settings in this process, and in the workers that it starts."""
    dask.config.update_defaults(DEFAULTS)

"""Limits the memory of a worker: a decoder that asks for too much fails instead of the machine."""

from __future__ import annotations

import contextlib
import sys

import psutil

if sys.platform == "win32":
    from stackgui.engine.workers import job_object
else:
    import resource

MARGIN_BYTES = 2**30
"""For decoders that are loaded when first needed, and threads' stacks."""

_most_bytes = 0
_granted: dict[str, tuple[int, int]] = {}


def limit(sample_bytes: int) -> None:
    """Let one sample take `sample_bytes` beyond what this process has now."""
    global _most_bytes  # noqa: PLW0603 - one worker, one limit
    # The limit is on all addresses, of which a worker has many before it does anything; on Windows, on all
    # memory that was promised to it, which psutil calls by the same name.
    _most_bytes = int(psutil.Process().memory_info().vms) + sample_bytes + MARGIN_BYTES
    _allow(_most_bytes)


if sys.platform == "win32":

    def grant(_use: str, _size_bytes: int) -> None:
        """Do nothing: the limit there is on memory, of which a map takes none."""

    def _allow(size_bytes: int) -> None:
        with contextlib.suppress(OSError):  # in a job that lets nobody into another
            job_object.limit_memory(size_bytes)

else:

    def grant(use: str, size_bytes: int) -> None:
        """Allow addresses for a map, which is no decoder's memory.

        The last map of that use may still be there.
        """
        if not _most_bytes:
            return  # no worker
        _granted[use] = (_granted.get(use, (0, 0))[1], size_bytes)
        _allow(_most_bytes + sum(map(sum, _granted.values())))

    def _allow(size_bytes: int) -> None:
        _lower(resource.RLIMIT_AS, size_bytes)
        _lower(resource.RLIMIT_CORE, 0)

    def _lower(limit: int, wanted: int) -> None:
        """Set a limit, within the one that nobody but an administrator may raise."""
        _soft, hard = resource.getrlimit(limit)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        # macOS refuses limits below the addresses that it has reserved itself; then there is none.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(limit, (most, hard))

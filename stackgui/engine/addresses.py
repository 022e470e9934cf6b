"""Limits the memory of a worker: a decoder that asks for too much fails instead of the machine."""

from __future__ import annotations

import psutil

MARGIN_BYTES = 2**30
"""For decoders that are loaded when first needed, and threads' stacks."""

_most_bytes = 0
_granted: dict[str, tuple[int, int]] = {}


def limit(sample_bytes: int) -> None:
    """Let one sample take `sample_bytes` beyond what this process has now."""
    global _most_bytes  # noqa: PLW0603 - one worker, one limit
    # The limit is on all addresses, of which a worker has many before it does anything.
    _most_bytes = int(psutil.Process().memory_info().vms) + sample_bytes + MARGIN_BYTES
    _allow(_most_bytes)


def grant(use: str, size_bytes: int) -> None:
    """Allow addresses for a map, which is no decoder's memory; the last of that use may still be there."""
    if not _most_bytes:
        return  # no worker
    _granted[use] = (_granted.get(use, (0, 0))[1], size_bytes)
    _allow(_most_bytes + sum(map(sum, _granted.values())))


def _allow(size_bytes: int) -> None:
    try:
        import resource  # noqa: PLC0415 - absent on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (size_bytes, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

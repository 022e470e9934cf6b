"""Limits the memory of a worker, so that a decoder that asks for too much fails and the machine does not."""

from __future__ import annotations

import contextlib
import sys

import psutil

if sys.platform == "win32":
    from stackgui.engine.workers import job_object
else:
    import resource

MARGIN_BYTES = 2**30
"""Allowance for decoders that are loaded on first use, and for the stacks of threads."""

_most_bytes = 0
_granted: dict[str, tuple[int, int]] = {}


def limit(sample_bytes: int) -> None:
    """Limit this process to the memory that it has now, plus `sample_bytes` and a margin."""
    global _most_bytes  # noqa: PLW0603 - one worker, one limit
    # The limit counts the whole address space, most of which is taken before any work is done. On Windows it
    # counts committed memory, which psutil reports under the same name.
    _most_bytes = int(psutil.Process().memory_info().vms) + sample_bytes + MARGIN_BYTES
    _allow(_most_bytes)


if sys.platform == "win32":

    def grant(_use: str, _size_bytes: int) -> None:
        """Do nothing: on Windows the limit counts committed memory, and a file mapping commits none."""

    def _allow(size_bytes: int) -> None:
        with contextlib.suppress(OSError):  # the process is in a job that forbids nested ones
            job_object.limit_memory(size_bytes)

else:

    def grant(use: str, size_bytes: int) -> None:
        """Raise the limit by the address space of a file mapping, which no decoder allocates.

        The previous mapping for the same `use` may still be open, so it is counted too.
        """
        if not _most_bytes:
            return  # this process is not a worker
        _granted[use] = (_granted.get(use, (0, 0))[1], size_bytes)
        _allow(_most_bytes + sum(map(sum, _granted.values())))

    def _allow(size_bytes: int) -> None:
        _lower(resource.RLIMIT_AS, size_bytes)
        _lower(resource.RLIMIT_CORE, 0)

    def _lower(limit: int, wanted: int) -> None:
        """Set a soft and hard limit, within the hard limit that only an administrator may raise."""
        _soft, hard = resource.getrlimit(limit)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        # macOS refuses limits below the address space that it reserves itself; then there is no limit.
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(limit, (most, hard))

"""Measures the memory and disk space of the machine, and the memory that this program uses."""

from __future__ import annotations

import contextlib
import multiprocessing
import os

import psutil

from stackgui.core.advice.estimate import Resources
from stackgui.core.base.addresses import is_address
from stackgui.stores.recovery.unfinished import held_bytes


def measure(destination: str, workers: int) -> Resources:
    """Return the memory and disk space that are free now.

    Parameters
    ----------
    destination
        Folder of the stack, which need not exist, or its address, where nobody asks for free space; ``""`` if
        it is not known yet.
    """
    memory, is_on_disk = psutil.virtual_memory(), bool(destination) and not is_address(destination)
    return Resources(
        total_memory_bytes=int(memory.total),
        free_memory_bytes=int(memory.available),
        free_disk_bytes=free_disk_bytes(destination) if is_on_disk else None,
        workers=workers,
        total_disk_bytes=_total_disk_bytes(destination) if is_on_disk else None,
        program_bytes=program_memory(),
        running_workers=len(multiprocessing.active_children()),
        is_bucket=is_address(destination),
    )


def program_memory() -> int:
    """Return the resident bytes of this process and its workers together.

    Shared memory counts once where the system reports it separately (Linux), and once per process elsewhere.
    """
    found = []
    # To ask psutil for the children means to look at every process of the computer.
    for pid in (os.getpid(), *(child.pid or 0 for child in multiprocessing.active_children())):
        with contextlib.suppress(psutil.Error):
            found.append((int(psutil.Process(pid).memory_info().rss), _shared_bytes(pid)))
    shared = [each for _, each in found]
    return sum(rss for rss, _ in found) - sum(shared) + max(shared, default=0)


def _shared_bytes(pid: int) -> int:
    """Return the resident bytes of shared memory; 0 if the system does not report them."""
    try:
        with open(f"/proc/{pid}/status", "rb") as status:
            lines = [line.split() for line in status if line.startswith(b"RssShmem:")]
    except OSError:
        return 0
    return int(lines[0][1]) * 1024 if lines else 0


def free_disk_bytes(path: str) -> int | None:
    """Return the free space for the stack at `path`; None if it cannot be determined.

    The space of an unfinished stack of that name counts as free, because it will be reused.
    """
    try:
        return int(psutil.disk_usage(nearest_folder(path)).free) + held_bytes(path)
    except OSError:
        return None


def _total_disk_bytes(path: str) -> int | None:
    try:
        return int(psutil.disk_usage(nearest_folder(path)).total)
    except OSError:
        return None


def nearest_folder(path: str) -> str:
    """Return `path`, or its nearest ancestor that exists."""
    folder = os.path.abspath(path)
    while not os.path.exists(folder) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    return folder


class MemoryMeter:
    """Measures the memory of this process and its workers, and keeps the peak."""

    def __init__(self) -> None:
        self.peak_bytes = 0

    def read(self) -> int:
        """Return the current bytes, as `program_memory` counts them."""
        total_bytes = program_memory()
        self.peak_bytes = max(self.peak_bytes, total_bytes)
        return total_bytes

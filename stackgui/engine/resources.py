"""What the machine has to give, and what this program takes of it."""

from __future__ import annotations

import contextlib
import os

import psutil

from stackgui.core.estimate import Resources
from stackgui.stores.unfinished import held_bytes


def measure(destination: str, workers: int) -> Resources:
    """What can be had now.

    Parameters
    ----------
    destination
        The stack's folder, which need not exist; ``""`` where none is known.
    """
    memory = psutil.virtual_memory()
    return Resources(
        total_memory_bytes=int(memory.total),
        free_memory_bytes=int(memory.available),
        free_disk_bytes=free_disk_bytes(destination) if destination else None,
        workers=workers,
        total_disk_bytes=_total_disk_bytes(destination) if destination else None,
    )


def free_disk_bytes(path: str) -> int | None:
    """Free space where the stack `path` is or would be; None when that cannot be told.

    What an unfinished stack of that name holds counts as free, because it will be used again.
    """
    try:
        return int(psutil.disk_usage(_nearest_folder(path)).free) + held_bytes(path)
    except OSError:
        return None


def _total_disk_bytes(path: str) -> int | None:
    try:
        return int(psutil.disk_usage(_nearest_folder(path)).total)
    except OSError:
        return None


def _nearest_folder(path: str) -> str:
    """The folder `path`, or the nearest above it that is there."""
    folder = os.path.abspath(path)
    while not os.path.exists(folder) and os.path.dirname(folder) != folder:
        folder = os.path.dirname(folder)
    return folder


class MemoryMeter:
    """Resident memory of this process and its workers together, and the most of it seen."""

    def __init__(self) -> None:
        self._self = psutil.Process()
        self.peak_bytes = 0

    def read(self) -> int:
        """Bytes now; pages shared between the processes count once for each, as the system shows them."""
        total = 0
        with contextlib.suppress(psutil.Error):
            for process in (self._self, *self._self.children()):
                with contextlib.suppress(psutil.Error):
                    total += int(process.memory_info().rss)
        self.peak_bytes = max(self.peak_bytes, total)
        return total

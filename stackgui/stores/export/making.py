"""What is made on this computer: whether there is room for it, and that it is durable."""

from __future__ import annotations

import errno
import os
import shutil

from stackgui.core.advice.estimate import DISK_RESERVE_BYTES
from stackgui.core.base.errors import StoreError
from stackgui.stores.files.durable import sync_file, sync_folder
from stackgui.stores.files.failures import explained, sentence

WORK_NAME = "export"
"""Name of the unfinished export, in a folder of its own."""


def check_space(made: str, needed_bytes: int) -> None:
    """Raise StoreError if the disk has no room for what will be made at `made`."""
    needed_bytes += DISK_RESERVE_BYTES
    with explained(made):
        free_bytes = shutil.disk_usage(os.path.dirname(made)).free
    if free_bytes < needed_bytes:
        raise StoreError(sentence(OSError(errno.ENOSPC, ""), made, needed_bytes))


def sync(made: str) -> int:
    """Sync what was made, a file or a folder, and return its size in bytes; raises OSError."""
    if not os.path.isdir(made):
        descriptor = os.open(made, os.O_RDWR)  # Windows syncs no file that is open for reading only
        try:
            sync_file(descriptor)
            return os.fstat(descriptor).st_size
        finally:
            os.close(descriptor)
    total = 0
    for folder, _folders, names in os.walk(made):
        total += sum(sync(os.path.join(folder, name)) for name in names)
        sync_folder(folder)
    return total

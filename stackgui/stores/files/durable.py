"""Sync files and folders, so that what was written survives a power cut, on each platform."""

from __future__ import annotations

import os
import sys

if sys.platform != "win32":
    import fcntl


def sync_file(descriptor: int) -> None:
    """Return once the bytes and the size of the file are on the disk."""
    if sys.platform == "darwin":
        # Plain fsync leaves the bytes in the drive's cache.
        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        except OSError:  # network and foreign file systems do not support it
            os.fsync(descriptor)
    elif sys.platform == "linux":
        # Unlike fsync, this does not wait for the modification time, which would block concurrent writes.
        os.fdatasync(descriptor)
    else:
        os.fsync(descriptor)


if sys.platform == "win32":

    def sync_folder(folder: str) -> None:
        """Do nothing: Windows has no such call and needs none."""

else:

    def sync_folder(folder: str) -> None:
        """Return once the names in the folder are on the disk."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            # To fdatasync, names do not count as data.
            (os.fsync if sys.platform == "linux" else sync_file)(descriptor)
        finally:
            os.close(descriptor)

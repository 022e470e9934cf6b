"""Making what was written survive a power cut, as each platform does it."""

from __future__ import annotations

import os
import sys

if sys.platform != "win32":
    import fcntl


def sync_file(descriptor: int) -> None:
    """Return once the file's bytes and size are on the disk itself."""
    if sys.platform == "darwin":
        # Plain fsync leaves the bytes in the drive's own cache.
        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        except OSError:  # network and foreign file systems have no such call
            os.fsync(descriptor)
    elif sys.platform == "linux":
        # Unlike fsync it does not wait for the time of change, which would hold up whoever writes meanwhile.
        os.fdatasync(descriptor)
    else:
        os.fsync(descriptor)


if sys.platform == "win32":

    def sync_folder(folder: str) -> None:
        """Do nothing: Windows has no call for it and needs none."""

else:

    def sync_folder(folder: str) -> None:
        """Return once the folder's names are on the disk."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            # Names are no data in the sense of fdatasync.
            (os.fsync if sys.platform == "linux" else sync_file)(descriptor)
        finally:
            os.close(descriptor)

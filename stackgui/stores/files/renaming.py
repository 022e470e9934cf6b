"""Giving files and folders another name, which Windows refuses while somebody has them open.

There, programs that watch files, such as virus scanners and indexes, open whatever is new for a moment.
"""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable

IN_USE = {5, 32, 33}
"""Error codes of Windows: access denied, as for a folder with an open file, and two for a file in use."""

PATIENCE_S = 3.0
PAUSE_S = 0.05

_waits = sys.platform == "win32"


def rename(source: str, target: str) -> None:
    """Rename a file or folder; raises OSError."""
    _patiently(os.rename, source, target)


def replace(source: str, target: str) -> None:
    """Rename a file, and replace the one of the new name if there is one; raises OSError."""
    _patiently(os.replace, source, target)


def _patiently(act: Callable[[str, str], None], source: str, target: str) -> None:
    """Try again on Windows for a while; raises OSError, with EBUSY if somebody has the file open."""
    deadline_s = time.monotonic() + PATIENCE_S
    while True:
        try:
            act(source, target)
        except OSError as error:
            if not _waits or getattr(error, "winerror", 0) not in IN_USE:
                raise
            if time.monotonic() > deadline_s:
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), source) from error
            time.sleep(PAUSE_S)
        else:
            return

"""Locks of the operating system, which go with the process that holds them, however it ends."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from types import TracebackType
from typing import Self

from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

TAKEN = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}
"""What `lock` says when another has it."""

_LOCK_OFFSET = 2**30
"""Windows keeps others from reading what is locked, so the lock lies behind the note."""

_LOCK_FILE = "in-use.lock"


if sys.platform == "win32":

    def lock(descriptor: int, *, shared: bool = False) -> None:  # noqa: ARG001 - there all are exclusive
        """Lock the file or raise one of `TAKEN`."""
        os.lseek(descriptor, _LOCK_OFFSET, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

    def _open_folder(folder: str) -> int:
        """A descriptor to lock, of a file in the folder, since a folder has none there."""
        flags = os.O_RDWR | os.O_CREAT | os.O_TEMPORARY  # type: ignore[attr-defined,unused-ignore]
        return os.open(os.path.join(folder, _LOCK_FILE), flags)

else:

    def lock(descriptor: int, *, shared: bool = False) -> None:
        """Lock the file or raise one of `TAKEN`. A file system without locks is used without."""
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in TAKEN:
                raise

    def _open_folder(folder: str) -> int:
        """A descriptor to lock, of the folder itself, so that nothing need be written to it."""
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)


class FolderLock:
    """Keeps a finished stack from being changed by others while it is in use.

    Parameters
    ----------
    folder : str
    shared : bool
        Whether others may have it too that also only read it.

    Raises
    ------
    UsageError
        When another has it.
    OSError
        When the folder cannot be opened.
    """

    def __init__(self, folder: str, *, shared: bool = False) -> None:
        self._descriptor = _open_folder(folder)
        try:
            lock(self._descriptor, shared=shared)
        except OSError as error:
            self.release()
            message = (
                f"{printable(folder)} is in use: it is being verified, or its failed rows are being retried. "
                "Wait until that has ended."
            )
            raise UsageError(message) from error

    def release(self) -> None:
        """Let others have it; never raises, and does nothing the second time."""
        descriptor, self._descriptor = self._descriptor, -1
        with suppress(OSError):
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

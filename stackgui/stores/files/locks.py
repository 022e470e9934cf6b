"""Locks of the operating system, released when their process ends, however it ends."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from types import TracebackType
from typing import Self

from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

TAKEN = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES, errno.EDEADLK}
"""Values of `errno` that say that another process holds the lock."""

_LOCK_OFFSET = 2**30
"""Windows does not let others read a locked byte, so lock one far behind the file's text."""

_LOCK_FILE = "in-use.lock"


if sys.platform == "win32":

    def lock(descriptor: int, *, shared: bool = False) -> None:  # noqa: ARG001 - every lock is exclusive there
        """Lock the file; raises OSError, with one of `TAKEN` where another process has locked it."""
        os.lseek(descriptor, _LOCK_OFFSET, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

    def _open_folder(folder: str) -> int:
        """Open a file in the folder to lock, because Windows cannot open the folder itself."""
        flags = os.O_RDWR | os.O_CREAT | os.O_TEMPORARY  # type: ignore[attr-defined,unused-ignore]
        return os.open(os.path.join(folder, _LOCK_FILE), flags)

else:

    def lock(descriptor: int, *, shared: bool = False) -> None:
        """Lock the file; raises OSError with one of `TAKEN`.

        Where the file system has no locks, do without.
        """
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in TAKEN:
                raise

    def _open_folder(folder: str) -> int:
        """Open the folder itself to lock, so that nothing need be written to it."""
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY)


class _Lock:
    """A lock that lasts while a file or folder is open."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        """Release the lock; never raises, and does nothing the second time."""
        descriptor, self._descriptor = self._descriptor, -1
        with suppress(OSError):
            os.close(descriptor)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


class FolderLock(_Lock):
    """Keeps others from changing a finished stack while it is in use.

    Parameters
    ----------
    folder : str
    shared : bool
        Whether others who only read the stack may hold the lock too.

    Raises
    ------
    UsageError
        When another process holds the lock.
    OSError
        When the folder cannot be opened.
    """

    def __init__(self, folder: str, *, shared: bool = False) -> None:
        super().__init__(_open_folder(folder))
        try:
            lock(self._descriptor, shared=shared)
        except OSError as error:
            self.release()
            message = say(
                "{folder} is in use: it is being verified, exported or changed. Wait until that has "
                "finished.",
                folder=printable(folder),
            )
            raise UsageError(message) from error


class FileLock(_Lock):
    """A lock on a file of its own, which stays behind: deleting it would let two programs hold the lock."""

    @classmethod
    def taken(cls, file: str) -> Self | None:
        """Lock `file`, made if there is none; None if another process holds the lock. Raises OSError."""
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            lock(descriptor)
        except OSError as error:
            os.close(descriptor)
            if error.errno in TAKEN:
                return None
            raise
        return cls(descriptor)

"""The folder in which a stack grows: locked, recognised as ours, and renamed when it is complete."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Collection, Iterable
from contextlib import suppress

from stackgui.core.base.errors import DestinationError
from stackgui.core.base.text import printable
from stackgui.stores.files.deleting import clear
from stackgui.stores.files.durable import sync_folder
from stackgui.stores.files.failures import explained
from stackgui.stores.files.locks import TAKEN, lock
from stackgui.stores.recovery.backup import Backup

PARTIAL = ".partial"
"""Ending of the name of a stack that is not complete."""

MARKER = "unfinished.lock"
_NOTE = (
    b"StackGUI is writing here. When none is running, this folder can be deleted, or a conversion resumed.\n"
)


class PartialFolder:
    """``<destination>.partial``, made or taken over, and locked.

    The lock is the operating system's, so that it goes with a process that is killed. Ends in exactly one of
    `publish`, `release` and `remove`.

    Raises
    ------
    DestinationError
        When another process is writing there, when the folder is not one of ours, or when it cannot be made.
    """

    def __init__(self, destination: str) -> None:
        self.destination = destination
        self.path = destination + PARTIAL
        with explained(self.path, DestinationError):
            self._make()
            self._descriptor = _take_lock(os.path.join(self.path, MARKER))
        self._aside: Backup | None = None
        self._has_name = False

    def file(self, name: str) -> str:
        """The path of the file called `name`."""
        return os.path.join(self.path, name)

    def clear(self, keep: Collection[str] = ()) -> None:
        """Delete all files but the marker and those called `keep`; raises DestinationError."""
        with explained(self.path, DestinationError):
            clear(self.path, {MARKER, *keep})

    def sync(self) -> None:
        """Return once the names in the folder, and its own, are durable; raises OSError."""
        sync_folder(self.path)
        sync_folder(os.path.dirname(self.path))

    def publish(self, drop: Iterable[str] = ()) -> None:
        """Give the folder its final name, after all in it is durable; raises OSError, and may be tried again.

        A stack of that name is moved aside first, comes back should the rename fail, and is deleted last.
        What a kill on the way leaves, `stackgui.stores.recovery.cleanup` puts right.

        Parameters
        ----------
        drop
            Names of files that are of use to an unfinished stack only.
        """
        if not self._has_name:
            self._take_name()
        # These go after the rename: until then the stack can be resumed, and the marker, which is the last,
        # keeps others from taking the folder over.
        with suppress(OSError):
            for name in (*drop, MARKER):
                with suppress(FileNotFoundError):
                    os.unlink(os.path.join(self.destination, name))
        self._unlock()
        sync_folder(os.path.dirname(self.destination))
        if self._aside is not None:
            self._aside.delete()

    def _take_name(self) -> None:
        sync_folder(self.path)
        self._aside = Backup(self.destination) if os.path.lexists(self.destination) else None
        if sys.platform == "win32":
            self._unlock()  # a folder with an open file cannot be renamed there
        try:
            os.rename(self.path, self.destination)
        except OSError:
            if self._aside is not None:
                self._aside.put_back()
            raise
        self._has_name = True

    def release(self) -> None:
        """Leave the folder to whoever resumes it; never raises, and does nothing once published."""
        self._unlock()

    def remove(self) -> None:
        """Delete the folder and release the lock; never raises, and does nothing once published."""
        if self._descriptor < 0:
            return
        with suppress(OSError):
            clear(self.path, {MARKER})
        if sys.platform == "win32":
            self._unlock()
        with suppress(OSError):
            os.unlink(self.file(MARKER))
            os.rmdir(self.path)
        self._unlock()

    def _make(self) -> None:
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        with suppress(FileExistsError):
            os.mkdir(self.path)
        if os.path.islink(self.path) or not os.path.isdir(self.path):
            raise DestinationError(_not_ours(self.path))
        if os.listdir(self.path) and not os.path.isfile(self.file(MARKER)):
            raise DestinationError(_not_ours(self.path))

    def _unlock(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        with suppress(OSError):
            os.close(descriptor)


def _not_ours(path: str) -> str:
    return (
        f"{printable(path)} is needed while writing, but something else of that name is there. "
        "Move it away, or choose another name."
    )


def _take_lock(marker: str) -> int:
    """Make the marker, lock it, and return its descriptor."""
    descriptor = os.open(marker, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        lock(descriptor)
        # A process that was just finishing may have deleted the marker between our opening and locking it.
        if not os.path.samestat(os.fstat(descriptor), os.stat(marker)):
            raise BlockingIOError(errno.EAGAIN, "replaced")
        os.write(descriptor, _NOTE)
    except OSError as error:
        os.close(descriptor)
        if error.errno in TAKEN or isinstance(error, FileNotFoundError):
            message = (
                f"Another conversion is writing {printable(os.path.dirname(marker))}. "
                "Wait until it has ended, or choose another name."
            )
            raise DestinationError(message) from error
        raise
    return descriptor


def is_locked(folder: str) -> bool:
    """Whether a process is writing the unfinished stack in `folder`."""
    try:
        descriptor = os.open(os.path.join(folder, MARKER), os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False
    try:
        lock(descriptor)
    except OSError as error:
        return error.errno in TAKEN
    finally:
        os.close(descriptor)
    return False

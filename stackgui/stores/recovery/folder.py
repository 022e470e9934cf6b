"""The folder in which a stack is made: locked, known as ours by a marker, and renamed once complete."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress

from stackgui.core.base.errors import DestinationError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.stores.files import renaming
from stackgui.stores.files.deleting import clear
from stackgui.stores.files.durable import sync_folder
from stackgui.stores.files.failures import explained
from stackgui.stores.files.locks import TAKEN, lock
from stackgui.stores.recovery.backup import Backup

PARTIAL = ".partial"
"""Suffix of the name of an unfinished stack."""

MARKER = "unfinished.lock"
_NOTE = (
    b"StackGUI writes here. While it is not running, you can resume the conversion or delete this folder.\n"
)


def _nothing(_folder: str) -> Iterable[str]:
    return ()


class PartialFolder:
    """The folder ``<destination>.partial``, created or taken over, and locked.

    The operating system releases the lock when the process ends, even by a kill. Finish with exactly one of
    `publish`, `release` and `remove`.

    Raises
    ------
    DestinationError
        When another process is writing there, or the folder is not ours or cannot be created.
    """

    def __init__(self, destination: str) -> None:
        self.destination = destination
        self.path = destination + PARTIAL
        with explained(self.path, DestinationError):
            self._make()
            self._descriptor = _lock_marker(os.path.join(self.path, MARKER))
        self._aside: Backup | None = None
        self._has_name = False

    def file(self, name: str) -> str:
        """Return the path of the file `name`."""
        return os.path.join(self.path, name)

    def clear(self, keep: Collection[str] = ()) -> None:
        """Delete everything except the marker and the files in `keep`; raises DestinationError."""
        with explained(self.path, DestinationError):
            clear(self.path, {MARKER, *keep})

    def sync(self) -> None:
        """Sync the names in the folder, and its own; raises OSError."""
        sync_folder(self.path)
        sync_folder(os.path.dirname(self.path))

    def publish(self, drop: Callable[[str], Iterable[str]] = _nothing) -> None:
        """Sync the folder and give it its final name; raises OSError, and may then be called again.

        An existing stack of that name is moved aside first, restored if the rename fails, and deleted last.
        `stackgui.stores.recovery.cleanup` cleans up after a kill.

        Parameters
        ----------
        drop
            Returns the names of the files in a folder that only an unfinished stack needs.
        """
        if not self._has_name:
            self._take_name()
        # Delete these only after the rename: until then the stack can be resumed with them. The marker goes
        # last, because it keeps others from taking the folder over.
        with suppress(OSError):
            for name in (*drop(self.destination), MARKER):
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
            self._unlock()  # which cannot rename a folder while a file in it is open
        try:
            renaming.rename(self.path, self.destination)
        except OSError:
            if self._aside is not None:
                self._aside.put_back()
            raise
        self._has_name = True

    def release(self) -> None:
        """Unlock the folder and leave it to be resumed; never raises, and does nothing once published."""
        self._unlock()

    def remove(self) -> None:
        """Unlock and delete the folder; never raises, and does nothing once published."""
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
    return say(
        "StackGUI needs {path} while it writes, but something else has that name. Move "
        "it away, or choose another name.",
        path=printable(path),
    )


def _lock_marker(marker: str) -> int:
    """Create and lock the marker, and return its descriptor."""
    descriptor = os.open(marker, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
    try:
        lock(descriptor)
        # A process that was finishing may have deleted the marker after we opened it.
        if not os.path.samestat(os.fstat(descriptor), os.stat(marker)):
            raise BlockingIOError(errno.EAGAIN, "replaced")
        os.write(descriptor, _NOTE)
    except OSError as error:
        os.close(descriptor)
        if error.errno in TAKEN or isinstance(error, FileNotFoundError):
            message = say(
                "Another conversion is writing {dirname}. Wait until it has finished, or choose "
                "another name.",
                dirname=printable(os.path.dirname(marker)),
            )
            raise DestinationError(message) from error
        raise
    return descriptor


def is_locked(folder: str) -> bool:
    """Return whether a process is writing the unfinished stack in `folder`."""
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

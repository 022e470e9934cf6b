"""Replace a stack: move the old one aside, mark it as ours, and delete it last.

The mark distinguishes a folder that a killed process left from one that happens to have such a name.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress

from stackgui.core.base.errors import StackguiError, StoreError, UsageError
from stackgui.stores.files import renaming
from stackgui.stores.files.deleting import clear
from stackgui.stores.files.durable import sync_folder
from stackgui.stores.files.locks import FolderLock
from stackgui.stores.format.header import HEADER_FILE, read_header
from stackgui.stores.recovery.marks import REPLACED, is_marked, names_of, unmark

_NOTE = b"StackGUI is replacing this stack with a new one. Once that is there, this one may be deleted.\n"


class Backup:
    """The old stack, moved aside so that the new one can take its name.

    Raises
    ------
    OSError
    StoreError
        When the old stack is in use; then it stays where it was.
    """

    def __init__(self, stack: str) -> None:
        self._stack = stack
        try:
            self._lock = FolderLock(stack)
        except UsageError as error:
            raise StoreError(str(error)) from error
        try:
            # Never open an existing mark: a stack may come from anyone, and the mark may be a link.
            with suppress(FileExistsError), open(os.path.join(stack, REPLACED), "xb") as mark:
                mark.write(_NOTE)
            sync_folder(stack)
            if sys.platform == "win32":
                self._lock.release()  # which cannot rename a folder while a file in it is open
            self._path = next(name for name in _names(stack) if not os.path.lexists(name))
            renaming.rename(stack, self._path)
        except BaseException:
            self._lock.release()
            raise

    def put_back(self) -> None:
        """Give the old stack its name back; raises OSError."""
        renaming.rename(self._path, self._stack)
        unmark(self._stack, REPLACED)
        self._lock.release()

    def delete(self) -> None:
        """Delete the old stack; never raises, because the next run to the same place deletes what is left."""
        with suppress(OSError):
            _delete(self._path)
        self._lock.release()


def settle_replaced(stack: str) -> None:
    """Clean up after a process that was killed while it replaced the stack; raises OSError.

    The caller makes sure that nobody is replacing the stack now.
    """
    for aside in _moved_aside(stack):
        is_whole = _is_stack(aside)
        if is_whole and not os.path.lexists(stack):
            renaming.rename(aside, stack)
            sync_folder(os.path.dirname(stack))
        elif not is_whole or _is_stack(stack):
            _delete(aside)


def has_replaced(stack: str) -> bool:
    """Return whether `settle_replaced` has anything to do; cheap."""
    return any(True for _ in _moved_aside(stack))


def _names(stack: str) -> Iterator[str]:
    """Yield the names for a stack that is moved aside, in the order in which they are tried."""
    yield f"{stack}.replaced"
    number = 1
    while True:
        number += 1
        yield f"{stack}.replaced-{number}"


def _moved_aside(stack: str) -> Iterator[str]:
    for name in _names(stack):
        if not os.path.lexists(name):
            return
        if not os.path.islink(name) and _is_ours(name):
            yield name


def _is_ours(aside: str) -> bool:
    """Return whether a folder has the mark, or is empty, as it is just before its deletion."""
    return os.path.isdir(aside) and (is_marked(aside, REPLACED) or not os.listdir(aside))


def _is_stack(folder: str) -> bool:
    with suppress(StackguiError):
        read_header(folder)
        return True
    return False


def _delete(aside: str) -> None:
    """Delete a folder so that, if this is interrupted, the rest is not a stack but still marked as ours."""
    with suppress(FileNotFoundError):
        os.unlink(os.path.join(aside, HEADER_FILE))
    clear(aside, names_of(REPLACED))
    unmark(aside, REPLACED)
    os.rmdir(aside)

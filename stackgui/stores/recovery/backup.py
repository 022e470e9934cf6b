"""An old stack that gives way to a new one of the same name: moved aside, marked as ours, deleted last.

The mark tells a folder that a process left when it was killed from one that happens to have such a name.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress

from stackgui.core.base.errors import StackguiError, StoreError, UsageError
from stackgui.stores.files.deleting import clear
from stackgui.stores.files.durable import sync_folder
from stackgui.stores.files.locks import FolderLock
from stackgui.stores.format.header import HEADER_FILE, read_header
from stackgui.stores.recovery.marks import REPLACED, is_marked, names_of, unmark

_NOTE = b"StackGUI replaces this stack by a new one. It may be deleted once that is there.\n"


class Backup:
    """The old stack while the new one takes its name; raises OSError.

    Raises
    ------
    StoreError
        When it is in use; then it is where it was.
    """

    def __init__(self, stack: str) -> None:
        self._stack = stack
        try:
            self._lock = FolderLock(stack)
        except UsageError as error:
            raise StoreError(str(error)) from error
        try:
            # Not through what is there: it might be a link, for a stack can come from anyone.
            with suppress(FileExistsError), open(os.path.join(stack, REPLACED), "xb") as mark:
                mark.write(_NOTE)
            sync_folder(stack)
            if sys.platform == "win32":
                self._lock.release()  # a folder with an open file cannot be renamed there
            self._path = next(name for name in _names(stack) if not os.path.lexists(name))
            os.rename(stack, self._path)
        except BaseException:
            self._lock.release()
            raise

    def put_back(self) -> None:
        """Give it its name again; raises OSError."""
        os.rename(self._path, self._stack)
        unmark(self._stack, REPLACED)
        self._lock.release()

    def delete(self) -> None:
        """Delete it; never raises, for the next run into the same place does what is left to do."""
        with suppress(OSError):
            _delete(self._path)
        self._lock.release()


def settle_replaced(stack: str) -> None:
    """Put right what a process left that was killed while it replaced the stack; raises OSError.

    Whoever calls this makes sure that nobody is replacing it.
    """
    for aside in _left(stack):
        is_whole = _is_stack(aside)
        if is_whole and not os.path.lexists(stack):
            os.rename(aside, stack)
            sync_folder(os.path.dirname(stack))
        elif not is_whole or _is_stack(stack):
            _delete(aside)


def has_left(stack: str) -> bool:
    """Whether `settle_replaced` has anything to do; cheap."""
    return any(True for _ in _left(stack))


def _names(stack: str) -> Iterator[str]:
    """Names under which a stack is moved aside, one after another."""
    yield f"{stack}.replaced"
    number = 1
    while True:
        number += 1
        yield f"{stack}.replaced-{number}"


def _left(stack: str) -> Iterator[str]:
    for name in _names(stack):
        if not os.path.lexists(name):
            return
        if not os.path.islink(name) and _is_ours(name):
            yield name


def _is_ours(aside: str) -> bool:
    """Whether it has the mark, or is empty, as between the deletion of the mark and of the folder."""
    return os.path.isdir(aside) and (is_marked(aside, REPLACED) or not os.listdir(aside))


def _is_stack(folder: str) -> bool:
    with suppress(StackguiError):
        read_header(folder)
        return True
    return False


def _delete(aside: str) -> None:
    """Delete it so that, wherever this ends, what is left is no stack any more, but still marked as ours."""
    with suppress(FileNotFoundError):
        os.unlink(os.path.join(aside, HEADER_FILE))
    clear(aside, names_of(REPLACED))
    unmark(aside, REPLACED)
    os.rmdir(aside)

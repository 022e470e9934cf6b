"""Clean up what a killed process left in a finished stack or beside it.

A rename gives a stack its final name. The files that only an unfinished stack needs are deleted after that,
because until then the stack can be resumed with them; a kill in between leaves them. Nothing mistakes the
stack for an unfinished one, and the next verification of it, or conversion to its place, deletes them.
"""

from __future__ import annotations

import os
from contextlib import suppress

from stackgui.core.base.errors import StackguiError
from stackgui.stores.files.durable import sync_folder
from stackgui.stores.files.locks import FolderLock, lock
from stackgui.stores.format.header import HEADER_FILE
from stackgui.stores.recovery.backup import has_replaced, settle_replaced
from stackgui.stores.recovery.folder import MARKER, PARTIAL
from stackgui.stores.recovery.marks import REPLACED, RETRIED, RETRYING, is_marked, unmark
from stackgui.stores.recovery.retry_marker import settle_retry
from stackgui.stores.recovery.unfinished import unfinished_files
from stackgui.stores.recovery.update_marker import ready_update, settle_update


def tidy_place(stack: str) -> None:
    """Clean up the folder `stack` and its surroundings; never raises.

    Without permission, or while another process works there, everything stays as it is.
    """
    with suppress(OSError, StackguiError):
        if has_replaced(stack):
            _settle_unless_locked(stack)
    with suppress(OSError, StackguiError):
        if _is_untidy(stack):
            with FolderLock(stack):
                tidy(stack)


def tidy(stack: str) -> None:
    """Delete from a finished stack, which the caller has locked, what it no longer needs.

    Raises
    ------
    OSError
    StackguiError
        When the stack is damaged.
    """
    if not _is_untidy(stack):
        return
    if os.path.lexists(os.path.join(stack, MARKER)):
        # The marker goes last: without it, files of these names may be the person's own.
        for name in (*unfinished_files(stack), MARKER):
            with suppress(FileNotFoundError):
                os.unlink(os.path.join(stack, name))
    unmark(stack, REPLACED)
    settle_retry(stack)
    settle_update(stack)
    sync_folder(stack)


def _is_untidy(stack: str) -> bool:
    if stack.endswith(PARTIAL) or not os.path.isfile(os.path.join(stack, HEADER_FILE)):
        return False
    if os.path.lexists(os.path.join(stack, MARKER)) or ready_update(stack) is not None:
        return True
    return any(is_marked(stack, mark) for mark in (REPLACED, RETRYING, RETRIED))


def _settle_unless_locked(stack: str) -> None:
    """Call `settle_replaced` unless another process, which then has locked the new stack, is replacing it."""
    try:
        marker = os.open(os.path.join(stack + PARTIAL, MARKER), os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except FileNotFoundError:
        settle_replaced(stack)
        return
    try:
        lock(marker)
        settle_replaced(stack)
    finally:
        os.close(marker)

"""What a process that was killed may have left in a finished stack, or beside it, and how that is put right.

A stack gets its name by a rename, and what only an unfinished one needs is deleted after that: until then it
is what the stack could be resumed by. So a kill in between leaves it. Nothing ever takes it for an unfinished
stack, and whoever next opens the stack to verify it, or converts to the same place, deletes it.
"""

from __future__ import annotations

import os
from contextlib import suppress

from stackgui.core.base.errors import StackguiError
from stackgui.stores.files.durable import sync_folder
from stackgui.stores.files.locks import FolderLock, lock
from stackgui.stores.format.header import HEADER_FILE
from stackgui.stores.recovery.backup import has_left, settle_replaced
from stackgui.stores.recovery.folder import MARKER, PARTIAL
from stackgui.stores.recovery.journal import JOURNAL_FILE
from stackgui.stores.recovery.marks import REPLACED, RETRIED, RETRYING, is_marked, unmark
from stackgui.stores.recovery.retry_marker import put_right
from stackgui.stores.recovery.unfinished import PLAN_FILE

_OF_AN_UNFINISHED_STACK = (JOURNAL_FILE, PLAN_FILE, MARKER)
"""The marker goes last: without it, such files may be the person's own."""


def tidy_place(stack: str) -> None:
    """Put right what was left in the folder `stack` and beside it; never raises.

    Where that is not permitted, or somebody is at work there, everything stays as it is.
    """
    with suppress(OSError, StackguiError):
        if has_left(stack):
            _settle_replaced_alone(stack)
    with suppress(OSError, StackguiError):
        if _is_untidy(stack):
            with FolderLock(stack):
                tidy(stack)


def tidy(stack: str) -> None:
    """Delete from a finished stack, which the caller has locked, what is of no use to it.

    Raises
    ------
    OSError
    StackguiError
        When the stack is damaged.
    """
    if not _is_untidy(stack):
        return
    if os.path.lexists(os.path.join(stack, MARKER)):
        for name in _OF_AN_UNFINISHED_STACK:
            with suppress(FileNotFoundError):
                os.unlink(os.path.join(stack, name))
    unmark(stack, REPLACED)
    put_right(stack)
    sync_folder(stack)


def _is_untidy(stack: str) -> bool:
    if stack.endswith(PARTIAL) or not os.path.isfile(os.path.join(stack, HEADER_FILE)):
        return False
    if os.path.lexists(os.path.join(stack, MARKER)):
        return True
    return any(is_marked(stack, mark) for mark in (REPLACED, RETRYING, RETRIED))


def _settle_replaced_alone(stack: str) -> None:
    """Settle it unless somebody is replacing the stack, who has the lock of the new one."""
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

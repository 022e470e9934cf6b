"""Turn errors of the operating system into sentences that say what to do."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress

from stackgui.core.base.addresses import is_address
from stackgui.core.base.errors import StackguiError, StoreError
from stackgui.core.base.system_errors import system_reason
from stackgui.core.base.text import printable
from stackgui.core.base.units import format_bytes
from stackgui.core.base.wording import Wording, say

_Said = Callable[..., Wording]
"""Makes a sentence of the fields ``folder``, ``file`` and ``free``, all of which are given."""

_NO_PERMISSION: _Said = lambda **given: say(  # noqa: E731 - so that the table shows what is alike
    "You have no permission to use {folder}. Choose another folder, or ask its owner.", **given
)
_GONE: _Said = lambda **given: say(  # noqa: E731
    "{folder} is no longer there: it was deleted, or its disk was disconnected. Connect the disk again, or "
    "choose another folder.",
    **given,
)
_SENTENCES: Mapping[int, _Said] = {
    errno.ENOSPC: lambda **given: say(
        "The disk that holds {folder} is full ({free} free). Make room on it, or choose another.", **given
    ),
    errno.EDQUOT: lambda **given: say(
        "Your quota on the disk that holds {folder} is used up. Make room, or choose another disk.", **given
    ),
    errno.EFBIG: lambda **given: say(
        "{file} would be larger than {folder} allows, because of the disk's format or a limit of your "
        "account. Choose another disk.",
        **given,
    ),
    errno.EIO: lambda **given: say(
        "The disk that holds {folder} reported a fault. Check the disk and its cable, or choose another "
        "disk.",
        **given,
    ),
    errno.EROFS: lambda **given: say(
        "The disk that holds {folder} is read-only. Choose another disk.", **given
    ),
    errno.EACCES: _NO_PERMISSION,
    errno.EPERM: _NO_PERMISSION,
    errno.EBUSY: lambda **given: say(
        "Another program is using {file} in {folder}. Close it, and try again.", **given
    ),
    errno.ENAMETOOLONG: lambda **given: say(
        "The name {file} is too long for the disk. Choose a shorter one.", **given
    ),
    errno.ENOTDIR: lambda **given: say(
        "Part of the path {folder} is a file, not a folder. Choose another folder.", **given
    ),
    **dict.fromkeys((errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ENOENT, errno.ENOTCONN), _GONE),
}


def _other(error: OSError) -> _Said:
    return lambda **given: say(
        "There is a problem with {file} in {folder}: {why}. Try again, or choose another folder.",
        why=system_reason(error),
        **given,
    )


def sentence(error: OSError, path: str, needed_bytes: int = 0) -> str:
    """Return a sentence that says what went wrong at `path`, and what to do now.

    Parameters
    ----------
    needed_bytes
        Space that was requested, if known; the sentence then says how much is missing.
    """
    if is_address(path):
        return say(
            "{address} cannot be used: {reason}.", address=printable(path), reason=system_reason(error)
        )
    folder = os.path.dirname(path) or path
    free_bytes = _free_bytes(folder)
    if error.errno == errno.ENOSPC and needed_bytes > free_bytes:
        return say(
            "The disk that holds {folder} has {free} free; {needed} more are needed. Make "
            "room on it, or choose another.",
            folder=printable(folder),
            free=format_bytes(free_bytes),
            needed=format_bytes(needed_bytes - free_bytes),
        )
    said = _SENTENCES.get(error.errno or 0) or _other(error)
    return said(
        folder=printable(folder), file=printable(os.path.basename(path)), free=format_bytes(free_bytes)
    )


@contextmanager
def explained(path: str, kind: type[StackguiError] = StoreError) -> Iterator[None]:
    """Turn an `OSError` about `path` into a `kind` that says in plain language what happened."""
    try:
        yield
    except OSError as error:
        raise kind(sentence(error, path)) from error


LOW_BYTES = 32 * 2**20
"""Free space below which a run stops: half of the reserve that an estimate demands."""


def check_low_space(path: str, still_bytes: int = 0) -> None:
    """Raise StoreError if the disk that holds `path` is nearly full.

    Parameters
    ----------
    still_bytes
        What is still to be written at most; the sentence then says how much room that takes.
    """
    folder = os.path.dirname(path)
    with suppress(OSError):
        free_bytes = shutil.disk_usage(folder).free
        if free_bytes < LOW_BYTES:
            raise StoreError(_nearly_full(folder, free_bytes, still_bytes))


def _nearly_full(folder: str, free_bytes: int, still_bytes: int) -> str:
    shown, free = printable(folder), format_bytes(free_bytes)
    room = format_bytes(still_bytes + LOW_BYTES - free_bytes)
    if not still_bytes:
        return say(
            "The disk that holds {folder} is nearly full ({free} free). Make room on it, at least {room}.",
            folder=shown,
            free=free,
            room=room,
        )
    return say(
        "The disk that holds {folder} is nearly full ({free} free), and up to {still} are still to be "
        "written. Make room on it; {room} more are enough.",
        folder=shown,
        free=free,
        still=format_bytes(still_bytes),
        room=room,
    )


def still_full(error: StoreError, path: str, still_bytes: int) -> str:
    """Return the message of `error`, with what is still to be written if it came from a full disk."""
    cause = error.__cause__
    if not (isinstance(cause, OSError) and cause.errno == errno.ENOSPC and still_bytes):
        return str(error)
    folder = os.path.dirname(path) or path
    return say(
        "The disk that holds {folder} is full ({free} free), and up to {still} are still to be written. Make "
        "room on it.",
        folder=printable(folder),
        free=format_bytes(_free_bytes(folder)),
        still=format_bytes(still_bytes),
    )


def _free_bytes(folder: str) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0

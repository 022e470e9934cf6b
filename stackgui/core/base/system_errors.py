"""Why the system refused something, in words of our own: its texts are English in every language."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping

from stackgui.core.base.wording import Wording, say

_REASONS: Mapping[int, Wording] = {
    errno.ENOENT: say("it is not there"),
    errno.EACCES: say("you have no permission for it"),
    errno.EPERM: say("you have no permission for it"),
    errno.ENOSPC: say("the disk is full"),
    errno.EDQUOT: say("your quota on the disk is used up"),
    errno.EROFS: say("the disk is read-only"),
    errno.EIO: say("the disk reports a fault"),
    errno.ENAMETOOLONG: say("its name is too long for the disk"),
    errno.EBUSY: say("another program is using it"),
    errno.ETXTBSY: say("another program is using it"),
    errno.ENOTDIR: say("a part of its path is a file, not a folder"),
    errno.EISDIR: say("it is a folder, not a file"),
    errno.ELOOP: say("its links lead in a circle"),
    errno.EFBIG: say("it is larger than the disk or your account allows"),
    errno.EMFILE: say("too many files are open"),
    errno.ENFILE: say("too many files are open"),
    errno.ENOMEM: say("there is not enough memory"),
    errno.ETIMEDOUT: say("its disk or network does not answer"),
    errno.EHOSTDOWN: say("its disk or network does not answer"),
    errno.ESTALE: say("its disk or network was disconnected"),
    errno.ENOTCONN: say("its disk or network was disconnected"),
    errno.ENODEV: say("its disk or network was disconnected"),
    errno.ENXIO: say("its disk or network was disconnected"),
}

_BY_TEXT = {os.strerror(code): reason for code, reason in _REASONS.items()}


def system_reason(error: OSError) -> str:
    """Return why the system refused something, as a sentence fragment about "it"."""
    if isinstance(error.strerror, Wording):  # an error of our own, which knows better than its number
        return error.strerror
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def reason_of_text(text: str) -> str:
    """Return in words of our own what a text of the system says; other texts as they are."""
    return _BY_TEXT.get(text, text)

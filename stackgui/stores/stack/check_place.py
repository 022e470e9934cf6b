"""Whether there can be a finished stack in a folder."""

from __future__ import annotations

import os

from stackgui.core.base.errors import StackguiError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.run.no_folder import no_folder
from stackgui.stores.recovery.folder import PARTIAL
from stackgui.stores.recovery.update_marker import ready_update


def check_place(path: str) -> None:
    """Raise StackguiError if there can be no finished stack in the folder `path`, or not yet."""
    if path.endswith(PARTIAL) and os.path.isdir(path):
        raise StackguiError(
            say("{path} is not finished, so it cannot be opened as a stack.", path=printable(path))
        )
    if not os.path.isdir(path):
        raise StackguiError(no_folder(path))
    if ready_update(path) is not None:
        raise StackguiError(
            say(
                "{path} is just being updated. Open it again in a moment; if that does not help, make "
                "sure that it can be written and that its disk is not full.",
                path=printable(path),
            )
        )

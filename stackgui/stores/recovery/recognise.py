"""Tell stacks from folders of pictures."""

from __future__ import annotations

import os

from stackgui.core.base.errors import StackguiError
from stackgui.stores.format.header import HEADER_FILE, read_header
from stackgui.stores.recovery.folder import MARKER

MARKS_OF_STACKS = (MARKER, HEADER_FILE)
"""A stack has a file of one of these names."""


def is_stack(folder: str) -> bool:
    """Return whether `folder` is a stack, finished or not, whose arrays must not be taken as samples."""
    if os.path.isfile(os.path.join(folder, MARKER)):
        return True
    if not os.path.isfile(os.path.join(folder, HEADER_FILE)):
        return False
    try:
        read_header(folder)
    except StackguiError:
        return False
    return True

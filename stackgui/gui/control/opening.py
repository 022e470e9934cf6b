"""What can be looked at, as far as names tell; asked before the window and the engine are there."""

from __future__ import annotations

import os

from stackgui.core.viewing.opened import is_array_name

HEADER = "stack.json"


def is_stack_folder(path: str) -> bool:
    """Return whether `path` is the folder of a stack, as far as its files tell."""
    return os.path.isfile(os.path.join(path, HEADER))


def can_be_viewed(path: str) -> bool:
    """Return whether `path` can be opened in a window of its own: a stack, or an array of pictures."""
    return is_stack_folder(path) or (is_array_name(path) and os.path.exists(path))

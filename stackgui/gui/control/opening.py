"""What can be opened, as far as names and first bytes tell; asked before the window is there."""

from __future__ import annotations

import os

from stackgui.core.plan.plan import PLAN_FORMAT
from stackgui.core.project.project import SUFFIX
from stackgui.core.viewing.opened import is_array_name

HEADER = "stack.json"
PARTIAL = ".partial"
PLAN_HEAD_BYTES = 4096
"""A plan file names its format first."""


def is_project(path: str) -> bool:
    """Return whether the name of a file says that it is a project."""
    return path.endswith(SUFFIX)


def is_stack_folder(path: str) -> bool:
    """Return whether `path` is the folder of a stack, as far as its files tell."""
    return os.path.isfile(os.path.join(path, HEADER))


def meant_by(path: str) -> str:
    """Return what is meant by `path`: a file manager hands over the header of a stack for the stack."""
    folder, name = os.path.split(path)
    return folder or os.curdir if name == HEADER and is_stack_folder(folder or os.curdir) else path


def is_unfinished(path: str) -> bool:
    """Return whether `path` is the folder of an unfinished stack, as far as its name tells."""
    return path.rstrip("/\\").endswith(PARTIAL) and os.path.isdir(path)


def is_plan(path: str) -> bool:
    """Return whether `path` is a file of choices, or of a whole plan."""
    if not path.lower().endswith(".json"):
        return False
    try:
        with open(path, "rb") as opened:
            return f'"{PLAN_FORMAT}"'.encode() in opened.read(PLAN_HEAD_BYTES)
    except OSError:
        return False


def can_be_viewed(path: str) -> bool:
    """Return whether `path` can be opened in a window of its own: a stack, or an array of pictures."""
    return is_stack_folder(path) or (is_array_name(path) and os.path.exists(path))

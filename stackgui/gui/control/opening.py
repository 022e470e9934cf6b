"""What can be opened, as far as names and first bytes tell.

All but `is_project` look at the disk, which may be slow: once the window is there, `Sorting` asks in a job.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from enum import Enum, auto
from itertools import count

from stackgui.core.plan.plan import PLAN_FORMAT
from stackgui.core.project.project import SUFFIX
from stackgui.core.viewing.opened import is_array_name
from stackgui.gui.control.adding import looking
from stackgui.gui.control.errands import Errands

HEADER = "stack.json"
PARTIAL = ".partial"
PLAN_HEAD_BYTES = 4096
"""A plan file names its format first."""


class Meant(Enum):
    """What a path is opened as."""

    PROJECT = auto()
    UNFINISHED = auto()
    STACK = auto()
    ARRAY = auto()
    PLAN = auto()
    SOURCE = auto()


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


def kind_of(path: str) -> Meant:
    """Return what `path` is opened as."""
    if is_project(path):
        return Meant.PROJECT
    if is_unfinished(path):
        return Meant.UNFINISHED
    if is_stack_folder(path):
        return Meant.STACK
    if is_array_name(path) and os.path.exists(path):
        return Meant.ARRAY
    return Meant.PLAN if is_plan(path) else Meant.SOURCE


Sorted = dict[str, Meant]
"""What each path is opened as, in the order in which they were named."""


class Sorting:
    """Finds out in the background what paths are.

    Parameters
    ----------
    errands
    """

    def __init__(self, errands: Errands) -> None:
        self._errands = errands
        self._number = count()

    def ask(self, paths: Sequence[str], told: Callable[[Sorted], None]) -> None:
        """Call `told` with what each of `paths` is opened as."""
        if not paths:
            return
        self._errands.begin_late(
            f"sort {next(self._number)}",
            looking(paths),
            lambda _control: {meant: kind_of(meant) for meant in map(meant_by, paths)},
            told,
        )

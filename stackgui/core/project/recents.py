"""What was used last: projects, sources and stacks."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum

from stackgui.core.base.text import printable

MAX_OF_A_KIND = 8


class RecentKind(StrEnum):
    """What can be used again."""

    PROJECT = "project"
    SOURCE = "source"
    STACK = "stack"


@dataclass(frozen=True, slots=True)
class Recent:
    """Something that was used.

    Attributes
    ----------
    kind : RecentKind
    path : str
        Absolute path.
    title : str
        What people call it.
    is_missing : bool
        Whether it is not there now.
    """

    kind: RecentKind
    path: str
    title: str
    is_missing: bool = False


Recents = tuple[Recent, ...]


def with_recent(recents: Recents, used: Recent) -> Recents:
    """Return `recents` with `used` in front, and no more than `MAX_OF_A_KIND` of its kind."""
    others = [each for each in recents if (each.kind, each.path) != (used.kind, used.path)]
    kept = [each for each in others if each.kind is used.kind][: MAX_OF_A_KIND - 1]
    return (used, *(each for each in others if each.kind is not used.kind or each in kept))


def named(kind: RecentKind, path: str) -> Recent:
    """Return the source or stack at `path`, called by its name."""
    return Recent(kind, path, printable(os.path.basename(path) or path))

"""Marks: files whose presence in a stack's folder says what is under way there. They are never locked."""

from __future__ import annotations

import os
from contextlib import suppress

RETRYING = "retrying.mark"
"""A retry is under way: invalid rows may hold anything, and new tables do not count yet."""

RETRIED = "retried.mark"
"""A retry is done: the new tables count, and must replace the old ones."""

REPLACED = "replaced.mark"
"""A new stack replaces this one, which may be deleted once the new one is there."""

_NAMES = {mark: (mark, mark.replace(".mark", ".lock")) for mark in (RETRYING, RETRIED, REPLACED)}
"""File names of each mark: the current one, and that of version 0.1.0."""


def is_marked(folder: str, mark: str) -> bool:
    """Return whether `folder` has the mark; a link of its name counts, wherever it leads."""
    return any(os.path.lexists(os.path.join(folder, name)) for name in _NAMES[mark])


def unmark(folder: str, mark: str) -> None:
    """Remove the mark from `folder`, if it is there; raises OSError."""
    for name in _NAMES[mark]:
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(folder, name))


def names_of(mark: str) -> tuple[str, ...]:
    """Return the file names that the mark may have."""
    return _NAMES[mark]

"""Marks: files that say by their presence what is under way in a stack's folder. Nobody locks them."""

from __future__ import annotations

import os
from contextlib import suppress

RETRYING = "retrying.mark"
"""Rows that are not valid may hold anything, and new tables do not count yet."""

RETRIED = "retried.mark"
"""The new tables that are there count, and are to take the places of the old ones."""

REPLACED = "replaced.mark"
"""A new stack takes the place of this one, which may be deleted once that is there."""

_NAMES = {mark: (mark, mark.replace(".mark", ".lock")) for mark in (RETRYING, RETRIED, REPLACED)}
"""The names of a mark: today's, and the one it had in version 0.1.0."""


def is_marked(folder: str, mark: str) -> bool:
    """Whether `folder` has the mark; a link that bears its name counts, wherever it leads."""
    return any(os.path.lexists(os.path.join(folder, name)) for name in _NAMES[mark])


def unmark(folder: str, mark: str) -> None:
    """Take the mark off `folder`, if it is there; raises OSError."""
    for name in _NAMES[mark]:
        with suppress(FileNotFoundError):
            os.unlink(os.path.join(folder, name))


def names_of(mark: str) -> tuple[str, ...]:
    """The names that files with this meaning may have."""
    return _NAMES[mark]

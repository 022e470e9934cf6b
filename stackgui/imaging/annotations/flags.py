"""Flags that formats give objects by a name that people chose."""

from __future__ import annotations

from collections.abc import Iterable

from stackgui.core.annotations.annotations import Flag

_FLAGS = {
    "crowd": Flag.CROWD,
    "iscrowd": Flag.CROWD,
    "ignore": Flag.IGNORE,
    "difficult": Flag.DIFFICULT,
    "truncated": Flag.TRUNCATED,
    "occluded": Flag.OCCLUDED,
}


def flags_named(names: Iterable[str]) -> Flag:
    """Return the flags with these names; other names mean nothing."""
    found = Flag(0)
    for name in names:
        found |= _FLAGS.get(name.strip().lower(), Flag(0))
    return found

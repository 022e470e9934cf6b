"""Doubts that decoders record about the current sample. Per process: a worker reads one sample at a time."""

from __future__ import annotations

from stackgui.core.catalog.doubts import Doubt

_noted: set[Doubt] = set()


def note(doubt: Doubt) -> None:
    """Record a doubt about the sample that is being read."""
    _noted.add(doubt)


def take() -> tuple[Doubt, ...]:
    """Return the doubts recorded since the last call, and clear them."""
    if not _noted:
        return ()
    found = tuple(sorted(_noted))
    _noted.clear()
    return found

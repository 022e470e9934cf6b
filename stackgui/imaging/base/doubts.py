"""What decoders note about a sample beside its pixels; each worker reads one sample after another."""

from __future__ import annotations

from stackgui.core.catalog.doubts import Doubt

_noted: set[Doubt] = set()


def note(doubt: Doubt) -> None:
    """Let the sample that is being read be counted among those with this doubt."""
    _noted.add(doubt)


def take() -> tuple[Doubt, ...]:
    """What was noted since this was last asked."""
    if not _noted:
        return ()
    found = tuple(sorted(_noted))
    _noted.clear()
    return found

"""How work that takes long learns that it is not wanted any more."""

from __future__ import annotations

from collections.abc import Callable

Check = Callable[[], None]
"""Called between the steps of such work, every few hundredths of a second; raises where it is to end."""


def go_on() -> None:
    """Let all work go on to its end."""

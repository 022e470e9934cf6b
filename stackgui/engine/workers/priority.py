"""Workers that give way to the window, so that it answers at once however busy they are."""

from __future__ import annotations

import sys
from contextlib import suppress

import psutil

NICE = 2
"""How much they give way on Unix: two thirds of the share of others where a processor is wanted by both."""


def give_way() -> None:
    """Let this process wait where others want the processor; it is no slower where none does."""
    with suppress(psutil.Error, OSError):  # where that is not allowed, all are equal
        own = psutil.Process()
        if sys.platform == "win32":
            own.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            own.nice(own.nice() + NICE)

"""A warning when memory runs short, before the operating system starts killing programs."""

from __future__ import annotations

from stackgui.core.base.units import format_bytes
from stackgui.gui.texts.language import tr

LOW_BYTES = 400_000_000
ENOUGH_BYTES = 2 * LOW_BYTES


class MemoryWatch:
    """Warns once, and again only after memory has recovered in between."""

    def __init__(self) -> None:
        self._told = False

    def warning(self, free_bytes: int) -> str:
        """Return the warning for `free_bytes` of free memory (0 if unknown), or ``""``."""
        if free_bytes >= ENOUGH_BYTES:
            self._told = False
        if self._told or not 0 < free_bytes < LOW_BYTES:
            return ""
        self._told = True
        return tr(
            "This computer is running short of memory: {free} are free. Close other "
            "programs, or cancel: the rows done so far are kept, and you can resume later.",
            free=format_bytes(free_bytes),
        )

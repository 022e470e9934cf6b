"""Garbage collection, restricted to the main thread.

Python collects in whichever thread happens to allocate. The garbage may include a widget, and destroying a
widget outside the main thread crashes the program.
"""

from __future__ import annotations

import gc


class Garbage:
    """Replaces automatic garbage collection by explicit calls from the main thread."""

    def __init__(self) -> None:
        self._was_enabled = False

    def install(self) -> None:
        """Disable automatic collection."""
        self._was_enabled = gc.isenabled()
        gc.disable()

    @staticmethod
    def spare_what_is_there() -> None:
        """Exempt all present objects from collection: the modules, which stay, and the window.

        They are hundreds of thousands of objects, and traversing them freezes the screen.
        """
        gc.freeze()

    def uninstall(self) -> None:
        """Restore automatic collection."""
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    @staticmethod
    def collect() -> None:
        """Collect the oldest generation that exceeds its threshold; Python's counters keep running."""
        for generation in (2, 1, 0):
            threshold = gc.get_threshold()[generation]
            if threshold and gc.get_count()[generation] > threshold:
                gc.collect(generation)
                return

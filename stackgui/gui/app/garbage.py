"""Python's search for circular garbage, kept to the window's own thread.

Python searches in whichever thread happens to allocate. What it finds may be a widget, and a widget that is
destroyed outside of the main thread takes the program with it.
"""

from __future__ import annotations

import gc


class Garbage:
    """Replaces the automatic search by one that is called from the main thread."""

    def __init__(self) -> None:
        self._was_enabled = False

    def install(self) -> None:
        """Stop the automatic search."""
        self._was_enabled = gc.isenabled()
        gc.disable()

    @staticmethod
    def spare_what_is_there() -> None:
        """Search no more through what there is by now: the modules, which stay, and the window.

        They are hundreds of thousands of objects; while they are searched, nothing on the screen moves.
        """
        gc.freeze()

    def uninstall(self) -> None:
        """Have it as before."""
        gc.unfreeze()
        if self._was_enabled:
            gc.enable()

    @staticmethod
    def collect() -> None:
        """Search as far as is due by Python's own thresholds, which go on counting; the oldest first."""
        for generation in (2, 1, 0):
            threshold = gc.get_threshold()[generation]
            if threshold and gc.get_count()[generation] > threshold:
                gc.collect(generation)
                return

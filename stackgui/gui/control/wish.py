"""What was asked for while the last choice was still being checked, and can be done a moment later."""

from __future__ import annotations

from collections.abc import Callable

from stackgui.core.project.project import Project
from stackgui.gui.control.screen import Screen


class Wish:
    """Keeps one request until the checks that it has to wait for are over.

    Whoever types a name and presses Convert at once asks for both; the press must not be lost because the
    name is checked first.

    Parameters
    ----------
    screen
        Gives what is shown now.
    """

    def __init__(self, screen: Callable[[], Screen]) -> None:
        self._screen = screen
        self._wanted: Callable[[], None] | None = None
        self._project: Project | None = None

    def when_checked(self, does: Callable[[], None]) -> None:
        """Do it now, or as soon as the checks are over, unless another choice is made meanwhile."""
        if not self._screen().is_being_checked:
            does()
            return
        self._wanted, self._project = does, self._screen().project

    def poll(self) -> None:
        """Do what waits if the checks are over; forget it if the choices are no longer the same."""
        screen = self._screen()
        if self._wanted is None:
            return
        if screen.project != self._project:
            self._wanted = None
        elif not screen.is_being_checked:
            wanted, self._wanted = self._wanted, None
            wanted()

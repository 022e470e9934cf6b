"""The window, as far as the controller knows it."""

from __future__ import annotations

from typing import Protocol

from stackgui.gui.control.curves import CurveView
from stackgui.gui.control.pictures import Gallery
from stackgui.gui.control.savings import Board
from stackgui.gui.control.screen import Screen


class View(Gallery, CurveView, Board, Protocol):
    """Shows what there is to be shown."""

    def present(self, screen: Screen) -> None:
        """Show everything as `screen` has it."""

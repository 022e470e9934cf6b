"""The window, as far as the controller knows it."""

from __future__ import annotations

from typing import Protocol

from stackgui.core.advice.savings import Savings
from stackgui.gui.control.curves import CurveView
from stackgui.gui.control.errands import WaitingView
from stackgui.gui.control.pictures import Gallery
from stackgui.gui.control.screen import Screen


class View(Gallery, CurveView, WaitingView, Protocol):
    """Shows what there is to be shown."""

    def present(self, screen: Screen) -> None:
        """Show everything as `screen` has it."""

    def show_savings(self, found: Savings) -> None:
        """Show what would make the arrays of a plan smaller."""

"""The interface through which the controller sees the window."""

from __future__ import annotations

from typing import Protocol

from stackgui.core.advice.savings import Savings
from stackgui.gui.control.curves import CurveView
from stackgui.gui.control.large import LargeView
from stackgui.gui.control.listing import ListingView
from stackgui.gui.control.pictures import Gallery
from stackgui.gui.control.projects import ProjectsView
from stackgui.gui.control.screen import Screen


class View(Gallery, ListingView, LargeView, CurveView, ProjectsView, Protocol):
    """The window as the controller sees it."""

    def present(self, screen: Screen) -> None:
        """Show `screen`."""

    def show_savings(self, found: Savings) -> None:
        """Show the remedies and outliers of a plan."""

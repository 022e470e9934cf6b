"""Opening what the program was started with, or what the desktop hands to it while it runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFileOpenEvent, QGuiApplication

from stackgui.gui.app.stack_windows import StackWindows
from stackgui.gui.control.controller import Controller
from stackgui.gui.control.opening import PARTIAL, can_be_viewed, is_plan, is_project, is_unfinished, meant_by


class Opening(QObject):
    """Opens projects, plan files, stacks and arrays, unfinished stacks, and pictures, each as it is meant.

    Parameters
    ----------
    parent, controller, stacks
    open_plan
        Takes over the choices of a plan file.
    system
        As ``sys.platform``. On macOS the desktop names files by events and not by arguments.
    """

    def __init__(
        self,
        parent: QObject,
        controller: Controller,
        stacks: StackWindows,
        open_plan: Callable[[str], None],
        system: str = sys.platform,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._stacks = stacks
        self._open_plan = open_plan
        if system == "darwin" and (qt := QGuiApplication.instance()):
            qt.installEventFilter(self)

    def begin(self, paths: Sequence[str]) -> Sequence[str]:
        """Show the first screen; return those of `paths` that are opened once the window is there.

        The project among them is shown at once, or that of the last session if nothing is to take its place.
        """
        paths = list(map(meant_by, paths))
        project = next(filter(is_project, paths), "")
        self._controller.begin(project, blank=any(map(_is_source, paths)))
        return [path for path in paths if path != project]

    def open_later(self, paths: Sequence[str]) -> None:
        """Open more while the program runs; pictures begin a new project, and the old one is kept."""
        paths = list(map(meant_by, paths))
        if any(map(_is_source, paths)):
            self._controller.projects.start_new()
        self.open(paths)

    def open(self, paths: Sequence[str]) -> None:
        """Open each of `paths` in the window that is there."""
        paths = list(map(meant_by, paths))
        for path in paths:
            if is_project(path):
                self._controller.projects.open(path)
            elif is_unfinished(path):
                self._controller.left_over.look_for(path.rstrip("/\\").removesuffix(PARTIAL))
            elif can_be_viewed(path):
                self._stacks.open(path)
            elif is_plan(path):
                self._open_plan(path)
        if sources := list(filter(_is_source, paths)):
            self._controller.add_sources(sources)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the files that macOS hands over."""
        if isinstance(event, QFileOpenEvent):
            if path := event.file():
                self.open_later([path])
            return True
        return super().eventFilter(watched, event)


def _is_source(path: str) -> bool:
    return not any(is_other(path) for is_other in (is_project, is_unfinished, can_be_viewed, is_plan))

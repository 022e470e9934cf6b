"""Opening what the program was started with, or what the desktop hands to it while it runs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFileOpenEvent, QGuiApplication

from stackgui.gui.app.stack_windows import StackWindows
from stackgui.gui.control.controller import Controller
from stackgui.gui.control.opening import PARTIAL, Meant, Sorted, Sorting, kind_of, meant_by


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
        self._sorting = Sorting(controller.errands)
        if system == "darwin" and (qt := QGuiApplication.instance()):
            qt.installEventFilter(self)

    def begin(self, paths: Sequence[str]) -> Sequence[str]:
        """Show the first screen; return those of `paths` that are opened once the window is there.

        The project among them is shown at once, or that of the last session if nothing is to take its place.
        """
        found = {meant: kind_of(meant) for meant in map(meant_by, paths)}  # no window is there to be held up
        project = next((path for path, meant in found.items() if meant is Meant.PROJECT), "")
        self._controller.begin(project, blank=Meant.SOURCE in found.values())
        return [path for path in found if path != project]

    def open_later(self, paths: Sequence[str]) -> None:
        """Open more while the program runs; pictures begin a new project, and the old one is kept."""

        def found(sorted_: Sorted) -> None:
            if Meant.SOURCE in sorted_.values():
                self._controller.projects.start_new()
            self._open(sorted_)

        self._sorting.ask(paths, found)

    def open(self, paths: Sequence[str]) -> None:
        """Open each of `paths` in the window that is there."""
        self._sorting.ask(paths, self._open)

    def _open(self, found: Sorted) -> None:
        opens: dict[Meant, Callable[[str], object]] = {
            Meant.PROJECT: self._controller.projects.open,
            Meant.UNFINISHED: self._look_for,
            Meant.STACK: self._stacks.open,
            Meant.ARRAY: self._stacks.open,
            Meant.PLAN: self._open_plan,
        }
        for path, meant in found.items():
            if meant in opens:
                opens[meant](path)
        if sources := [path for path, meant in found.items() if meant is Meant.SOURCE]:
            self._controller.add_sources(sources)

    def _look_for(self, path: str) -> None:
        self._controller.left_over.look_for(path.rstrip("/\\").removesuffix(PARTIAL))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the files that macOS hands over."""
        if isinstance(event, QFileOpenEvent):
            if path := event.file():
                self.open_later([path])
            return True
        return super().eventFilter(watched, event)

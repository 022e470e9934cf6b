"""The windows of stacks that are open, and what can be done from them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer

from stackgui.core.base.addresses import is_address, normal
from stackgui.core.project.recents import RecentKind, named
from stackgui.core.viewing.opened import Opened
from stackgui.core.viewing.report import REPORT_FILE
from stackgui.engine import Engine
from stackgui.gui.app import dialogs
from stackgui.gui.app.main_window import MainWindow
from stackgui.gui.app.stack_window import Offer, StackWindow
from stackgui.gui.control.controller import Controller
from stackgui.gui.control.opening import Meant, Sorted, Sorting
from stackgui.gui.control.viewing import Viewing
from stackgui.gui.texts.hand_over_texts import HAND_OVER_TIP
from stackgui.gui.texts.language import tr
from stackgui.gui.texts.update_texts import UPDATE_TIP

LATER_MS = 100


class StackWindows:
    """Opens stacks, each in a window of its own.

    Parameters
    ----------
    window, controller, engine
    hand_over
        Hands the stack in a folder over to others.
    update
        Brings the stack in a folder up to date.
    """

    def __init__(
        self,
        window: MainWindow,
        controller: Controller,
        engine: Engine,
        hand_over: Callable[[str], None],
        update: Callable[[str], None],
    ) -> None:
        self._window = window
        self._controller = controller
        self._engine = engine
        self._hand_over = hand_over
        self._update = update
        self._sorting = Sorting(controller.errands)
        self._open: dict[str, StackWindow] = {}
        self._leaving: list[Viewing] = []
        self._later = QTimer(window, singleShot=True, interval=LATER_MS)
        self._later.timeout.connect(self._let_go)

    def open(self, path: str) -> None:
        """Open a stack or another array, or bring its window to the front."""
        place = normal(path) if is_address(path) else str(Path(path).absolute())
        made = self._open.get(place)
        if made is None:
            made = self._open[place] = StackWindow(self._window, self._engine, place)
            made.offer(self._offers())
            made.dropped.connect(self.drop)
            made.gone.connect(lambda: self._left(place))
            made.was_opened.connect(self._note, Qt.ConnectionType.SingleShotConnection)
        made.bring()

    def _note(self, opened: Opened) -> None:
        if opened.is_stack:
            self._controller.projects.recents.note(RecentKind.STACK, [named(RecentKind.STACK, opened.path)])

    def _left(self, place: str) -> None:
        """Close the files of a window that is gone, as soon as the disk lets go of them."""
        if (gone := self._open.pop(place, None)) is not None:
            self._leaving.append(gone.viewing)
            self._let_go()

    def _let_go(self) -> None:
        self._leaving = [viewing for viewing in self._leaving if not viewing.close(0.0)]
        if self._leaving:
            self._later.start()

    def reload(self, path: str) -> None:
        """Show a stack anew that something has changed, if it is open."""
        if (made := self._open.get(path)) is not None:
            made.reload()

    def drop(self, paths: Iterable[str]) -> None:
        """Open what can be looked at, and nothing else."""
        self._sorting.ask(list(paths), lambda found: self._open_those(found, {Meant.STACK, Meant.ARRAY}))

    def drop_on_main(self, paths: list[str]) -> None:
        """Open the stacks among `paths`; everything else is added to the sources."""

        def found(sorted_: Sorted) -> None:
            self._open_those(sorted_, {Meant.STACK})
            if others := [path for path, meant in sorted_.items() if meant is not Meant.STACK]:
                self._controller.add_sources(others)

        self._sorting.ask(paths, found)

    def _open_those(self, found: Sorted, wanted: set[Meant]) -> None:
        for path, meant in found.items():
            if meant in wanted:
                self.open(path)

    def ask(self) -> None:
        """Ask for the folder of a stack, and open it."""
        if stack := dialogs.ask_stack(self._window, str(self._controller.saved_in)):
            self.open(stack)

    def ask_array(self) -> None:
        """Ask for an array that somebody else made, and open it."""
        if file := dialogs.ask_array(self._window, str(self._controller.saved_in)):
            # What a Zarr store consists of is files, of which people pick one.
            inside = os.path.basename(file) in {"zarr.json", ".zgroup", ".zarray"}
            self.open(os.path.dirname(file) if inside else file)

    def close(self) -> None:
        """Close all windows."""
        for each in list(self._open.values()):
            each.stop()  # a window that went with the main window gets no event as it is closed
            each.close()
        for viewing in self._leaving:
            viewing.close()
        self._leaving.clear()
        self._later.stop()

    def _offers(self) -> list[Offer]:
        return [
            ("folder", tr("Open folder"), "folder-open", tr("Shows the stack in the file manager."),
             lambda place: self._open[place].desktop.open(place)),
            ("verify", tr("Verify"), "check", tr("Checks that every row is intact where it is saved."),
             self._verify),
            ("report", tr("Report…"), "report",
             tr("Writes one page that tells all about the stack, to be shown in a browser or printed."),
             self._report),
            ("handOver", tr("Hand over…"), "archive", tr(HAND_OVER_TIP), self._hand_over),
            ("update", tr("Update…"), "retry", tr(UPDATE_TIP), self._update),
            # Last, so that it moves nothing when rows fail or are repaired.
            ("retry", tr("Retry failed"), "retry",
             tr("Reads the pictures of failed rows again, once you have repaired or replaced them."),
             lambda path: self._open[path].retry()),
        ]  # fmt: skip

    def _report(self, path: str) -> None:
        start = os.path.join(path, REPORT_FILE)
        kinds = tr("Page (*.html)")
        if file := dialogs.ask_file(self._open[path], tr("Save the report as"), start, kinds):
            self._open[path].report(file)

    def _verify(self, path: str) -> None:
        self._controller.stacks.verify(path)
        self._window.raise_()
        self._window.activateWindow()

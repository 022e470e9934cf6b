"""The window that hands a stack over to others."""

from __future__ import annotations

import os

from PySide6.QtCore import QSize

from stackgui.core.base.addresses import is_address
from stackgui.gui.app import dialogs
from stackgui.gui.app.main_window import MainWindow
from stackgui.gui.app.side_window import SideWindow
from stackgui.gui.control.controller import Controller
from stackgui.gui.panels.run.hand_over import HandOverPanel
from stackgui.gui.texts.language import tr

SIZE_PX = QSize(720, 660)


class HandOver:
    """Opens the window in which a stack is handed over: as it is, or as a copy for another tool.

    Parameters
    ----------
    window, controller
    """

    def __init__(self, window: MainWindow, controller: Controller) -> None:
        self._window = window
        self._controller = controller
        self._side: SideWindow | None = None
        self._panel: HandOverPanel | None = None

    def show(self, stack: str) -> None:
        """Open the window for the stack in the folder `stack`; a running export of another stays in it."""
        if self._side is None:
            self._side = self._made_window()
        self._controller.handing.look(os.path.abspath(stack))
        self._side.bring()

    def show_last(self) -> None:
        """Open the window for the stack that the main window tells of, or for one that the person picks."""
        screen = self._controller.screen
        if self._controller.handing.state.target:
            self.show(self._controller.handing.state.stack)
        elif screen.end is not None and screen.end.folder:
            self.show(screen.end.folder)
        elif screen.check is not None and not is_address(screen.check.stack):
            self.show(screen.check.stack)
        elif stack := dialogs.ask_stack(self._window, str(self._controller.saved_in)):
            self.show(stack)

    def copy_python(self, stack: str) -> None:
        """Copy the lines that load the stack as it is now, whatever has updated it."""
        self._controller.errands.begin_quietly(
            "python", lambda _: self._controller.handing.lines(stack), self._window.result.show_copied
        )

    @property
    def closing_question(self) -> str:
        """What to ask before closing the program, or ``""``."""
        return tr("A stack is being exported. Stop that?") if self._controller.handing.state.target else ""

    def _made_window(self) -> SideWindow:
        made = SideWindow(self._window, "handOverWindow", tr("Hand over"), SIZE_PX)
        panel = self._panel = HandOverPanel()
        made.hold(panel)
        does = self._controller.handing
        panel.export_wanted.connect(does.begin)
        panel.place_wanted.connect(self._ask_place)
        panel.cancel_wanted.connect(does.cancel)
        panel.open_wanted.connect(made.desktop.open)
        does.attach(panel.present)
        return made

    def _ask_place(self, place: str) -> None:
        assert self._side is not None
        assert self._panel is not None
        if chosen := dialogs.ask_place(self._side, place):
            self._panel.choose_place(chosen)

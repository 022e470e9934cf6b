"""The window in which a finished stack is brought up to date."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize, Signal

from stackgui.core.run.update_report import UpdateReport
from stackgui.gui.app.main_window import MainWindow
from stackgui.gui.app.side_window import SideWindow
from stackgui.gui.control.controller import Controller
from stackgui.gui.panels.update.update import UpdatePanel
from stackgui.gui.texts.language import tr

SIZE_PX = QSize(760, 600)


class StackUpdates(QObject):
    """Opens the window of an update, and follows it.

    Parameters
    ----------
    window
    controller

    Signals
    -------
    updated(str)
        The stack in this folder has changed.
    """

    updated = Signal(str)

    def __init__(self, window: MainWindow, controller: Controller) -> None:
        super().__init__(window)
        self._told: UpdateReport | None = None
        self._window = window
        self._controller = controller
        self._shown: SideWindow | None = None
        self._panel: UpdatePanel | None = None
        window.result.update_wanted.connect(self.show)

    def show(self, stack: str = "") -> None:
        """Look what has changed since `stack` was made, by default the one on the result card."""
        end = self._controller.screen.end
        folder = stack or (end.report.stack if end and end.report else "")
        if not folder:
            return
        if self._shown is None:
            self._shown = self._made_window()
        self._shown.bring()
        self._controller.updating.look(folder)
        self.poll()

    def poll(self, _changed: object = None) -> None:
        """Follow the update; called ten times a second."""
        busy = self._controller.screen.running is not None
        self._controller.updating.poll(is_busy=busy)
        if self._panel is not None:
            self._panel.present(self._controller.updating.state, is_busy=busy)
            self._show_pictures(self._panel)
        self._tell()

    def _show_pictures(self, panel: UpdatePanel) -> None:
        """Show how the lines look that are seen, and request those that are not known."""
        state, thumbs = self._controller.updating.state, self._controller.found_thumbs
        found = state.report.pictures if state is not None and state.report is not None else None
        thumbs.use(found)
        panel.show_pictures(thumbs.take())
        thumbs.want(panel.missing, is_held=state is not None and state.is_updating)

    def _tell(self) -> None:
        """Tell of every update that was done, once."""
        state = self._controller.updating.state
        if state is not None and state.report is not None and state.report is not self._told:
            self._told = state.report
            if self._told.is_done:
                self._window.result.show_updated(self._told)
                self.updated.emit(state.stack)

    def _made_window(self) -> SideWindow:
        made = SideWindow(self._window, "updateWindow", tr("Update a stack"), SIZE_PX)
        panel, does = UpdatePanel(), self._controller.updating
        made.hold(panel)
        panel.begin_wanted.connect(does.begin)
        panel.cancel_wanted.connect(does.cancel)
        panel.pause_wanted.connect(does.pause_or_resume)
        panel.choices_changed.connect(does.choose)
        panel.look_wanted.connect(lambda: does.look(does.state.stack if does.state else ""))
        panel.watch_wanted.connect(lambda wanted: does.watch(wanted=wanted))
        # Nothing can be pressed any more that no longer applies.
        for changes in (
            panel.begin_wanted,
            panel.pause_wanted,
            panel.choices_changed,
            panel.look_wanted,
            panel.watch_wanted,
        ):
            changes.connect(self.poll)
        self._panel = panel
        return made

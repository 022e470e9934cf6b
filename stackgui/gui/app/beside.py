"""What stands beside the work: settings, help, what the program is made of, and news of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from stackgui.gui.app import main_window
from stackgui.gui.app.preferences import Preferences
from stackgui.gui.app.settings import Settings
from stackgui.gui.control import log
from stackgui.gui.control.controller import Controller
from stackgui.gui.control.screen import Kind
from stackgui.gui.widgets import theme

if TYPE_CHECKING:  # loaded when they are opened
    from stackgui.gui.app.about_window import AboutWindow
    from stackgui.gui.app.help_window import HelpWindow
    from stackgui.gui.app.settings_window import SettingsWindow


FIRST = "index"
"""Name of the first help page."""


class Beside:
    """Opens the windows beside the main window, and obeys the settings.

    Parameters
    ----------
    window
    controller
    preferences

    Attributes
    ----------
    settings : Settings
    """

    def __init__(
        self, window: main_window.MainWindow, controller: Controller, preferences: Preferences
    ) -> None:
        self._window = window
        self._controller = controller
        self._preferences = preferences
        self.settings = preferences.settings()
        self._settings_window: SettingsWindow | None = None
        self._help: HelpWindow | None = None
        self._about_window: AboutWindow | None = None
        self._obey()

    def show_settings(self) -> None:
        """Open the window of settings."""
        from stackgui.gui.app.settings_window import SettingsWindow  # noqa: PLC0415 - the window appears sooner

        if self._settings_window is None:
            made = self._settings_window = SettingsWindow(self._window, self.settings)
            made.changed.connect(self.use_settings)
            made.folder_wanted.connect(self._choose_folder)
        self._settings_window.bring()

    def use_settings(self, settings: Settings) -> None:
        """Obey `settings` from now on, and save them."""
        self.settings = settings
        self._preferences.keep_settings(settings)
        self._obey()

    def _obey(self) -> None:
        theme.use_theme(self.settings.theme)
        theme.use_motion(wanted=self.settings.motion)
        if self.settings.folder:
            self._controller.parent = Path(self.settings.folder)

    def _choose_folder(self) -> None:
        start = self.settings.folder or str(self._controller.parent)
        if folder := main_window.ask_folder(self._window, start, "Choose the folder for stacks"):
            assert self._settings_window is not None
            self._settings_window.choose_folder(folder)

    def show_help(self, page: str = "") -> None:
        """Open the help window with `page`, by default that of the part that has the keyboard."""
        from stackgui.gui.app.help_window import HelpWindow  # noqa: PLC0415 - as above

        page = page or self._page_here()
        self._help = self._help or HelpWindow(self._window, self._window.desktop)
        self._help.open(page)
        self._help.bring()

    def search_help(self) -> None:
        """Open the help window, ready to search it."""
        self.show_help(FIRST)
        assert self._help is not None
        self._help.begin_search()

    def open_log(self) -> None:
        """Show the log in the file manager."""
        self._window.desktop.open(log.folder())

    def _page_here(self) -> str:
        here: QWidget | None = self._window.focusWidget()
        while here is not None and not getattr(here, "HELP", ""):
            here = here.parentWidget()
        return str(getattr(here, "HELP", FIRST))

    def show_about(self) -> None:
        """Open the window with versions and licences."""
        from stackgui.gui.app.about_window import AboutWindow  # noqa: PLC0415 - as above

        self._about_window = self._about_window or AboutWindow(self._window)
        self._about_window.bring()

    def check_updates(self) -> None:
        """Ask whether there is a newer release, and say what the answer is."""
        from stackgui.gui.app import updates  # noqa: PLC0415 - as above

        if not updates.is_release():
            self._window.show_message(Kind.INFO, updates.NO_RELEASE)
            return
        self._controller.errands.begin(
            "updates",
            updates.ASKING,
            updates.newest,
            lambda version: self._window.show_message(Kind.INFO, updates.told(version)),
        )

    def check_updates_if_wanted(self) -> None:
        """Ask at the start, if the settings say so; tell only of a newer release, or why none is known."""
        from stackgui.gui.app import updates  # noqa: PLC0415 - as above

        if self.settings.check_updates and updates.is_release():
            self._controller.errands.begin_quietly("updates", updates.newest, self._tell_newer)

    def _tell_newer(self, version: str) -> None:
        from stackgui.gui.app import updates  # noqa: PLC0415 - as above

        if updates.is_newer(version):
            self._window.show_message(Kind.INFO, updates.told(version))

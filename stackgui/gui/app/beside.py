"""What stands beside the work: settings, help, what the program is made of, and news of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from stackgui.core.base.wording import say
from stackgui.engine.motion import wants_motion
from stackgui.gui.app import dialogs
from stackgui.gui.app.main_window import MainWindow
from stackgui.gui.app.preferences import Preferences
from stackgui.gui.app.settings import Settings
from stackgui.gui.control import log
from stackgui.gui.control.controller import Controller
from stackgui.gui.control.screen import Kind, Screen, State
from stackgui.gui.texts.language import tr
from stackgui.gui.widgets import theme
from stackgui.gui.widgets.sheet import sheets_in

if TYPE_CHECKING:  # loaded when they are opened
    from stackgui.gui.app.about_window import AboutWindow
    from stackgui.gui.app.help_window import HelpWindow
    from stackgui.gui.app.settings_window import SettingsWindow
    from stackgui.gui.app.sheet_window import SheetWindow
    from stackgui.gui.app.tour import Tour


FIRST = "index"
"""Name of the first help page."""

TOUR = (
    (
        say("Add your pictures"),
        say(
            "Add folders, archives or lists here, or drop them anywhere in the window. "
            "None of them is changed."
        ),
    ),
    (
        say("Look at what was found"),
        say(
            "Sizes, labels and problems of your pictures appear here, each in a tab, before anything is made."
        ),
    ),
    (
        say("Decide what comes out"),
        say(
            "Choose the size that every picture gets, and see below how much memory that takes and whether "
            "it fits."
        ),
    ),
    (
        say("Press Convert"),
        say("When the line says that all is ready, Convert makes the stack. You can pause and go on later."),
    ),
)
"""Title and text of each step of the tour."""

DONE: tuple[Callable[[Screen], bool], ...] = (
    lambda screen: bool(screen.sources),
    lambda _screen: False,
    lambda _screen: False,
    lambda screen: screen.running is not None or screen.end is not None,
)
"""What of these has been done."""


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

    def __init__(self, window: MainWindow, controller: Controller, preferences: Preferences) -> None:
        self._window = window
        self._controller = controller
        self._preferences = preferences
        self.settings = preferences.settings()
        self._settings_window: SettingsWindow | None = None
        self._help: HelpWindow | None = None
        self._tour: Tour | None = None
        self._sheets: SheetWindow | None = None
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

    def follow_system(self) -> None:
        """Ask the desktop whether things may move, and obey."""
        self._controller.errands.begin_quietly(
            "motion", lambda _: wants_motion(), lambda wanted: theme.follow_motion(wanted=wanted)
        )

    def _choose_folder(self) -> None:
        start = self.settings.folder or str(self._controller.parent)
        if folder := dialogs.ask_folder(self._window, start, tr("Choose the folder for stacks")):
            assert self._settings_window is not None
            self._settings_window.choose_folder(folder)

    def show_help(self, page: str = "") -> None:
        """Open the help window with `page`, by default that of the part that has the keyboard."""
        from stackgui.gui.app.help_window import HelpWindow  # noqa: PLC0415 - as above

        page = page or page_of(QApplication.focusWidget())
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

    def begin_tour(self) -> None:
        """Show what is where in the window, one place after the other."""
        from stackgui.gui.app.tour import Step, Tour  # noqa: PLC0415 - as above

        window = self._window
        places = (window.sources, window.found, window.right, window.save)
        if self._tour is None:
            steps = [
                Step(place, tr(title), tr(text), is_done)
                for place, (title, text), is_done in zip(places, TOUR, DONE, strict=True)
            ]
            self._tour = Tour(window, steps, window.found)
            self._window.cards.add(self._tour, self._tour.end)
        self._tour.follow(self._controller.screen)
        self._tour.begin()

    def poll(self) -> None:
        """Let the tour follow what is done; called ten times a second."""
        if self._tour is not None:
            self._tour.follow(self._controller.screen)

    def begin_tour_once(self) -> None:
        """Show the tour at the very first start, unless there is work to go on with."""
        if not self._preferences.tour_shown() and self._controller.screen.state is State.EMPTY:
            self._preferences.keep_tour_shown()
            self.begin_tour()

    def show_tables(self) -> None:
        """Show the plots in front as tables, first the one that has the keyboard or is in the tab."""
        from stackgui.gui.app.sheet_window import SheetWindow  # noqa: PLC0415 - as above

        inside = self._window.found.isAncestorOf
        found = sorted(sheets_in(self._window), key=lambda each: not inside(each[0]))
        here: QWidget | None = self._window.focusWidget()
        having = [here is not None and (plot is here or plot.isAncestorOf(here)) for plot, _ in found]
        first = having.index(True) if True in having else 0
        self._sheets = self._sheets or SheetWindow(self._window)
        self._sheets.set_sheets([sheet for _, sheet in found], first)
        self._sheets.bring()

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


def page_of(widget: QWidget | None) -> str:
    """Return the help page of the part of the window in which `widget` is; the first page outside of all."""
    while widget is not None and not getattr(widget, "HELP", ""):
        widget = widget.parentWidget()
    return str(getattr(widget, "HELP", FIRST))

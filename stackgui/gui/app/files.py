"""What people pick to read from, and what they save."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from stackgui import resources
from stackgui.core.base.addresses import is_address
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.catalog.selection import list_lines
from stackgui.core.plan.listing import table_lines
from stackgui.core.project.project import SUFFIX
from stackgui.core.run.sharding import SUFFIX as SUFFIX_IN_BUCKET
from stackgui.gui.app import adding, dialogs
from stackgui.gui.app.main_window import MainWindow
from stackgui.gui.control.controller import Controller
from stackgui.gui.control.projects import has_name, project_name
from stackgui.gui.control.saving import save_lines
from stackgui.gui.texts.language import tr


class Files:
    """Asks for folders and files, and has them read or written."""

    def __init__(self, window: MainWindow, controller: Controller) -> None:
        self._window = window
        self._controller = controller

    def add_folder(self) -> None:
        """Ask for folders, and add them."""
        if folders := adding.ask_folders(self._window, self.last_place()):
            self._controller.add_sources(folders)

    def add_files(self) -> None:
        """Ask for archives, lists or pictures, and add them."""
        if files := dialogs.ask_files(self._window, self.last_place()):
            self._controller.add_sources(files)

    def add_samples(self) -> None:
        """Add the pictures that come with the program."""
        self._controller.add_sources([_samples()])

    def last_place(self) -> str:
        """Return the folder of the last source that is the person's own, here or used before, or home."""
        here = reversed(self._controller.screen.sources)
        places = (
            each
            for each in (*here, *self._controller.projects.recents.sources())
            if each != _samples() and not is_address(each)
        )
        return next((str(Path(each).parent) for each in places), str(Path.home()))

    def open_project(self) -> None:
        """Ask for a project file, and open it."""
        if file := dialogs.ask_project(self._window, self._project_place()):
            self._controller.projects.open(file)

    def save_project(self) -> None:
        """Ask for a file, and keep the project in it from now on."""
        screen = self._controller.screen
        name = project_name(screen.file, screen.sources)
        start = os.path.join(self._project_place(), name + SUFFIX)
        if file := dialogs.ask_file(self._window, tr("Save the project as"), start, tr(dialogs.PROJECTS)):
            self._controller.projects.save_as(file)

    def _project_place(self) -> str:
        """Return the folder of the project, or if it has no name, that of its last source."""
        file = self._controller.screen.file
        return os.path.dirname(file) if has_name(file) else self.last_place()

    def change_destination(self) -> None:
        """Ask where the stack shall be saved."""
        screen = self._controller.screen
        start = screen.run.destination
        if screen.goes_to_bucket:
            start = str(self._controller.saved_in / os.path.basename(start).removesuffix(SUFFIX_IN_BUCKET))
        if path := dialogs.ask_destination(self._window, start):
            self._controller.choose_destination(path)

    def save_plot(self) -> None:
        """Ask for a file, and save the plot of sizes in it."""
        kinds = tr("Picture (*.png);;Drawing (*.svg)")
        file = dialogs.ask_file(
            self._window, tr("Save the plot"), str(self._controller.saved_in / "sizes.png"), kinds
        )
        if file:
            self._window.tell_saved(file, saved=self._window.found.sizes.plot.save(file))

    def save_list(self) -> None:
        """Ask for a file, and save the names of the selected samples in it."""
        screen = self._controller.screen
        if screen.catalog is None or screen.selection is None:
            return
        self._save_lines(list_lines(screen.catalog, screen.selection.samples))

    def save_table(self) -> None:
        """Ask for a file, and save the table of pictures in it."""
        table = self._window.found.list
        if table.plan is not None:
            self._save_lines(table_lines(table.plan, table.samples))

    def _save_lines(self, lines: Iterable[bytes]) -> None:
        start = str(self._controller.saved_in / "pictures.csv")
        if file := dialogs.ask_file(self._window, tr("Save the list"), start, tr("List (*.csv)")):
            self._controller.errands.begin(
                "save list",
                say("Saving the list as “{file}”.", file=printable(file)),
                lambda control: save_lines(file, lines, control),
                lambda saved: self._window.tell_saved(file, saved=saved),
            )


def _samples() -> str:
    """Return the folder of the pictures that come with the program, in which nobody keeps work."""
    return str(resources.path("samples"))

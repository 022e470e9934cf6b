"""Lets people choose where masks are, and reads tables of their classes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.catalog.mask_class_files import read_mask_classes
from stackgui.core.labels.class_list import MAX_BYTES
from stackgui.gui.app import dialogs
from stackgui.gui.control.screen import Kind

if TYPE_CHECKING:  # the app imports this module
    from stackgui.gui.app.app import App


class MaskFiles(QObject):
    """Answers the buttons of the tab Masks."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._app = app
        self._page = app.window.found.masks
        self._page.place_wanted.connect(self._choose_place)
        self._page.classes_wanted.connect(self._choose_classes)

    def _choose_place(self, is_folder: bool) -> None:
        window, start = self._app.window, self._app.files.last_place()
        title = say("Choose a folder of masks")
        place = dialogs.ask_folder(window, start, title) if is_folder else dialogs.ask_masks(window, start)
        if place:
            self._page.choose_place(str(Path(place).absolute()))

    def _choose_classes(self) -> None:
        file = dialogs.ask_mask_classes(self._app.window, self._app.files.last_place())
        if not file:
            return
        try:
            with Path(file).open("rb") as opened:
                classes = read_mask_classes(opened.read(MAX_BYTES))
        except OSError as error:
            self._refuse(file, say("it cannot be read: {strerror}.", strerror=error.strerror))
        except UsageError as error:
            self._refuse(file, str(error))
        else:
            self._page.choose_classes(classes)

    def _refuse(self, file: str, reason: str) -> None:
        text = say("“{file}” is not a table of classes: {reason}", file=printable(file), reason=reason)
        self._app.window.show_message(Kind.ERROR, text)

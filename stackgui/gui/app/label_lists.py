"""Answers what the label assistant asks about lists."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.engine import Engine
from stackgui.gui.app import main_window

if TYPE_CHECKING:  # the app imports this module
    from stackgui.gui.app.app import App


class LabelLists(QObject):
    """Finds the lists among the pictures, and tells what one of them gives."""

    def __init__(self, app: App, engine: Engine) -> None:
        super().__init__(app)
        self._app, self._engine = app, engine
        self._labels = app.window.found.labels
        self._labels.lists_wanted.connect(self._find)
        self._labels.list.look_wanted.connect(self._look)
        self._labels.list.list_wanted.connect(self._pick)
        self._labels.list.mend_wanted.connect(app.controller.mend)

    def _find(self) -> None:
        catalog = self._app.controller.screen.catalog
        if catalog is not None:
            self._app.controller.errands.begin_quietly(
                "lists among", lambda _: self._engine.lists_among(catalog), self._labels.list.offer
            )

    def _look(self, options: ScanOptions) -> None:
        catalog = self._app.controller.screen.catalog
        if catalog is not None:
            self._app.controller.errands.begin_quietly(
                "list look",
                lambda control: self._engine.look_at_list(options, catalog, control),
                self._labels.list.show_look,
            )

    def _pick(self) -> None:
        sources = self._app.controller.screen.sources
        start = str(Path(sources[-1]).parent) if sources else str(Path.home())
        if file := main_window.ask_list(self._app.window, start):
            self._labels.list.choose_list(str(Path(file).absolute()))

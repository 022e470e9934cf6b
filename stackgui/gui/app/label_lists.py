"""Answers what the label assistant asks about lists, and lets people choose lists and annotations."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from stackgui.core.base.errors import UsageError
from stackgui.core.base.system_errors import system_reason
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.catalog.scan_options import ScanOptions
from stackgui.core.labels.class_list import MAX_BYTES, read_classes
from stackgui.core.plan.objects_taken import ObjectsTaken, objects_taken
from stackgui.core.plan.plan import Plan
from stackgui.engine import Engine
from stackgui.gui.app import dialogs
from stackgui.gui.control.screen import Kind

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
        app.window.found.annotations.place_wanted.connect(self._choose_annotations)
        app.window.found.annotations.count_wanted.connect(self._count)
        app.window.plan.labels.list_wanted.connect(self._choose_label_list)
        app.window.plan.labels.classes_wanted.connect(self._choose_classes)

    def _find(self) -> None:
        catalog = self._app.controller.screen.catalog
        if catalog is not None:
            self._app.controller.errands.begin_quietly(
                "lists among",
                lambda control: self._engine.lists_among(catalog, control),
                self._labels.list.offer,
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
        if file := dialogs.ask_list(self._app.window, self._app.files.last_place()):
            self._labels.list.choose_list(str(Path(file).absolute()))

    def _choose_label_list(self) -> None:
        if file := dialogs.ask_list(self._app.window, self._app.files.last_place()):
            self._app.window.plan.labels.choose_list(str(Path(file).absolute()))

    def _count(self, plan: Plan) -> None:
        def show(taken: ObjectsTaken | None) -> None:
            self._app.window.found.annotations.show_count(plan, taken)

        self._app.controller.errands.begin_quietly("objects", lambda _control: objects_taken(plan), show)

    def _choose_annotations(self, is_folder: bool) -> None:
        window, start = self._app.window, self._app.files.last_place()
        title = say("Choose a folder of annotations")
        place = (
            dialogs.ask_folder(window, start, title) if is_folder else dialogs.ask_annotations(window, start)
        )
        if place:
            window.found.annotations.choose_place(str(Path(place).absolute()))

    def _choose_classes(self) -> None:
        file = dialogs.ask_classes(self._app.window, self._app.files.last_place())
        if not file:
            return
        try:
            with Path(file).open("rb") as opened:
                classes = read_classes(opened.read(MAX_BYTES))
        except (OSError, UsageError) as error:
            reason = (
                say("it cannot be read: {reason}.", reason=system_reason(error))
                if isinstance(error, OSError)
                else str(error)
            )
            self._app.window.show_message(
                Kind.ERROR,
                say("“{file}” is not a list of classes: {reason}", file=printable(file), reason=reason),
            )
            return
        self._app.window.plan.labels.choose_classes(classes)

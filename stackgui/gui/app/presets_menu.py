"""The actions of the preset menu: saving, renaming and deleting presets, and plan files."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QInputDialog, QWidget

from stackgui.core.base.errors import PlanError, StackguiError, UsageError
from stackgui.core.base.system_errors import system_reason
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.options.options import Options
from stackgui.core.options.presets import Presets
from stackgui.core.plan.plan_head import read_head
from stackgui.core.plan.shared_plan import SharedPlan, shared_plan_from_json
from stackgui.engine import Control
from stackgui.engine.preset_file import preset_file, read_presets, write_presets
from stackgui.gui.app.dialogs import ask_file
from stackgui.gui.app.main_window import MainWindow
from stackgui.gui.control.controller import Controller
from stackgui.gui.control.saving import save_lines
from stackgui.gui.control.screen import Kind
from stackgui.gui.texts.language import tr

PLANS = say("Plan (*.json)")


class PresetsMenu:
    """Holds the presets and carries out the menu's actions."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._file = preset_file()
        self.presets = read_presets(self._file)
        window.presets.set_presets(self.presets)

    def first_options(self, last: Options) -> Options:
        """Return the options of a new window: those of the default preset, or else the last choices."""
        if self.presets.default == Presets().default:
            return last
        return self.presets.named(self.presets.default).options

    def connect(self, controller: Controller) -> None:
        """Connect the menu to `controller`."""
        menu = self._window.presets

        def options() -> Options:
            return controller.screen.options

        if self.presets.problem:
            self._window.show_message(Kind.WARNING, tr(self.presets.problem))
        menu.options_changed.connect(controller.choose_options)
        menu.save_wanted.connect(
            lambda: self._named(
                tr("Save these choices"), "", lambda name: self.presets.saved(name, options())
            )
        )
        menu.rename_wanted.connect(
            lambda: self._named(
                tr("Rename a preset"), menu.chosen, lambda name: self.presets.renamed(menu.chosen, name)
            )
        )
        menu.delete_wanted.connect(lambda: self._keep(lambda: self.presets.deleted(menu.chosen)))
        menu.default_wanted.connect(lambda: self._keep(lambda: self.presets.with_default(menu.chosen)))
        menu.open_wanted.connect(lambda: self._open(controller))
        menu.share_wanted.connect(lambda: self._share(controller))

    def _named(self, title: str, start: str, change: Callable[[str], Presets]) -> None:
        name = ask_name(self._window, title, start)
        if name is not None:
            self._keep(lambda: change(name))

    def _keep(self, change: Callable[[], Presets]) -> None:
        try:
            presets = change()
            write_presets(self._file, presets)
        except StackguiError as error:
            self._window.show_message(Kind.ERROR, tr(str(error)))
        else:
            self.presets = presets
        self._window.presets.set_presets(self.presets)

    def _open(self, controller: Controller) -> None:
        if file := ask_plan(self._window, str(controller.saved_in)):
            self.open_plan(controller, file)

    def open_plan(self, controller: Controller, file: str) -> None:
        """Take over the choices of a plan file."""
        name = printable(Path(file).name)
        controller.errands.begin(
            tr("open plan"),
            tr("Reading “{name}”.", name=name),
            lambda control: _plan_in(file, control),
            lambda shared: self._take(controller, name, shared),
        )

    def _take(self, controller: Controller, name: str, shared: SharedPlan) -> None:
        controller.choose_shared(shared)
        elsewhere = ", ".join(map(printable, shared.sources))
        text = tr("You now have the choices of “{name}”.", name=name)
        if elsewhere:
            made_for = tr(
                "The plan was made for {elsewhere}; that folder is not searched.", elsewhere=elsewhere
            )
            text = f"{text} {made_for}"
        self._window.show_message(Kind.INFO, text)

    def _share(self, controller: Controller) -> None:
        start = str(controller.saved_in / "plan.json")
        if file := ask_file(self._window, tr("Save a plan file"), start, tr(PLANS)):
            screen = controller.screen
            shared = SharedPlan(screen.options, screen.scan_options, screen.sources)
            line = json.dumps(shared.to_json(), indent=1) + "\n"
            self._window.tell_saved(file, saved=save_lines(file, [line.encode("ascii")]))


def _plan_in(file: str, control: Control[None]) -> SharedPlan:
    try:
        with open(file, "rb") as opened:
            return shared_plan_from_json(read_head(opened, control))
    except OSError as error:
        raise UsageError(
            say("{file} cannot be read: {reason}.", file=printable(file), reason=system_reason(error))
        ) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(say("{file} is not a plan, or is damaged.", file=printable(file))) from error
    except PlanError as error:
        raise UsageError(say("{file}: {problem}", file=printable(file), problem=str(error))) from error


def ask_name(parent: QWidget, title: str, start: str) -> str | None:
    """Let the person type a name; None when none was typed."""
    name, agreed = QInputDialog.getText(parent, title, tr("Name"), text=start)
    return name if agreed else None


def ask_plan(parent: QWidget, start: str) -> str:
    """Let the person pick a plan file; ``""`` when none was picked."""
    return QFileDialog.getOpenFileName(parent, tr("Open a plan file"), start, tr(PLANS))[0]

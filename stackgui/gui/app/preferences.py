"""Preferences saved between sessions: the settings, the window's geometry, and the last choices."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QByteArray, QSettings

from stackgui.core.advice.remedies import Machine
from stackgui.core.base.choice_table import Declared, choices_of, to_json
from stackgui.core.base.errors import UsageError
from stackgui.core.base.kinds import is_text, text_in
from stackgui.core.base.text import printable
from stackgui.core.options.options import Options
from stackgui.core.options.presets import Preset
from stackgui.core.run.run import RunOptions
from stackgui.gui.app.settings import Settings
from stackgui.gui.control.destination import own_parent

_OF_THE_RUN = {name: each for name, each in choices_of(RunOptions).items() if not each.is_passing}
"""Run options, without those that belong to a single destination."""

SETTINGS = "settings"
MACHINE = "choices/other_machine"
UNFINISHED = "run/unfinished"
GEOMETRY, SPLITTER = "window/geometry", "window/splitter"

MAX_BYTES, MAX_BATCH = 10**18, 10**9
"""Larger values were written by hand, and would overflow the fields of the window."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choices:
    """The last choices.

    Attributes
    ----------
    run : RunOptions
        Without a destination.
    parent : Path
        Folder in which stacks are saved.
    """

    options: Options
    run: RunOptions
    parent: Path


class Preferences:
    """Reads and writes the settings file; missing or damaged entries fall back to the defaults.

    Attributes
    ----------
    problem : str
        Which of the last choices could not be read, as a sentence, or ``""``.
    """

    def __init__(self) -> None:
        self.problem = ""
        self._settings = QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "stackgui", "stackgui"
        )

    @property
    def file(self) -> str:
        """Path of the settings file."""
        return self._settings.fileName()

    def choices(self) -> Choices:
        """Return the last choices; unreadable ones get their default and are named in `problem`."""
        options = self._read("options", lambda text: Options.from_json(json.loads(text or "{}")), Options())
        run = {name: self._read(name, each.kind.parse, each.default) for name, each in _OF_THE_RUN.items()}
        parent = self._read("saved_in", text_in, "")
        return Choices(options, RunOptions("", **run), Path(parent) if parent else own_parent())

    def keep_choices(self, choices: Choices) -> None:
        """Save `choices`."""
        self._keep("options", json.dumps(Preset("", choices.options).options.to_json()))
        for name, each in _OF_THE_RUN.items():
            self._keep(name, str(each.kind.write(getattr(choices.run, name))))
        self._keep("saved_in", str(choices.parent))

    def _read(self, name: str, read: Callable[[str], T], default: T, room: str = "choices") -> T:
        """Return the value saved under `name`; the default if there is none or it cannot be read."""
        value = self._settings.value(f"{room}/{name}", "")
        if value == "":
            return default
        try:
            return read(text_in(value))
        except (UsageError, ValueError, RecursionError):
            words = name.replace("_", " ")
            self.problem = f"Your last choice ({words}) cannot be read from {printable(self.file)}."
            return default

    def _keep(self, name: str, text: str) -> None:
        self._settings.setValue(f"choices/{name}", text)

    def unfinished(self) -> str:
        """Return the destination of the last conversion that began but did not complete, or ``""``."""
        return self._text(UNFINISHED)

    def keep_unfinished(self, destination: str) -> None:
        """Save `destination` at once, since a power cut may end the run."""
        self._settings.setValue(UNFINISHED, destination)
        self._settings.sync()

    def settings(self) -> Settings:
        """Return the settings; unreadable ones get their default and are named in `problem`."""
        declared = choices_of(Settings).items()
        return Settings(
            **{
                name: self._read(name, partial(_value, each), each.default, SETTINGS)
                for name, each in declared
            }
        )

    def keep_settings(self, settings: Settings) -> None:
        """Save `settings` at once."""
        for name, value in to_json(settings).items():
            self._settings.setValue(f"{SETTINGS}/{name}", json.dumps(value))
        self._settings.sync()

    def machine(self) -> Machine | None:
        """Return the computer entered last under “Will it fit on another computer?”, or None."""
        try:
            memory_bytes, gpu_bytes, batch = map(int, self._text(MACHINE).split())
        except ValueError:
            return None
        sensible = min(memory_bytes, gpu_bytes, batch) >= 0 and max(memory_bytes, gpu_bytes) <= MAX_BYTES
        return Machine(memory_bytes, gpu_bytes, batch) if sensible and batch <= MAX_BATCH else None

    def keep_machine(self, machine: Machine) -> None:
        """Save `machine`."""
        self._settings.setValue(MACHINE, f"{machine.memory_bytes} {machine.gpu_bytes} {machine.batch}")

    def window(self) -> tuple[QByteArray, QByteArray]:
        """Return geometry and splitter state of the window; empty if never saved."""
        return self._bytes(GEOMETRY), self._bytes(SPLITTER)

    def keep_window(self, geometry: QByteArray, splitter: QByteArray) -> None:
        """Save geometry and splitter state of the window."""
        self._settings.setValue(GEOMETRY, geometry)
        self._settings.setValue(SPLITTER, splitter)
        self._settings.sync()

    def _text(self, key: str) -> str:
        value = self._settings.value(key, "")
        return value if isinstance(value, str) and is_text(value) else ""

    def _bytes(self, key: str) -> QByteArray:
        value = self._settings.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()


def _value(declared: Declared, text: str) -> Any:  # noqa: ANN401 - any setting
    """Read one setting; raises ValueError or UsageError."""
    value = declared.kind.read(json.loads(text))
    declared.kind.check(declared.title, value)
    return value

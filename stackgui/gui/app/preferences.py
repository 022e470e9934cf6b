"""What is remembered from one time to the next: the window's shape and the last choices."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from stackgui.core.advice.remedies import Machine
from stackgui.core.base.choices import OnError, Storage
from stackgui.core.base.errors import UsageError
from stackgui.core.options.options import Options
from stackgui.core.options.presets import Preset
from stackgui.core.run.run import RunOptions

OPTIONS, STORAGE, ON_ERROR, PARENT = (
    "choices/options",
    "choices/storage",
    "choices/on_error",
    "choices/saved_in",
)
MACHINE = "choices/other_machine"
UNFINISHED = "run/unfinished"
GEOMETRY, SPLITTER = "window/geometry", "window/splitter"

MAX_BYTES, MAX_BATCH = 10**18, 10**9
"""More was written by hand, and would be too much for a field of the window."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The last choices.

    Attributes
    ----------
    run : RunOptions
        Without a destination.
    parent : Path
        The folder that stacks are saved in.
    """

    options: Options
    run: RunOptions
    parent: Path


class Preferences:
    """Reads and writes the person's settings file; what is missing or spoilt there counts as not chosen."""

    def __init__(self) -> None:
        self._settings = QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "stackgui", "stackgui"
        )

    @property
    def file(self) -> str:
        """Name of the settings file."""
        return self._settings.fileName()

    def choices(self) -> Choices:
        """The last choices, or the defaults."""
        try:
            options = Options.from_json(json.loads(self._text(OPTIONS) or "{}"))
            run = RunOptions(
                "",
                storage=Storage.parse(self._text(STORAGE) or Storage.AUTO),
                on_error=OnError.parse(self._text(ON_ERROR) or OnError.BLANK),
            )
        except (UsageError, ValueError, TypeError, AttributeError):  # written by hand, or by another version
            options, run = Options(), RunOptions("")
        parent = self._text(PARENT)
        return Choices(options, run, Path(parent) if parent else Path.home() / "stacks")

    def keep_choices(self, choices: Choices) -> None:
        """Remember `choices`."""
        self._settings.setValue(OPTIONS, json.dumps(Preset("", choices.options).options.to_json()))
        self._settings.setValue(STORAGE, choices.run.storage.value)
        self._settings.setValue(ON_ERROR, choices.run.on_error.value)
        self._settings.setValue(PARENT, str(choices.parent))

    def unfinished(self) -> str:
        """Destination of the last conversion that was begun and not completed, or ``""``."""
        return self._text(UNFINISHED)

    def keep_unfinished(self, destination: str) -> None:
        """Remember `destination` at once: this very run may end with a power cut."""
        self._settings.setValue(UNFINISHED, destination)
        self._settings.sync()

    def machine(self) -> Machine | None:
        """The computer that was last asked about, or None."""
        try:
            memory_bytes, gpu_bytes, batch = map(int, self._text(MACHINE).split())
        except ValueError:
            return None
        sensible = min(memory_bytes, gpu_bytes, batch) >= 0 and max(memory_bytes, gpu_bytes) <= MAX_BYTES
        return Machine(memory_bytes, gpu_bytes, batch) if sensible and batch <= MAX_BATCH else None

    def keep_machine(self, machine: Machine) -> None:
        """Remember `machine`."""
        self._settings.setValue(MACHINE, f"{machine.memory_bytes} {machine.gpu_bytes} {machine.batch}")

    def window(self) -> tuple[QByteArray, QByteArray]:
        """Geometry and splitter of the window; empty when never kept."""
        return self._bytes(GEOMETRY), self._bytes(SPLITTER)

    def keep_window(self, geometry: QByteArray, splitter: QByteArray) -> None:
        """Remember the window's shape."""
        self._settings.setValue(GEOMETRY, geometry)
        self._settings.setValue(SPLITTER, splitter)
        self._settings.sync()

    def _text(self, key: str) -> str:
        value = self._settings.value(key, "")
        return value if isinstance(value, str) else ""

    def _bytes(self, key: str) -> QByteArray:
        value = self._settings.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

"""Preferences saved between sessions: the settings, the window's geometry, and the last choices."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QByteArray, QLockFile, QSettings

from stackgui.core.advice.remedies import Machine
from stackgui.core.base.choice_table import Declared, choices_of, to_json
from stackgui.core.base.errors import UsageError
from stackgui.core.base.kinds import is_text, text_in
from stackgui.core.base.text import printable
from stackgui.core.base.wording import say
from stackgui.core.options.options import Options
from stackgui.core.project.recents import Recent, RecentKind, Recents
from stackgui.core.run.run_options import RunOptions
from stackgui.engine.project_file import own_folder
from stackgui.gui.app.settings import Settings
from stackgui.gui.control.place import own_parent
from stackgui.gui.control.projects import Memory

_OF_THE_RUN = {name: each for name, each in choices_of(RunOptions).items() if not each.is_passing}
"""Run options, without those that belong to a single destination."""

SETTINGS, PROJECT = "settings", "project"
MACHINE = "choices/other_machine"
UNFINISHED = "run/unfinished"
TOUR, SHOWN = "tour", "shown"
GEOMETRY, SPLITTER = "window/geometry", "window/splitter"

MAX_BYTES, MAX_BATCH = 10**18, 10**9
"""Larger values were written by hand, and would overflow the fields of the window."""


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choices:
    """The last choices of a version without projects.

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


class Preferences(Memory):
    """Reads and writes the settings file; missing or damaged entries fall back to the defaults.

    Attributes
    ----------
    problem : str
        Which of the last choices could not be read, as a sentence, or ``""``.
    """

    def __init__(self) -> None:
        self.problem = ""
        self._locks: dict[str, QLockFile] = {}
        self._settings = QSettings(
            QSettings.Format.IniFormat, QSettings.Scope.UserScope, "stackgui", "stackgui"
        )

    @property
    def file(self) -> str:
        """Path of the settings file."""
        return self._settings.fileName()

    def choices(self) -> Choices:
        """Return the last choices; unreadable ones get their default and are named in `problem`.

        Projects hold the choices now; those that earlier versions kept here serve the first project.
        """
        options = self._read("options", lambda text: Options.from_json(json.loads(text or "{}")), Options())
        run = {name: self._read(name, each.kind.parse, each.default) for name, each in _OF_THE_RUN.items()}
        parent = self._read("saved_in", text_in, "")
        return Choices(options, RunOptions("", **run), Path(parent) if parent else own_parent())

    def keep_parent(self, parent: Path) -> None:
        """Save the folder in which stacks are saved."""
        self._settings.setValue("choices/saved_in", str(parent))

    # Projects

    def project(self) -> str:
        """Return the file of the project that was open last, or ``""``."""
        return self._read("open", lambda text: text_in(json.loads(text)), "", PROJECT)

    def keep_project(self, file: str) -> None:
        """Save `file` at once, since a crash may end the program."""
        for name in ("options", *_OF_THE_RUN):  # left by an earlier version, and in the project by now
            self._settings.remove(f"choices/{name}")
        self._settings.setValue(f"{PROJECT}/open", json.dumps(file))
        self._settings.sync()

    def recents(self) -> Recents:
        """Return what was used last, the latest first."""
        return self._read("recent", _recents, (), PROJECT)

    def keep_recents(self, recents: Recents) -> None:
        """Save `recents` at once, so that other windows see them."""
        written = json.dumps([[each.kind.value, each.path, each.title] for each in recents])
        self._settings.setValue(f"{PROJECT}/recent", written)
        self._settings.sync()

    def lock(self, file: str) -> bool:
        """Keep other windows from `file` until `release`; return False if another has it open."""
        if file not in self._locks:
            made = project_lock(file)
            if made is None:
                return False
            self._locks[file] = made
        return True

    def release(self) -> None:
        """Let other windows open the projects that were open in this one."""
        for held in self._locks.values():
            held.unlock()
        self._locks.clear()

    def _read(self, name: str, read: Callable[[str], T], default: T, room: str = "choices") -> T:
        """Return the value saved under `name`; the default if there is none or it cannot be read."""
        value = self._settings.value(f"{room}/{name}", "")
        if value == "":
            return default
        try:
            return read(text_in(value))
        except (UsageError, ValueError, RecursionError):
            self._settings.remove(f"{room}/{name}")  # told once
            words = name.replace("_", " ")
            self.problem = say(
                "Your last choice ({words}) cannot be read from {file}.",
                words=words,
                file=printable(self.file),
            )
            return default

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

    def tour_shown(self) -> bool:
        """Return whether the tour of the window has been shown."""
        return self._text(TOUR) == SHOWN

    def keep_tour_shown(self) -> None:
        """Save that the tour has been shown."""
        self._settings.setValue(TOUR, SHOWN)
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


def _recents(text: str) -> Recents:
    """Read what `Preferences.keep_recents` wrote, without what cannot be read."""
    found, written = [], json.loads(text)
    for each in written if isinstance(written, list) else ():
        match each:
            case [str(kind), str(path), str(title)] if kind in set(RecentKind) and is_text(path):
                found.append(Recent(RecentKind(kind), path, title))
    return tuple(found)


def project_lock(file: str) -> QLockFile | None:
    """Lock the project in `file`; return None if another window has it open.

    The lock lies in a folder of the program, so that nothing appears beside the project.
    """
    folder = os.path.join(own_folder(), "locks")
    try:
        os.makedirs(folder, exist_ok=True)
    except OSError:  # nothing can be kept there, so nothing can be overwritten either
        return QLockFile(file)
    name = hashlib.sha256(os.fsencode(os.path.realpath(file))).hexdigest()[:24]
    made = QLockFile(os.path.join(folder, f"{name}.lock"))
    made.setStaleLockTime(0)  # however long the window stays open
    if made.tryLock(0) or made.error() is not QLockFile.LockError.LockFailedError:
        return made
    return None

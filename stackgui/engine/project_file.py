"""Reads and writes project files."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass

from platformdirs import user_data_path

from stackgui.core.base.addresses import is_address
from stackgui.core.base.errors import UsageError
from stackgui.core.base.system_errors import system_reason
from stackgui.core.base.text import printable
from stackgui.core.base.wording import joined, say
from stackgui.core.project.project import SUFFIX, Project, project_from_json
from stackgui.stores.files.replacing import DAMAGED, replace_file

MAX_BYTES = 2**29
"""Maximum size to read; a million excluded pictures take less, and a far larger file is something else."""


BLANK_DAYS = 7
"""Days for which a project is kept that holds nothing; another window may be about to fill it."""


def own_folder() -> str:
    """Return the folder for projects that nobody saved elsewhere yet."""
    return str(user_data_path("stackgui", appauthor=False) / "projects")


@dataclass(frozen=True, slots=True)
class OpenedProject:
    """A project that was read from its file.

    Attributes
    ----------
    file : str
        Absolute path.
    project : Project
    problems : tuple of str
        A sentence for each part that could not be read.
    missing : tuple of str
        The sources that are not there.
    """

    file: str
    project: Project
    problems: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def problem(self) -> str:
        """What could not be read and what becomes of it, in sentences, or ``""``."""
        if not self.problems:
            return ""
        name = printable(os.path.basename(self.file))
        return say(
            "“{name}” could not be read in full. {problems} The rest is here. As soon as you change "
            "something, the old file is kept as “{kept}”.",
            name=name, problems=joined(" ", self.problems), kept=name + DAMAGED,
        )  # fmt: skip


def read_project(file: str) -> OpenedProject:
    """Read the project in `file`; raises UsageError if there is none."""
    name = printable(os.path.basename(file))
    try:
        with open(file, "rb") as opened:
            read = project_from_json(json.loads(opened.read(MAX_BYTES)), os.path.dirname(file))
    except OSError as error:
        message = say(
            "“{name}” cannot be opened: {reason}. It was {file}.",
            name=name, reason=system_reason(error), file=printable(file),
        )  # fmt: skip
        raise UsageError(message) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(say("“{name}” is not a project, or is damaged.", name=name)) from error
    except UsageError as error:
        raise UsageError(say("“{name}” is not a project.", name=name)) from error
    files = (source for source in read.project.sources if not is_address(source))
    missing = tuple(source for source in files if not os.path.lexists(source))
    return OpenedProject(file, read.project, read.problems, missing)


def forget_blank(now_s: float, needed: str) -> None:
    """Delete the projects that nobody named and that hold nothing, once they are `BLANK_DAYS` old.

    Parameters
    ----------
    now_s
        Seconds since 1970.
    needed
        A project that stays, because it is about to be opened.
    """
    with suppress(OSError), os.scandir(own_folder()) as listing:
        for entry in listing:
            with suppress(OSError, UsageError):
                if entry.path == needed or not entry.name.endswith(SUFFIX):
                    continue
                if now_s - entry.stat().st_mtime > BLANK_DAYS * 86_400 and _is_blank(entry.path):
                    os.unlink(entry.path)


def _is_blank(file: str) -> bool:
    read = read_project(file)
    return read.project.is_blank and not read.problems


def write_project(file: str, project: Project, *, keeps_old: bool = False) -> None:
    """Replace `file` with `project` durably; raises StoreError.

    Parameters
    ----------
    keeps_old
        Whether to keep the file that is there, because it could not be read in full.
    """
    values = project.to_json(os.path.dirname(file))
    replace_file(file, (json.dumps(values, indent=1) + "\n").encode("ascii"), keeps_old=keeps_old)

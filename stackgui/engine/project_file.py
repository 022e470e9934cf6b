"""Reads and writes project files."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from platformdirs import user_data_path

from stackgui.core.base.errors import UsageError
from stackgui.core.base.text import printable
from stackgui.core.base.wording import joined, say
from stackgui.core.project.project import Project, project_from_json
from stackgui.stores.files.replacing import DAMAGED, replace_file

MAX_BYTES = 2**29
"""Maximum size to read; a million excluded pictures take less, and a far larger file is something else."""


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
            name=name, reason=error.strerror, file=printable(file),
        )  # fmt: skip
        raise UsageError(message) from error
    except (ValueError, RecursionError) as error:
        raise UsageError(say("“{name}” is not a project, or is damaged.", name=name)) from error
    except UsageError as error:
        raise UsageError(say("“{name}” is not a project.", name=name)) from error
    missing = tuple(source for source in read.project.sources if not os.path.lexists(source))
    return OpenedProject(file, read.project, read.problems, missing)


def write_project(file: str, project: Project, *, keeps_old: bool = False) -> None:
    """Replace `file` with `project` durably; raises StoreError.

    Parameters
    ----------
    keeps_old
        Whether to keep the file that is there, because it could not be read in full.
    """
    values = project.to_json(os.path.dirname(file))
    replace_file(file, (json.dumps(values, indent=1) + "\n").encode("ascii"), keeps_old=keeps_old)

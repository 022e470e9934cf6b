"""Whether a host sees the files that the computer sees on which a job was begun."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from stackgui.core.base.text import printable
from stackgui.core.base.wording import Wording, say


class Seen(NamedTuple):
    """The state of a file."""

    path: str
    file_bytes: int
    mtime_ns: int


class Difference(NamedTuple):
    """A file that a host does not have, or not the same."""

    host: str
    file: int
    is_there: bool


def seen(names: Iterable[str]) -> tuple[Seen, ...]:
    """Return the states of files as this computer sees them, without those that are not there."""
    return tuple(found for name in dict.fromkeys(names) if (found := _state(name)) is not None)


def _state(name: str) -> Seen | None:
    try:
        status = os.stat(name)
    except OSError:
        return None
    return Seen(name, status.st_size, status.st_mtime_ns)


def first_difference(files: Sequence[Seen]) -> Difference | None:
    """Return the first file that this host sees differently; in a worker."""
    for index, each in enumerate(files):
        if (here := _state(each.path)) != each:
            return Difference(socket.gethostname(), index, here is not None)
    return None


def sentence(found: Difference, files: Sequence[Seen]) -> Wording:
    """Return what is to be told of a difference."""
    file = files[found.file].path
    if found.is_there:
        return say(
            "{file} is not the same file on {host}: its size or its time differs. Let that computer see "
            "the same folder, or end its worker.",
            host=printable(found.host),
            file=printable(file),
        )
    return say(
        "{file} is not there on {host}. If its folder has another name there, start the worker there with "
        "--map {folder}=FOLDER; or end it.",
        host=printable(found.host),
        file=printable(file),
        folder=printable(os.path.dirname(file)),
    )

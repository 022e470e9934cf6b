"""Which shared libraries of a bundle something in it still needs, after others have been left out."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Sequence

Entry = tuple[str, str, str]
"""Path in the bundle, path of the file, and what it is to PyInstaller."""

EXTENSION, BINARY = "EXTENSION", "BINARY"


def needed_by(file: str) -> set[str]:
    """Name the libraries that a library loads."""
    from PyInstaller.depend.bindepend import get_imports  # noqa: PLC0415 - the tests do without it

    return {os.path.basename(name) for name, _path in get_imports(file)}


def reached(entries: Sequence[Entry], needed: Callable[[str], Iterable[str]] = needed_by) -> list[Entry]:
    """Leave out the libraries that nothing loads any more.

    Extension modules are loaded by Python and plugins by Qt; libraries are there for these.
    """
    by_name: dict[str, list[Entry]] = {}
    for entry in entries:
        by_name.setdefault(os.path.basename(entry[0]), []).append(entry)
    waiting = [entry for entry in entries if is_root(entry)]
    kept = {entry[0] for entry in waiting}
    while waiting:
        for name in needed(waiting.pop()[1]):
            for entry in by_name.get(name, ()):
                if entry[0] not in kept:
                    kept.add(entry[0])
                    waiting.append(entry)
    return [entry for entry in entries if entry[0] in kept or entry[2] == "SYMLINK"]


def is_root(entry: Entry) -> bool:
    """Whether something other than a library loads this file."""
    path = entry[0].replace("\\", "/")
    return entry[2] == EXTENSION or "/plugins/" in path or re.match(r"(lib)?python3", path) is not None

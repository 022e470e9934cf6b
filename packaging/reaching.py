"""Which shared libraries of a bundle something in it still needs, after others have been left out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence

Entry = tuple[str, str, str]
"""Path in the bundle, path of the file, and what it is to PyInstaller."""

EXTENSION, LINK = "EXTENSION", "SYMLINK"


def needed_by(file: str) -> set[str]:
    """Name the libraries that a library itself loads, and not those that these load in turn."""
    if sys.platform.startswith("linux"):
        told = subprocess.run(["objdump", "-p", file], capture_output=True, text=True, check=False).stdout
        return set(re.findall(r"^ +NEEDED +(\S+)$", told, re.MULTILINE))
    from PyInstaller.depend.bindepend import get_imports  # noqa: PLC0415 - the tests do without it

    return {os.path.basename(name) for name, _path in get_imports(file)}


def reached(entries: Sequence[Entry], needed: Callable[[str], Iterable[str]] = needed_by) -> list[Entry]:
    """Leave out the libraries that nothing loads any more.

    Extension modules are loaded by Python and plugins by Qt; libraries are there for these.
    """
    by_name: dict[str, list[Entry]] = {}
    for entry in (entry for entry in entries if entry[2] != LINK):
        by_name.setdefault(os.path.basename(entry[0]), []).append(entry)
    waiting = [entry for entry in entries if entry[2] != LINK and is_root(entry)]
    kept = {entry[0] for entry in waiting}
    while waiting:
        for name in needed(waiting.pop()[1]):
            for entry in by_name.get(name, ()):
                if entry[0] not in kept:
                    kept.add(entry[0])
                    waiting.append(entry)
    return [entry for entry in entries if entry[0] in kept or target_of(entry) in kept]


def target_of(entry: Entry) -> str:
    """Give what a link leads to, as a path in the bundle; empty for what is no link."""
    if entry[2] != LINK:
        return ""
    return os.path.normpath(os.path.join(os.path.dirname(entry[0]), entry[1]))


def is_root(entry: Entry) -> bool:
    """Whether something other than a library loads this file."""
    path = entry[0].replace("\\", "/")
    return entry[2] == EXTENSION or "/plugins/" in path or re.match(r"(lib)?python3", path) is not None

"""Names that Windows takes for something else, or cannot have."""

from __future__ import annotations

import ctypes
import os
import sys
from ntpath import normpath, splitdrive
from typing import AnyStr

from stackgui.core.base.text import printable
from stackgui.core.base.wording import Wording, say

_DEVICES = {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"} | {
    f"{port}{number}" for port in ("COM", "LPT") for number in "123456789¹²³"
}
_FORBIDDEN = '<>:"|?*'

MAX_PATH_CHARACTERS = 259
"""Of a whole path, where longer ones are not allowed."""

INSIDE_CHARACTERS = 60
"""Kept for ``.partial`` and the names of files in a stack."""

LONG_CHARACTERS = 247
"""From here on no folder can be made, and a little later no file opened, without `of_any_length`."""


def of_any_length(path: AnyStr, *, system: str = sys.platform) -> AnyStr:
    r"""Return what Windows takes a long absolute path by, ``\\?\`` before it; elsewhere the path itself.

    That works whether or not long paths are allowed on the computer, but Windows does nothing for such paths
    that it does for others: slashes, and dots for folders, are replaced here.
    """
    if system != "win32" or len(path) <= LONG_CHARACTERS:
        return path
    if isinstance(path, bytes):
        return os.fsencode(of_any_length(os.fsdecode(path), system=system))
    drive, rest = splitdrive(path)
    if drive.startswith("\\\\?\\") or not drive or not rest.startswith(("\\", "/")):
        return path
    normal = normpath(path)
    return f"\\\\?\\UNC{normal[1:]}" if normal.startswith("\\\\") else f"\\\\?\\{normal}"


def refusal_here(path: str) -> Wording | None:
    """Return why this system cannot have `path`, or None."""
    if sys.platform == "win32":
        # True if the person has allowed them in the registry, and the program's manifest asks for them.
        return refusal(path, long_paths=bool(ctypes.WinDLL("ntdll").RtlAreLongPathsEnabled()))
    return None


def refusal(path: str, *, long_paths: bool) -> Wording | None:
    """Return why Windows cannot have the absolute `path`, or None.

    Parameters
    ----------
    path
        With a drive letter or a share of the network.
    long_paths
        Whether paths may be longer than `MAX_PATH_CHARACTERS`.
    """
    rest = splitdrive(path)[1]
    for part in filter(None, rest.replace("/", "\\").split("\\")):
        if part.partition(".")[0].rstrip().upper() in _DEVICES:
            return say("Windows keeps the name {name} for a device. Choose another.", name=printable(part))
        if part.endswith((".", " ")):
            return say(
                "On Windows, a name cannot end with a dot or a space: {name}. Choose another.",
                name=f"“{printable(part)}”",
            )
        if any(each in _FORBIDDEN or ord(each) < ord(" ") for each in part):
            return say(
                "On Windows, a name cannot contain any of {characters}: {name}. Choose another.",
                characters=" ".join(_FORBIDDEN),
                name=printable(part),
            )
    if not long_paths and len(path) + INSIDE_CHARACTERS > MAX_PATH_CHARACTERS:
        return say(
            "{path} is too long a path for Windows. Choose a folder nearer to the drive, or a shorter name.",
            path=printable(path),
        )
    return None

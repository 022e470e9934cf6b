"""What the operating system lacks for a window, and how to get it, without loading Qt.

Qt links the libraries named here. Where one is missing, it ends the whole process with a message that blames
another. On Windows and macOS Qt's own packages bring everything.
"""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass

SCREEN_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
"""Any of these says that there is a screen, or names a platform that needs none."""

# The library as the loader knows it, and Debian's package for it.
DRAWING_LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxkbcommon.so.0": "libxkbcommon0",
}
X_WINDOW_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


@dataclass(frozen=True)
class Missing:
    """One thing that the system lacks."""

    name: str  # what it is called on any system
    package: str  # the package for it on Debian and its relatives


def has_display() -> bool:
    """Whether there is a screen to open a window on, or a platform was named that needs none."""
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in SCREEN_VARIABLES)


def missing_for_qt(*, window: bool) -> list[Missing]:
    """List the libraries that Qt needs: always those to draw with, and for a window on X those to show it."""
    if not sys.platform.startswith("linux"):
        return []
    wanted = {**DRAWING_LIBRARIES, **(X_WINDOW_LIBRARIES if window else {})}
    return [Missing(library, package) for library, package in wanted.items() if not _loads(library)]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_commands(missing: list[Missing]) -> list[list[str]]:
    """Give the commands that install what is missing on Debian and its relatives."""
    install = ["apt-get", "install", "-y", "--no-install-recommends", *(thing.package for thing in missing)]
    return [["apt-get", "update"], install]


def advice(missing: list[Missing], *, has_apt: bool) -> str:
    """Say what is missing and what to do about it."""
    lack = "This system lacks " + ", ".join(thing.name for thing in missing) + "."
    if not has_apt:
        return f"{lack}\nInstall it with the system's package manager, then run the same command again."
    line = " && ".join("sudo " + " ".join(command) for command in install_commands(missing))
    return f"{lack}\nInstall it with this line, then run the same command again:\n  {line}"


def without_screen(command: str) -> str:
    """Say that there is no screen, and what to do without one, with what the program was started by."""
    return (
        "StackGUI cannot open its window, because this session has no screen (DISPLAY is not set). "
        f"Start it from a desktop session, or work without a window, as “{command} --help” describes."
    )


def without_window(cause: str, *, has_apt: bool) -> str:
    """Say why Qt could not open a window on the screen that there is.

    Parameters
    ----------
    cause
        What Qt says of it.
    has_apt
        Whether Debian's packages can be installed.
    """
    on_x = bool(os.environ.get("DISPLAY")) or os.environ.get("QT_QPA_PLATFORM") == "xcb"
    if missing := missing_for_qt(window=on_x):
        return f"StackGUI cannot open its window. {advice(missing, has_apt=has_apt)}"
    said = " ".join(cause.split()).partition(". ")[0].rstrip(".")
    screens = [f"{name}={os.environ[name]}" for name in SCREEN_VARIABLES if os.environ.get(name)]
    return (
        f"StackGUI cannot open its window ({', '.join(screens)}): {said}. "
        "Start it from a desktop session, or work without a window, as “stackgui --help” describes."
    )

"""Libraries of the system that a window needs: which are missing and how to install them, without loading Qt.

Qt links against these libraries. If one is missing, Qt aborts the whole process with a message that blames
another. On Windows and macOS, Qt's own packages bring everything.
"""

from __future__ import annotations

import ctypes
import os
import sys
from dataclasses import dataclass

SCREEN_VARIABLES = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
"""Each of these, if set, names a screen or a Qt platform that needs none."""

# From a library's name for the loader to its Debian package.
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
    """A program or library that the system lacks."""

    name: str  # on any system
    package: str  # its package on Debian and derivatives


def has_display() -> bool:
    """Return whether there is a screen for a window, or a Qt platform that needs none."""
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in SCREEN_VARIABLES)


def missing_for_qt(*, window: bool) -> list[Missing]:
    """List the missing libraries that Qt needs to draw and, with `window`, to show a window on X."""
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
    """Return the commands that install `missing` on Debian and derivatives."""
    install = ["apt-get", "install", "-y", "--no-install-recommends", *(each.package for each in missing)]
    return [["apt-get", "update"], install]


def advice(missing: list[Missing], *, has_apt: bool) -> str:
    """Return a message that says what is missing and how to install it."""
    lack = "This system lacks " + ", ".join(each.name for each in missing) + "."
    if not has_apt:
        return f"{lack}\nInstall it with the system's package manager, then run the same command again."
    line = " && ".join("sudo " + " ".join(command) for command in install_commands(missing))
    return f"{lack}\nInstall it with this line, then run the same command again:\n  {line}"


def without_screen(command: str) -> str:
    """Return a message that says there is no screen; `command` is how the program was started."""
    return (
        "StackGUI cannot open its window, because this session has no screen (DISPLAY is not set). "
        f"Start it from a desktop session, or work without a window, as “{command} --help” describes."
    )


def without_window(cause: str, *, has_apt: bool) -> str:
    """Return a message that says why Qt could not open a window although there is a screen.

    Parameters
    ----------
    cause
        Qt's own message.
    has_apt
        Whether the system installs Debian's packages.
    """
    on_x = bool(os.environ.get("DISPLAY")) or os.environ.get("QT_QPA_PLATFORM") == "xcb"
    if missing := missing_for_qt(window=on_x):
        return f"StackGUI cannot open its window. {advice(missing, has_apt=has_apt)}"
    reason = " ".join(cause.split()).partition(". ")[0].rstrip(".")
    screens = [f"{name}={os.environ[name]}" for name in SCREEN_VARIABLES if os.environ.get(name)]
    return (
        f"StackGUI cannot open its window ({', '.join(screens)}): {reason}. "
        "Start it from a desktop session, or work without a window, as “stackgui --help” describes."
    )

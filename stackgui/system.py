"""What a window needs of the system, its libraries and its display, told without loading Qt.

Qt links against these libraries. If one is missing, Qt aborts the whole process with a message that blames
another; if no display can be reached, it blames a library that is there. On Windows and macOS, Qt's own
packages bring everything.
"""

from __future__ import annotations

import ctypes
import os
import re
import sys
from collections.abc import Callable
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


def tell(message: str, show: Callable[[str], object] | None = None) -> None:
    """Write a message to the terminal, or show it where there is none, as on Windows after a double-click.

    Parameters
    ----------
    message
    show
        Shows it without Qt, which may be what is missing.
    """
    if sys.stderr is not None:
        sys.stderr.write(f"{message}\n")
        sys.stderr.flush()
    elif show is not None or sys.platform == "win32":
        (show or _message_box)(message)


def _message_box(message: str) -> None:
    error_icon = 0x10
    user32 = getattr(ctypes, "windll").user32  # noqa: B009 - only there on Windows
    user32.MessageBoxW(None, message, "StackGUI", error_icon)


WITHOUT_A_WINDOW = "work without a window, as “stackgui --help” describes."


def without_screen(command: str) -> str:
    """Return a message that says there is no screen; `command` is how the program was started."""
    return (
        "StackGUI cannot open its window, because this session has no screen (DISPLAY is not set). "
        f"Start it from a desktop session, or work without a window, as “{command} --help” describes."
    )


def without_window(said: str, *, has_apt: bool) -> str:
    """Return a message that says why Qt could not open a window although a screen is named.

    Parameters
    ----------
    said
        What Qt said. Its advice about libraries is the same whatever the cause, so that only the names of
        plugins are taken from it.
    has_apt
        Whether the system installs Debian's packages.
    """
    if asked := _unknown_platform(said):
        return asked
    platform = os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if missing := missing_for_qt(window=platform not in {"wayland", "offscreen"} and _names_x()):
        return f"StackGUI cannot open its window. {advice(missing, has_apt=has_apt)}"
    refusals = []
    if platform.startswith("wayland") or (not platform and os.environ.get("WAYLAND_DISPLAY")):
        refusals.append(_wayland_refusal())
    if platform == "xcb" or (not platform and _names_x()):
        refusals.append(_x_refusal(os.environ.get("DISPLAY", "")))
    if refusals:
        return "\n".join(refusals)
    reason = " ".join(said.split()).partition(". ")[0].rstrip(".")
    return (
        f"StackGUI cannot open its window: {reason}. Start it from a desktop session, or {WITHOUT_A_WINDOW}"
    )


def without_qt(cause: str, *, has_apt: bool) -> str:
    """Return a message that says why Qt, or another part of the window, could not be loaded.

    Parameters
    ----------
    cause
        The reason that Python gives.
    has_apt
        Whether the system installs Debian's packages.
    """
    if missing := missing_for_qt(window=_names_x()):
        return f"StackGUI cannot open its window. {advice(missing, has_apt=has_apt)}"
    reason = " ".join(cause.split()).rstrip(".")
    return (
        f"StackGUI cannot open its window, because a part of it cannot be loaded: {reason}. "
        f"Reinstall StackGUI, or {WITHOUT_A_WINDOW}"
    )


def _names_x() -> bool:
    return bool(os.environ.get("DISPLAY")) or os.environ.get("QT_QPA_PLATFORM") == "xcb"


def _unknown_platform(said: str) -> str:
    """Return a message about a Qt plugin that is not there, or ``""``."""
    found = re.search(r'Could not find the Qt platform plugin "([^"]*)"', said)
    if found is None:
        return ""
    if os.environ.get("QT_QPA_PLATFORM"):
        return (
            f"StackGUI cannot open its window, because QT_QPA_PLATFORM asks for “{found[1]}”, which Qt does "
            "not have. Start it again without that variable."
        )
    return (
        f"StackGUI cannot open its window, because Qt’s part for it ({found[1]}) is missing. "
        "Reinstall StackGUI with PySide6-Essentials."
    )


def _x_refusal(display: str) -> str:
    """Return a message that says why the X display is not to be had."""
    if not display:
        return without_screen("stackgui")
    places = _x_places(display)
    if not places:
        return (
            f"StackGUI cannot reach the display {display}, because that is no name of a display. "
            f"Set DISPLAY to one such as :0, or {WITHOUT_A_WINDOW}"
        )
    if any(map(_answers, places)):
        return (
            f"StackGUI cannot open its window, because the display {display} does not let you in. "
            f"Start it as the person who is logged in there, or {WITHOUT_A_WINDOW}"
        )
    return (
        f"StackGUI cannot reach the display {display}, because no screen answers there. "
        f"Start it from a desktop session, or {WITHOUT_A_WINDOW}"
    )


def _wayland_refusal() -> str:
    """Return a message that says why the Wayland display is not to be had."""
    display = os.environ.get("WAYLAND_DISPLAY") or "wayland-0"
    folder = os.environ.get("XDG_RUNTIME_DIR", "")
    if not folder and not os.path.isabs(display):
        return (
            f"StackGUI cannot reach the Wayland display {display}, because XDG_RUNTIME_DIR is not set. "
            f"Start it from a desktop session, or {WITHOUT_A_WINDOW}"
        )
    if _answers(os.path.join(folder, display)):
        return (
            f"StackGUI cannot open its window, although the Wayland display {display} answers. "
            f"Start it with QT_QPA_PLATFORM=xcb, or {WITHOUT_A_WINDOW}"
        )
    return (
        f"StackGUI cannot reach the Wayland display {display}, because no screen answers there. "
        f"Start it from a desktop session, or {WITHOUT_A_WINDOW}"
    )


FIRST_X_PORT = 6000
ANSWER_S = 2.0


def _x_places(display: str) -> list[str | tuple[str, int]]:
    """Return where an X display listens, as xcb reads its name: paths of sockets, or host and port.

    Empty if it is no such name.
    """
    found = re.fullmatch(r"(?:(\w+)/)?([^:]*|\[.*\]):(\d+)(?:\.\d+)?", display)
    if found is None:
        return [display] if os.path.isabs(display) else []
    protocol, host, number = found[1], found[2].strip("[]"), int(found[3])
    if protocol == "unix" or host in {"", "unix"}:
        path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - where X servers listen
        return [f"\0{path}", path]
    return [(host, FIRST_X_PORT + number)]


def _answers(place: str | tuple[str, int]) -> bool:
    """Return whether something listens at `place`."""
    import socket  # noqa: PLC0415 - wanted only when the window cannot open

    if isinstance(place, tuple):
        try:
            socket.create_connection(place, ANSWER_S).close()
        except (OSError, OverflowError):
            return False
        return True
    with socket.socket(socket.AF_UNIX) as made:
        made.settimeout(ANSWER_S)
        try:
            made.connect(place)
        except PermissionError:
            return True
        except (OSError, ValueError):
            return False
    return True

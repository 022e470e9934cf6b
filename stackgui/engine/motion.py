"""Whether the desktop's settings want things to move on the screen.

What is here for GNOME, macOS and Windows is written to their documentation and tested against stand-ins;
nobody has looked at it on such a desktop yet. KDE tells Qt by itself.
"""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping

LIMIT_S = 5.0
"""How long the desktop may take to answer."""

ASKED: Mapping[str, tuple[tuple[str, ...], str]] = {
    "linux": (("gsettings", "get", "org.gnome.desktop.interface", "enable-animations"), "false"),
    "darwin": (("defaults", "read", "com.apple.universalaccess", "reduceMotion"), "1"),
}
"""The command that prints the setting on each system, and what it prints where nothing shall move."""

CLIENT_AREA_ANIMATION = 0x1042
"""SPI_GETCLIENTAREAANIMATION of Windows."""

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def wants_motion(
    system: str = sys.platform,
    find: Callable[[str], str | None] = shutil.which,
    run: Run = subprocess.run,
    read_windows: Callable[[], bool] | None = None,
) -> bool:
    """Return False if the desktop's settings say that nothing shall move; may take seconds.

    Parameters
    ----------
    system
        As ``sys.platform``.
    find
        Finds a command; returns None if there is none.
    run
        Runs a command, as ``subprocess.run`` does.
    read_windows
        Reads the setting of Windows.
    """
    if system == "win32":
        return (read_windows or _of_windows)()
    (name, *arguments), off = ASKED.get(system, (("",), ""))
    command = find(name) if name else None
    if command is None:
        return True
    try:
        ran = run(
            [command, *arguments],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=LIMIT_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return True
    return ran.stdout.strip() != off


def _of_windows() -> bool:
    wanted = ctypes.c_int(1)
    user = getattr(ctypes, "windll").user32  # noqa: B009 - only there on Windows
    user.SystemParametersInfoW(CLIENT_AREA_ANIMATION, 0, ctypes.byref(wanted), 0)
    return bool(wanted.value)
